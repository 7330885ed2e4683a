/**
 * PJM prices at nodes, zones, hubs and interfaces. Day-ahead by the hour (`da_hrl_lmps`); real time by five minutes, first
 * unverified, then verified, then settled (`rt_unverified_fivemin_lmps`, `rt_fivemin_hrl_lmps`, `rt_fivemin_mnt_lmps`), and
 * by the hour (`rt_unverified_hrl_lmps`, `rt_hrl_lmps`); both markets by the hour as settled (`rt_da_monthly_lmps`); and
 * what the look-ahead dispatch expects (`five_min_itsced_lmps`). Verified and settled prices are later statements of the
 * same price. `lmp = energy + congestion + loss`; unverified feeds print no energy.
 */

import type { PublishedField } from '../kit/contract.ts';
import { type Cells, type Layout, labelOf, type RecordPlace, shapeOf } from '../kit/tables/layout.ts';
import type { TableRecord } from '../kit/tables/record-table.ts';
import { rejectedRecord, type TableView } from '../kit/tables/table-dataset.ts';
import { publication, versionOf } from './body.ts';
import { clockOf, FIVE_MINUTES, HOURS, hasMinutes } from './clock.ts';

const UNIT = 'USD/MWh';

/** Fields of the price datasets. */
export const PRICE_FIELDS: readonly PublishedField[] = [
  { field: 'lmp', unit: UNIT, what: 'total price' },
  { field: 'energy', unit: UNIT, what: 'price of energy, the same everywhere' },
  { field: 'congestion', unit: UNIT, what: 'congestion part' },
  { field: 'loss', unit: UNIT, what: 'loss part' },
];
/** Fields of the feed that settles both markets in one row. */
export const SETTLED_FIELDS: readonly PublishedField[] = PRICE_FIELDS.flatMap((field) => [
  field,
  { ...field, field: `${field.field}_day_ahead`, what: `${field.what}, day-ahead` },
]);

const NODE_COLUMNS = [
  'pnodeid',
  'pnodename',
  'name',
  'type',
  'zone',
  'voltage',
  'equipment',
  'rowiscurrent',
  'occcheck',
  'refcaseidusedmultiinterval',
];

/** Nodes of one generator, load or line: several have one name, only their number tells them apart. */
const EQUIPMENT = /^(?:GEN|LOAD|EHV|TIE|EXT|BUS)$/i;

/** The name of a node as place; its number is the second label of a single piece of equipment. */
export function nodePlace(view: TableView): (record: TableRecord) => RecordPlace {
  const nameAt = view.columns.find('pnodename', 'name');
  const idAt = view.columns.find('pnodeid');
  const typeAt = view.columns.find('type');
  const versionAt = view.columns.find('versionnbr');
  return (record) => {
    const name = labelOf(record, nameAt);
    const id = labelOf(record, idAt);
    const version = labelOf(record, versionAt) ?? '';
    return {
      location: name ?? id,
      series: name !== null && EQUIPMENT.test(labelOf(record, typeAt) ?? '') ? id : null,
      ...versionOf(version),
    };
  };
}

const PARTS: readonly (readonly [column: string, field: string])[] = [
  ['totallmp', 'lmp'],
  ['systemenergyprice', 'energy'],
  ['congestionprice', 'congestion'],
  ['marginallossprice', 'loss'],
];

/** Price columns of the markets asked for, with the suffix that a field of each gets. */
function parts(view: TableView, markets: Readonly<Record<string, string>>): Cells {
  const measures = Object.entries(markets).flatMap(([market, suffix]) =>
    PARTS.map(([column, field]) => ({
      at: view.columns.find(`${column}${market}`),
      field: `${field}${suffix}`,
      unit: UNIT,
    })),
  );
  return { measures: measures.filter(({ at }) => at >= 0), place: nodePlace(view) };
}

const anyOf = (market: string): readonly string[] => PARTS.map(([column]) => `${column}${market}`);
const shape = (layout: Omit<Layout, 'ignored'>) => shapeOf({ ...layout, ignored: NODE_COLUMNS }, publication);

/** Kinds of price in Data Miner 1. */
const KINDS: Readonly<Record<string, string>> = {
  totallmp: 'lmp',
  conglmp: 'congestion',
  congestionlmp: 'congestion',
  losslmp: 'loss',
};

