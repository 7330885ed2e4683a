/** What the demo shows of the stores: a few well-known prices, a few bars, and where one of them comes from. */

import type { Row } from '../../core/ports/warehouse.ts';
import { DAY, type Micros } from '../../core/time/instant.ts';
import { ALL_TIME, readBars } from '../read/bars.ts';
import { findStatement, readPoints } from '../read/curves.ts';
import { readLatest } from '../read/latest.ts';
import { type Explanation, whyBar } from '../read/why.ts';
import type { Stores } from '../stores/open-stores.ts';

/** An instrument that people in its market know. */
interface Landmark {
  readonly instrument: string;
  readonly what: 'day-ahead' | 'real-time' | 'trade';
}

const LANDMARKS: readonly Landmark[] = [
  { instrument: 'CAISO.DA.LMP.TH_NP15_GEN-APND', what: 'day-ahead' },
  { instrument: 'CAISO.RT.LMP.TH_NP15_GEN-APND', what: 'real-time' },
  { instrument: 'MISO.DA.LMP.INDIANA.HUB', what: 'day-ahead' },
  { instrument: 'MISO.RT.LMP.INDIANA.HUB', what: 'real-time' },
  { instrument: 'NYISO.DA.LMP.N.Y.C.', what: 'day-ahead' },
  { instrument: 'NYISO.RT.LMP.N.Y.C.', what: 'real-time' },
  { instrument: 'NG_HH_BALMO', what: 'trade' },
];

/** Bars that are shown, and how many of each. */
const BARS: readonly { readonly instrument: string; readonly interval: string; readonly count: number }[] = [
  { instrument: 'NG_HH_BALMO', interval: '5m', count: 3 },
  { instrument: 'MISO.RT.LMP.INDIANA.HUB', interval: '1h', count: 2 },
  { instrument: 'NYISO.RT.LMP.N.Y.C.', interval: '1h', count: 2 },
  { instrument: 'CAISO.DA.LMP.TH_NP15_GEN-APND', interval: '1d', count: 1 },
];

/** A latest price and what it is. */
export interface LatestPrice {
  readonly what: Landmark['what'];
  /** As `readLatest` gives it. */
  readonly row: Row;
}

/** What is shown. */
export interface Overview {
  readonly at: Micros;
  readonly latest: readonly LatestPrice[];
  readonly bars: readonly Row[];
  /** Points of the gas curve, as `readPoints` gives them; none where there are no trades. */
  readonly curve: readonly Row[];
  /** The bar of an hour, back to its line; null when there is none yet. */
  readonly why: Explanation | null;
}

/** Reads the overview. A day-ahead price is the one of the hour in delivery, as the newest one is about tomorrow. */
export async function readOverview(stores: Stores): Promise<Overview> {
  const at = stores.clock.now();
  const explained = 'NYISO.DA.LMP.N.Y.C.';
  return {
    at,
    latest: await latestPrices(stores, at),
    bars: await recentBars(stores, at),
    curve: await curveNow(stores),
    why: await whyBar(stores, explained, '1h', at, null),
  };
}

async function curveNow({ warehouse, runtime }: Stores): Promise<Row[]> {
  const filter = { tenant: runtime.tenant, curve: 'NG_HH', asOfDate: null, asOf: null };
  const found = await findStatement(warehouse, filter);
  return found === null ? [] : readPoints(warehouse, filter.tenant, filter.curve, found);
}

async function latestPrices(stores: Stores, at: Micros): Promise<LatestPrice[]> {
  const read = async (whats: readonly Landmark['what'][], inDeliveryAt: Micros | null): Promise<Row[]> =>
    readLatest(stores.warehouse, {
      tenant: stores.runtime.tenant,
      instruments: LANDMARKS.filter(({ what }) => whats.includes(what)).map(({ instrument }) => instrument),
      market: null,
      field: null,
      inDeliveryAt,
      asOf: null,
    });
  const rows = [...(await read(['day-ahead'], at)), ...(await read(['real-time', 'trade'], null))];
  return LANDMARKS.flatMap(({ instrument, what }) => {
    const row = rows.find((each) => each['instrument_id'] === instrument);
    return row === undefined ? [] : [{ what, row }];
  });
}

/** The newest bars of windows that are closed. */
async function recentBars(stores: Stores, at: Micros): Promise<Row[]> {
  const { tenant } = stores.runtime;
  const found: Row[] = [];
  for (const { instrument, interval, count } of BARS) {
    const filter = { tenant, instrument, interval, from: Math.max(ALL_TIME.from, at - 3 * DAY), to: at };
    const rows = await readBars(stores.warehouse, filter, false);
    const closed = rows.filter(({ status }) => status !== 'provisional');
    const over = closed.filter((row) => Date.parse(String(row['interval_end'])) * 1000 <= at);
    found.push(...over.slice(-count));
  }
  return found;
}
