/** Reading rolling metrics: the current revision of each window, every revision, or what was known at a moment. */

import { CarbonError } from '../../core/errors.ts';
import { Flag } from '../../core/model/quality-flags.ts';
import type { Queries, Row } from '../../core/ports/warehouse.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { AggregationSettings } from '../../services/aggregation/config.ts';
import { limitTo, type Page } from './page.ts';
import { isoTime, microsOf, sqlTime } from './sql-time.ts';

export interface RollingFilter {
  readonly tenant: string;
  readonly instrument: string;
  /** Of the bars. */
  readonly interval: string;
  /** Length of the windows; null for all lengths. */
  readonly window: string | null;
  /** Windows that end after `from`, up to and with `to`: their last bars are those of `[from, to)`. */
  readonly from: Micros;
  readonly to: Micros;
  /** Not more than so many, after a window's end and length as printed, and with `history` its known time; null for all. */
  readonly page: Page | null;
}

/** Which of the revisions: the newest, every one, or the newest known at a moment. */
export type RollingRevisions = 'current' | 'history' | { readonly asOf: Micros };

/** Rows in the order of end, length of the window, and known time. */
export function readRolling(
  warehouse: Queries,
  filter: RollingFilter,
  revisions: RollingRevisions,
): Promise<Row[]> {
  const view =
    typeof revisions === 'string'
      ? `rolling_metrics_${revisions}`
      : `rolling_metrics_as_of(as_of = '${sqlTime(revisions.asOf)}')`;
  const { tenant, instrument, interval, window, from, to, page } = filter;
  const [end, length, known] = page?.after ?? [];
  const parameters: Record<string, string | number | readonly string[]> = {
    tenant,
    instrument,
    interval,
    from,
    to,
    flagNames: Object.keys(Flag),
  };
  let conditions = '';
  if (window !== null) {
    conditions += ' AND window_length = {window:String}';
    parameters['window'] = window;
  }
  if (end !== undefined) {
    const places = known === undefined ? '' : ', known_at';
    const after = known === undefined ? '' : `, ${instant(known)}`;
    conditions += ` AND (window_end, window_length${places}) > (${instant(end)}, {length:String}${after})`;
    parameters['length'] = length ?? '';
  }
  return warehouse.queryRows(
    `SELECT instrument_id, interval, window_length AS window, ${isoTime('r.window_start')} AS window_start,
  ${isoTime('r.window_end')} AS window_end, bars, bars_expected, toBool(is_full) AS is_full,
  toString(r.sma) AS sma, toString(r.vwap) AS vwap, toString(r.high_price) AS high, toString(r.low_price) AS low,
  toString(r.stddev) AS stddev, toString(r.zscore) AS zscore, toString(r.rms_change) AS rms_change,
  toString(r.revision) AS revision, status, ${isoTime('r.known_at')} AS known_at,
  if(flags = 0, ['VALID'], arrayFilter((name, bit) -> bitTest(flags, bit), {flagNames:Array(String)}, range(length({flagNames:Array(String)})))) AS quality_flags
FROM (
  SELECT * FROM ${view}
  WHERE tenant_id = {tenant:String} AND instrument_id = {instrument:String} AND interval = {interval:String}
    AND window_end > fromUnixTimestamp64Micro({from:Int64}, 'UTC') AND window_end <= fromUnixTimestamp64Micro({to:Int64}, 'UTC')${conditions}
) AS r ORDER BY r.window_end, r.window_length, r.known_at${limitTo(page?.limit ?? null)}`,
    parameters,
  );
}

/** A printed time as the store takes it. */
function instant(text: string): string {
  return `fromUnixTimestamp64Micro(${microsOf(text)}, 'UTC')`;
}

/** Checks interval and window against the policy. Throws USAGE_INVALID with what there is. */
export function checkRolling(
  { rolling }: Pick<AggregationSettings, 'rolling'>,
  interval: string,
  window: string | null,
): void {
  // Without a line there may be rows of a policy before it: they are read as they are.
  if (rolling.length === 0) return;
  const line = rolling.find((one) => one.interval === interval);
  if (line === undefined)
    throw new CarbonError('USAGE_INVALID', `no rolling metrics over bars of ${interval}`, {
      position: {
        field: '--interval',
        expected: rolling.map((one) => one.interval).join(', '),
        got: interval,
      },
    });
  if (window !== null && !line.windows.includes(window))
    throw new CarbonError('USAGE_INVALID', `no window of ${window} over bars of ${interval}`, {
      position: { field: '--window', expected: line.windows.join(', '), got: window },
    });
}
