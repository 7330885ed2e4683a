/** Reports of ERCOT's public API: their fields in order, and their rows, which are positional. Form: reference 4.2. */

import type { Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { plainText } from '../decimal-text.ts';
import { type Entry, type Feed, type Place, rowOf, wideRowOf } from '../feed.ts';
import type { TableRow } from '../table.ts';
import { endingHour, ercotDayOf, hourEnding, isoDay, isoText, isRepeated, quarterOf } from './clock.ts';
import { type ErcotFeeds, forecastIssue, PRODUCTS } from './feeds.ts';
import { apiNames, apiRow, type ErcotSource } from './renewables.ts';

/** A field of a report. */
export interface ApiField {
  readonly name: string;
  readonly label: string;
  readonly dataType: 'DATE' | 'TIMESTAMP' | 'VARCHAR' | 'INTEGER' | 'DOUBLE' | 'BOOLEAN';
  /** True where the query may ask `…From` and `…To`. */
  readonly hasRange: boolean;
}

/** A report by its path under `/api/public-reports`. */
export interface ApiReport {
  readonly dataset: string;
  readonly path: string;
  readonly reportTypeId: string;
  readonly emilId: string;
  readonly title: string;
  readonly fields: readonly ApiField[];
  readonly feed: Feed;
  /** Columns that it is sorted by when nothing else is asked for: the first one descending. */
  readonly sortedBy: readonly string[];
  rows(interval: Interval, at: Micros): TableRow[];
}

const field = (name: string, dataType: ApiField['dataType'], hasRange = false): ApiField => ({
  name,
  label: name.replace(/^./, (c) => c.toUpperCase()).replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' '),
  dataType,
  hasRange,
});

const DST = field('DSTFlag', 'BOOLEAN');
const DELIVERY = field('deliveryDate', 'DATE', true);

/** All reports that are simulated. The row store keeps what was published first; corrections have a feed of their own. */
export function apiReports(feeds: ErcotFeeds): ApiReport[] {
  const { dayAhead, quarterHour, sced, capacity, weatherZones, forecastZones, modelForecast } = feeds;
  const number = (entry: Entry, decimals: number): string => plainText(entry.numbers[0] ?? 0, decimals);
  const loads = (
    path: string,
    ids: readonly [type: string, emil: string, title: string],
    feed: typeof weatherZones,
    names: readonly string[],
  ): ApiReport => ({
    dataset: feed.dataset,
    path,
    reportTypeId: ids[0],
    emilId: ids[1],
    title: ids[2],
    feed,
    fields: [
      field('operatingDay', 'DATE', true),
      field('hourEnding', 'VARCHAR'),
      ...names.map((name) => field(name, 'DOUBLE', true)),
      DST,
    ],
    sortedBy: ['operatingDay', 'hourEnding'],
    rows: (interval, at) => {
      const entries = feed.entries(interval, at);
      const { start } = interval;
      const cells = [isoDay(start), hourEnding(start), ...entries.map((entry) => number(entry, 2))];
      const order = entries.map(({ place }) => place.name);
      return [
        wideRowOf(
          feed,
          interval,
          entries,
          [...cells, String(isRepeated(start))],
          ({ name }) => 2 + order.indexOf(name),
        ),
      ];
    },
  });
  const first = <P extends Place>(feed: Feed<P>, interval: Interval): readonly Entry<P>[] =>
    feed.entries(interval, feed.publishedAt(interval));
  return [
    {
      dataset: 'da_lmp',
      path: '/np4-190-cd/dam_stlmnt_pnt_prices',
      reportTypeId: '12331',
      emilId: 'NP4-190-CD',
      title: 'DAM Settlement Point Prices',
      feed: dayAhead,
      fields: [
        DELIVERY,
        field('hourEnding', 'VARCHAR'),
        field('settlementPoint', 'VARCHAR'),
        field('settlementPointPrice', 'DOUBLE', true),
        DST,
      ],
      sortedBy: ['deliveryDate', 'hourEnding', 'settlementPoint'],
      rows: (interval) =>
        first(dayAhead, interval).map((entry) => {
          const { start } = interval;
          const flag = String(isRepeated(start));
          const cells = [isoDay(start), hourEnding(start), entry.place.name, number(entry, 2), flag];
          return rowOf(dayAhead, interval, entry, cells, () => 3);
        }),
    },
    {
      dataset: 'rt_lmp',
      path: '/np6-905-cd/spp_node_zone_hub',
      reportTypeId: '12301',
      emilId: 'NP6-905-CD',
      title: 'Settlement Point Prices at Resource Nodes, Hubs and Load Zones',
      feed: quarterHour,
      fields: [
        DELIVERY,
        field('deliveryHour', 'INTEGER', true),
        field('deliveryInterval', 'INTEGER', true),
        field('settlementPoint', 'VARCHAR'),
        field('settlementPointType', 'VARCHAR'),
        field('settlementPointPrice', 'DOUBLE', true),
        DST,
      ],
      sortedBy: ['deliveryDate', 'deliveryHour', 'deliveryInterval'],
      rows: (interval, at) =>
        quarterHour.entries(interval, at).map((entry) => {
          const { start } = interval;
          const stamps = [isoDay(start), String(endingHour(start)), String(quarterOf(start))];
          const { name, type } = entry.place;
          const cells = [...stamps, name, type, number(entry, 2), String(isRepeated(start))];
          return rowOf(quarterHour, interval, entry, cells, () => 5);
        }),
    },
    {
      dataset: 'rt_lmp_sced',
      path: '/np6-788-cd/lmp_node_zone_hub',
      reportTypeId: '12300',
      emilId: 'NP6-788-CD',
      title: 'LMPs by Resource Nodes, Load Zones and Trading Hubs',
      feed: sced,
      fields: [
        field('SCEDTimestamp', 'TIMESTAMP', true),
        field('repeatHourFlag', 'BOOLEAN'),
        field('settlementPoint', 'VARCHAR'),
        field('LMP', 'DOUBLE', true),
      ],
      sortedBy: ['SCEDTimestamp', 'settlementPoint'],
      rows: (interval, at) =>
        sced.entries(interval, at).map((entry) => {
          const { start } = interval;
          const cells = [isoText(start), String(isRepeated(start)), entry.place.name, number(entry, 2)];
          return rowOf(sced, interval, entry, cells, () => 3);
        }),
    },
    {
      dataset: 'da_as_prices',
      path: '/np4-188-cd/dam_clear_price_for_cap',
      reportTypeId: '12329',
      emilId: 'NP4-188-CD',
      title: 'DAM Clearing Prices for Capacity',
      feed: capacity,
      fields: [
        DELIVERY,
        field('hourEnding', 'VARCHAR'),
        field('ancillaryType', 'VARCHAR'),
        field('MCPC', 'DOUBLE', true),
        DST,
      ],
      sortedBy: ['deliveryDate', 'hourEnding', 'ancillaryType'],
      rows: (interval, at) =>
        capacity.entries(interval, at).flatMap((entry) =>
          PRODUCTS.flatMap((product, k) => {
            const price = entry.numbers[k];
            if (price === null) return [];
            const { start } = interval;
            const flag = String(isRepeated(start));
            const cells = [isoDay(start), hourEnding(start), product, plainText(price, 2), flag];
            const own = (name: string): number => (name === capacity.fields[k] ? 3 : -1);
            return [rowOf(capacity, interval, entry, cells, own)];
          }),
        ),
    },
    modelForecasts(modelForecast),
    ...feeds.sources.map(renewables),
    loads(
      '/np6-345-cd/act_sys_load_by_wzn',
      ['13101', 'NP6-345-CD', 'Actual System Load by Weather Zone'],
      weatherZones,
      ['coast', 'east', 'farWest', 'north', 'northC', 'southern', 'southC', 'west', 'total'],
    ),
    loads(
      '/np6-346-cd/act_sys_load_by_fzn',
      ['14836', 'NP6-346-CD', 'Actual System Load by Forecast Zone'],
      forecastZones,
      ['north', 'south', 'west', 'houston', 'total'],
    ),
  ];
}

