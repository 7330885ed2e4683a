/** Zones, proxies and generators of the simulated NYISO. Zones and their numbers are the real ones, generators ours. */

import type { Place } from '../feed.ts';
import { nodeOf, type PriceNode, type PriceProcess, referenceNode } from '../price-process.ts';

/** A location with its number in the files. */
export interface NyisoLocation extends PriceNode {
  readonly ptid: number;
}

/** A zone with its number and its share of the load and of the sun. */
export interface Zone extends Place {
  readonly ptid: number;
  readonly share: number;
}

/** Zones and proxies with their numbers, in order of name. */
export const NYISO_ZONES: readonly (readonly [name: string, ptid: number])[] = [
  ['CAPITL', 61757],
  ['CENTRL', 61754],
  ['DUNWOD', 61760],
  ['GENESE', 61753],
  ['H Q', 61844],
  ['HUD VL', 61758],
  ['LONGIL', 61762],
  ['MHK VL', 61756],
  ['MILLWD', 61759],
  ['N.Y.C.', 61761],
  ['NORTH', 61755],
  ['NPX', 61845],
  ['O H', 61846],
  ['PJM', 61847],
  ['WEST', 61752],
];

/** Neighbours, which have a price and no load here. */
const PROXIES: ReadonlySet<string> = new Set(['H Q', 'NPX', 'O H', 'PJM']);

/** Of some locations those that are zones of the market. */
export function loadZonesOf(locations: readonly NyisoLocation[]): NyisoLocation[] {
  return locations.filter(({ name }) => !PROXIES.has(name));
}

/** The eleven zones and four proxies of a zone file, in order of name. */
export function nyisoZones(process: PriceProcess): NyisoLocation[] {
  return NYISO_ZONES.map(([name, ptid]) => ({ ...nodeOf(process, name), ptid }));
}

const PLANTS = ['ALDERBROOK', 'BIRCH ISLAND', 'COPPER FALLS', 'DEER PARK NORTH', 'ELM STREET', 'FOX RIVER'];
const KINDS = ['GT', 'HYD', 'CC', 'WT PWR', 'ST'];

/** Generators of a gen file in order of name; the reference bus is one of them. */
export function nyisoGenerators(process: PriceProcess, count: number): NyisoLocation[] {
  const out: NyisoLocation[] = [{ ...referenceNode('NYISO_LBMP_REFERENCE'), ptid: 24008 }];
  for (let i = 0; out.length < count; i++) {
    const unit = Math.floor(i / PLANTS.length) + 1;
    const name = `${PLANTS[i % PLANTS.length]}___${KINDS[i % KINDS.length]} ${unit}`;
    out.push({ ...nodeOf(process, name), ptid: 323500 + i });
  }
  return out.sort((a, b) => (a.name < b.name ? -1 : 1));
}
