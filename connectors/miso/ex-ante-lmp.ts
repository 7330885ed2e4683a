/**
 * MISO's five-minute prices of the real-time dispatch before they are settled (ex ante): the display `GetExAnteLmp`
 * (`exantelmp`), JSON or CSV, whose reference names the interval that ends there; the workbook of a day,
 * `YYYYMMDD_5min_exante_lmp.xlsx`, with a stamp per row. Another price than the ex post one, never a version of it.
 */

import { CarbonError } from '../../core/errors.ts';
import { MINUTE } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf, placeOf, textOf } from '../kit/payload.ts';
import { isJsonArray, isJsonObject, type Json, malformedRecord, readJson } from '../kit/readers/json.ts';
import { readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { momentOf, type TimeConvention } from '../kit/time/convention.ts';
import { displayTable, REFERENCE_TIME, tablePayload } from './display-table.ts';
import { LMP_FIELDS, LMP_UNIT } from './lmp-table.ts';
import { MISO_ZONE } from './routes.ts';

const TIME: TimeConvention = {
  name: 'est-five-minutes-ending',
  zone: MISO_ZONE,
  pattern: REFERENCE_TIME.pattern,
  stamp: 'ending-clock',
  length: 5 * MINUTE,
  onGrid: false,
  repeated: { by: 'none' },
};
/** Stamps of the workbook: of texts, and of cells that are moments. */
const STAMPS = ['YYYY-MM-DD h:mm:ss A', 'M/D/YYYY h:mm:ss A', 'YYYY-MM-DD hh:mm[:ss]', 'M/D/YYYY h:mm[:ss]'];

const DISPLAY = ['name', 'lmp', 'loss', 'congestion'];
const SHEET = ['time', 'cp node', 'rt ex-ante lmp'];
const isJson = (text: string): boolean => /^\s*\{/.test(text) && /"ExAnteLMP"|"RealTimeExAnte/i.test(text);

/** True for a head of the display as CSV: one group of columns and no more, with a reference above. */
function isDisplayCsv(text: string): boolean {
  const table = displayTable(text, DISPLAY);
  return (
    table !== null && table.reference !== '' && table.names.filter((name) => name === 'lmp').length === 1
  );
}

function recognise(head: PayloadHead): Recognition {
  const known = isJson(head.text) || isDisplayCsv(head.text) || displayTable(head.text, SHEET) !== null;
  if (!known) return 0;
  return /ex.?ante/i.test(head.name) ? 3 : 2;
}

const price = (field: string, value: string | null): SourceRow['values'][number] => ({
  field,
  value,
  unit: LMP_UNIT,
});

function decode(payload: Payload): Decoded {
  const text = textOf(payload);
  if (isJson(headOf(payload).text)) return readDisplay(payload);
  const sheet = displayTable(text, SHEET);
  return sheet === null ? readDisplayCsv(payload, text) : readSheet(tablePayload(payload, sheet));
}

function readSheet(payload: Payload): Decoded {
  const columns = {
    time: 'time',
    node: 'cp node',
    lmp: 'rt ex-ante lmp',
    energy: 'rt ex-ante mec',
    loss: 'rt ex-ante mlc',
    congestion: 'rt ex-ante mcc',
  };
  let pattern: string | undefined;
  const decoded = readTable(payload, { columns, ignored: [] }, (fields, at, line) => {
    const cell = (column: keyof typeof columns): string => (fields[at[column]] ?? '').trim();
    // Below the rows stands a line of words.
    if (cell('node') === '' && cell('lmp') === '') return null;
    pattern ??= STAMPS.find((each) => momentOf({ ...TIME, pattern: each }, cell('time')).kind === 'unique');
    const values = (['lmp', 'energy', 'loss', 'congestion'] as const).map((part) => price(part, cell(part)));
    return sourceRow(line, cell('node'), cell('time'), values);
  });
  return { ...decoded, layout: { time: { ...TIME, pattern: pattern ?? STAMPS[0] ?? '' } } };
}

function readDisplayCsv(payload: Payload, text: string): Decoded {
  const table = displayTable(text, DISPLAY);
  if (table === null || table.reference === '')
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'the display names no interval, or no column LMP', {
      position: {
        ...placeOf(payload).position,
        line: 1,
        field: 'RefId',
        expected: 'RefId, …; Name,LMP,Loss,Congestion',
      },
    });
  const columns = { node: 'name', lmp: 'lmp', loss: 'loss', congestion: 'congestion' };
  return readTable(tablePayload(payload, table), { columns, ignored: [''] }, (fields, at, line) => {
    const values = (['lmp', 'loss', 'congestion'] as const).map((part) =>
      price(part, fields[at[part]] ?? ''),
    );
    const { reference, publishedAt } = table;
    return sourceRow(line, (fields[at.node] ?? '').trim(), reference, values, { publishedAt });
  });
}

/** Names of the parts in the display. */
const PARTS: Readonly<Record<string, string>> = {
  lmp: 'lmp',
  loss: 'loss',
  mlc: 'loss',
  congestion: 'congestion',
  mcc: 'congestion',
};

/** Nodes lie in lists, by their kinds: hubs, interfaces … */
function nodesIn(value: Json | undefined): Json[] {
  if (isJsonArray(value)) return value.flatMap((each) => (isJsonObject(each) ? [each] : []));
  return isJsonObject(value) ? Object.values(value).flatMap(nodesIn) : [];
}

function readDisplay(payload: Payload): Decoded {
  const body = readJson(payload);
  const data = isJsonObject(body) ? (Object.values(body).find(isJsonObject) ?? body) : undefined;
  const refId = data?.['RefId'] ?? (isJsonObject(body) ? body['RefId'] : undefined);
  const nodes = nodesIn(data);
  if (typeof refId !== 'string' || nodes.length === 0)
    throw malformedRecord(payload, 1, 'a RefId and the nodes of ExAnteLMP', body);
  const moment = momentOf(REFERENCE_TIME, refId);
  const publishedAt = moment.kind === 'unique' ? moment.first : null;
  const rows: SourceRow[] = [];
  for (const [i, node] of nodes.entries()) {
    const entries = isJsonObject(node) ? Object.entries(node) : [];
    const name = entries.find(([key]) => /^name$/i.test(key))?.[1];
    const values = entries.flatMap(([key, value]) => {
      const field = Object.hasOwn(PARTS, key.toLowerCase()) ? PARTS[key.toLowerCase()] : undefined;
      return field !== undefined && (value === null || typeof value === 'string')
        ? [price(field, value)]
        : [];
    });
    if (typeof name !== 'string' || !values.some(({ field }) => field === 'lmp'))
      return {
        rows,
        rejected: [],
        drift: [],
        damage: malformedRecord(payload, i + 1, 'a node with its LMP', node),
      };
    rows.push(sourceRow(i + 1, name.trim(), refId, values, { publishedAt }));
  }
  return { rows, rejected: [], drift: [], damage: null };
}

/** The dataset `rt_lmp_ex_ante` of MISO. */
export const realTimeExAnteLmp: Dataset = {
  name: 'rt_lmp_ex_ante',
  title: 'Real-time five-minute prices of the dispatch (ex ante)',
  time: TIME,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [...LMP_FIELDS, { field: 'energy', unit: LMP_UNIT, what: 'MEC, marginal energy component' }],
  recognise,
  // Files that were kept are read; nothing is fetched.
  plan: () => [],
  decode,
};
