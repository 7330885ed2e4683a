/** The CSV layouts that NYISO publishes: enough to name a file that is not the one asked for. */

import type { PayloadHead } from '../kit/contract.ts';
import { firstLine, pageTitle } from '../kit/payload.ts';
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

/** What the start of a price file shows. */
export interface PriceHead {
  /** Distinct stamps, in order of appearance, as printed. */
  readonly stamps: readonly string[];
  /** Most stamps lie on a full hour; a damaged one does not turn the file into another. */
  readonly hourly: boolean;
  /** A stamp with seconds: the real-time files print them, the hourly ones do not. */
  readonly seconds: boolean;
}

/** Fields of the first records of a head; the last one may be cut and is left out unless the head is whole. */
function recordsOf(head: PayloadHead): string[][] {
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
  if (!priced || found < wanted.length - 1) return null;
  const at = Math.max(0, names.indexOf(LBMP_COLUMNS.time));
  const stamps = [...new Set(records.map((fields) => (fields[at] ?? '').trim()))];
  const off = stamps.filter((stamp) => / \d\d:\d\d/.test(stamp) && !/ \d\d:00(?::00)?$/.test(stamp));
  return {
    stamps,
    hourly: 2 * off.length <= stamps.length,
    seconds: stamps.some((stamp) => / \d\d:\d\d:\d\d$/.test(stamp)),
  };
}

const OTHERS: readonly (readonly [name: string, columns: readonly string[]])[] = [
  ['the actual load report (pal)', ['time stamp', 'time zone', 'name', 'ptid', 'load']],
  [
    'the integrated hourly load report (palIntegrated)',
    ['time stamp', 'time zone', 'name', 'integrated load'],
  ],
  ['the load forecast (isolf)', ['time stamp', 'capitl', 'centrl', 'nyiso']],
  ['the fuel mix (rtfuelmix)', ['time stamp', 'time zone', 'fuel category']],
  ['interface limits and flows (ExternalLimitsFlows)', ['timestamp', 'interface name', 'point id', 'flow']],
  ['ancillary service prices (damasp, rtasp)', ['time stamp', 'time zone', '10 min spinning reserve']],
];

/** Says which NYISO report a head is, or what else it is; null when it is none that is known. */
export function describeNyiso(head: PayloadHead): string | null {
  const price = priceHead(head);
  if (price !== null) {
    if (!price.hourly) return 'real-time prices at intervals of minutes (realtime)';
    if (/rtlbmp/i.test(head.name)) return 'hourly real-time prices (rtlbmp), by its name';
    if (/realtime/i.test(head.name)) return 'real-time prices (realtime), by its name';
    return `prices with one stamp, ${price.stamps[0] ?? 'none'}, as in the real-time files`;
  }
  const page = pageTitle(head.text);
  if (page !== null) return `an HTML page: ${page}`;
  const names = (recordsOf(head)[0] ?? []).map(normaliseHeader);
  const other = OTHERS.find(([, columns]) => columns.every((column) => names.includes(column)));
  if (other !== undefined) return other[0];
  const root = /^\s*(?:<\?xml[^>]*>\s*)?<([\w:.-]+)/.exec(head.text);
  if (root !== null) return `an XML document <${root[1]}>`;
  if (/^\s*[[{]/.test(head.text)) return `a JSON document, ${firstLine(head.text).slice(0, 80)}`;
  return null;
}
