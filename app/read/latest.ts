/** Reading the latest values (G1): the newest one per instrument, or the one whose delivery interval holds now. */

import type { Row, Warehouse } from '../../core/ports/warehouse.ts';
import type { Micros } from '../../core/time/instant.ts';
import { isoTime, sqlTime } from './sql-time.ts';

export interface LatestFilter {
  readonly tenant: string;
  /** Instrument ids; `*` stands for any text. Empty for all. */
  readonly instruments: readonly string[];
  readonly market: string | null;
  readonly field: string | null;
  /** The moment for in-delivery reads; null for the newest values. */
  readonly inDeliveryAt: Micros | null;
  /** In-delivery values as known at this time. */
  readonly asOf: Micros;
}

/** Rows in order of instrument id. */
export async function readLatest(warehouse: Warehouse, filter: LatestFilter): Promise<Row[]> {
  const source =
    filter.inDeliveryAt === null
      ? 'served_latest_prices'
      : `served_in_delivery(now = '${sqlTime(filter.inDeliveryAt)}', as_of = '${sqlTime(filter.asOf)}')`;
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
  return warehouse.queryRows(
    `SELECT instrument_id, toString(l.price) AS price, unit, ${isoTime('l.ts')} AS ts, ${isoTime('l.ts_end')} AS ts_end,
  ${isoTime('l.known_at')} AS known_at, toString(l.volume) AS volume, toString(l.bid) AS bid, toString(l.ask) AS ask, quality_flags
FROM (SELECT * FROM ${source} WHERE ${conditions.join(' AND ')}) AS l ORDER BY instrument_id`,
    parameters,
  );
}

/** A regular expression for a name in which `*` stands for any text. */
export function patternOf(name: string): string {
  return `^${name.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`;
}
