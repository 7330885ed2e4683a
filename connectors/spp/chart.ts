/**
 * The charts of SPP's portal, `chart-api/…/asChart`: `{"response":{"labels":[stamps],"datasets":[{"label":"Wind",
 * "data":[…]}]}}`. A line of the chart is what a column of the same report is; its points are counted from 1.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Decoded, Drift, Payload, SourceRow } from '../kit/contract.ts';
import { placeOf } from '../kit/payload.ts';
import {
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  malformedRecord,
  readJson,
} from '../kit/readers/json.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { compact } from './glimpse.ts';
import { areaInName, SPP_SYSTEM, type SppColumns, withForm } from './table.ts';

/**
 * Reads a chart. A point without a number is passed over. Throws SOURCE_MALFORMED for what is no chart, and SOURCE_EMPTY
 * for one without a line or a point.
 */
export function readSppChart(payload: Payload, columns: SppColumns, time: TimeConvention): Decoded {
  const body = readJson(payload);
  const chart = isJsonObject(body) && isJsonObject(body['response']) ? body['response'] : body;
  const labels = isJsonObject(chart) ? chart['labels'] : undefined;
  const lines = isJsonObject(chart) ? chart['datasets'] : undefined;
  if (!isJsonArray(labels) || !isJsonArray(lines))
    throw malformedRecord(payload, 1, 'a chart with "labels" and "datasets"', body);
  const stamps = labels.map((label) => (typeof label === 'string' ? label : ''));
  if (stamps.length === 0 || lines.length === 0)
    throw new CarbonError('SOURCE_EMPTY', 'the chart has no line or no point', placeOf(payload));
  const rows: SourceRow[] = [];
  const drift: Drift[] = [];
  for (const [i, line] of lines.entries()) {
    if (!isJsonObject(line) || typeof line['label'] !== 'string' || !isJsonArray(line['data']))
      throw malformedRecord(payload, i + 1, 'a line with "label" and "data"', line);
    if (line['data'].length > stamps.length)
      throw malformedRecord(payload, i + 1, `a line of at most ${stamps.length} points`, line['label']);
    if (!addLine(rows, line, stamps, columns, areaInName(payload.name) ?? SPP_SYSTEM))
      drift.push({ column: line['label'], at: i + 1 });
  }
  const layout = { time: withForm(time, stamps[0] ?? '') };
  return { rows, rejected: [], drift, damage: null, layout };
}

/** Adds the points of a line; false when its label is not known. */
function addLine(
  rows: SourceRow[],
  line: JsonObject,
  stamps: readonly string[],
  columns: SppColumns,
  area: string,
): boolean {
  const label = typeof line['label'] === 'string' ? line['label'].trim() : '';
  const data: readonly Json[] = isJsonArray(line['data']) ? line['data'] : [];
  const name = compact(label);
  const meaning = columns.ignored.includes(name) ? null : columns.meaningOf(name, label, area);
  if (meaning === null) return false;
  const { field, unit, place = area, series = null } = meaning;
  for (const [at, point] of data.entries())
    if (typeof point === 'string' && point.trim() !== '')
      rows.push(sourceRow(at + 1, place, stamps[at] ?? '', [{ field, value: point, unit }], { series }));
  return true;
}
