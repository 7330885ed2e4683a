/** Finding instruments, by their parts or by a part of their name. */

import type { Queries, Row } from '../../core/ports/warehouse.ts';
import { limitTo, type Page } from './page.ts';

/** What to tell someone whose question about an instrument has no answer: it is known, or these have a like name. */
export async function whyNothing(warehouse: Queries, tenant: string, word: string): Promise<string> {
  const rows = await warehouse.queryRows(
    `SELECT instrument_id, toString(ngramDistanceCaseInsensitiveUTF8(instrument_id, {word:String})) AS distance
FROM served_latest FINAL WHERE tenant_id = {tenant:String}
ORDER BY instrument_id != {word:String}, toFloat32(distance), instrument_id LIMIT 5`,
    { tenant, word },
  );
  if (rows.length === 0) return 'nothing is stored yet; carbon replay FILE takes a payload in';
  if (rows[0]?.['instrument_id'] === word) return `${word} is known, but has no answer to this question`;
  const alike = rows.filter((row) => Number(row['distance']) < 1).map((row) => String(row['instrument_id']));
  return alike.length === 0
    ? `no instrument ${word}, nor one with a like name`
    : `no instrument ${word}; some with a like name: ${alike.join(', ')}`;
}

/** Parts that instruments are chosen by; null for any. */
export interface InstrumentsFilter {
  readonly tenant: string;
  readonly market: string | null;
  readonly product: string | null;
  readonly location: string | null;
  readonly field: string | null;
  /** A part of the id, in any case. */
  readonly search: string | null;
  readonly page: Page | null;
}

/** Instruments that ever had a value, with what the taxonomy says about them, in order of id. */
export function readInstruments(warehouse: Queries, filter: InstrumentsFilter): Promise<Row[]> {
  const conditions = ['tenant_id = {tenant:String}'];
  const parameters: Record<string, string> = { tenant: filter.tenant };
  for (const part of ['market', 'product', 'location', 'field'] as const) {
    const value = filter[part];
    if (value === null) continue;
    conditions.push(`${part} = {${part}:String}`);
    parameters[part] = value;
  }
  if (filter.search !== null) {
    conditions.push('positionCaseInsensitiveUTF8(instrument_id, {search:String}) > 0');
    parameters['search'] = filter.search;
  }
  const after = filter.page?.after ?? null;
  if (after !== null) {
    conditions.push('instrument_id > {after:String}');
    parameters['after'] = after[0];
  }
  return warehouse.queryRows(
    `SELECT s.instrument_id AS instrument_id, market, product, location, field, unit, s.source_id AS source, dataset,
  nullIf(x.commodity, '') AS commodity, nullIf(x.region, '') AS region, nullIf(x.product_tier, '') AS product_tier,
  x.tags AS tags, x.confidence AS confidence
FROM (SELECT * FROM served_latest FINAL WHERE ${conditions.join(' AND ')} ORDER BY instrument_id${limitTo(filter.page?.limit ?? null)}) AS s
LEFT JOIN (SELECT * FROM taxonomy FINAL WHERE tenant_id = {tenant:String}) AS x ON s.instrument_id = x.instrument_id
ORDER BY s.instrument_id`,
    parameters,
  );
}

/** Whether a tenant ever had a value of the instrument. */
export async function isKnown(warehouse: Queries, tenant: string, instrument: string): Promise<boolean> {
  const rows = await warehouse.queryRows(
    `SELECT 1 AS one FROM served_latest WHERE tenant_id = {tenant:String} AND instrument_id = {instrument:String} LIMIT 1`,
    { tenant, instrument },
  );
  return rows.length > 0;
}
