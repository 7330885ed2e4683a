/**
 * ERCOT's page of real-time system conditions, https://www.ercot.com/content/cdr/html/real_time_system_conditions.html:
 * one reading of demand, wind, capacity and the flows over ties to other grids, under the stamp `Last Updated: Apr 14,
 * 2016 18:38:40`. Central time without offset: a reading of the repeated hour is refused. The dashboard of the same,
 * `rtsyscond.json`, has a list of readings, with a stamp and its offset or milliseconds since 1970.
 */

import { CarbonError } from '../../core/errors.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PublishedField, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf, placeOf } from '../kit/payload.ts';
import { type HtmlPage, htmlPage, readHtml } from '../kit/readers/html-table.ts';
import { isJsonObject, type Json, malformedRecord, readJson } from '../kit/readers/json.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { entriesOf, lastUpdated, textOf } from './dashboard.ts';
import { pageRequest } from './routes.ts';
import { READING, requireUpdated, updatedAt } from './updated-page.ts';

const FIELDS: readonly PublishedField[] = [
  { field: 'load', unit: 'MW', what: 'actual system demand' },
  { field: 'net_load', unit: 'MW', what: 'demand without wind and solar' },
  { field: 'capacity', unit: 'MW', what: 'capacity without ancillary services' },
  { field: 'wind_generation', unit: 'MW', what: 'output of wind' },
  { field: 'solar_generation', unit: 'MW', what: 'output of solar' },
  { field: 'inertia', unit: 'MW*s', what: 'inertia of the system' },
  { field: 'frequency', unit: 'Hz', what: 'frequency' },
  { field: 'time_error', unit: 's', what: 'instantaneous error of clocks that count the frequency' },
  { field: 'interchange', unit: 'MW', what: 'flow over a tie, its name as location; sign as published' },
];
const UNITS = new Map(FIELDS.map(({ field, unit }) => [field, unit]));

/** Labels of the page → fields; the page has changed their wording, not their meaning. */
const LABELS: readonly (readonly [field: string, label: RegExp])[] = [
  ['load', /^actual system demand/i],
  ['net_load', /^average net load/i],
  ['capacity', /^total system capacity/i],
  ['wind_generation', /^total wind output/i],
  ['solar_generation', /^total (?:pvgr|solar)\b.*output/i],
  ['inertia', /^current system inertia/i],
  ['frequency', /^current frequency/i],
  ['time_error', /^instantaneous time error/i],
];
const TIE = /^(DC_\w+)/;
const pairsOf = (page: HtmlPage): { label: string; value: string; line: number }[] =>
  page.tables
    .flat()
    .filter(({ cells }) => cells.length === 2)
    .map(({ cells, line }) => ({ label: cells[0] ?? '', value: cells[1] ?? '', line }));

const isReading = (page: HtmlPage): boolean =>
  updatedAt(page) !== null && pairsOf(page).some(({ label }) => LABELS[0]?.[1].test(label));

/** Throws SOURCE_MALFORMED for a page without its stamp, SOURCE_EMPTY for one without a figure that is known. */
function read(payload: Payload): Decoded {
  const page = readHtml(payload);
  const stamp = requireUpdated(page, payload);
  const rows: SourceRow[] = [];
  for (const { label, value, line } of pairsOf(page)) {
    const tie = TIE.exec(label)?.[1];
    const field = tie === undefined ? LABELS.find(([, known]) => known.test(label))?.[0] : 'interchange';
    if (field === undefined) continue;
    const unit = UNITS.get(field) ?? '';
    rows.push(sourceRow(line, tie === undefined ? 'ERCOT' : label, stamp, [{ field, value, unit }]));
  }
  if (rows.length === 0) throw new CarbonError('SOURCE_EMPTY', 'the page has no figure', placeOf(payload));
  return { rows, rejected: [], drift: [], damage: null };
}

const DASHBOARD_READING: TimeConvention = {
  ...READING,
  name: 'utc-instant',
  zone: 'UTC',
  pattern: 'YYYY-MM-DDThh:mm:ss[.000]Z',
};
const MICROS_IN_MILLISECOND = 1_000;
const TIE_KEY = /^dc[A-Z]$/;
const isDashboard = (text: string): boolean =>
  /^[\s\uFEFF]*\{/.test(text) && /"data"\s*:/.test(text) && /"dc[A-Z]"\s*:/.test(text);

/** The instant of a reading as UTC words; what tells none is left for the row to be refused. */
function wordsOf(entry: Readonly<Record<string, Json>>): string {
  const stamped = lastUpdated({ lastUpdated: entry['timestamp'] ?? null });
  const since = textOf(entry['interval'] ?? entry['epoch']);
  const at = stamped ?? (/^\d{12,14}$/.test(since) ? Number(since) * MICROS_IN_MILLISECOND : null);
  return at === null ? since : formatInstant(at);
}

/** `{"data":[{"interval":1760000000000,"dcE":-10,…},…]}`: a tie has the name of its key. */
function readDashboard(payload: Payload): Decoded {
  const body = readJson(payload);
  const list = isJsonObject(body) ? entriesOf(body['data']) : null;
  if (list === null) throw malformedRecord(payload, 1, 'readings under "data"', body);
  const publishedAt = lastUpdated(body);
  const rows = list.flatMap((entry, i) => {
    if (!isJsonObject(entry)) throw malformedRecord(payload, i + 1, 'a reading with its ties', entry);
    const words = wordsOf(entry);
    return Object.entries(entry).flatMap(([key, value]) => {
      const label = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
      const tie = TIE_KEY.test(key);
      const field = tie ? 'interchange' : LABELS.find(([, known]) => known.test(label))?.[0];
      if (field === undefined || !(value === null || typeof value === 'string')) return [];
      const values = [{ field, value, unit: UNITS.get(field) ?? '' }];
      return [sourceRow(i + 1, tie ? key : 'ERCOT', words, values, { publishedAt })];
    });
  });
  return { rows, rejected: [], drift: [], damage: null, layout: { time: DASHBOARD_READING } };
}

/** The dataset `system_conditions` of ERCOT. */
export const systemConditions: Dataset = {
  name: 'system_conditions',
  title: 'Demand, wind, solar, capacity, frequency and ties at one instant',
  time: READING,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: FIELDS,
  recognise: (head) => {
    const page = /^[\s\uFEFF]*</.test(head.text) && isReading(htmlPage(head.text));
    if (!page && !isDashboard(head.text)) return 0;
    return /system_conditions|rtsyscond/i.test(head.name) ? 3 : 2;
  },
  plan: (_window, settings) => pageRequest('real_time_system_conditions', settings.now),
  decode: (payload) => (isDashboard(headOf(payload).text) ? readDashboard(payload) : read(payload)),
};
