/** Pricing nodes of the simulated PJM: real zones and hubs with their numbers, and buses of our own naming. */

import type { Place } from '../feed.ts';
import { nodeOf, type PriceNode, type PriceProcess } from '../price-process.ts';

/** A pricing node as the feeds print it. */
export interface PjmNode extends PriceNode, Place {
  readonly id: number;
  readonly type: 'ZONE' | 'HUB' | 'LOAD' | 'GEN' | 'AGGREGATE';
  /** Zone that a bus lies in; blank for zones and hubs. */
  readonly zone: string;
  readonly voltage: string;
  readonly equipment: string;
}

const ZONES: readonly (readonly [id: number, name: string])[] = [
  [1, 'PJM-RTO'],
  [3, 'MID-ATL/APS'],
  [51291, 'AECO'],
  [51292, 'BGE'],
  [51293, 'DPL'],
  [51295, 'JCPL'],
  [51296, 'METED'],
  [51297, 'PECO'],
  [51298, 'PEPCO'],
  [51299, 'PPL'],
  [51300, 'PENELEC'],
  [51301, 'PSEG'],
  [7633629, 'RECO'],
  [8394954, 'APS'],
  [8445784, 'AEP'],
  [33092371, 'COMED'],
  [34508503, 'DAY'],
  [34964545, 'DOM'],
  [37737283, 'DUQ'],
  [116013753, 'ATSI'],
  [124076095, 'DEOK'],
  [970242670, 'EKPC'],
  [1709725933, 'OVEC'],
];

const HUBS: readonly (readonly [id: number, name: string])[] = [
  [51217, 'EASTERN HUB'],
  [51287, 'WEST INT HUB'],
  [51288, 'WESTERN HUB'],
  [4669664, 'NEW JERSEY HUB'],
  [33092311, 'CHICAGO GEN HUB'],
  [33092313, 'CHICAGO HUB'],
  [33092315, 'N ILLINOIS HUB'],
  [34497125, 'AEP GEN HUB'],
  [34497127, 'AEP-DAYTON HUB'],
  [34497151, 'OHIO HUB'],
  [35010337, 'DOMINION HUB'],
  [116013751, 'ATSI GEN HUB'],
];

const KINDS = ['LOAD', 'GEN', 'AGGREGATE'] as const;

/** Names of the zones that have a load of their own. */
export const LOAD_ZONES = ZONES.slice(2).map(([, name]) => name);

/** `count` nodes in order of number, at least zones and hubs. */
export function pjmNodes(process: PriceProcess, count: number): PjmNode[] {
  const blank = { zone: '', voltage: '', equipment: '' };
  const nodes: PjmNode[] = ZONES.map(([id, name]) => ({
    ...nodeOf(process, name),
    id,
    type: 'ZONE',
    ...blank,
  }));
  for (const [id, name] of HUBS) nodes.push({ ...nodeOf(process, name), id, type: 'HUB', ...blank });
  for (let i = 0; nodes.length < count; i++) {
    const name = `SIMBUS${i + 1}`;
    nodes.push({
      ...nodeOf(process, name),
      id: 2_000_000 + i,
      type: KINDS[i % KINDS.length],
      zone: LOAD_ZONES[i % LOAD_ZONES.length],
      voltage: '138 KV',
      equipment: `TR${(i % 4) + 1}`,
    });
  }
  return nodes.sort((a, b) => a.id - b.id);
}
