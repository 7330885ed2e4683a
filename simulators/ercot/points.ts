/** Settlement points of the simulated ERCOT: the real hubs and zones, and resource nodes of our own naming. */

import type { Place } from '../feed.ts';
import { nodeOf, type PriceNode, type PriceProcess } from '../price-process.ts';

/** A settlement point with the type that real-time files print. */
export interface SettlementPoint extends PriceNode, Place {
  readonly type: 'RN' | 'HU' | 'SH' | 'AH' | 'LZ' | 'LZEW' | 'LZ_DC' | 'LZ_DCEW';
}

const HUBS: readonly (readonly [name: string, type: SettlementPoint['type']])[] = [
  ['HB_BUSAVG', 'SH'],
  ['HB_HOUSTON', 'HU'],
  ['HB_HUBAVG', 'AH'],
  ['HB_NORTH', 'HU'],
  ['HB_PAN', 'HU'],
  ['HB_SOUTH', 'HU'],
  ['HB_WEST', 'HU'],
];

const ZONES = ['AEN', 'CPS', 'HOUSTON', 'LCRA', 'NORTH', 'RAYBN', 'SOUTH', 'WEST'];

/** `count` points in order of name, at least the hubs and load zones. */
export function settlementPoints(process: PriceProcess, count: number): SettlementPoint[] {
  const points: SettlementPoint[] = HUBS.map(([name, type]) => ({ ...nodeOf(process, name), type }));
  for (const zone of ZONES) points.push({ ...nodeOf(process, `LZ_${zone}`), type: 'LZ' });
  for (let i = 0; points.length < count; i++)
    points.push({ ...nodeOf(process, `SIM${String.fromCharCode(65 + (i % 26))}_UNIT${i + 1}`), type: 'RN' });
  return points.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Points of the real-time files: each load zone is there twice, as LZ and, weighted by energy, as LZEW. The second has
 * traits of its own, and a series that tells it from the first.
 */
export function realTimePoints(process: PriceProcess, points: readonly SettlementPoint[]): SettlementPoint[] {
  return points.flatMap((point) => {
    if (point.type !== 'LZ') return [point];
    const weighted = nodeOf(process, `${point.name}/LZEW`);
    return [point, { ...weighted, name: point.name, type: 'LZEW', series: 'LZEW' }];
  });
}
