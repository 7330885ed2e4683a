/**
 * The forecast of wind and sun of the simulated IESO: made each hour for two days, a version of the day's file each time.
 * Participants of the market and what is embedded in the distribution are told apart; zones and their sum.
 */

import { DAY, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import { type DemandProcess, type Fuel, generationForecastOf } from '../demand-process.ts';
import type { Feed, Place } from '../feed.ts';
import { isoDate, isoStamp } from '../local-time.ts';
import { rounded } from '../price-process.ts';
import { tableOf } from '../report.ts';
import { regularIntervals } from '../series.ts';
import type { Table } from '../table.ts';
import { type Edition, element } from './documents.ts';
import { document, type IesoReport, number, rowsOver, xml } from './report-form.ts';
import { hourOfDay, IESO_ZONE, iesoDayOf } from './trade-day.ts';

const AHEAD = 48 * HOUR;
/** Minutes past the hour at which a forecast is made. */
const DELAY = 5 * MINUTE;

const SOURCES: readonly Fuel[] = [
  { name: 'Solar', share: 0.012, habit: 'sun' },
  { name: 'Wind', share: 0.09, habit: 'wind' },
];
const ORGANISATIONS: Readonly<Record<string, number>> = { 'MARKET PARTICIPANT': 0.8, EMBEDDED: 0.2 };
const ZONES: Readonly<Record<string, number>> = { NORTHWEST: 0.15, SOUTHWEST: 0.5, WEST: 0.35 };
const TOTAL = 'OntarioTotal';

/** The last forecast made until an instant. */
function newestIssue(at: Micros): Micros {
  return Math.floor((at - DELAY) / HOUR) * HOUR + DELAY;
}

/** Forecasts from one demand process; the last one before an hour stays. */
export function windAndSun(demand: DemandProcess): Feed {
  return {
    dataset: 'renewable_forecast',
    step: HOUR,
    decimals: 1,
    fields: SOURCES.map(({ name }) => `${name.toLowerCase()}_forecast`),
    intervals: (window) => regularIntervals(window, HOUR),
    publishedAt: ({ start }) => start - AHEAD + DELAY,
    entries: ({ start }, at) => {
      const issue = newestIssue(Math.min(at, start));
      return Object.entries(ORGANISATIONS).flatMap(([series, owned]) => {
        const zones = Object.entries(ZONES).map(([name, share]) => ({
          place: { name, series },
          numbers: SOURCES.map((fuel) =>
            rounded(generationForecastOf(demand, fuel, start, issue) * owned * share * 10),
          ),
        }));
        const total: Place = { name: TOTAL, series };
        const numbers = SOURCES.map((_, k) => zones.reduce((sum, zone) => sum + zone.numbers[k], 0));
        return [...zones, { place: total, numbers }];
      });
    },
  };
}

/** `VGForecastSummary`. */
export function windAndSunReport(feed: Feed): IesoReport {
  return {
    name: 'VGForecastSummary',
    ending: 'xml',
    period: 'day',
    feed,
    since: null,
    until: null,
    written: ({ start }, at) =>
      Array.from({ length: DAY / HOUR }, (_, k) => start + k * HOUR + DELAY).filter((time) => time <= at),
    table: (_, madeAt) => {
      const first = Math.floor(madeAt / HOUR) * HOUR + HOUR;
      const rows = rowsOver(
        feed,
        { start: first, end: first + AHEAD - HOUR },
        madeAt,
        ({ start }, { place, numbers }) => [
          [
            place.series ?? '',
            place.name,
            isoDate(iesoDayOf(start)),
            String(hourOfDay(start)),
            ...numbers.map((each) => number(each, 1)),
          ],
          (field) => 4 + feed.fields.indexOf(field),
        ],
      );
      return tableOf(['Organization', 'Zone', 'Date', 'Hour', ...SOURCES.map(({ name }) => name)], rows, {
        isKeyed: true,
        isOrderFree: true,
      });
    },
    render: xml(document('VGForecastSummary', 'Variable Generation Forecast Summary Report'), body),
  };
}

/** Organisations, in each of them sources, zones, days, hours. */
function body(table: Table, { createdAt }: Edition): string[] {
  const lines = [element('ForecastTimeStamp', isoStamp(IESO_ZONE, createdAt))];
  for (const [organisation, owned] of Map.groupBy(table.rows, ({ cells }) => cells[0])) {
    lines.push('<OrganizationData>', element('OrganizationType', organisation));
    SOURCES.forEach(({ name }, k) => {
      lines.push('<FuelData>', element('FuelType', name));
      for (const [zone, ofZone] of Map.groupBy(owned, ({ cells }) => cells[1])) {
        lines.push('<ResourceData>', element('ZoneName', zone));
        for (const [date, ofDay] of Map.groupBy(ofZone, ({ cells }) => cells[2])) {
          lines.push('<EnergyForecast>', element('ForecastDate', date));
          for (const { cells } of ofDay)
            lines.push(
              '<ForecastInterval>',
              element('ForecastHour', cells[3]),
              element('MWOutput', cells[4 + k]),
              '</ForecastInterval>',
            );
          lines.push('</EnergyForecast>');
        }
        lines.push('</ResourceData>');
      }
      lines.push('</FuelData>');
    });
    lines.push('</OrganizationData>');
  }
  return lines;
}
