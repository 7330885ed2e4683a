/**
 * ERCOT clearing prices of capacity: day-ahead (NP4-188 with a product per record, yearly NP4-181 with a product per
 * column, corrections), and since the market clears reserves with energy (5 December 2025) also of the quarter of an hour
 * (NP6-331) and of each dispatch (NP6-332). Prices are those of the whole system.
 */

import type { PublishedField } from '../kit/contract.ts';
import { type Cells, type Clock, cellText, FORWARD, type Layout, ofFiles } from '../kit/tables/layout.ts';
import { rejectedRecord, type TableView } from '../kit/tables/table-dataset.ts';
import { dispatchClock, fiveMinuteClock, hourlyClock, quarterClock } from './clock.ts';
import { ercotShape, SYSTEM } from './shapes.ts';

const UNIT = 'USD/MW';

/** Products, by their names without marks and in lower case. ECRS came on 10 June 2023. */
const PRODUCTS: ReadonlyMap<string, string> = new Map([
  ['regup', 'mcp_regup'],
  ['regdn', 'mcp_regdn'],
  ['regdown', 'mcp_regdn'],
  ['rrs', 'mcp_rrs'],
  ['nspin', 'mcp_nspin'],
  ['nonspin', 'mcp_nspin'],
  ['ecrs', 'mcp_ecrs'],
]);

/** Fields of the datasets of clearing prices. */
export const RESERVE_FIELDS: readonly PublishedField[] = [
  { field: 'mcp_regup', unit: UNIT, what: 'price of regulation up' },
  { field: 'mcp_regdn', unit: UNIT, what: 'price of regulation down' },
  { field: 'mcp_rrs', unit: UNIT, what: 'price of responsive reserve' },
  { field: 'mcp_nspin', unit: UNIT, what: 'price of non-spinning reserve' },
  { field: 'mcp_ecrs', unit: UNIT, what: 'price of contingency reserve' },
];

const TYPES = ['ancillarytype', 'astype'];

/** A product per record. */
function long(view: TableView, prices: readonly string[]): Cells | null {
  const typeAt = view.columns.find(...TYPES);
  const priceAt = view.columns.find(...prices);
  if (typeAt < 0 || priceAt < 0) return null;
  return {
    measures: [{ at: priceAt, field: 'mcp', unit: UNIT }],
    place: (record) => {
      const printed = (cellText(record, typeAt) ?? '').trim();
      const field = PRODUCTS.get(printed.toLowerCase());
      if (field !== undefined) return { ...SYSTEM, field };
      const known = [...new Set(PRODUCTS.keys())].join(', ');
      return rejectedRecord(record, 'FIELD_UNKNOWN', 'ancillary type', known, printed);
    },
  };
}

/** A product per column. */
function wide(view: TableView): Cells | null {
  const taken = view.columns.take((name) => PRODUCTS.get(name) ?? null);
  return {
    measures: taken.map(({ at, of }) => ({ at, field: of, unit: UNIT })),
    place: () => SYSTEM,
  };
}

const HOURLY = [
  ['deliverydate', 'operday'],
  ['hourending', 'deliveryhour'],
] as const;
const ONE = ['regup', 'regdn', 'rrs', 'nspin'];

function listed(
  clock: (view: TableView) => Clock | null,
  more: Pick<Layout, 'needs'> & Partial<Layout>,
): Layout {
  return {
    title: `${more.needs.map(([name]) => name).join(', ')}, AncillaryType, MCPC`,
    clock,
    cells: (view) => long(view, ['mcpccorrected', 'mcpc']),
    ignored: ['mcpcoriginal'],
    ...more,
    needs: [...more.needs, TYPES, ['mcpc', 'mcpccorrected']],
  };
}

/** Shapes of `da_as_prices`. */
export const DAY_AHEAD_RESERVES = [
  listed(hourlyClock, {
    needs: HOURLY,
    lacks: ['deliveryinterval', 'scedtimestamp', 'sasmid'],
    coverage: (view) => (view.columns.has('mcpccorrected') ? null : ofFiles(FORWARD)(view)),
  }),
  {
    title: 'Delivery Date, Hour Ending, Repeated Hour Flag, REGDN, REGUP, RRS, NSPIN',
    needs: [...HOURLY, ...ONE.map((name) => [name])],
    // Offers of reserves have the same columns and more.
    lacks: ['onns', 'offns', 'deliveryinterval', 'scedtimestamp', 'rrspfr'],
    clock: hourlyClock,
    cells: wide,
  },
].map(ercotShape);

/** Shapes of `rt_as_prices`. */
export const REAL_TIME_RESERVES = [
  listed(quarterClock, { needs: [...HOURLY, ['deliveryinterval']], lacks: ['scedtimestamp'] }),
].map(ercotShape);

/** Shapes of `rt_as_prices_sced`. */
export const DISPATCH_RESERVES = [
  listed(dispatchClock, { needs: [['scedtimestamp']], coverage: ofFiles(FORWARD) }),
].map(ercotShape);

/** Shapes of `rt_as_prices_indicative`: a look-ahead run gives a price for each of its intervals. */
export const INDICATIVE_RESERVES = [
  listed(fiveMinuteClock, {
    needs: [['rtdtimestamp'], ['intervalending']],
    ignored: ['repeatedhourflag', 'repeathourflag', 'intervalid'],
    coverage: ofFiles(FORWARD),
  }),
].map(ercotShape);
