/** The feeds of Data Miner: columns in order, and rows of an interval. Form: reference 5. */

import { HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { fixedText, plainText } from '../decimal-text.ts';
import { type Entry, type Feed, rowOf } from '../feed.ts';
import type { TableRow } from '../table.ts';
import { FORECAST_STEP, forecastIssue, isRenewable, type PjmFeeds, verifiedAt, versionAt } from './feeds.ts';
import { BEGINNING, type DataFeed, figureRows, stamps } from './figure-rows.ts';
import { pjmDayOf } from './market-day.ts';
import type { PjmNode } from './nodes.ts';
import { renewableRows } from './renewables.ts';
import { reserveRows } from './reserves.ts';
import { tieRows } from './ties.ts';

const PLACE = ['pnode_id', 'pnode_name', 'voltage', 'equipment', 'type', 'zone'];
const placeCells = ({ id, name, voltage, equipment, type, zone }: PjmNode): string[] => [
  String(id),
  name,
  voltage,
  equipment,
  type,
  zone,
];

/** All feeds that are simulated. */
export function dataFeeds(feeds: PjmFeeds): DataFeed[] {
  const { process, dayAhead, fiveMinute, hourly, load, metered, forecast, fuels } = feeds;
  const verified = (day: number): Micros => verifiedAt(process, day);
  return [
    priceRows('da_hrl_lmps', feeds, dayAhead, 'da', 731, () => Number.NEGATIVE_INFINITY),
    priceRows('rt_fivemin_hrl_lmps', feeds, fiveMinute, 'rt', 186, verified),
    priceRows('rt_hrl_lmps', feeds, hourly, 'rt', 731, verified),
    unverifiedRows('rt_unverified_fivemin_lmps', feeds, fiveMinute, [
      'pnode_id',
      'pnode_name',
      'type',
      'total_lmp_rt',
      'congestion_price_rt',
      'marginal_loss_price_rt',
      'occ_check',
      'ref_caseid_used_multi_interval',
    ]),
    unverifiedRows('rt_unverified_hrl_lmps', feeds, hourly, [
      'pnode_name',
      'type',
      'total_lmp_rt',
      'congestion_price_rt',
      'marginal_loss_price_rt',
    ]),
    figureRows({
      name: 'inst_load',
      feed: load,
      columns: [...BEGINNING, 'area', 'instantaneous_load'],
      printed: ['instantaneous_load'],
      cellsOf: ({ start }, { place, numbers }) => [
        ...stamps(start),
        place.name,
        plainText(numbers[0] ?? 0, 3),
      ],
    }),
    figureRows({
      name: 'hrl_load_metered',
      feed: metered,
      columns: [...BEGINNING, 'nerc_region', 'mkt_region', 'zone', 'load_area', 'mw', 'is_verified'],
      printed: ['mw'],
      bare: ['is_verified'],
      cellsOf: ({ start }, { place: { name }, numbers }) => [
        ...stamps(start),
        'RFC',
        name === 'RTO' ? 'RTO' : 'MIDATL',
        name,
        name,
        plainText(numbers[0] ?? 0, 3),
        'true',
      ],
    }),
    forecastRows(forecast),
    pastForecastRows(forecast),
    figureRows({
      name: 'gen_by_fuel',
      feed: fuels,
      columns: [...BEGINNING, 'fuel_type', 'mw', 'fuel_percentage_of_total', 'is_renewable'],
      printed: ['mw'],
      bare: ['fuel_percentage_of_total', 'is_renewable'],
      cellsOf: ({ start }, { place: { series = '' }, numbers }, all) => {
        const total = all.reduce((sum, each) => sum + Math.max(0, each.numbers[0] ?? 0), 0);
        const mw = numbers[0] ?? 0;
        const share = (Math.max(0, mw) / total).toFixed(2);
        return [...stamps(start), series, `${mw}.0`, share, String(isRenewable(series))];
      },
    }),
    ...reserveRows(feeds.reserves),
    ...renewableRows(feeds.renewables),
    ...tieRows(feeds.ties),
  ];
}

const PRICE_COLUMNS = ['system_energy_price', 'total_lmp', 'congestion_price', 'marginal_loss_price'];
const PRICE_FIELDS = ['energy', 'lmp', 'congestion', 'loss'];

/** Prices with all their parts; a second version stands beside the first, which is no longer current. */
function priceRows(
  name: string,
  { process }: PjmFeeds,
  feed: Feed<PjmNode>,
  market: 'da' | 'rt',
  archivedAfterDays: number,
  from: (day: number) => Micros,
): DataFeed {
  const prices = PRICE_COLUMNS.map((column) => `${column}_${market}`);
  const columns = [...BEGINNING, ...PLACE, ...prices, 'row_is_current', 'version_nbr'];
  const numbersOf = ({ numbers }: Entry): string[] =>
    PRICE_FIELDS.map((field) => plainText(numbers[feed.fields.indexOf(field)] ?? 0, feed.decimals));
  const row = (interval: Interval, entry: Entry<PjmNode>, isCurrent: boolean, version: number): TableRow => {
    const cells = [
      ...stamps(interval.start),
      ...placeCells(entry.place),
      ...numbersOf(entry),
      String(isCurrent),
      String(version),
    ];
    return rowOf(feed, interval, entry, cells, (field) =>
      isCurrent ? columns.indexOf(prices[PRICE_FIELDS.indexOf(field)]) : -1,
    );
  };
  return {
    name,
    dataset: feed.dataset,
    columns,
    bare: ['pnode_id', 'voltage', 'equipment', 'zone', ...prices, 'row_is_current', 'version_nbr'],
    feed,
    archivedAfterDays,
    stamp: 'datetime_beginning',
    rows: (interval, at) => {
      const day = pjmDayOf(interval.start);
      if (at < from(day)) return [];
      const entries = feed.entries(interval, at);
      const changedAt = versionAt(process, day);
      if (at < changedAt) return entries.map((entry) => row(interval, entry, true, 1));
      const before = feed.entries(interval, changedAt - 1);
      return entries.flatMap((entry, k) =>
        String(entry.numbers) === String(before[k].numbers)
          ? [row(interval, entry, true, 1)]
          : [row(interval, before[k], false, 1), row(interval, entry, true, 2)],
      );
    },
  };
}

/** Prices as the dispatch gave them: no energy, six decimals with their zeros. They stay as they were. */
function unverifiedRows(
  name: string,
  { process }: PjmFeeds,
  feed: Feed<PjmNode>,
  rest: readonly string[],
): DataFeed {
  const columns = [...BEGINNING, ...rest];
  const columnOf: Readonly<Record<string, string>> = {
    lmp: 'total_lmp_rt',
    congestion: 'congestion_price_rt',
    loss: 'marginal_loss_price_rt',
  };
  return {
    name,
    dataset: feed.dataset,
    columns,
    bare: ['pnode_id', ...Object.values(columnOf), 'ref_caseid_used_multi_interval'],
    feed,
    archivedAfterDays: null,
    stamp: 'datetime_beginning',
    rows: (interval, at) => {
      const asOf = Math.min(at, verifiedAt(process, pjmDayOf(interval.start)) - 1);
      return feed.entries(interval, asOf).map((entry) => {
        const { place, numbers } = entry;
        const price = (field: string): string =>
          fixedText(numbers[feed.fields.indexOf(field)] ?? 0, feed.decimals);
        const known: Readonly<Record<string, string>> = {
          pnode_id: String(place.id),
          pnode_name: place.name,
          type: place.type,
          occ_check: '1',
          ref_caseid_used_multi_interval: String(interval.start / MINUTE),
          ...Object.fromEntries(Object.entries(columnOf).map(([field, column]) => [column, price(field)])),
        };
        const cells = [...stamps(interval.start), ...rest.map((column) => known[column])];
        return rowOf(feed, interval, entry, cells, (field) => columns.indexOf(columnOf[field] ?? ''));
      });
    },
  };
}

/** The newest forecast only; its stamps have names of their own. */
function forecastRows(feed: PjmFeeds['forecast']): DataFeed {
  const columns = [
    'evaluated_at_datetime_utc',
    'evaluated_at_datetime_ept',
    'forecast_area',
    'forecast_datetime_beginning_utc',
    'forecast_datetime_beginning_ept',
    'forecast_datetime_ending_utc',
    'forecast_datetime_ending_ept',
    'forecast_load_mw',
  ];
  return {
    name: 'load_frcstd_7_day',
    dataset: feed.dataset,
    columns,
    bare: ['forecast_load_mw'],
    feed,
    archivedAfterDays: null,
    stamp: 'forecast_datetime_beginning',
    rows: (interval, at) => {
      if (interval.end <= at - HOUR) return [];
      return feed.entries(interval, at).map((entry) => {
        const cells = [
          ...stamps(forecastIssue(at)),
          entry.place.name,
          ...stamps(interval.start),
          ...stamps(interval.end),
          String(entry.numbers[0]),
        ];
        return rowOf(feed, interval, entry, cells, () => columns.length - 1);
      });
    },
  };
}

/** Every forecast of the day before an hour's end, the last of which counts. */
function pastForecastRows(feed: PjmFeeds['forecast']): DataFeed {
  const columns = [
    'evaluated_at_utc',
    'evaluated_at_ept',
    'forecast_hour_beginning_utc',
    'forecast_hour_beginning_ept',
    'forecast_area',
    'forecast_load_mw',
  ];
  return {
    name: 'load_frcstd_hist',
    dataset: feed.dataset,
    columns,
    bare: ['forecast_load_mw'],
    feed,
    archivedAfterDays: null,
    stamp: 'forecast_hour_beginning',
    isOrdered: true,
    rows: (interval, at) => {
      const newest = forecastIssue(Math.min(at, interval.end));
      return [3, 2, 1, 0].flatMap((back) => {
        const issue = newest - back * FORECAST_STEP;
        return feed.entries(interval, issue).map((entry) => {
          const cells = [
            ...stamps(issue),
            ...stamps(interval.start),
            entry.place.name,
            String(entry.numbers[0]),
          ];
          return rowOf(feed, interval, entry, cells, () => (back === 0 ? 5 : -1));
        });
      });
    },
  };
}
