/**
 * Price reports of OASIS as CSV and as rows of XML: one row per component, unsorted inside a group, five decimals at most.
 * Form: reference 3.1.
 */

import type { Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { plainText } from '../decimal-text.ts';
import { shuffled, wordOf } from '../draw.ts';
import { isoDate, padded } from '../local-time.ts';
import { type PriceNode, type PriceParts, type PriceProcess, totalOf } from '../price-process.ts';
import { partsPublished, regularIntervals } from '../series.ts';
import { bareCell, type Table, type TableRow } from '../table.ts';
import { groupTypeOf } from './nodes.ts';
import { gmtText } from './oasis-xml.ts';
import { caisoDayOf, intervalNumber, type OasisQuery, operatingHour, ordinalInHour } from './publication.ts';

/** The components in the order of their groups: LMP = MCE + MCC + MCL + MGHG. */
export const OASIS_COMPONENTS: readonly {
  readonly type: string;
  readonly item: string;
  readonly field: string;
  of(parts: PriceParts): number;
}[] = [
  { type: 'LMP', item: 'LMP_PRC', field: 'lmp', of: totalOf },
  { type: 'MCC', item: 'LMP_CONG_PRC', field: 'congestion', of: ({ congestion }) => congestion },
  { type: 'MCE', item: 'LMP_ENE_PRC', field: 'energy', of: ({ energy }) => energy },
  { type: 'MCL', item: 'LMP_LOSS_PRC', field: 'loss', of: ({ loss }) => loss },
  { type: 'MGHG', item: 'LMP_GHG_PRC', field: 'ghg', of: ({ greenhouse }) => greenhouse },
];

/** One price of a report. */
interface Price {
  readonly node: PriceNode;
  readonly interval: Interval;
  readonly component: (typeof OASIS_COMPONENTS)[number];
  readonly mantissa: number;
}

/** Prices of one component and one trade day, in no order. */
interface Group {
  readonly day: number;
  readonly prices: readonly Price[];
}

/** Groups of the prices that are published until `at`, numbered by component within trade day. */
export function priceGroups(
  process: PriceProcess,
  query: OasisQuery,
  nodes: readonly PriceNode[],
  window: Interval,
  at: Micros,
): Group[] {
  const days = new Map<number, Price[][]>();
  for (const interval of regularIntervals(window, query.series.step)) {
    const day = caisoDayOf(interval.start);
    for (const node of nodes) {
      const parts = partsPublished(process, query.series, node, interval, at);
      if (parts === null) continue;
      const groups = days.getOrInsertComputed(day, () => OASIS_COMPONENTS.map(() => []));
      OASIS_COMPONENTS.forEach((component, k) => {
        groups[k].push({ node, interval, component, mantissa: component.of(parts) });
      });
    }
  }
  const word = wordOf(query.queryname);
  return [...days].flatMap(([day, groups]) =>
    groups.map((prices, k) => ({ day, prices: shuffled(prices, process.seed, word, day, k) })),
  );
}

/** The report as CSV; `column` is the name of the price column. */
export function csvTable(
  process: PriceProcess,
  query: OasisQuery,
  groups: readonly Group[],
  column: string,
): Table {
  const names = ['NODE_ID_XML', 'NODE_ID', 'NODE', 'MARKET_RUN_ID', 'LMP_TYPE', 'XML_DATA_ITEM'];
  const ends = ['PNODE_RESMRID', 'GRP_TYPE', 'POS', column];
  const head = ['INTERVALSTARTTIME_GMT', 'INTERVALENDTIME_GMT', 'OPR_DT', 'OPR_HR'];
  const header = query.isDayAhead
    ? [...head, 'OPR_INTERVAL', ...names, ...ends, 'GROUP']
    : [...head, ...names, ...ends, 'OPR_INTERVAL', 'GROUP'];
  const stamps = ({ start, end }: Interval): string[] => {
    const hour = operatingHour(start);
    return [
      gmtText(start),
      gmtText(end),
      isoDate(caisoDayOf(start)),
      query.isDayAhead ? String(hour) : padded(hour),
    ];
  };
  const rows = groups.flatMap(({ prices }, g) =>
    prices.map((price): TableRow => {
      const { node, interval, component } = price;
      const value = plainText(price.mantissa, process.decimals);
      const places = [node.name, node.name, node.name, query.marketRun, component.type, component.item];
      const group = groupTypeOf(node.name);
      const tail = [node.name, group, query.isDayAhead ? '0' : '1', value];
      const ordinal = query.isDayAhead ? '0' : String(ordinalInHour(query.series.step, interval.start));
      const cells = query.isDayAhead
        ? [...stamps(interval), ordinal, ...places, ...tail, String(g + 1)]
        : [...stamps(interval), ...places, ...tail, ordinal, String(g + 1)];
      return { cells, facts: () => [factOf(process, query, price, header.indexOf(column))] };
    }),
  );
  return {
    preamble: [],
    header,
    rows,
    footer: [],
    textCell: bareCell,
    restamped: query.isDayAhead ? null : (row, later) => restamped(row, later, stamps),
  };
}

function restamped(
  row: TableRow,
  later: Micros,
  stamps: (interval: Interval) => string[],
): readonly string[] {
  const [{ start, end }] = row.facts();
  const moved = stamps({ start: start + later, end: end + later });
  return [...moved, ...row.cells.slice(moved.length)];
}

function factOf(
  process: PriceProcess,
  query: OasisQuery,
  price: Price,
  column: number,
): ReturnType<TableRow['facts']>[number] {
  return {
    dataset: query.series.dataset,
    location: price.node.name,
    field: price.component.field,
    start: price.interval.start,
    end: price.interval.end,
    value: plainText(price.mantissa, process.decimals),
    column,
  };
}

const DATA_TAGS = [
  'DATA_ITEM',
  'RESOURCE_NAME',
  'OPR_DATE',
  'INTERVAL_NUM',
  'INTERVAL_START_GMT',
  'INTERVAL_END_GMT',
  'VALUE',
];

/** The report as rows of REPORT_DATA. */
export function xmlTable(process: PriceProcess, query: OasisQuery, groups: readonly Group[]): Table {
  const stamps = ({ start, end }: Interval): string[] => [
    isoDate(caisoDayOf(start)),
    String(intervalNumber(query.series.step, start)),
    gmtText(start),
    gmtText(end),
  ];
  const rows = groups.flatMap(({ prices }) =>
    prices.map((price): TableRow => {
      const { component, node, interval } = price;
      return {
        cells: [component.item, node.name, ...stamps(interval), plainText(price.mantissa, process.decimals)],
        facts: () => [factOf(process, query, price, 6)],
      };
    }),
  );
  return {
    preamble: [],
    header: DATA_TAGS,
    rows,
    footer: [],
    textCell: bareCell,
    restamped: query.isDayAhead
      ? null
      : (row, later) => {
          const [{ start, end }] = row.facts();
          const moved = stamps({ start: start + later, end: end + later });
          return [...row.cells.slice(0, 2), ...moved, ...row.cells.slice(6)];
        },
  };
}
