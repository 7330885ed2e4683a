/** Reading the latest values (G1): the newest one per instrument, or the one whose delivery interval holds now. */

import { formatInstant, type Micros } from '../../core/time/instant.ts';
import type { Row, Warehouse } from '../../core/ports/warehouse.ts';

export interface LatestFilter {
  readonly tenant: string;
  /** Instrument ids; `*` stands for any text. Empty for all. */
  readonly instruments: readonly string[];
  readonly market: string | null;
  readonly field: string | null;
  /** The moment for in-delivery reads; null for the newest values. */
  readonly inDeliveryAt: Micros | null;
}

/** Rows in order of instrument id. */
export async function readLatest(warehouse: Warehouse, filter: LatestFilter): Promise<Row[]> {
  const source = filter.inDeliveryAt === null ? 'served_latest_prices' : `served_in_delivery(now = '${formatInstant(filter.inDeliveryAt).replace('T', ' ').replace('Z', '')}')`;
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
    `SELECT instrument_id, toString(price) AS price, unit, formatDateTime(ts, '%FT%TZ') AS ts, formatDateTime(ts_end, '%FT%TZ') AS ts_end,
  formatDateTime(known_at, '%FT%TZ') AS known_at, toString(volume) AS volume, quality_flags
FROM ${source} WHERE ${conditions.join(' AND ')} ORDER BY instrument_id`,
    parameters,
  );
}

/** A regular expression for a name in which `*` stands for any text. */
export function patternOf(name: string): string {
  return `^${name.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`;
}
