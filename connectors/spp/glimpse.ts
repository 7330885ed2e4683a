/** What the start of a SPP body shows: the columns of a table or the lines of a chart, and how far its stamps are apart. */

import { formatInstant } from '../../core/time/instant.ts';
import type { PayloadHead } from '../kit/contract.ts';
import { firstLine, pageTitle } from '../kit/payload.ts';
import { CsvReader } from '../kit/readers/csv.ts';

/** How far the stamps of a body are apart. `single`: one stamp on a full hour; `none`: no stamp in sight. */
export type Cadence = 'hourly' | 'five-minute' | 'single' | 'none';

/** Facts of a head. */
export interface SppHead {
  readonly form: 'table' | 'chart';
  /** Columns, or lines of the chart, as {@link compact} writes them. */
  readonly names: ReadonlySet<string>;
  readonly cadence: Cadence;
}

/**
 * A header as it is compared: the operator has written `GMTIntervalEnd`, `GMT Interval` and `GMTINTERVALEND`,
 * `Settlement Location` and `SETTLEMENT_LOCATION`, with and without blanks around.
 */
export function compact(header: string): string {
  return header.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/**
 * Names of the columns of a header, as they are compared. Files of the fuel mix and of ties have been served with a blank in
 * place of the name of their first column, that of the stamps.
 */
export function namesOf(header: readonly string[]): string[] {
  const names = header.map(compact);
  if (names[0] === '' && !names.some((name) => GMT_COLUMNS.includes(name))) names[0] = 'gmttime';
  return names;
}

/**
 * True for one stamp on a full hour that is that of a day-ahead file by its header: there the balancing area is the third
 * column, and it is the last one in files of real time.
 */
export const isHourByArea = ({ cadence, names }: SppHead): boolean =>
  cadence === 'single' && [...names].indexOf('baa') === AREA_OF_DAY_AHEAD;

const AREA_OF_DAY_AHEAD = 2;

/** Columns of stamps in GMT, by any name that the operator has given them. */
export const GMT_COLUMNS: readonly string[] = [
  'gmtintervalend',
  'gmtintervalending',
  'gmtinterval',
  'gmtmktinterval',
  'gmttime',
  'markethour',
];

/** Looks at a head as a report of SPP; null when it is none. */
export function glimpseOf(head: PayloadHead): SppHead | null {
  if (/^\s*\{/.test(head.text)) return mapGlimpse(head) ?? chartGlimpse(head.text);
  if (/^\s*[<[]/.test(head.text)) return null;
  const records = recordsOf(head.text, head.name, !head.whole);
  const header = namesOf(records[0] ?? []);
  const at = header.findIndex((name) => GMT_COLUMNS.includes(name));
  if (at < 0 || header.length < 3) return null;
  const last = head.tail === undefined ? undefined : recordsOf(head.tail, head.name, false, true).at(-1);
  const rows = [...records.slice(1), ...(last?.length === header.length ? [last] : [])];
  return {
    form: 'table',
    names: new Set(header),
    cadence: cadenceOf(rows.map((fields) => fields[at]?.trim() ?? '')),
  };
}

/** An answer of the price contour map: the attributes of its first feature are the columns. */
function mapGlimpse(head: PayloadHead): SppHead | null {
  if (!/"features"\s*:\s*\[/.test(head.text)) return null;
  const features = [...head.text.matchAll(/"attributes"\s*:\s*\{([^{}]*)\}/g)].map((match) => match[1] ?? '');
  const names = [...(features[0] ?? '').matchAll(/"([A-Za-z_]+)"\s*:/g)].map((match) =>
    compact(match[1] ?? ''),
  );
  const stamps = features.map((feature) =>
    isoOf(/"GMT_?INTERVAL_?END"\s*:\s*(\d+)/i.exec(feature)?.[1] ?? ''),
  );
  return names.length === 0 ? null : { form: 'table', names: new Set(names), cadence: cadenceOf(stamps) };
}

/** Milliseconds since the epoch, as maps print stamps, in the form of a stamp; other words stay as they are. */
export function isoOf(printed: string): string {
  return /^\d{12,13}$/.test(printed) ? formatInstant(Number(printed) * 1_000) : printed;
}

function chartGlimpse(text: string): SppHead | null {
  if (!/"labels"\s*:\s*\[/.test(text) && !/"datasets"\s*:\s*\[/.test(text)) return null;
  const labels = [...text.matchAll(/"label"\s*:\s*"([^"]*)"/g)].map((match) => compact(match[1] ?? ''));
  return { form: 'chart', names: new Set(labels), cadence: 'none' };
}

/** Records of a text; the first or the last one may be cut and is left out then. */
function recordsOf(text: string, name: string, cutEnd: boolean, cutStart = false): string[][] {
  const from = cutStart ? text.indexOf('\n') + 1 : 0;
  const reader = new CsvReader(text.slice(from, cutEnd ? text.lastIndexOf('\n') + 1 : text.length), name);
  const records: string[][] = [];
  try {
    while (reader.next()) records.push([...reader.fields]);
  } catch {
    // A head is damaged where its body is; what stands before the damage is enough to recognise it.
  }
  return records;
}

function cadenceOf(stamps: readonly string[]): Cadence {
  const distinct = [...new Set(stamps.filter((stamp) => /\d/.test(stamp)))];
  if (distinct.some((stamp) => /\d:(?!00)\d\d/.test(stamp))) return 'five-minute';
  if (distinct.length === 0) return 'none';
  return distinct.length === 1 ? 'single' : 'hourly';
}

/** Says what a body of SPP is that no dataset here reads; null when it cannot tell. */
export function describeSpp(head: PayloadHead): string | null {
  const page = pageTitle(head.text);
  if (page !== null) return `an HTML page: ${page}`;
  const line = firstLine(head.text);
  if (/"features"\s*:/.test(head.text)) return 'an answer of a map, without prices';
  if (/^\s*\[\s*\{[^}]*"(?:path|fsName|modified)"/.test(head.text)) return 'a listing of the file browser';
  if (/^\s*[[{]/.test(head.text)) return `a JSON document, ${line.slice(0, 80)}`;
  if (/Generation Interconnection Number/i.test(head.text)) return 'the queue of interconnections';
  if (glimpseOf(head) !== null) return `a report with the columns ${line.slice(0, 120)}`;
  return null;
}
