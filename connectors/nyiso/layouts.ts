/** What the start of a NYISO body shows: which of the price reports it is, or why it is none. */

import type { PayloadHead, Recognition } from '../kit/contract.ts';
import { documentForm, pageTitle } from '../kit/payload.ts';
import { CsvReader } from '../kit/readers/csv.ts';
import { normaliseHeader } from '../kit/readers/table.ts';

/** Header names of the zonal and generator price files, normalised. */
export const LBMP_COLUMNS = {
  time: 'time stamp',
  location: 'name',
  lmp: 'lbmp',
  loss: 'marginal cost losses',
  congestion: 'marginal cost congestion',
} as const;

/** Columns that price files have, and that are not read. */
export const PRICE_IGNORED: readonly string[] = ['ptid', 'version'];
/** The column of custom reports that tells the repeated hour. */
export const PRICE_ZONE = 'time zone';

const NEEDED: readonly string[] = [LBMP_COLUMNS.time, LBMP_COLUMNS.location, LBMP_COLUMNS.lmp];
const KNOWN: ReadonlySet<string> = new Set([...Object.values(LBMP_COLUMNS), ...PRICE_IGNORED, PRICE_ZONE]);

/**
 * True for a header of stamps, names and prices that has no column but those of price files: a selection of them. Beside a
 * column that is not known, a missing one may be damaged.
 */
export const isPriceSelection = (names: readonly string[]): boolean =>
  NEEDED.every((name) => names.includes(name)) && names.every((name) => KNOWN.has(name));

/** What the start of a price file shows. */
export interface PriceHead {
  /** Distinct stamps, in order of appearance, as printed. */
  readonly stamps: readonly string[];
  /** Most stamps lie on a full hour, all where they have seconds; a damaged one does not turn the file into another. */
  readonly hourly: boolean;
  /** A stamp with seconds: the real-time files print them, the hourly ones do not. */
  readonly seconds: boolean;
}

/** Fields of the first records of a head; the last one may be cut and is left out unless the head is whole. */
export function recordsOf(head: PayloadHead): string[][] {
  const cut = head.whole ? head.text.length : head.text.lastIndexOf('\n') + 1;
  const reader = new CsvReader(head.text.slice(0, cut), head.name);
  const records: string[][] = [];
  try {
    while (reader.next()) records.push([...reader.fields]);
  } catch {
    // A head is damaged where its body is; what stands before the damage is enough to recognise it.
  }
  return records;
}

/** Looks at a head as a price file; null when its header is another one. One column may be missing. */
export function priceHead(head: PayloadHead): PriceHead | null {
  const [header, ...records] = recordsOf(head);
  if (header === undefined) return null;
  const names = header.map(normaliseHeader);
  const wanted = Object.values<string>(LBMP_COLUMNS);
  const found = wanted.filter((name) => names.includes(name)).length;
  const priced = names.some((name) => name === 'lbmp' || name.startsWith('marginal cost'));
  if (!priced || (found < wanted.length - 1 && !isPriceSelection(names))) return null;
  const at = Math.max(0, names.indexOf(LBMP_COLUMNS.time));
  const stamps = [...new Set(records.map((fields) => (fields[at] ?? '').trim()))];
  const off = stamps.filter((stamp) => /[ T]\d?\d:\d\d/.test(stamp) && !/[ T]\d?\d:00(?::00)?$/.test(stamp));
  const seconds = stamps.some((stamp) => /[ T]\d?\d:\d\d:\d\d$/.test(stamp));
  return { stamps, hourly: seconds ? off.length === 0 : 2 * off.length <= stamps.length, seconds };
}

/** The price reports, which share one header. */
export type PriceKind = 'day-ahead' | 'hour-ahead' | 'real-time' | 'real-time-hourly';

function kindByName(name: string): PriceKind | null {
  if (/damlbmp/i.test(name)) return 'day-ahead';
  if (/hamlbmp/i.test(name)) return 'hour-ahead';
  if (/rtlbmp/i.test(name)) return 'real-time-hourly';
  return /realtime/i.test(name) ? 'real-time' : null;
}

/**
 * How surely a head is the price report of a kind. Stamps between full hours are real time, whatever the name says.
 * Hourly stamps are what both hourly reports have: there the name decides, and without one they are day-ahead; but one
 * single stamp with seconds is what the file of the last real-time interval looks like at a full hour.
 */
export function recognisePrices(head: PayloadHead, kind: PriceKind): Recognition {
  const price = priceHead(head);
  if (price === null) return 0;
  const named = kindByName(head.name);
  if (!price.hourly) return kind !== 'real-time' ? 0 : named === kind ? 3 : 2;
  if (price.stamps.length === 0) return kind === (named ?? 'day-ahead') ? 1 : 0;
  const byName = named === 'real-time' && !price.seconds ? 'real-time-hourly' : named;
  if (byName !== null) return kind === byName ? 3 : 0;
  const single = price.seconds && price.stamps.length < 2;
  if (kind === (single ? 'real-time' : 'day-ahead')) return 2;
  return kind === 'real-time-hourly' && !single ? 1 : 0;
}

/** Files that hold no series of figures, or none that is read, by their columns. */
const OTHER_REPORTS: readonly (readonly [columns: readonly string[], what: string])[] = [
  [['timestamp', 'message'], 'the messages of the real-time operation (RealTimeEvents)'],
  [['generator name', 'ptid'], 'the list of generators'],
  [['load zone name', 'ptid'], 'the list of loads'],
  [['equipment name', 'out'], 'a list of outages'],
  [['equipment name', 'date out'], 'a list of outages'],
  [
    ['interface name', 'revised import ttc'],
    'changes of transfer limits for outages (ttcf), which are spans and no series',
  ],
  [['timestamp', 'zone', 'imer - co2'], 'implied marginal emission rates'],
];

/** Says what a head is that no dataset reads; null when it is none that is known. */
export function describeNyiso(head: PayloadHead): string | null {
  const page = pageTitle(head.text);
  if (page !== null) return `an HTML page: ${page}`;
  const names = (recordsOf(head)[0] ?? []).map(normaliseHeader);
  const known = OTHER_REPORTS.find(([columns]) => columns.every((column) => names.includes(column)));
  if (known !== undefined) return known[1];
  return documentForm(head.text);
}
