/**
 * SPP load by control zone and hour, `DAILY_HOURLY_LOAD` and the files of months and years: until March 2026 a column for
 * each zone, since then a record for each zone and type of area (`CF` conforming, `NC` not; the load of a zone is the
 * sum of both). The market hour ends an hour in GMT, `11/22/2023 07:00:00`, `1/1/11 7:00`, or a date alone at midnight.
 */

import { DAY } from '../../core/time/instant.ts';
import type { Dataset } from '../kit/contract.ts';
import { HOUR_ENDING, hasAll, sppDataset } from './dataset.ts';
import { dailyFiles } from './routes.ts';
import type { SppColumns } from './table.ts';

const UNIT = 'MW';

/** Zones that have had a column of their own. */
const ZONES: readonly string[] = [
  'csws',
  'ede',
  'grda',
  'indn',
  'kacy',
  'kcpl',
  'les',
  'mps',
  'nppd',
  'okge',
  'oppd',
  'prpa',
  'psco',
  'scmcn',
  'seci',
  'sprm',
  'sps',
  'wacm',
  'waue',
  'wauw',
  'wfec',
  'wr',
];

const COLUMNS: SppColumns = {
  place: ['controlzonename'],
  series: ['forecastareatype'],
  required: ['markethour'],
  ignored: ['balancingareaname'],
  meaningOf(name, printed) {
    if (name === 'loadmw') return { field: 'load', unit: UNIT };
    if (name === 'total' || name === 'systemtotal' || name === 'spp')
      return { field: 'load', unit: UNIT, place: 'SPP' };
    return ZONES.includes(name) ? { field: 'load', unit: UNIT, place: printed } : null;
  },
};

/** The dataset `load_hourly` of SPP. */
export const hourlyLoad: Dataset = sppDataset({
  name: 'load_hourly',
  title: 'Load by control zone and hour',
  fields: [{ field: 'load', unit: UNIT, what: 'load of the zone, or of a part of it' }],
  time: HOUR_ENDING,
  columns: COLUMNS,
  matches: (head) =>
    head.names.has('markethour') &&
    (hasAll(head, 'loadmw') || ZONES.filter((zone) => head.names.has(zone)).length >= 3),
  named: /HOURLY_LOAD/i,
  files: dailyFiles({
    folder: 'hourly-load',
    path: '/{YYYY}/DAILY_HOURLY_LOAD-{YYYYMMDD}.csv',
    published: 2 * DAY,
  }),
});
