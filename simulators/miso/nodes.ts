/** Pricing nodes of the simulated MISO: the eight real hubs, and nodes of our own naming beside them. */

import { civilFromDays } from '../../core/time/instant.ts';
import { nodeOf, type PriceNode, type PriceProcess } from '../price-process.ts';

/** A node as the reports list it. */
export interface MisoNode extends PriceNode {
  readonly type: 'Hub' | 'Loadzone' | 'Interface' | 'Gennode';
}

const HUBS = [
  'ARKANSAS.HUB',
  'ILLINOIS.HUB',
  'INDIANA.HUB',
  'LOUISIANA.HUB',
  'MICHIGAN.HUB',
  'MINN.HUB',
  'MS.HUB',
  'TEXAS.HUB',
];

/** Of ten further nodes: so many of each type, about as in the real list. */
const TYPES = [
  'Gennode',
  'Loadzone',
  'Gennode',
  'Gennode',
  'Hub',
  'Gennode',
  'Loadzone',
  'Gennode',
  'Interface',
  'Gennode',
] as const;
const WORDS = { Hub: 'AZ', Loadzone: 'LZ', Interface: 'IFC', Gennode: 'GEN' } as const;
const QUARTERS = ['DEC', 'MAR', 'JUN', 'SEP'];

/** The nodes of one day in order of name: `count` of them, at least the hubs, and one that changes each quarter. */
export function misoNodesOn(process: PriceProcess, count: number, day: number): MisoNode[] {
  const nodes: MisoNode[] = HUBS.map((name) => ({ ...nodeOf(process, name), type: 'Hub' }));
  for (let i = 0; nodes.length < count - 1; i++) {
    const type = TYPES[i % TYPES.length];
    nodes.push({ ...nodeOf(process, `SIM${Math.floor(i / 100)}.${WORDS[type]}${i % 100}`), type });
  }
  if (count > HUBS.length) nodes.push({ ...nodeOf(process, quarterNode(day)), type: 'Gennode' });
  return nodes.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Nodes come and go on 1 March, June, September and December. */
function quarterNode(day: number): string {
  const [year, month] = civilFromDays(day);
  const quarter = Math.floor((month % 12) / 3);
  return `SIM.NEW.${quarter === 0 && month < 3 ? year - 1 : year}${QUARTERS[quarter]}`;
}
