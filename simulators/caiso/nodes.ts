/** Pricing nodes of the simulated CAISO: the real hubs and load aggregation points, and nodes of our own naming. */

import { nodeOf, type PriceNode, type PriceProcess } from '../price-process.ts';

const AGGREGATES = [
  'TH_NP15_GEN-APND',
  'TH_SP15_GEN-APND',
  'TH_ZP26_GEN-APND',
  'DLAP_PGAE-APND',
  'DLAP_SCE-APND',
  'DLAP_SDGE-APND',
];

/** `count` nodes, at least the hubs and load aggregation points; one in nine of the others bears a greenhouse charge. */
export function caisoNodes(process: PriceProcess, count: number): PriceNode[] {
  const nodes = AGGREGATES.map((name) => nodeOf(process, name));
  for (let i = 0; nodes.length < count; i++)
    nodes.push(
      i % 9 === 5
        ? nodeOf(process, `ELAP_SIM${i}-APND`, 0.5)
        : nodeOf(process, `SIMVALLEY_${Math.floor(i / 8) + 1}_N${String(i).padStart(3, '0')}`),
    );
  return nodes;
}

/** Aggregated nodes and single ones are of different groups. */
export function groupTypeOf(node: string): 'ALL_APNODES' | 'ALL' {
  return node.endsWith('-APND') ? 'ALL_APNODES' : 'ALL';
}
