/**
 * MISO's interchange in displays: what is scheduled with each neighbour (`Interchange/GetNsi/FiveMinute`, before December
 * 2025 `getnsi5minute`; `{"instance":[{"timestamp":"2025-12-10T00:05:00","MISO":"-1200","PJM":…}]}`), or with all of them
 * (`nsi5miso`, a column NSI); likewise by the minute; and what flows in all (`Interchange/GetNai/Imports`,
 * `getimporttotal5`; `[{"Time":"2025-12-10 2:15:00 AM","Value":"1200"}]`). Both also as CSV.
 *
 * Stamps end their five minutes. Those of the schedule are EST, those of the flow UTC: the same display on the market's
 * page shows it, the body does not say.
 */

import { MINUTE } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf, textOf } from '../kit/payload.ts';
import { isJsonArray, isJsonObject, type Json, malformedRecord, readJson } from '../kit/readers/json.ts';
import { readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { parseStamp } from '../kit/time/stamp.ts';
import { isFlowCsv, isNeighbourFlow, readFlowCsv, readNeighbourFlow } from './actual-interchange.ts';
import { exchangeHead, isExchange, readExchange } from './data-exchange.ts';
import { displayTable, tablePayload } from './display-table.ts';
import { MISO_ZONE, todayRequests } from './routes.ts';

const UNIT = 'MW';
const STAMP = 'timestamp';
const SYSTEM = 'MISO';
/** Columns of what is scheduled in all. */
const TOTALS: readonly string[] = [SYSTEM, 'NSI'];

const SCHEDULE_TIME: TimeConvention = {
  name: 'est-five-minutes-ending',
  zone: MISO_ZONE,
  pattern: 'YYYY-MM-DD[T][ ]hh:mm[:ss]',
  stamp: 'ending-clock',
  length: 5 * MINUTE,
  onGrid: false,
  repeated: { by: 'none' },
};
const FLOW_TIME: TimeConvention = {
  ...SCHEDULE_TIME,
  name: 'utc-five-minutes-ending',
  zone: 'UTC',
  pattern: 'YYYY-MM-DD h:mm:ss A',
};

const isSchedule = (text: string): boolean =>
  /^\s*\{/.test(text) && /"instance"\s*:\s*[[{]/.test(text) && /"timestamp"\s*:/.test(text);
const isScheduleCsv = (text: string): boolean => {
  const table = displayTable(text, [STAMP]);
  return table?.names.every((name) => name === STAMP || name === '' || /^[a-z]{2,6}$/.test(name)) ?? false;
};
const isFlow = (text: string): boolean =>
  /^\s*\[\s*\{[^{}]*"Time"\s*:[^{}]*"Value"\s*:/.test(text) ||
  /^\s*\[\s*\{[^{}]*"Value"\s*:[^{}]*"Time"\s*:/.test(text);

function recognise(head: PayloadHead): Recognition {
  if (exchangeHead(head)?.kind === 'interchange') return 2;
  const forms = [isSchedule, isFlow, isScheduleCsv, isNeighbourFlow, isFlowCsv];
  if (!forms.some((isForm) => isForm(head.text))) return 0;
  return /nsi|nai|import/i.test(head.name) ? 3 : 2;
}

const isCell = (value: Json | undefined): value is string | null =>
  value === null || typeof value === 'string';

function decode(payload: Payload): Decoded {
  if (isExchange(payload)) return readExchange(payload, 'interchange');
  const { text } = headOf(payload);
  if (isNeighbourFlow(text)) return readNeighbourFlow(payload);
  if (isFlowCsv(text)) return { ...readFlowCsv(payload), layout: { time: FLOW_TIME } };
  if (!/^\s*[[{]/.test(text)) return readCsv(payload);
  const body = readJson(payload);
  const flow = isFlow(text);
  const listed = flow ? body : isJsonObject(body) ? body['instance'] : undefined;
  // A list of one is the object itself.
  const records = isJsonObject(listed) ? [listed] : listed;
  if (!isJsonArray(records)) throw malformedRecord(payload, 1, 'a list of intervals', body);
  const rows: SourceRow[] = [];
  for (const [i, record] of records.entries()) {
    const made = isJsonObject(record) ? (flow ? flowRow(record, i + 1) : scheduleRows(record, i + 1)) : null;
    if (made === null) {
      const expected = 'an interval with its stamp and numbers';
      return { rows, rejected: [], drift: [], damage: malformedRecord(payload, i + 1, expected, record) };
    }
    for (const row of made) rows.push(row);
  }
  return {
    rows,
    rejected: [],
    drift: [],
    damage: null,
    layout: { time: flow ? FLOW_TIME : scheduleTime(rows) },
  };
}

/** Of the display by the minute, stamps lie between full five minutes. */
function scheduleTime(rows: readonly SourceRow[]): TimeConvention {
  const { pattern } = SCHEDULE_TIME;
  const byMinute = rows.some(({ sourceTime }) => {
    const wall = parseStamp(pattern, sourceTime);
    return wall !== null && wall % (5 * MINUTE) !== 0;
  });
  return byMinute ? { ...SCHEDULE_TIME, name: 'est-minute-ending', length: MINUTE } : SCHEDULE_TIME;
}

/** The schedule as CSV: a column for each neighbour. */
function readCsv(payload: Payload): Decoded {
  const table = displayTable(textOf(payload), [STAMP]);
  const names = table?.names.filter((name) => name !== STAMP && name !== '') ?? [];
  const columns = { time: STAMP, ...Object.fromEntries(names.map((name) => [name, name])) };
  const rows: SourceRow[] = [];
  const body = table === null ? payload : tablePayload(payload, table);
  const decoded = readTable<string>(body, { columns, ignored: [''] }, (fields, at, line) => {
    const record: Record<string, string> = { [STAMP]: (fields[at['time'] ?? -1] ?? '').trim() };
    for (const name of names) record[name.toUpperCase()] = (fields[at[name] ?? -1] ?? '').trim();
    for (const row of scheduleRows(record, line) ?? []) rows.push(row);
    return null;
  });
  return { ...decoded, rows, layout: { time: scheduleTime(rows) } };
}

function flowRow(record: Readonly<Record<string, Json>>, row: number): SourceRow[] | null {
  const { Time: time, Value: value } = record;
  if (typeof time !== 'string' || !isCell(value)) return null;
  return [sourceRow(row, SYSTEM, time, [{ field: 'interchange', value, unit: UNIT }])];
}

/** A number for each neighbour; the column MISO is the sum. */
function scheduleRows(record: Readonly<Record<string, Json>>, row: number): SourceRow[] | null {
  const time = record[STAMP];
  if (typeof time !== 'string') return null;
  const rows: SourceRow[] = [];
  for (const [name, value] of Object.entries(record)) {
    if (name === STAMP) continue;
    if (!isCell(value)) return null;
    const series = TOTALS.includes(name) ? null : name;
    rows.push(
      sourceRow(row, SYSTEM, time, [{ field: 'interchange_scheduled', value, unit: UNIT }], { series }),
    );
  }
  return rows;
}

/** The dataset `interchange` of MISO. */
export const interchange: Dataset = {
  name: 'interchange',
  title: 'Interchange by five minutes: scheduled with each neighbour, and actual',
  time: SCHEDULE_TIME,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [
    { field: 'interchange_scheduled', unit: UNIT, what: 'scheduled interchange, the neighbour as series' },
    { field: 'interchange', unit: UNIT, what: 'actual interchange in all; a neighbour as series' },
  ],
  recognise,
  // The displays show the last hours only.
  plan: (window, { now }) =>
    todayRequests(['Interchange/GetNsi/FiveMinute', 'Interchange/GetNai/Imports'], window, now),
  decode,
};