/** Output of wind or sun and what is expected of it, hour by hour. */
function renewables(source: ErcotSource): ApiReport {
  const isWind = source.word === 'wind';
  return {
    dataset: source.feed.dataset,
    path: isWind ? '/np4-732-cd/wpp_hrly_avrg_actl_fcast' : '/np4-737-cd/spp_hrly_avrg_actl_fcast',
    reportTypeId: isWind ? '13028' : '13483',
    emilId: isWind ? 'NP4-732-CD' : 'NP4-737-CD',
    title: `${isWind ? 'Wind' : 'Solar'} Power Production - Hourly Averaged Actual and Forecasted Values`,
    feed: source.feed,
    fields: [
      field('postedDatetime', 'TIMESTAMP', true),
      DELIVERY,
      field('hourEnding', 'INTEGER', true),
      ...apiNames(source).map((name) => field(name, 'DOUBLE', true)),
      DST,
    ],
    sortedBy: ['deliveryDate', 'hourEnding'],
    rows: (interval, at) => [apiRow(source, interval, at)],
  };
}

/** A row per hour and model, the newest forecast only. */
function modelForecasts(feed: ErcotFeeds['modelForecast']): ApiReport {
  const zones = ['coast', 'east', 'farWest', 'north', 'northCentral', 'southCentral', 'southern', 'west'];
  const columns = [...zones, 'systemTotal'];
  return {
    dataset: feed.dataset,
    path: '/np3-565-cd/lf_by_model_weather_zone',
    reportTypeId: '14837',
    emilId: 'NP3-565-CD',
    title: 'Seven-Day Load Forecast by Model and Weather Zone',
    feed,
    fields: [
      field('postedDatetime', 'TIMESTAMP', true),
      DELIVERY,
      field('hourEnding', 'VARCHAR'),
      ...columns.map((name) => field(name, 'DOUBLE', true)),
      field('model', 'VARCHAR'),
      field('inUseFlag', 'BOOLEAN'),
      DST,
    ],
    sortedBy: ['deliveryDate', 'hourEnding', 'model'],
    rows: (interval, at) => {
      const { start } = interval;
      const posted = isoText(forecastIssue(ercotDayOf(start), at));
      const models = Map.groupBy(feed.entries(interval, at), ({ place }) => place.series ?? '');
      return [...models].map(([model, entries], k) => {
        const amounts = entries.map(({ numbers }) => plainText(numbers[0] ?? 0, feed.decimals));
        const flags = [String(k === 0), String(isRepeated(start))];
        const cells = [posted, isoDay(start), hourEnding(start), ...amounts, model, ...flags];
        return wideRowOf(
          feed,
          interval,
          entries,
          cells,
          ({ name }) => 3 + columns.indexOf(name[0].toLowerCase() + name.slice(1)),
        );
      });
    },
  };
}
