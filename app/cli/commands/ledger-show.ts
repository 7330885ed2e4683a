/** `carbon ledger show`: the completeness calendar, which intervals of each market day landed, were revised, are missing. */

import { calendarZone, mergedGaps, type Slot } from '../../../connectors/kit/completeness.ts';
import { CarbonError } from '../../../core/errors.ts';
import { formatDay, parseDay } from '../../../core/time/calendar-day.ts';
import { DAY, formatInstant, HOUR, type Micros, parseInstant } from '../../../core/time/instant.ts';
import { formatInterval, type Interval } from '../../../core/time/interval.ts';
import { marketDayBounds } from '../../../core/time/market-day.ts';
import { systemClock } from '../../../drivers/system-clock/clock.ts';
import { type CalendarDay, type CalendarSource, calendarOf, scopeOf } from '../../ledger/calendar.ts';
import { ledgerDatasets } from '../../ledger/datasets.ts';
import { withReference } from '../../stores/open-reference.ts';
import { formatOf, type OutputRow, print, render } from '../output.ts';
import { type GlobalOptions, note, runtimeOf, show as showRows } from '../session.ts';

/** Options of the ledger's commands as they stand on the command line. */
export interface LedgerOptions {
  /** First market day, or a time in it. */
  readonly from?: string;
  /** Last market day, inclusive; a time is exclusive. */
  readonly to?: string;
}

/** Days shown when no window is given. */
const SHOWN_DAYS = 7;

/** One row per dataset and market day; a table draws each day. What never landed is left out unless it is named. */
export async function show(
  market: string | undefined,
  dataset: string | undefined,
  options: LedgerOptions,
  globals: GlobalOptions,
): Promise<void> {
  const sources = await ledgerDatasets(market, dataset);
  const now = systemClock.now();
  const runtime = runtimeOf(globals);
  const calendars = await withReference(runtime, async (reference) => {
    const found: { source: CalendarSource; days: CalendarDay[] }[] = [];
    if (reference === null) return found;
    for (const source of sources) {
      const zone = calendarZone(source.connector.market, source.dataset);
      const window = windowOf(options, zone, now, SHOWN_DAYS);
      const days = await calendarOf(reference, runtime.tenant, source, window, now);
      const ever = await reference.firstLanded(scopeOf(runtime.tenant, source));
      if (ever !== null || dataset !== undefined) found.push({ source, days });
    }
    return found;
  });
  const drawn = formatOf(globals) === 'table';
  if (!drawn)
    return showRows(
      calendars.flatMap(({ source, days }) => days.map((day) => dayFacts(source, day))),
      globals,
    );
  if (calendars.length === 0) await print('(nothing has landed)\n');
  for (const { source, days } of calendars) {
    await print(
      `${source.connector.market} ${source.dataset.name}: ${source.dataset.title} (days of ${calendarZone(source.connector.market, source.dataset)})\n`,
    );
    await print(await render(days.map(dayLine), 'table'));
    await print('\n');
  }
  if (calendars.length > 0)
    note('# landed  r revised  . missing  - in part  ~ not due yet; a sign for each hour');
}

/**
 * Market days from `--from` to `--to`, both inclusive, in the zone of the dataset; a time stands for its moment. Without
 * them the last days, tomorrow included.
 */
export function windowOf(options: LedgerOptions, zone: string, now: Micros, days: number): Interval {
  const from = options.from ?? formatInstant(now - (days - 1) * DAY);
  const to = options.to ?? formatInstant(now + DAY);
  const start = boundOf('--from', from, zone, 0);
  const end = boundOf('--to', to, zone, 1);
  if (end > start) return { start, end };
  throw new CarbonError('USAGE_INVALID', `the window ${formatInterval({ start, end })} is empty`, {
    position: { field: '--to', expected: 'a time after --from', got: to },
  });
}

function boundOf(option: string, text: string, zone: string, days: number): Micros {
  const day = parseDay(text);
  if (day !== null) return marketDayBounds(zone, day + days).start;
  const at = parseInstant(text);
  if (at !== null) return at;
  throw new CarbonError('USAGE_INVALID', `${option} is not a market day or an ISO 8601 time: ${text}`, {
    position: { field: option, expected: 'YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ', got: text },
  });
}

const countOf = (slots: readonly Slot[], state: Slot['state']): number =>
  slots.filter((slot) => slot.state === state).length;

function countsOf({ slots, landed }: CalendarDay): OutputRow {
  return {
    expected: slots.length,
    landed: countOf(slots, 'landed') + countOf(slots, 'revised'),
    revised: countOf(slots, 'revised'),
    missing: countOf(slots, 'missing'),
    awaited: countOf(slots, 'awaited'),
    values: landed.reduce((sum, { values }) => sum + values, 0),
  };
}

function dayFacts({ connector, dataset }: CalendarSource, day: CalendarDay): OutputRow {
  return {
    market: connector.market,
    connector: connector.name,
    dataset: dataset.name,
    day: formatDay(day.day),
    from: formatInstant(day.bounds.start),
    to: formatInstant(day.bounds.end),
    ...countsOf(day),
    gaps: mergedGaps(day.slots.filter(({ state }) => state === 'missing')).map(({ interval }) =>
      formatInterval(interval),
    ),
    revisions: mergedGaps(day.slots.filter(({ state }) => state === 'revised')).map(({ interval }) =>
      formatInterval(interval),
    ),
  };
}

function dayLine(day: CalendarDay): OutputRow {
  return { day: formatDay(day.day), ...countsOf(day), picture: pictureOf(day) };
}

/** A day in signs, one an hour; where the intervals are longer, one each. */
function pictureOf({ slots, bounds }: CalendarDay): string {
  const cells = Math.min(slots.length, Math.round((bounds.end - bounds.start) / HOUR));
  return Array.from({ length: cells }, (_, i) =>
    signOf(slots.slice(Math.floor((i * slots.length) / cells), Math.floor(((i + 1) * slots.length) / cells))),
  ).join('');
}

function signOf(slots: readonly Slot[]): string {
  const states = new Set(slots.map(({ state }) => state));
  if (states.has('missing')) return states.size === 1 ? '.' : '-';
  if (states.has('awaited')) return states.size === 1 ? '~' : '-';
  return states.has('revised') ? 'r' : '#';
}
