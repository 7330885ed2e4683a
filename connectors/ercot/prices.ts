/**
 * ERCOT prices of energy: day-ahead settlement points (NP4-190, yearly NP4-180), day-ahead buses (NP4-183), real-time
 * settlement points by the quarter of an hour (NP6-905, yearly NP6-785), prices of each dispatch at settlement points
 * (NP6-788) and buses (NP6-787), and the corrections of all of them (NP4-196, NP4-197), which are later statements of the
 * same price. Prices of settlement points have no parts.
 */

import type { PublishedField } from '../kit/contract.ts';
import {
  type Cells,
  type Clock,
  CONTIGUOUS,
  cellText,
  FORWARD,
  type Layout,
  ofFiles,
} from '../kit/tables/layout.ts';
import type { TableView } from '../kit/tables/table-dataset.ts';
import { dispatchClock, fiveMinuteClock, hourlyClock, quarterClock, quarterEndClock } from './clock.ts';
import { ercotShape } from './shapes.ts';

/** Unit of every energy price. */
export const PRICE_UNIT = 'USD/MWh';

/** Fields of the price datasets. */
export const PRICE_FIELDS: readonly PublishedField[] = [
  { field: 'lmp', unit: PRICE_UNIT, what: 'settlement point price, or price of the dispatch' },
  { field: 'lmp_original', unit: PRICE_UNIT, what: 'in corrections: the price as it was published before' },
];

const POINTS = ['settlementpoint', 'settlementpointname'];
const POINT_PRICES = ['settlementpointprice'];
const BUSES = ['busname', 'electricalbus', 'electricbusname'];
const CORRECTED = ['sppcorrected', 'lmpcorrected'];
const ORIGINAL = ['spporiginal', 'lmporiginal'];

/** Types of load zones whose price is weighted by energy; the zone's other price has the same name. */
const WEIGHTED = /^LZ(?:_DC)?EW$/i;

/** One price per record at a named place. */
function placed(view: TableView, places: readonly string[], prices: readonly string[]): Cells | null {
  const { columns } = view;
  const placeAt = columns.find(...places);
  const typeAt = columns.find('settlementpointtype');
  const priceAt = columns.find(...prices);
  if (placeAt < 0 || priceAt < 0) return null;
  const originalAt = columns.find(...ORIGINAL);
  const price = { at: priceAt, field: 'lmp', unit: PRICE_UNIT };
  return {
    measures: originalAt < 0 ? [price] : [price, { ...price, at: originalAt, field: 'lmp_original' }],
    place: (record) => {
      const type = (cellText(record, typeAt) ?? '').trim();
      return {
        location: (cellText(record, placeAt) ?? '').trim(),
        series: WEIGHTED.test(type) ? type.toUpperCase() : null,
      };
    },
  };
}

function priced(
  title: string,
  clock: (view: TableView) => Clock | null,
  places: readonly string[],
  prices: readonly string[],
  more: Pick<Layout, 'needs'> & Partial<Layout>,
): Layout {
  return { title, clock, cells: (view) => placed(view, places, prices), ...more };
}

/** Columns of the display pages: hubs and zones by name. */
const WIDE_POINT = /^(?:HB|LZ|DC)_\w+$/i;

/** One column per hub and zone, as the display pages print them. */
function wide(view: TableView): Cells | null {
  const taken = view.columns.take((_name, printed) =>
    WIDE_POINT.test(printed) ? printed.toUpperCase() : null,
  );
  if (taken.length === 0) return null;
  return {
    measures: taken.map(({ at, of }) => ({ at, field: 'lmp', unit: PRICE_UNIT, location: of })),
    place: () => ({ location: null, series: null }),
  };
}

const HOURLY = [
  ['deliverydate', 'operday'],
  ['hourending', 'deliveryhour'],
] as const;
const QUARTERLY = [...HOURLY, ['deliveryinterval']] as const;
const SCED = [['scedtimestamp']] as const;

/** A file of one day has each hour; yearly sheets may have days on which the market did not run. */
function wholeDay(view: TableView): ReturnType<NonNullable<Layout['coverage']>> {
  const dateAt = view.columns.find('deliverydate', 'operday');
  const days = new Set(view.records.map((record) => record.cells[dateAt]));
  return ofFiles(days.size === 1 ? CONTIGUOUS : FORWARD)(view);
}

const LACKS_QUARTER = ['deliveryinterval', 'scedtimestamp'];