/** Data Miner 1: a price and its kind to a record. Which market it is only the name tells; without one it is day-ahead. */
const oldPrices = (realTime: boolean) =>
  shape({
    title: 'the prices of Data Miner 1: pnodeId, priceType, prices',
    needs: [['pricetype'], ['price'], ['pnodeid']],
    accepts: (view) => /real.?time|(?:^|[^a-z])rt/i.test(view.name) === realTime,
    clock: clockOf(HOURS),
    cells: (view) => {
      const kindAt = view.columns.find('pricetype');
      const placeOf = nodePlace(view);
      return {
        measures: [{ at: view.columns.find('price'), field: 'lmp', unit: UNIT }],
        place: (record) => {
          const kind = labelOf(record, kindAt) ?? '';
          const field = KINDS[kind.toLowerCase()];
          return field === undefined
            ? rejectedRecord(record, 'FIELD_UNKNOWN', 'priceType', 'TotalLMP, CongLMP, LossLMP', kind)
            : { ...placeOf(record), field };
        },
      };
    },
  });

/** Shapes of `da_lmp`. */
export const DAY_AHEAD = [
  oldPrices(false),
  shape({
    title: 'datetime_beginning_utc, pnode_name, total_lmp_da, …',
    needs: [anyOf('da'), ['pnodename', 'pnodeid']],
    lacks: ['totallmprt'],
    clock: clockOf(HOURS),
    cells: (view) => parts(view, { da: '' }),
  }),
];

/** All columns of the unverified prices by the hour; those by five minutes have more, the verified ones have a node's number. */
const UNVERIFIED = ['type', 'totallmprt', 'congestionpricert', 'marginallosspricert'];
const isUnverifiedHours = ({ columns }: TableView): boolean =>
  UNVERIFIED.every((name) => columns.has(name)) &&
  columns.has('pnodename', 'name') &&
  !columns.has('pnodeid', 'systemenergypricert');

/** Whether a table of real-time prices is that of five minutes; null when neither it nor its name tells. */
function isFiveMinutes(view: TableView): boolean | null {
  if (view.columns.has('refcaseidusedmultiinterval', 'occcheck')) return true;
  const feed = view.source ?? '';
  if (/fivemin/.test(feed)) return true;
  if (/hrl|hourly/.test(feed)) return false;
  const byStamps = hasMinutes(view);
  if (byStamps !== null) return byStamps;
  if (isUnverifiedHours(view)) return false;
  if (/five_?min|5_?min/i.test(view.name)) return true;
  return /hrl|hourly/i.test(view.name) ? false : null;
}

const realTime = (fiveMinutes: boolean) => ({
  title: `datetime_beginning_utc, pnode_name, total_lmp_rt, … by ${fiveMinutes ? 'five minutes' : 'the hour'}`,
  needs: [anyOf('rt'), ['pnodename', 'name', 'pnodeid']],
  lacks: ['totallmpda'],
  // Of a piece of a body nothing could be told: its stamps may all be full hours.
  tells: (view: TableView) => (isFiveMinutes(view) ?? fiveMinutes) === fiveMinutes,
  cells: (view: TableView) => parts(view, { rt: '' }),
});

/** Shapes of `rt_lmp`. */
export const REAL_TIME = [shape({ ...realTime(true), clock: clockOf(FIVE_MINUTES) })];
/** Shapes of `rt_lmp_hourly`. */
export const REAL_TIME_HOURLY = [oldPrices(true), shape({ ...realTime(false), clock: clockOf(HOURS) })];

/** Shapes of `settled_lmp`. */
export const SETTLED = [
  shape({
    title: 'datetime_beginning_utc, pnode_name, total_lmp_rt, total_lmp_da, …',
    needs: [['totallmprt'], ['totallmpda']],
    clock: clockOf(HOURS),
    cells: (view) => parts(view, { rt: '', da: '_day_ahead' }),
  }),
];

/** Shapes of `rt_lmp_expected`. */
export const EXPECTED = [
  shape({
    title: 'datetime_beginning_utc, pnode_name, itsced_lmp, marginal_congestion, marginal_loss',
    needs: [['itscedlmp']],
    clock: clockOf(FIVE_MINUTES),
    cells: (view) => ({
      measures: [
        { at: view.columns.find('itscedlmp'), field: 'lmp', unit: UNIT },
        { at: view.columns.find('marginalcongestion'), field: 'congestion', unit: UNIT },
        { at: view.columns.find('marginalloss'), field: 'loss', unit: UNIT },
      ].filter(({ at }) => at >= 0),
      place: nodePlace(view),
    }),
  }),
];
