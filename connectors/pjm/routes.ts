/**
 * Where PJM serves its feeds: Data Miner, https://api.pjm.com/api/v1/{feed}, with a subscription key in a header. A query
 * names one Eastern day, both ends inclusive, and at most 50,000 rows; without a membership there are six a minute. There
 * is no route without a key.
 *
 * Five-minute prices older than 186 days and hourly ones older than 731 days are archived; the archive takes no filter of
 * nodes or types, so that those days are asked for whole.
 */

import { civilFromDays, DAY, HOUR } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import type { PlanSettings, SourceRequest } from '../kit/contract.ts';
import { PJM_ZONE } from './body.ts';

const BASE = 'https://api.pjm.com/api/v1';
const MAX_BYTES = 200_000_000;
const ROWS = 50_000;

/** How a feed is asked for. */
export interface FeedRoute {
  readonly feed: string;
  /** Filter of its days, such as `datetime_beginning_ept`. */
  readonly filter: string;
  /** Hours from the begin of the operating day to the publication; negative for a day-ahead feed. */
  readonly publishedAfter: number;
  /** Prices are asked for by type of node, those of the option `types`. */
  readonly byType?: boolean;
  /** Days after which the feed is archived; absent for feeds without an archive. */
  readonly archivedAfter?: number;
}

/** Types of nodes unless the option `types` names others. */
const USUAL_TYPES = 'ZONE,HUB';

/** One query per Eastern day (and type of node) of a window, oldest first. */
export function feedRequests(route: FeedRoute, window: Interval, settings: PlanSettings): SourceRequest[] {
  const first = marketDayOf(PJM_ZONE, window.start);
  const last = marketDayOf(PJM_ZONE, Math.max(window.start, window.end - 1));
  const types = (settings.options?.['types'] ?? USUAL_TYPES)
    .split(',')
    .map((word) => word.trim().toUpperCase());
  const oldest = settings.now - (route.archivedAfter ?? Number.POSITIVE_INFINITY) * DAY;
  const requests: SourceRequest[] = [];
  for (let day = first; day <= last; day++) {
    const bounds = marketDayBounds(PJM_ZONE, day);
    const filtered = route.byType === true && bounds.start >= oldest && !types.includes('ALL');
    for (const type of filtered ? types : [null]) requests.push(requestOf(route, day, bounds, type));
  }
  return requests;
}

function requestOf(route: FeedRoute, day: number, window: Interval, type: string | null): SourceRequest {
  const [year, month, date] = civilFromDays(day);
  const iso = `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
  const days = `${route.filter}=${iso}T00:00to${iso}T23:59`;
  const byType = type === null ? '' : `&type=${encodeURIComponent(type)}`;
  return {
    url: `${BASE}/${route.feed}?startRow=1&rowCount=${ROWS}&${days}${byType}`,
    name: `${route.feed}_${iso}${type === null ? '' : `_${type}`}.json`,
    window,
    expectedAt: window.start + route.publishedAfter * HOUR,
    maxBytes: MAX_BYTES,
  };
}
