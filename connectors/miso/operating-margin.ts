/**
 * MISO's multiday operating margin, `YYYYMMDD_mom.xlsx`: the peak hour of each of the next days, a column for each
 * (`12/1/25 HE 18`), below it resources, load and margin, a sheet for the market and for each region. Which region it is
 * stands in the name of the sheet alone; a sheet without one is refused. Lines of other words are passed over.
 */

import type { PublishedField } from '../kit/contract.ts';
import { textAt } from '../kit/readers/sheet.ts';
import { sourceRow } from '../kit/source-row.ts';
import {
  type Above,
  cellsOf,
  compact,
  dayOf,
  type HourReport,
  hourDataset,
  type LineReader,
  type SheetRow,
} from './hour-sheets.ts';

const UNIT = 'MW';
/** Words of lines without blanks and signs, and their fields. */
const LINES: Readonly<Record<string, readonly [field: string, what: string]>> = {
  resourcecommitted: ['capacity_committed', 'capacity committed'],
  resourceuncommitted: ['capacity_uncommitted', 'capacity not committed'],
  uncommitted16hr: ['capacity_uncommitted_16h', 'not committed, to start in more than 16 hours'],
  uncommitted1216hr: ['capacity_uncommitted_12h', 'not committed, to start in 12 to 16 hours'],
  uncommitted812hr: ['capacity_uncommitted_8h', 'not committed, to start in 8 to 12 hours'],
  uncommitted48hr: ['capacity_uncommitted_4h', 'not committed, to start in 4 to 8 hours'],
  uncommitted4hr: ['capacity_uncommitted_0h', 'not committed, to start in less than 4 hours'],
  renewableforecast: ['renewable_forecast', 'output of wind and sun'],
  windforecast: ['wind_forecast', 'output of wind'],
  solarforecast: ['solar_forecast', 'output of the sun'],
  misoresourcesavailable: ['capacity_available_internal', 'capacity available within MISO'],
  nsiexportimport: ['interchange_scheduled', 'net export'],
  totalresourcesavailable: ['capacity_available', 'capacity available in all'],
  projectedload: ['load_forecast', 'load'],
  operatingreserverequirement: ['reserve_requirement', 'operating reserve that is required'],
  obligation: ['obligation', 'load and required reserve'],
  resourceoperatingmargin: ['operating_margin', 'capacity above the obligation'],
  ncresourcesaboveload: ['capacity_above_load', 'capacity above the load'],
  southresourcesaboveload: ['capacity_above_load', 'capacity above the load'],
  maxpossiblerdtston: ['transfer_limit', 'most that can flow in from the other region'],
  maxpossiblerdtntos: ['transfer_limit', 'most that can flow in from the other region'],
};
const HEADROOM = 'additionalemergencyheadroom';
/** A line with the same words stands below each of three. */
const HEADROOMS: Readonly<Record<string, readonly [field: string, what: string]>> = {
  resourcecommitted: ['emergency_headroom_committed', 'more in an emergency, of what is committed'],
  resourceuncommitted: ['emergency_headroom_uncommitted', 'more in an emergency, of what is not committed'],
  emergencyresources: ['emergency_headroom', 'more in an emergency, of resources for it'],
};
const FIELDS: readonly PublishedField[] = [
  ...new Map([...Object.values(LINES), ...Object.values(HEADROOMS)]),
].map(([field, what]) => ({ field, unit: UNIT, what: `${what}, at the peak` }));

const PEAK = /^\**\s*(\d{1,2})\/(\d{1,2})\/(?:20)?(\d{2})\s*\**\s*HE\s*0*(\d{1,2})\s*\**$/i;
const TAB = /(?:^|[^A-Za-z+])(NORTH\s*\+\s*CENTRAL|NORTH|CENTRAL|SOUTH|MISO)(?:\.\w{1,4})?$/i;
const REGIONS: Readonly<Record<string, string>> = {
  MISO: 'MISO',
  NORTH: 'North',
  CENTRAL: 'Central',
  'NORTH+CENTRAL': 'North and Central',
  SOUTH: 'South',
};

function regionOf(above: Above): string | null {
  const [sheet = ''] = above.words().split('\n');
  const tab = TAB.exec(sheet.trim())?.[1] ?? '';
  return REGIONS[tab.toUpperCase().replace(/\s/g, '')] ?? null;
}

function peaks(header: SheetRow, above: Above): LineReader | null {
  const hours = cellsOf(header).flatMap((cell, at) => {
    const [, month, day, year, hour] = PEAK.exec(cell.trim()) ?? [];
    if (month === undefined) return [];
    return [{ at, time: `${dayOf(`${month}/${day}/20${year}`)} HE ${hour}` }];
  });
  const first = hours[0]?.at ?? 0;
  if (hours.length < 2 || first === 0) return null;
  const region = regionOf(above);
  if (region === null) return null;
  let section = '';
  return (row, line) => {
    const words = compact(textAt(row, first - 1));
    if (HEADROOMS[words] !== undefined) section = words;
    const [field] = (words === HEADROOM ? HEADROOMS[section] : LINES[words]) ?? [];
    if (field === undefined) return [];
    return hours.map(({ at, time }) =>
      sourceRow(line, region, time, [{ field, value: row?.[at]?.text ?? null, unit: UNIT }]),
    );
  };
}

const REPORT: HourReport = {
  open: peaks,
  // The report came after the old workbooks.
  words: /(?!)/,
  named: /mom/i,
  expected: 'a column for the peak hour of each day, in a sheet that is named after its region',
};

/** The dataset `operating_margin` of MISO. */
export const operatingMargin = hourDataset(REPORT, {
  name: 'operating_margin',
  title: 'Resources, load and margin at the peaks of the next days, by region',
  fields: FIELDS,
});
