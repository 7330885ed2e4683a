/** What the datasets of Data Miner's feeds share: their reader, and the routes by which they are asked for. */

import type { Dataset, PublishedField } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { type TableDatasetParts, tableDataset } from '../kit/tables/table-dataset.ts';
import { PJM_TABLES } from './body.ts';
import { type FeedRoute, feedRequests } from './routes.ts';

type Parts = Pick<TableDatasetParts, 'name' | 'title' | 'time' | 'fields' | 'shapes' | 'named' | 'pieces'>;

/** A dataset of one feed or several; null for those that are read and not fetched. */
export function feed(parts: Parts, route: FeedRoute | null): Dataset {
  return tableDataset({
    ...parts,
    nullWords: NULL_WORDS,
    // Queries select rows and sort them as they like.
    coverage: null,
    reader: PJM_TABLES,
    plan: (window, settings) => (route === null ? [] : feedRequests(route, window, settings)),
  });
}

/** A feed that is asked for by the Eastern begin of its rows, `publishedAfter` hours after the begin of the day. */
export const by = (name: string, publishedAfter: number, more: Partial<FeedRoute> = {}): FeedRoute => ({
  feed: name,
  filter: 'datetime_beginning_ept',
  publishedAfter,
  ...more,
});

/** A field in megawatts, or in another unit. */
export const megawatts = (field: string, what: string, unit = 'MW'): PublishedField => ({
  field,
  unit,
  what,
});
