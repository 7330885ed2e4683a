/** Locations of the simulated ISO New England: the real hub and load zones, and nodes of our own naming. */

import type { Place } from '../feed.ts';
import { nodeOf, type PriceNode, type PriceProcess } from '../price-process.ts';

/** A location with its number and type. */
export interface IsoneLocation extends PriceNode, Place {
  readonly id: number;
  readonly type: 'HUB' | 'LOAD ZONE' | 'NETWORK NODE' | 'EXT. NODE';
}

const ZONES = [
  'MAINE',
  'NEWHAMPSHIRE',
  'VERMONT',
  'CONNECTICUT',
  'RHODEISLAND',
  'SEMASS',
  'WCMASS',
  'NEMASSBOST',
];

/** `count` locations in order of number, at least the hub and the eight zones. */
export function isoneLocations(process: PriceProcess, count: number): IsoneLocation[] {
  const all: IsoneLocation[] = [{ ...nodeOf(process, '.H.INTERNAL_HUB'), id: 4000, type: 'HUB' }];
  ZONES.forEach((zone, k) => {
    all.push({ ...nodeOf(process, `.Z.${zone}`), id: 4001 + k, type: 'LOAD ZONE' });
  });
  for (let i = 0; all.length < count; i++) {
    const isTie = i % 9 === 8;
    const name = isTie ? `.I.SIMTIE345 ${i + 1}` : `UN.SIMBROOK13.8U${i + 1}`;
    all.push({ ...nodeOf(process, name), id: 320 + i, type: isTie ? 'EXT. NODE' : 'NETWORK NODE' });
  }
  return all.sort((a, b) => a.id - b.id);
}
