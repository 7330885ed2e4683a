/**
 * IESO's generation: by unit (`GenOutputCapability`, XML of a day, updated each hour; `GenOutputCapabilityMonth`, CSV of
 * a month with a column for each hour) and by fuel (`GenOutputbyFuelHourly`, XML of a year).
 *
 * A figure that the market does not have is an absent element. For wind and sun the capability is the forecast, and the
 * available capacity stands beside it.
 */

import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { sourceRow } from '../kit/source-row.ts';
import {
  childrenOf,
  decodedRows,
  descendantsOf,
  firstOf,
  readDocument,
  reportHead,
  textIn,
} from './document.ts';
import { EST_HOURS, hourOf, isoDate } from './est-time.ts';
import { fetchedBy } from './folder-index.ts';
import { ONTARIO } from './price-documents.ts';
import { readReportCsv, topOf } from './report-csv.ts';

const UNIT = 'MW';
/** Lists of a generator, and the field of their figures. */
const LISTS = [
  ['Outputs', 'Output', 'generation'],
  ['Capabilities', 'Capability', 'capability'],
  ['Capacities', 'AvailCapacity', 'available_capacity'],
] as const;

/** Measurements of the monthly file. */
const MEASUREMENTS: Readonly<Record<string, string>> = {
  output: 'generation',
  capability: 'capability',
  'available capacity': 'available_capacity',
  forecast: 'capability',
};
const MONTH_MARK = 'measurement';

function recogniseUnits(head: PayloadHead): Recognition {
  const report = reportHead(head);
  const found =
    report === null
      ? (topOf(head, MONTH_MARK)?.names.includes('generator') ?? false)
      : report.has('GeneratorName') && report.has('Outputs');
  if (!found) return 0;
  return /GenOutputCapability/i.test(head.name) ? 3 : 2;
}

function readUnits(payload: Payload): Decoded {
  if (!/^\s*</.test(new TextDecoder().decode(payload.bytes.subarray(0, 64)))) return readUnitsMonth(payload);
  const { body, date, publishedAt } = readDocument(payload);
  const rows: SourceRow[] = [];
  for (const unit of descendantsOf(body, 'Generator')) {
    const place = textIn(unit, 'GeneratorName') ?? '';
    const series = textIn(unit, 'FuelType');
    for (const [list, item, field] of LISTS)
      for (const figure of firstOf(unit, list)?.children ?? []) {
        if (figure.name.toLowerCase() !== item.toLowerCase()) continue;
        const { words, bounds } = hourOf(date, textIn(figure, 'Hour') ?? '');
        const values = [{ field, value: textIn(figure, 'EnergyMW'), unit: UNIT }];
        rows.push(sourceRow(figure.line, place, words, values, { series, bounds, publishedAt }));
      }
  }
  return decodedRows(payload, rows);
}

function readUnitsMonth(payload: Payload): Decoded {
  const needed = ['delivery date', 'generator', MONTH_MARK, 'hour 1'];
  return readReportCsv(payload, MONTH_MARK, needed, ({ line, cell }, { names, publishedAt }) => {
    const field = MEASUREMENTS[cell(MONTH_MARK).toLowerCase()] ?? '';
    if (field === '') return [];
    const date = isoDate(cell('delivery date'));
    const series = names.includes('fuel type') ? cell('fuel type') : null;
    return names.flatMap((name) => {
      const hour = /^hour (\d{1,2})$/.exec(name)?.[1];
      if (hour === undefined) return [];
      const { words, bounds } = hourOf(date, hour);
      const values = [{ field, value: cell(name), unit: UNIT }];
      return [sourceRow(line, cell('generator'), words, values, { series, bounds, publishedAt })];
    });
  });
}

/** The dataset `generation_by_unit`. */
export const generationByUnit: Dataset = {
  name: 'generation_by_unit',
  title: 'Output and capability of each generator by the hour',
  time: EST_HOURS,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [
    { field: 'generation', unit: UNIT, what: 'output of the generator, its fuel as series' },
    { field: 'capability', unit: UNIT, what: 'capability; for wind and sun the forecast output' },
    { field: 'available_capacity', unit: UNIT, what: 'available capacity of wind and sun' },
  ],
  recognise: recogniseUnits,
  ...fetchedBy({
    usual: 'GenOutputCapability',
    known: { GenOutputCapability: 'xml' },
    each: 'day',
    publishedAfter: 2,
  }),
  decode: readUnits,
};

function recogniseFuels(head: PayloadHead): Recognition {
  const report = reportHead(head);
  if (report === null || !report.has('FuelTotal') || !report.has('HourlyData')) return 0;
  return /GenOutputbyFuel/i.test(head.name) ? 3 : 2;
}

function readFuels(payload: Payload): Decoded {
  const { body, publishedAt } = readDocument(payload);
  const rows: SourceRow[] = [];
  for (const day of descendantsOf(body, 'DailyData')) {
    const date = isoDate(textIn(day, 'Day', 'Date') ?? '');
    for (const hour of childrenOf(day, 'HourlyData')) {
      const { words, bounds } = hourOf(date, textIn(hour, 'Hour') ?? '');
      for (const total of childrenOf(hour, 'FuelTotal')) {
        const energy = firstOf(total, 'EnergyValue') ?? total;
        const values = [{ field: 'generation', value: textIn(energy, 'Output'), unit: UNIT }];
        const series = textIn(total, 'Fuel');
        rows.push(sourceRow(total.line, ONTARIO, words, values, { series, bounds, publishedAt }));
      }
    }
  }
  return decodedRows(payload, rows);
}

/** The dataset `fuel_mix`. */
export const fuelMix: Dataset = {
  name: 'fuel_mix',
  title: 'Generation by fuel and hour',
  time: EST_HOURS,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [{ field: 'generation', unit: UNIT, what: 'output of a fuel, its name as series' }],
  recognise: recogniseFuels,
  ...fetchedBy({
    usual: 'GenOutputbyFuelHourly',
    known: { GenOutputbyFuelHourly: 'xml' },
    each: 'year',
    publishedAfter: 30,
  }),
  decode: readFuels,
};