/** Shapes of `da_lmp`. */
export const DAY_AHEAD_POINTS = [
  priced(
    'DeliveryDate, HourEnding, SettlementPoint, SettlementPointPrice',
    hourlyClock,
    POINTS,
    POINT_PRICES,
    {
      needs: [...HOURLY, POINTS, POINT_PRICES],
      // Disclosed awards print the price at their point once for each award.
      lacks: [...LACKS_QUARTER, 'qsename'],
      coverage: wholeDay,
    },
  ),
  priced(
    'DeliveryDate, DeliveryHour, SettlementPoint, SPPOriginal, SPPCorrected',
    hourlyClock,
    POINTS,
    CORRECTED,
    {
      needs: [...HOURLY, POINTS, ['sppcorrected']],
      lacks: LACKS_QUARTER,
      coverage: () => null,
    },
  ),
  {
    title: 'Oper Day, Hour Ending, HB_…, LZ_…',
    needs: [
      ['operday', 'deliverydate'],
      ['hourending'],
      ['hbhubavg', 'hbbusavg', 'hbnorth', 'lznorth', 'lzwest', 'lzhouston'],
    ],
    clock: hourlyClock,
    cells: wide,
  },
].map(ercotShape);

/** Shapes of `da_lmp_bus`. */
export const DAY_AHEAD_BUSES = [
  priced('DeliveryDate, HourEnding, BusName, LMP', hourlyClock, BUSES, ['lmp'], {
    needs: [...HOURLY, BUSES, ['lmp']],
    coverage: wholeDay,
  }),
  priced('DeliveryDate, DeliveryHour, ElectricBusName, LMPCorrected', hourlyClock, BUSES, CORRECTED, {
    needs: [...HOURLY, BUSES, ['lmpcorrected']],
    coverage: () => null,
  }),
].map(ercotShape);

/** Shapes of `rt_lmp`. */
export const REAL_TIME_POINTS = [
  priced(
    'DeliveryDate, DeliveryHour, DeliveryInterval, SettlementPointName, SettlementPointPrice',
    quarterClock,
    POINTS,
    POINT_PRICES,
    {
      needs: [...QUARTERLY, POINTS, POINT_PRICES],
      // Nodes of one plant may share a name in the files of an interval; the yearly ones hold hubs and zones alone.
      coverage: (view) => (view.columns.has('repeatedhourflag') ? ofFiles(FORWARD)(view) : null),
    },
  ),
  priced(
    'DeliveryDate, DeliveryHour, DeliveryInterval, SettlementPointName, SPPCorrected',
    quarterClock,
    POINTS,
    CORRECTED,
    {
      needs: [...QUARTERLY, POINTS, ['sppcorrected']],
      coverage: () => null,
    },
  ),
  {
    title: 'Oper Day, Interval Ending, HB_…, LZ_…',
    needs: [
      ['operday', 'deliverydate'],
      ['intervalending'],
      ['hbhubavg', 'hbbusavg', 'hbnorth', 'lznorth', 'lzwest', 'lzhouston'],
    ],
    clock: quarterEndClock,
    cells: wide,
  },
].map(ercotShape);

/** Shapes of `rt_lmp_sced`. */
export const DISPATCH_POINTS = [
  priced('SCEDTimestamp, RepeatedHourFlag, SettlementPoint, LMP', dispatchClock, POINTS, ['lmp'], {
    needs: [...SCED, POINTS, ['lmp']],
  }),
  priced('SCEDTimestamp, SettlementPoint, LMPOriginal, LMPCorrected', dispatchClock, POINTS, CORRECTED, {
    needs: [...SCED, POINTS, ['lmpcorrected']],
    coverage: () => null,
  }),
].map(ercotShape);

/** Shapes of `rt_lmp_bus`. */
export const DISPATCH_BUSES = [
  priced('SCEDTimestamp, RepeatedHourFlag, ElectricalBus, LMP', dispatchClock, BUSES, ['lmp'], {
    needs: [...SCED, BUSES, ['lmp']],
  }),
  priced('SCEDTimestamp, ElectricBusName, LMPOriginal, LMPCorrected', dispatchClock, BUSES, CORRECTED, {
    needs: [...SCED, BUSES, ['lmpcorrected']],
    coverage: () => null,
  }),
].map(ercotShape);

/** Shapes of `rt_lmp_indicative`: the look-ahead dispatch, of which each run gives eleven intervals. */
export const INDICATIVE_POINTS = [
  priced('RTDTimestamp, IntervalEnding, SettlementPoint, LMP', fiveMinuteClock, POINTS, ['lmp'], {
    needs: [['rtdtimestamp'], ['intervalending'], POINTS, ['lmp']],
    ignored: ['repeatedhourflag', 'repeathourflag', 'intervalid'],
  }),
].map(ercotShape);
