/**
 * What MISO expects of the days ahead: load and outages by region and hour, `YYYYMMDD_sr_la_rg.csv`, in gigawatts, a column
 * for each day and figure (`12/01/2025 MTLF (GW)`); and outages by region, kind and day, the sheet OUTAGE of the operating
 * margin `YYYYMMDD_mom.xlsx`, whose upper block is the forecast and whose lower one what is estimated of the days past, and
 * the display of five days before and after, `…/api/GenerationOutages/GetGenerationOutagesPlusMinusFiveDays`:
 * `{"RefId":"05-Dec-2025 - Total Outage Megawatts: 40,964","Days":[{"OutageDate":"2025-12-01T00:00:00Z","Forced":2500,…}]}`.
 */

import { DAY } from '../../core/time/instant.ts';
import type { Dataset, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf } from '../kit/payload.ts';
import { textAt } from '../kit/readers/sheet.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { exchangeHead, isExchange, readExchange } from './data-exchange.ts';
import { type DisplayReader, isDisplay, readDisplay } from './display-records.ts';
import {
  type Above,
  cellsOf,
  compact,
  dayOf,
  type HourReport,
  hourDataset,
  hourOf,
  type LineReader,
  readHours,
  recogniseHours,
  SHEET_HOUR,
  type SheetRow,
} from './hour-sheets.ts';

const DATED = /(\d{1,2}\/\d{1,2}\/(?:\d{4}|\d{2}(?!\d))|\d{4}-\d{2}-\d{2})/;

