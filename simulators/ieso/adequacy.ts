/**
 * The adequacy report of the simulated IESO: what demand is expected of a day and what is there to meet it, written every
 * four hours from the morning before on, a version each time.
 */

import { HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import { type DemandProcess, type Fuel, forecastOf, generationForecastOf } from '../demand-process.ts';
import { type Feed, type Place, rowOf } from '../feed.ts';
import { rounded } from '../price-process.ts';
import { tableOf } from '../report.ts';
import { regularIntervals } from '../series.ts';
import type { Table } from '../table.ts';
import { type Edition, element } from './documents.ts';
import { document, type IesoReport, number, rowsOver, xml } from './report-form.ts';
import { hourOfDay, iesoDay, iesoDayOf } from './trade-day.ts';

/** Expectations for Ontario, and capacities by fuel. */
export interface Adequacy {
  readonly figures: Feed;
  readonly capacities: Feed<Place>;
}

const EVERY = 4 * HOUR;
/** From the begin of a day to its first report. */
const FIRST = -15 * HOUR + 5 * MINUTE;

/** Figures with the elements around their hours, innermost last. */
const FIGURES: readonly (readonly [field: string, path: readonly string[]])[] = [
  ['supply_capacity', ['ForecastSupply', 'Capacities', 'Capacity']],
  ['load_forecast', ['OntarioDemand', 'ForecastOntDemand', 'Demand']],
  ['load_forecast_peak', ['OntarioDemand', 'PeakDemand', 'Demand']],
  ['load_forecast_average', ['OntarioDemand', 'AverageDemand', 'Demand']],
  ['wind_forecast', ['Wind', 'Forecasts', 'Forecast']],
  ['solar_forecast', ['Solar', 'Forecasts', 'Forecast']],
];
const FIELDS = FIGURES.map(([field]) => field);

const WIND: Fuel = { name: 'Wind', share: 0.09, habit: 'wind' };
const SUN: Fuel = { name: 'Solar', share: 0.012, habit: 'sun' };
const CAPACITIES: Readonly<Record<string, number>> = {
  Nuclear: 11_200,
  Gas: 8900,
  Hydro: 7300,
  Wind: 4900,
  Solar: 480,
  Biofuel: 290,
};

/** Times at which the report of the day that holds an instant is written, until `at`. */
function writtenAt(day: number, at: Micros): Micros[] {
  const { start, end } = iesoDay(day);
  const times: Micros[] = [];
  for (let time = start + FIRST; time < Math.min(end, at + 1); time += EVERY) times.push(time);
  return times;
}

/** Expectations from one demand process, as the last report of their day says. */
export function adequacy(demand: DemandProcess): Adequacy {
  const issueOf = (start: Micros, at: Micros): Micros =>
    writtenAt(iesoDayOf(start), at).at(-1) ?? iesoDay(iesoDayOf(start)).start + FIRST;
  const feed = {
    dataset: 'load_forecast',
    step: HOUR,
    decimals: 0,
    intervals: (window: { start: Micros; end: Micros }) => regularIntervals(window, HOUR),
    publishedAt: ({ start }: { start: Micros }) => iesoDay(iesoDayOf(start)).start + FIRST,
  };
  return {
    figures: {
      ...feed,
      fields: FIELDS,
      entries: ({ start }, at) => {
        const issue = issueOf(start, at);
        const load = rounded(forecastOf(demand, 'ONTARIO', 1, start, issue));
        const total = Object.values(CAPACITIES).reduce((sum, each) => sum + each, 0);
        const sources = [WIND, SUN].map((fuel) => rounded(generationForecastOf(demand, fuel, start, issue)));
        const numbers = [total, load, load + rounded(load * 0.015), load - rounded(load * 0.01), ...sources];
        return [{ place: { name: 'ONTARIO' }, numbers }];
      },
    },
    capacities: {
      ...feed,
      fields: ['capacity'],
      entries: () =>
        Object.entries(CAPACITIES).map(([series, capacity]) => ({
          place: { name: 'ONTARIO', series },
          numbers: [capacity],
        })),
    },
  };
}

/** `Adequacy3`. */
export function adequacyReport({ figures, capacities }: Adequacy): IesoReport {
  return {
    name: 'Adequacy3',
    ending: 'xml',
    period: 'day',
    feed: figures,
    since: null,
    until: null,
    written: ({ start }, at) => writtenAt(iesoDayOf(start), at),
    table: (window, at) => {
      const whole = [...figures.intervals(window)].flatMap((interval) =>
        figures.entries(interval, at).flatMap((entry) =>
          FIELDS.map((own, k) => {
            const cells = [own, '', String(hourOfDay(interval.start)), number(entry.numbers[k], 0)];
            return rowOf(figures, interval, entry, cells, (field) => (field === own ? 3 : -1));
          }),
        ),
      );
      const parts = rowsOver(capacities, window, at, ({ start }, { place, numbers }) => [
        ['capacity', place.series ?? '', String(hourOfDay(start)), number(numbers[0], 0)],
        () => 3,
      ]);
      return tableOf(['Figure', 'Fuel', 'Hour', 'EnergyMW'], [...whole, ...parts], {
        isKeyed: true,
        isOrderFree: true,
      });
    },
    render: xml(document('Adequacy3', 'Adequacy Report', 'Document', 'r3'), body),
  };
}

/** Supply first, fuel by fuel, then demand; every figure is a list of hours. */
function body(table: Table, { date }: Edition): string[] {
  const listOf = (field: string, fuel: string, path: readonly string[]): string[] => {
    const [list, item] = path.slice(-2);
    const rows = table.rows
      .filter(({ cells }) => cells[0] === field && cells[1] === fuel)
      .toSorted((a, b) => Number(a.cells[2]) - Number(b.cells[2]));
    return [
      `<${list}>`,
      ...rows.map(
        ({ cells }) =>
          `<${item}>${element('DeliveryHour', cells[2])}${element('EnergyMW', cells[3])}</${item}>`,
      ),
      `</${list}>`,
    ];
  };
  const under = (parent: string): string[] =>
    FIGURES.filter(([, path]) => path[0] === parent).flatMap(([field, path]) => listOf(field, '', path));
  return [
    element('DeliveryDate', date),
    '<ForecastSupply>',
    ...under('ForecastSupply'),
    '<InternalResources>',
    ...Object.keys(CAPACITIES).flatMap((fuel) => [
      '<InternalResource>',
      element('FuelType', fuel),
      ...listOf('capacity', fuel, ['Capacities', 'Capacity']),
      ...under(fuel),
      '</InternalResource>',
    ]),
    '</InternalResources>',
    '</ForecastSupply>',
    '<ForecastDemand>',
    '<OntarioDemand>',
    ...under('OntarioDemand'),
    '</OntarioDemand>',
    '</ForecastDemand>',
  ];
}
