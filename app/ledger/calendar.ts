/** The completeness calendar of a dataset: its market days with what was promised, landed, revised and missed. */

import {
  calendarZone,
  daysOf,
  expectedIntervals,
  type Slot,
  slotsOf,
} from '../../connectors/kit/completeness.ts';
import type { Connector, Dataset } from '../../connectors/kit/contract.ts';
import type { LandedInterval, LedgerScope } from '../../core/ports/interval-ledger.ts';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';
import { parseDuration } from '../../core/time/duration.ts';
import { HOUR, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds } from '../../core/time/market-day.ts';
import { type Manifest, settingsOf } from '../connectors/manifest.ts';

/** A dataset with what its promises depend on. */
export interface CalendarSource {
  readonly connector: Connector;
  readonly dataset: Dataset;
  readonly manifest: Manifest;
}

/** One market day of a dataset. */
export interface CalendarDay {
  /** Days since the epoch. */
  readonly day: number;
  /** Midnight to midnight of the dataset's calendar, in UTC. */
  readonly bounds: Interval;
  /** Promised intervals in order; none where nothing is expected of single intervals. */
  readonly slots: readonly Slot[];
  /** Intervals that landed, as they came. */
  readonly landed: readonly LandedInterval[];
}

/** Name of a dataset's rows in the ledger. */
export function scopeOf(
  tenant: string,
  { connector, dataset }: Pick<CalendarSource, 'connector' | 'dataset'>,
): LedgerScope {
  return { tenant, connector: connector.name, dataset: dataset.name };
}

/** The days of a window, oldest first, each as known at `now`. */
export async function calendarOf(
  reference: Pick<ReferenceStore, 'landedIn'>,
  tenant: string,
  source: CalendarSource,
  window: Interval,
  now: Micros,
): Promise<CalendarDay[]> {
  const { connector, dataset, manifest } = source;
  const { grace, options } = settingsOf(manifest, dataset.name);
  const due = { now, grace: parseDuration(grace) ?? HOUR, options };
  const zone = calendarZone(connector.market, dataset);
  const { first, last } = daysOf(zone, window);
  const days: CalendarDay[] = [];
  for (let day = first; day <= last; day++) {
    const bounds = marketDayBounds(zone, day);
    const landed = await reference.landedIn(scopeOf(tenant, source), bounds);
    const expected = expectedIntervals(dataset, connector.market, day, due);
    days.push({ day, bounds, slots: slotsOf(expected, landed, now), landed });
  }
  return days;
}

/** The missing intervals of days, in order. */
export function missingOf(days: readonly CalendarDay[]): Slot[] {
  return days.flatMap(({ slots }) => slots.filter(({ state }) => state === 'missing'));
}
