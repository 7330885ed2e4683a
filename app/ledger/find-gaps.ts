/** Looks for gaps: due intervals that have not landed. */

import { calendarZone, mergedGaps } from '../../connectors/kit/completeness.ts';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { type CalendarSource, calendarOf, missingOf, scopeOf } from './calendar.ts';

/** The gaps of one dataset, in order; what follows each other is one. */
export interface SourceGaps {
  readonly source: CalendarSource;
  readonly gaps: ReturnType<typeof mergedGaps>;
}

/**
 * The gaps of datasets at `now`. `windowIn` gives the window for the zone of a dataset's days. Unless it was `named` by
 * somebody, a dataset is looked at from the first interval that landed on, and not at all before it has any.
 */
export async function findGaps(
  reference: Pick<ReferenceStore, 'landedIn' | 'firstLanded'>,
  tenant: string,
  sources: readonly CalendarSource[],
  windowIn: (zone: string) => Interval,
  named: boolean,
  now: Micros,
): Promise<SourceGaps[]> {
  const found: SourceGaps[] = [];
  for (const source of sources) {
    const window = windowIn(calendarZone(source.connector.market, source.dataset));
    const begin = named ? window.start : await reference.firstLanded(scopeOf(tenant, source));
    if (begin === null) continue;
    const start = Math.max(begin, window.start);
    if (start >= window.end) continue;
    const days = await calendarOf(reference, tenant, source, { start, end: window.end }, now);
    const missing = missingOf(days).filter(({ interval }) => interval.start >= start);
    if (missing.length > 0) found.push({ source, gaps: mergedGaps(missing) });
  }
  return found;
}
