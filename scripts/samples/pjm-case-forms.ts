/** The forms of PJM's feeds for golden cases: a document of Data Miner, its bare array, CSV. */

import { type FeedPrint, feedTable } from './pjm-sample-tables.ts';
import type { GoldenCase } from './sample-files.ts';
import { csvOf, expectedLines, objectsOf, type SampleTable, sayings } from './sample-table.ts';

const of = (dataset: string, table: SampleTable): string => expectedLines('PJM', dataset, sayings(table));

/** A document of Data Miner, which names its feed in its links. */
export function api(what: string, dataset: string, feed: string, print: FeedPrint): GoldenCase {
  return apiOf(what, dataset, feed, feedTable(print));
}

/** The same of a table that is no feed by hours or minutes. */
export function apiOf(what: string, dataset: string, feed: string, table: SampleTable): GoldenCase {
  const payload =
    `{"links":[{"rel":"self","href":"https://api.pjm.com/api/v1/${feed}?RowCount=50000&Order=Asc&StartRow=1"},` +
    `{"rel":"metadata","href":"https://api.pjm.com/api/v1/${feed}/metadata"}],\n"items":[\n${objectsOf(table).join(',\n')}\n],` +
    `\n"searchSpecification":{"rowCount":50000,"order":"Asc","startRow":1},"totalRows":${table.records.length}}`;
  return { what, made: { payload, expected: of(dataset, table) }, file: 'payload.json' };
}
/** `download=true`: the rows alone. */
export const bare = (what: string, dataset: string, print: FeedPrint): GoldenCase => ({
  what,
  made: {
    payload: `[${objectsOf(feedTable(print)).join(',')}]`,
    expected: of(dataset, feedTable(print)),
  },
  file: 'payload.json',
});
/** CSV, lines ended as asked for. */
export const csv = (what: string, dataset: string, print: FeedPrint, lineEnd = '\r\n'): GoldenCase =>
  csvTable(what, dataset, feedTable(print), lineEnd);

/** CSV of a table that is no feed by hours or minutes. */
export const csvTable = (
  what: string,
  dataset: string,
  table: SampleTable,
  lineEnd = '\r\n',
): GoldenCase => ({
  what,
  made: { payload: csvOf(table, lineEnd), expected: of(dataset, table) },
  file: 'payload.csv',
});
