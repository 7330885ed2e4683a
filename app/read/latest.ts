/** Reading the latest values (G1): the newest one per instrument, or the one whose delivery interval holds now. */

import type { Queries, Row } from '../../core/ports/warehouse.ts';
import type { Micros } from '../../core/time/instant.ts';
import { limitTo, type Page } from './page.ts';
import { isoTime, sqlTime } from './sql-time.ts';

export interface LatestFilter {
  readonly tenant: string;
  /** Instrument ids; `*` stands for any text. Empty for all. */
  readonly instruments: readonly string[];
  readonly market: string | null;
  readonly field: string | null;
  /** The moment for in-delivery reads; null for the newest values. */
  readonly inDeliveryAt: Micros | null;
  /** As known at this time; for the newest values null reads what is served. */
  readonly asOf: Micros | null;
  /** The rows after the instrument named, and not more than so many; null for all. */
  readonly page?: Page | null;
}

/** Rows in order of instrument id. Throws what the store throws. */
export async function readLatest(warehouse: Queries, filter: LatestFilter): Promise<Row[]> {
  const conditions = ['tenant_id = {tenant:String}'];
  const parameters: Record<string, string | readonly string[]> = { tenant: filter.tenant };
  if (filter.market !== null) {
    conditions.push('market = {market:String}');
    parameters['market'] = filter.market;
  }
  if (filter.field !== null) {
    conditions.push('field = {field:String}');
    parameters['field'] = filter.field;
  }
  if (filter.instruments.length > 0) {
    conditions.push('arrayExists(pattern -> match(instrument_id, pattern), {patterns:Array(String)})');
    parameters['patterns'] = filter.instruments.map(patternOf);
  }
  const { after, limit } = filter.page ?? { after: null, limit: null };
  if (after !== null) {
    conditions.push('instrument_id > {after:String}');
    parameters['after'] = after[0];
  }
  return warehouse.queryRows(
    `SELECT instrument_id, toString(l.price) AS price, unit, ${isoTime('l.ts')} AS ts, ${isoTime('l.ts_end')} AS ts_end,
  ${isoTime('l.known_at')} AS known_at, toString(l.volume) AS volume, toString(l.bid) AS bid, toString(l.ask) AS ask, quality_flags
FROM (${valuesWhere(filter, conditions.join(' AND '))}) AS l ORDER BY instrument_id${limitTo(limit)}`,
    parameters,
  );
}

/** One row per instrument: what is served, what was newest at a time, or what holds at a time. */
function valuesWhere({ inDeliveryAt, asOf }: LatestFilter, conditions: string): string {
  if (inDeliveryAt !== null) {
    const known = sqlTime(asOf ?? inDeliveryAt);
    return `SELECT * FROM served_in_delivery(now = '${sqlTime(inDeliveryAt)}', as_of = '${known}') WHERE ${conditions}`;
  }
  if (asOf === null) return `SELECT * FROM served_latest_prices WHERE ${conditions}`;
  return `SELECT * FROM silver_as_of(as_of = '${sqlTime(asOf)}') WHERE ${conditions}
ORDER BY instrument_id, ts DESC, known_at DESC, seq DESC, toUInt128(event_id) DESC LIMIT 1 BY instrument_id`;
}

/** A regular expression for a name in which `*` stands for any text. */
export function patternOf(name: string): string {
  return `^${name.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`;
}
