/**
 * What the start of a MISO body shows: which report it is, by its title line and its header.
 *
 * Market reports of one day begin with a title, the date and `,,,All Hours-Ending are Eastern Standard Time (EST)`;
 * the files of a quarter have a header and at most other words above it, so that their name tells day-ahead from real-time.
 */

import type { PayloadHead, Recognition } from '../kit/contract.ts';
import { documentForm, pageTitle } from '../kit/payload.ts';
import { CsvReader } from '../kit/readers/csv.ts';
import { normaliseHeader } from '../kit/readers/table.ts';

/** The reports of hourly prices, which share one layout. */
export type HourlyReport = 'day-ahead-ex-post' | 'day-ahead-ex-ante' | 'real-time';

/** Records above the header that are searched at most. */
export const PREAMBLE_RECORDS = 12;

const words = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

const TITLES: readonly (readonly [report: HourlyReport, title: RegExp])[] = [
  [
    'day-ahead-ex-post',
    /^dayaheadmarket(expost)?lmps?|^dayahead(expost)?lmps$|^(?:da|dayahead)(?:market)?loadepnodes?/,
  ],
  ['day-ahead-ex-ante', /^dayahead(market)?exantelmps?/],
  [
    'real-time',
    /^realtimemarket(expost|final|preliminary|prelim)?lmps?|^realtimelmps$|^(?:rt|realtime)(?:market)?loadepnodes?/,
  ],
];

const NAMES: readonly (readonly [report: HourlyReport, name: RegExp])[] = [
  ['day-ahead-ex-ante', /da_?exante|day.?ahead.?ex.?ante/i],
  ['day-ahead-ex-post', /(?:^|[^a-z])da[^a-z]|day.?ahead/i],
  ['real-time', /(?:^|[^a-z])rt[^a-z]|real.?time/i],
];

/** Normalised names of a header of hourly columns: `HE1` and `HE 01` are `he 1`. */
export function hourlyHeader(fields: readonly string[]): string[] {
  return fields.map((field) => normaliseHeader(field).replace(/^he ?0?(\d{1,2})$/, 'he $1'));
}

/** True for a record that is the header of an hourly price table. */
export function isHourlyHeader(names: readonly string[]): boolean {
  const hours = names.filter((name) => /^he \d+$/.test(name)).length;
  return hours > 1 && ['node', 'epnode', 'value'].some((name) => names.includes(name));
}

/** The records at the start of a body; the last one may be cut and is left out unless the head is whole. */
function firstRecords(head: PayloadHead, most: number): string[][] {
  const cut = head.whole ? head.text.length : head.text.lastIndexOf('\n') + 1;
  const reader = new CsvReader(head.text.slice(0, cut), head.name);
  const records: string[][] = [];
  try {
    while (records.length < most && reader.next()) records.push([...reader.fields]);
  } catch {
    // A head is damaged where its body is; what stands before the damage is enough to recognise it.
  }
  return records;
}

/** How surely a head is this report of hourly prices, whose title decides; only without one the name does. */
export function recogniseHourly(head: PayloadHead, report: HourlyReport): Recognition {
  const records = firstRecords(head, PREAMBLE_RECORDS).filter((fields) =>
    fields.some((field) => field !== ''),
  );
  const title = words(records[0]?.[0] ?? '');
  const titled = TITLES.find(([, expression]) => expression.test(title))?.[0];
  const called = NAMES.find(([, expression]) => expression.test(head.name))?.[0];
  if (titled !== undefined) return titled !== report ? 0 : called === report ? 3 : 2;
  const at = records.findIndex((fields) => isHourlyHeader(hourlyHeader(fields)));
  const header = records[at];
  if (header === undefined || reserveTable(records)) return 0;
  const above = records.slice(0, at).flat().join(' ');
  const named = called ?? NAMES.find(([, expression]) => expression.test(`${above} `))?.[0];
  const isQuarter = hourlyHeader(header).includes('market_day');
  const untitled = isQuarter || at === 0 || /^\d{1,2}\//.test(above);
  return untitled && (named === undefined || named === report) ? 1 : 0;
}

/** The greater of how surely a head is one form or another of a dataset. */
export function mostSure(...ways: readonly Recognition[]): Recognition {
  return Math.max(0, ...ways) as Recognition;
}

/** True when the head is a table of clearing prices for reserves. */
function reserveTable(records: readonly (readonly string[])[]): boolean {
  return records.some((fields) => fields.some((field) => normaliseHeader(field) === 'mcp type'));
}

/**
 * Which report of clearing prices for reserves a head is, by its title; null for any other body. The day-ahead one of the
 * clearing has been titled as that of the settlement: there the name tells.
 */
export function reserveReport(head: PayloadHead): 'day-ahead' | 'day-ahead-ex-ante' | 'real-time' | null {
  const records = firstRecords(head, PREAMBLE_RECORDS);
  if (!reserveTable(records)) return null;
  const title = words(records[0]?.[0] ?? '');
  if (/^dayahead(?:market)?exante/.test(title)) return 'day-ahead-ex-ante';
  if (title.startsWith('dayahead')) return /ex.?ante/i.test(head.name) ? 'day-ahead-ex-ante' : 'day-ahead';
  return title.startsWith('realtime') ? 'real-time' : null;
}

/** True when the head has the header of the weekly file of five-minute prices. */
export function isWeeklyFile(head: PayloadHead): boolean {
  return firstRecords(head, PREAMBLE_RECORDS).some((fields) => {
    const names = fields.map(normaliseHeader);
    return names.includes('mkthour_est') && names.includes('pnodename');
  });
}

/** Says which MISO document a head is, or what else it is; null when it is none that is known. */
export function describeMiso(head: PayloadHead): string | null {
  const page = pageTitle(head.text);
  if (page !== null) return `an HTML page: ${page}`;
  const title = firstRecords(head, 1)[0]?.[0]?.trim() ?? '';
  if (/mcp/i.test(title)) return `clearing prices for reserves: ${title}`;
  if (/lmp/i.test(title)) return `a price report that is not read here: ${title}`;
  if (/^\s*\{/.test(head.text) && /"(?:RefId|MktDay)"/.test(head.text))
    return 'a JSON display of MISO that holds no prices';
  return documentForm(head.text);
}
