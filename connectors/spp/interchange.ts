/**
 * SPP flows on its ties, readings of a minute: the files of a month (`TieFlows_Apr2015`, since March 2026 one for each
 * area, `TieFlows_SPP_Apr2026`), and the chart of two days (`chart-api/interchange-trend`). A column is a neighbour; NSI is
 * what is scheduled over all of them, NAI what flows. Signs are as published.
 */

import { DAY, daysFromCivil } from '../../core/time/instant.ts';
import type { Dataset } from '../kit/contract.ts';
import { GMT_INSTANT, sppDataset } from './dataset.ts';
import type { SppHead } from './glimpse.ts';
import { monthlyFiles, type PortalFamily } from './routes.ts';
import { SPP_SYSTEM, type SppColumns } from './table.ts';

const UNIT = 'MW';

/** `SPP NSI`, `SPP_NAI`, `SWPW NSI`, and the words of the chart. */
const NET = /^(?:(spp|swpw)?(nsi|nai)|(?:spp|swpw)?net(scheduled|actual)interchange)$/;

const isNet = (name: string): boolean => NET.test(name);

/** Ties that a body has even where its net columns are not in sight. */
const TIES: readonly string[] = [
  'aeci',
  'amrn',
  'cleco',
  'clec',
  'ees',
  'ercote',
  'ercotn',
  'eddy',
  'blkw',
  'tva',
];

/** Neighbours of the western area, which the eastern one has none of. */
const WESTERN: readonly string[] = [
  'azps',
  'bpat',
  'ciso',
  'ipco',
  'nevp',
  'nwmt',
  'pace',
  'pnm',
  'psco',
  'tepc',
  'walc',
];

const COLUMNS: SppColumns = {
  place: [],
  areaIn: (names) =>
    WESTERN.filter((tie) => names.includes(tie)).length >= 2 && !TIES.some((tie) => names.includes(tie))
      ? 'SWPW'
      : null,
  series: [],
  required: [],
  ignored: ['interval', 'baa'],
  meaningOf(name, printed, area) {
    const net = NET.exec(name);
    if (net === null) return { field: 'interchange', unit: UNIT, place: printed };
    const scheduled = net[2] === 'nsi' || net[3] === 'scheduled';
    // The western file calls its own net flows those of SPP.
    const place = area === SPP_SYSTEM ? (net[1]?.toUpperCase() ?? area) : area;
    return { field: scheduled ? 'interchange_scheduled' : 'interchange', unit: UNIT, place };
  },
};

/** First month with a file for each of two areas. */
const AREAS_SINCE = daysFromCivil(2026, 3, 1);

const tieFlows = (area: string): PortalFamily => ({
  folder: 'historical-tie-flow',
  path: `/TieFlows_${area}{Mon}{YYYY}.csv`,
  published: 32 * DAY,
});

const hasTies = (head: SppHead): boolean =>
  [...head.names].some(isNet) || TIES.filter((tie) => head.names.has(tie)).length >= 3;

/** The dataset `interchange` of SPP. */
export const interchange: Dataset = sppDataset({
  name: 'interchange',
  title: 'Flows on the ties with the neighbours, readings every minute',
  fields: [
    { field: 'interchange', unit: UNIT, what: 'flow with the neighbour, or of the whole area' },
    { field: 'interchange_scheduled', unit: UNIT, what: 'net scheduled interchange of the area' },
  ],
  time: GMT_INSTANT,
  columns: COLUMNS,
  matches: (head) => (head.form === 'chart' || head.names.has('gmttime')) && hasTies(head),
  named: /Tie.?Flows|interchange/i,
  files: monthlyFiles((month) =>
    month < AREAS_SINCE ? [tieFlows('')] : [tieFlows('SPP_'), tieFlows('SWPW_')],
  ),
});
