/** Files of ERCOT as tables: bare cells, dates MM/DD/YYYY, flags Y and N. Headers: reference 4.1. */

import type { Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { fixedText, plainText } from '../decimal-text.ts';
import { type Entry, type Feed, publishedIntervals, rowOf, wideRowOf } from '../feed.ts';
import { tableOf } from '../report.ts';
import type { Table, TableRow } from '../table.ts';
import { endingHour, flagOf, hourEnding, quarterOf, slashDay, slashText } from './clock.ts';
import { type Area, PRODUCTS } from './feeds.ts';
import type { SettlementPoint } from './points.ts';

/** Makes the table of a window as of an instant. */
export type TableMaker = (window: Interval, at: Micros) => Table;

function rowsOver<P extends { readonly name: string }>(
  feed: Feed<P>,
  window: Interval,
  at: Micros,
  rowsOf: (interval: Interval, entries: readonly Entry<P>[]) => TableRow[],
): TableRow[] {
  return [...publishedIntervals(feed, window, at)].flatMap((interval) =>
    rowsOf(interval, feed.entries(interval, at)),
  );
}

const price = (entry: Entry): string => fixedText(entry.numbers[0] ?? 0, 2);

/** DAM settlement point prices of a day: points within hours. */
export function dayAheadTable(feed: Feed<SettlementPoint>): TableMaker {
  const header = ['DeliveryDate', 'HourEnding', 'SettlementPoint', 'SettlementPointPrice', 'DSTFlag'];
  return (window, at) => {
    const rows = rowsOver(feed, window, at, (interval, entries) => {
      const { start } = interval;
      const [day, hour, flag] = [slashDay(start), hourEnding(start), flagOf(start)];
      return entries.map((entry) =>
        rowOf(feed, interval, entry, [day, hour, entry.place.name, price(entry), flag], () => 3),
      );
    });
    return tableOf(header, rows, { isOrderFree: true });
  };
}

/** Real-time settlement point prices of a quarter hour. */
export function quarterHourTable(feed: Feed<SettlementPoint>): TableMaker {
  const header = [
    'DeliveryDate',
    'DeliveryHour',
    'DeliveryInterval',
    'SettlementPointName',
    'SettlementPointType',
    'SettlementPointPrice',
    'DSTFlag',
  ];
  const stamps = (start: Micros): string[] => [
    slashDay(start),
    String(endingHour(start)),
    String(quarterOf(start)),
  ];
  return (window, at) => {
    const rows = rowsOver(feed, window, at, (interval, entries) =>
      entries.map((entry) => {
        const { name, type } = entry.place;
        const cells = [...stamps(interval.start), name, type, price(entry), flagOf(interval.start)];
        return rowOf(feed, interval, entry, cells, () => 5);
      }),
    );
    return tableOf(header, rows, {
      isOrderFree: true,
      restamped: (row, later) => [
        ...stamps(row.facts()[0].start + later),
        ...row.cells.slice(3, 6),
        flagOf(row.facts()[0].start + later),
      ],
    });
  };
}

/** LMPs of one dispatch run. */
export function scedTable(feed: Feed<SettlementPoint>): TableMaker {
  const header = ['SCEDTimestamp', 'RepeatedHourFlag', 'SettlementPoint', 'LMP'];
  return (window, at) => {
    const rows = rowsOver(feed, window, at, (interval, entries) =>
      entries.map((entry) => {
        const cells = [slashText(interval.start), flagOf(interval.start), entry.place.name, price(entry)];
        return rowOf(feed, interval, entry, cells, () => 3);
      }),
    );
    return tableOf(header, rows, { isOrderFree: true });
  };
}

/** Clearing prices for capacity: a row per product and hour, products within hours. */
export function capacityTable(feed: Feed): TableMaker {
  const header = ['DeliveryDate', 'HourEnding', 'AncillaryType', 'MCPC', 'DSTFlag'];
  return (window, at) => {
    const rows = rowsOver(feed, window, at, (interval, [entry]) =>
      PRODUCTS.flatMap((product, k) => {
        const number = entry.numbers[k];
        if (number === null) return [];
        const { start } = interval;
        const cells = [slashDay(start), hourEnding(start), product, fixedText(number, 2), flagOf(start)];
        return [rowOf(feed, interval, entry, cells, (field) => (field === feed.fields[k] ? 3 : -1))];
      }),
    );
    return tableOf(header, rows, { isOrderFree: true });
  };
}

/** Areas side by side: actual load. */
export function loadTable(feed: Feed<Area>): TableMaker {
  return (window, at) => {
    let names: string[] = [];
    const rows = rowsOver(feed, window, at, (interval, entries) => {
      names = entries.map(({ place }) => place.name);
      const { start } = interval;
      const amounts = entries.map(({ numbers }) => fixedText(numbers[0] ?? 0, feed.decimals));
      const cells = [slashDay(start), hourEnding(start), ...amounts, flagOf(start)];
      return [wideRowOf(feed, interval, entries, cells, ({ name }) => 2 + names.indexOf(name))];
    });
    return tableOf(['OperDay', 'HourEnding', ...names, 'DSTFlag'], rows, { isOrderFree: true });
  };
}

/** The load forecast writes hours without a zero in front, and blanks after the last column name. */
export function forecastTable(feed: Feed<Area>): TableMaker {
  return (window, at) => {
    let names: string[] = [];
    const rows = rowsOver(feed, window, at, (interval, entries) => {
      names = entries.map(({ place }) => place.name);
      const { start } = interval;
      const amounts = entries.map(({ numbers }) => plainText(numbers[0] ?? 0, feed.decimals));
      const cells = [slashDay(start), `${endingHour(start)}:00`, ...amounts, flagOf(start)];
      return [wideRowOf(feed, interval, entries, cells, ({ name }) => 2 + names.indexOf(name))];
    });
    return tableOf(['DeliveryDate', 'HourEnding', ...names, 'DSTFlag    '], rows, { isOrderFree: true });
  };
}

/** Forecasts of several models, a row for each hour and model. */
export function modelForecastTable(feed: Feed<Area>): TableMaker {
  return (window, at) => {
    let names: string[] = [];
    const rows = rowsOver(feed, window, at, (interval, entries) => {
      const { start } = interval;
      const models = Map.groupBy(entries, ({ place }) => place.series ?? '');
      return [...models].map(([model, ofModel], k) => {
        names = ofModel.map(({ place }) => place.name);
        const amounts = ofModel.map(({ numbers }) => fixedText(numbers[0] ?? 0, feed.decimals));
        const cells = [
          slashDay(start),
          hourEnding(start),
          ...amounts,
          model,
          k === 0 ? 'Y' : 'N',
          flagOf(start),
        ];
        return wideRowOf(feed, interval, ofModel, cells, ({ name }) => 2 + names.indexOf(name));
      });
    });
    const header = ['DeliveryDate', 'HourEnding', ...names, 'Model', 'InUseFlag', 'DSTFlag'];
    return tableOf(header, rows, { isOrderFree: true });
  };
}

/** What changed at a correction: original and corrected price of each point and hour. */
export function correctionTable(feed: Feed<SettlementPoint>): TableMaker {
  const header = [
    'PriceCorrectionTime',
    'DeliveryDate',
    'HourEnding',
    'SettlementPoint',
    'SPPOriginal',
    'SPPCorrected',
    'DSTFlag',
  ];
  return (window, at) => {
    const rows: TableRow[] = [];
    for (const interval of publishedIntervals(feed, window, at)) {
      const before = feed.entries(interval, at - 1);
      feed.entries(interval, at).forEach((entry, k) => {
        if (entry.numbers[0] === before[k].numbers[0]) return;
        const { start } = interval;
        const prices = [price(before[k]), price(entry)];
        const cells = [
          slashText(at),
          slashDay(start),
          hourEnding(start),
          entry.place.name,
          ...prices,
          flagOf(start),
        ];
        rows.push(rowOf(feed, interval, entry, cells, () => 5));
      });
    }
    return tableOf(header, rows, { isOrderFree: true });
  };
}
