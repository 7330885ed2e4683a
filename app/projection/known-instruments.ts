/** The instruments of a projection in pages: those that silver or the served table knows. */

import type { Queries, SqlParameters } from '../../core/ports/warehouse.ts';
import type { Micros } from '../../core/time/instant.ts';
import { sqlTime } from '../read/sql-time.ts';

/**
 * Ids in their order, from the one after `after` on, at most `limit`: those of which a value became known since a time, or
 * all that have a version in silver or a row in the served table. An empty list ends the pages.
 */
export async function instrumentsAfter(
  warehouse: Queries,
  tenant: string,
  since: Micros | null,
  after: string,
  limit: number,
): Promise<string[]> {
  const known = `SELECT DISTINCT instrument_id FROM silver_ticks
WHERE tenant_id = {tenant:String} AND instrument_id > {after:String}`;
  const served = `SELECT instrument_id FROM served_latest
WHERE tenant_id = {tenant:String} AND instrument_id > {after:String}`;
  const from =
    since === null ? `${known} UNION DISTINCT ${served}` : `${known} AND known_at >= '${sqlTime(since)}'`;
  const parameters: SqlParameters = { tenant, after, limit };
  const rows = await warehouse.queryRows(
    `SELECT instrument_id FROM (${from}) ORDER BY instrument_id LIMIT {limit:UInt32}`,
    parameters,
  );
  return rows.map((row) => String(row['instrument_id']));
}
