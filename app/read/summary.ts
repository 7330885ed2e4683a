/** What is served of a market, in a few rows: for the end of a replay and the demo. */

import type { Row, Warehouse } from '../../core/ports/warehouse.ts';
import { isoTime } from './sql-time.ts';

/** One row per interval with its number of bars, and one for the latest values. */
export async function servedSummary(warehouse: Warehouse, tenant: string, market: string): Promise<Row[]> {
  const parameters = { tenant, market };
  const bars = await warehouse.queryRows(
    `SELECT concat('bars_', interval) AS served, toString(count()) AS rows, toString(uniqExact(instrument_id)) AS instruments,
  ${isoTime('min(interval_start)')} AS first, ${isoTime('max(interval_start)')} AS last
FROM bars_current WHERE tenant_id = {tenant:String} AND market = {market:String} GROUP BY interval ORDER BY min(interval_end - interval_start)`,
    parameters,
  );
  const latest = await warehouse.queryRows(
    `SELECT 'latest_prices' AS served, toString(count()) AS rows, toString(uniqExact(instrument_id)) AS instruments,
  ${isoTime('min(ts)')} AS first, ${isoTime('max(ts)')} AS last
FROM served_latest_prices WHERE tenant_id = {tenant:String} AND market = {market:String}`,
    parameters,
  );
  return [...bars, ...latest];
}
