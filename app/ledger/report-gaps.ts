/** Tells of gaps: an interval that is due and has not landed becomes an anomaly, once (D6). */

import { mergedGaps, type Slot } from '../../connectors/kit/completeness.ts';
import type { Anomaly } from '../../core/model/anomaly.ts';
import { formatDay } from '../../core/time/calendar-day.ts';
import { DAY, formatInstant, type Micros } from '../../core/time/instant.ts';
import { formatInterval, type Interval } from '../../core/time/interval.ts';
import { publishAnomalies } from '../ingest/quality.ts';
import type { Stores } from '../stores/open-stores.ts';
import { type CalendarDay, type CalendarSource, calendarOf, missingOf, scopeOf } from './calendar.ts';

/** How far back a scheduled run looks for gaps beyond its own window. */
const LOOK_BACK: Micros = 3 * DAY;
/** Spans of one day that an anomaly names; the count tells of all. */
const NAMED = 20;

/**
 * Compares what a dataset promised with what landed, from its first interval on: for the window of a run that somebody
 * asked for, and up to now with the days before for one that is due. Gaps that were not told before go to data.quality.anomalies.v1, one event per market day. Returns how many
 * intervals it told of.
 */
export async function reportGapsOf(
  stores: Stores,
  source: CalendarSource,
  window: Interval,
  isDue: boolean,
  traceId: string,
): Promise<number> {
  const { reference, runtime, clock } = stores;
  const now = clock.now();
  const scope = scopeOf(runtime.tenant, source);
  const first = await reference.firstLanded(scope);
  if (first === null) return 0;
  const start = Math.max(first, isDue ? Math.min(window.start, now - LOOK_BACK) : window.start);
  const end = isDue ? Math.max(now, window.end) : window.end;
  if (start >= end) return 0;
  const days = await calendarOf(reference, runtime.tenant, source, { start, end }, now);
  const anomalies: Anomaly[] = [];
  const found: [CalendarDay, Slot[]][] = [];
  for (const day of days) {
    // What the dataset never began with is a backfill's work, and no gap.
    const missing = missingOf([day]).filter(({ interval }) => interval.start >= first);
    const told = new Set((await reference.toldGaps(scope, day.bounds)).map(formatInterval));
    const fresh = missing.filter(({ interval }) => !told.has(formatInterval(interval)));
    found.push([day, missing]);
    if (fresh.length > 0) anomalies.push(anomalyOf(runtime.tenant, source, day, fresh, now, traceId));
  }
  // Told first, noted second: a run that is killed between the two tells again, and no gap goes untold.
  if (anomalies.length > 0) await publishAnomalies(stores, anomalies);
  for (const [{ bounds }, missing] of found) await reference.noteGaps(scope, bounds, missing, now);
  return anomalies.reduce((sum, { count }) => sum + count, 0);
}

function anomalyOf(
  tenant: string,
  { connector, dataset }: CalendarSource,
  day: CalendarDay,
  fresh: readonly Slot[],
  now: Micros,
  traceId: string,
): Anomaly {
  const spans = mergedGaps(fresh);
  const date = formatDay(day.day);
  const due = Math.min(...fresh.map(({ dueAt }) => dueAt));
  return {
    tenant,
    traceId,
    knownAt: now,
    type: 'INTERVAL_GAP',
    severity: 'warning',
    stage: 'ingestion',
    market: connector.market,
    dataset: dataset.name,
    instrumentId: null,
    ts: fresh[0]?.interval.start ?? day.bounds.start,
    message: `${fresh.length} of ${day.slots.length} intervals of ${date} have not landed, the first was due at ${formatInstant(due)}`,
    count: fresh.length,
    context: {
      connector: connector.name,
      market_day: date,
      expected: String(day.slots.length),
      due_at: formatInstant(due),
      intervals: spans
        .slice(0, NAMED)
        .map(({ interval }) => formatInterval(interval))
        .join(' '),
    },
  };
}