/** `Hourend_EST, Region, 12/01/2025 MTLF (GW), 12/01/2025 Outage (GW), …`. */
function lookAhead(header: SheetRow): LineReader | null {
  const names = cellsOf(header);
  const words = names.map(compact);
  const [hour, region] = [words.findIndex((word) => /^hourend/.test(word)), words.indexOf('region')];
  const columns = names.flatMap((name, at) => {
    const day = DATED.exec(name)?.[1];
    const field = /outage/i.test(name) ? 'outage' : /mtlf|load/i.test(name) ? 'load_forecast' : null;
    const unit = /\(MW|MWh/i.test(name) ? 'MW' : 'GW';
    return day === undefined || field === null ? [] : [{ at, day: dayOf(day), field, unit }];
  });
  if (hour < 0 || region < 0 || columns.length === 0) return null;
  return (row, line) => {
    const number = hourOf(textAt(row, hour));
    if (number === null) return [];
    return columns.map(({ at, day, field, unit }) =>
      sourceRow(line, textAt(row, region), `${day} HE ${number}`, [
        { field, value: row?.[at]?.text ?? null, unit },
      ]),
    );
  };
}

const LOOK_AHEAD: HourReport = {
  open: lookAhead,
  words: /Hourend_EST/i,
  named: /sr_la/i,
  expected: 'Hourend_EST, Region, and for each day MTLF and Outage',
};

/** The dataset `look_ahead` of MISO. */
export const lookAheadHourly = hourDataset(LOOK_AHEAD, {
  name: 'look_ahead',
  title: 'Load and outages of the days ahead, by region and hour',
  fields: [
    { field: 'load_forecast', unit: 'GW', what: 'forecast load of a region' },
    { field: 'outage', unit: 'GW', what: 'capacity on outage in a region' },
  ],
});

const DAYS: TimeConvention = {
  ...SHEET_HOUR,
  name: 'est-day',
  pattern: 'YYYY-MM-DDThh:mm',
  stamp: 'bounds',
  length: DAY,
  // A market day begins at 05:00 UTC.
  onGrid: false,
};
const KINDS = ['derated', 'forced', 'planned', 'unplanned'];
const KIND = new RegExp(`^(?:${KINDS.join('|')})`, 'i');

/** Days in columns, below or beside the words of the block; a day with stars is one that has been. */
function outageDays(header: SheetRow, above: Above): LineReader | null {
  const names = cellsOf(header);
  const days = names.flatMap((name, at) => {
    const day = DATED.exec(name)?.[1];
    return day === undefined ? [] : [{ at, day: dayOf(day) }];
  });
  const labelled = names.map(compact);
  const isBlock =
    /outage/i.test(above.words()) || ['region', 'type'].every((each) => labelled.includes(each));
  if (days.length < 2 || days[0]?.at === 0 || !isBlock) return null;
  const block = above.words().split('\n').reverse().join('\n');
  const word = /forecast|estimate|actual/i.exec(block)?.[0] ?? 'forecast';
  const suffix = /forecast/i.test(word) ? '_forecast' : '';
  let region = '';
  return (row, line): SourceRow[] => {
    const cells = cellsOf(row);
    const kind = cells.findIndex((cell) => KIND.test(cell));
    if (kind < 0 || kind >= (days[0]?.at ?? 0)) return [];
    // The name of a region stands beside the first of its kinds.
    region = cells.slice(0, kind).find((cell) => cell !== '') ?? region;
    const field = `outage_${(KIND.exec(cells[kind] ?? '')?.[0] ?? '').toLowerCase()}${suffix}`;
    return days.map(({ at, day }) => {
      const values = [{ field, value: row?.[at]?.text ?? null, unit: 'MW' }];
      const bounds = { start: `${day}T00:00`, end: `${day}T24:00` };
      return sourceRow(line, region || 'MISO', day, values, { bounds });
    });
  };
}

const OUTAGES: HourReport = {
  open: outageDays,
  words: /Generation Outage|OUTAGE/,
  named: /mom|outage/i,
  expected: 'Region, Type, and a column for each day, below words on outages',
};

const REFERENCE_DAY = 'DD-Mon-YYYY';

/** The display of eleven days: what was on outage before the day of its reference, and from then on is expected. */
const OUTAGE_DISPLAY: DisplayReader = {
  columns: ['outagedate', 'forced'],
  rowsOf(record, line, reference) {
    const day = dayOf(record.get('outagedate') ?? '');
    const made = parseStamp(REFERENCE_DAY, reference.slice(0, REFERENCE_DAY.length));
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || made === null) return null;
    const suffix = day < formatStamp('YYYY-MM-DD', made) ? '' : '_forecast';
    const values = KINDS.flatMap((kind) => {
      const value = record.get(kind);
      return value === undefined ? [] : [{ field: `outage_${kind}${suffix}`, value, unit: 'MW' }];
    });
    return [sourceRow(line, 'MISO', day, values, { bounds: { start: `${day}T00:00`, end: `${day}T24:00` } })];
  },
  expected: 'a day with its OutageDate, below a RefId that names the day of the display',
};

/** The dataset `outages` of MISO. */
export const dailyOutages: Dataset = {
  name: 'outages',
  title: 'Capacity on outage by region, kind and day: forecast of a week, and estimated of thirty days past',
  time: DAYS,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [
    { field: 'outage_forecast', unit: 'MW', what: 'capacity on outage, forecast (Data Exchange)' },
    ...KINDS.flatMap((kind) => [
      { field: `outage_${kind}`, unit: 'MW', what: `capacity on outage, ${kind}, estimated` },
      { field: `outage_${kind}_forecast`, unit: 'MW', what: `capacity on outage, ${kind}, forecast` },
    ]),
  ],
  recognise(head) {
    if (exchangeHead(head)?.kind === 'outage') return 2;
    if (isDisplay(head.text, OUTAGE_DISPLAY)) return /outage/i.test(head.name) ? 3 : 2;
    return recogniseHours(head, OUTAGES);
  },
  // Workbooks and displays that were kept are read; nothing is fetched.
  plan: () => [],
  decode: (payload) =>
    isExchange(payload)
      ? readExchange(payload, 'outage')
      : isDisplay(headOf(payload).text, OUTAGE_DISPLAY)
        ? readDisplay(payload, OUTAGE_DISPLAY)
        : readHours(payload, OUTAGES),
};
