/** Reserves of NYISO and their columns: a row for each zone since late 2015, before that a column for each area. */

import { daysFromCivil } from '../../core/time/instant.ts';
import type { ReserveProduct } from '../reserve-feed.ts';
import { nyisoDay } from './publication.ts';

/** First day of reserves by zone; before, there was one price in the east and one in the west. */
export const ZONAL_SINCE = daysFromCivil(2015, 11, 4);

/** A reserve with its column in the files, and in those by area, where that is another. */
export interface ReserveColumn extends ReserveProduct {
  readonly column: string;
  readonly areaColumn: string;
}

/** The reserves of both markets in the order of the files; movement is paid in real time alone. */
export const RESERVES: readonly ReserveColumn[] = [
  {
    field: 'mcp_spin_10',
    family: 'reserve',
    rank: 0,
    column: '10 Min Spinning Reserve ($/MWHr)',
    areaColumn: '10 Min Spinning Reserve ($/MWHr)',
  },
  {
    field: 'mcp_nonspin_10',
    family: 'reserve',
    rank: 1,
    column: '10 Min Non-Synchronous Reserve ($/MWHr)',
    areaColumn: '10 Min Non-Synchronous Reserve',
  },
  {
    field: 'mcp_operating_30',
    family: 'reserve',
    rank: 2,
    column: '30 Min Operating Reserve ($/MWHr)',
    areaColumn: '30 Min Operating Reserve ($/MWH)',
  },
  {
    field: 'mcp_regulation_capacity',
    family: 'regulation',
    rank: 0,
    column: 'NYCA Regulation Capacity ($/MWHr)',
    areaColumn: 'Regulation ($/MWHr)',
  },
  {
    field: 'mcp_regulation_movement',
    family: 'movement',
    rank: 3,
    since: nyisoDay(ZONAL_SINCE).start,
    column: 'NYCA Regulation Movement ($/MW)',
    areaColumn: '',
  },
];
