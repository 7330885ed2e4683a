/**
 * MISO's actual interchange in its displays: with each neighbour and in all at one moment (`Interchange/GetNai`, `getNAI`;
 * as CSV `Name,Value` below a line `RefId,…`), and the five minutes of all together (`Interchange/GetNai/Imports`,
 * `getimporttotal5`) as CSV, `Time,Value`.
 */

import type { Decoded, Payload } from '../kit/contract.ts';
import { sourceRow } from '../kit/source-row.ts';
import { momentOf } from '../kit/time/convention.ts';
import { type DisplayReader, isDisplay, readDisplay } from './display-records.ts';
import { displayTable, REFERENCE_TIME } from './display-table.ts';

const UNIT = 'MW';
const FIELD = 'interchange';
const SYSTEM = 'MISO';
/** What is exchanged in all, among the names of neighbours. */
const TOTAL = /^(?:MISO|NAI|TOTAL\b.*)$/i;
const REFERENCE_WORDS = /\d{2}-[A-Za-z]{3}-\d{4} - Interval \d{1,2}:\d{2} EST/;

const NEIGHBOURS: DisplayReader = {
  columns: ['name', 'value'],
  rowsOf(record, line, reference) {
    const [name, value] = [record.get('name') ?? null, record.get('value')];
    const time = REFERENCE_WORDS.exec(reference)?.[0] ?? '';
    if (name === null || value === undefined || time === '') return null;
    const moment = momentOf(REFERENCE_TIME, time);
    const publishedAt = moment.kind === 'unique' ? moment.first : null;
    const series = TOTAL.test(name.trim()) ? null : name.trim();
    return [sourceRow(line, SYSTEM, time, [{ field: FIELD, value, unit: UNIT }], { series, publishedAt })];
  },
  expected: 'a neighbour with Name and Value, below a RefId that names the moment',
};

const FLOWS: DisplayReader = {
  columns: ['time', 'value'],
  rowsOf(record, line) {
    const [time, value] = [record.get('time') ?? null, record.get('value')];
    if (time === null || value === undefined) return null;
    return [sourceRow(line, SYSTEM, time, [{ field: FIELD, value, unit: UNIT }])];
  },
  expected: 'five minutes with Time and Value',
};

/** A table of these two columns and no other. */
const isTableOf = (text: string, { columns }: DisplayReader): boolean =>
  displayTable(text, columns)?.names.filter((name) => name !== '').length === columns.length;

/** True for the start of the display of neighbours, as CSV or as JSON with `NAI` in it, be it the list or what holds it. */
export const isNeighbourFlow = (text: string): boolean =>
  /^\s*\{/.test(text)
    ? /"NAI"\s*:\s*[[{]/i.test(text) && isDisplay(text, NEIGHBOURS)
    : isTableOf(text, NEIGHBOURS) && displayTable(text, NEIGHBOURS.columns)?.reference !== '';

/** The figures of one moment, which `RefId` names: the neighbour is the series. Throws as `readDisplay`. */
export const readNeighbourFlow = (payload: Payload): Decoded => ({
  ...readDisplay(payload, NEIGHBOURS),
  layout: { time: REFERENCE_TIME },
});

const FLOW_STAMP = /^"?\d{4}-\d{2}-\d{2} \d{1,2}:\d{2}:\d{2} [AP]M\b/im;

/** True for the start of the five minutes as CSV; other markets have tables of these two names with other stamps. */
export const isFlowCsv = (text: string): boolean =>
  isTableOf(text, FLOWS) && FLOW_STAMP.test(text.slice(0, 2_000));

/** The five minutes, with stamps as printed. Throws as `readDisplay`. */
export const readFlowCsv = (payload: Payload): Decoded => readDisplay(payload, FLOWS);
