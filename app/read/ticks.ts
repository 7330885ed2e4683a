/** Reading ticks: the version of each value that counts now, or that counted at a moment. */

import type { Queries, Row } from '../../core/ports/warehouse.ts';
import type { Micros } from '../../core/time/instant.ts';
import { limitTo, type Page } from './page.ts';
import { isoTime, microsOf, sqlTime } from './sql-time.ts';

/** Which ticks: of one instrument, whose event starts in `[from, to)`. */
export interface TicksFilter {
  readonly tenant: string;
  readonly instrument: string;
  readonly from: Micros;
  readonly to: Micros;
  /** As known at this time; null for now. */
  readonly asOf: Micros | null;
  readonly page: Page | null;
}

/** Where a tick stands in the order: unique among the versions that count at one time. */
export function placeOfTick(row: Row): string[] {
  const { ts, source, dataset, trade_id: trade, sequence } = row;
  return [ts, source, dataset, trade ?? '', sequence ?? ''].map(String);
}

/** Ticks in order of event start, then source, dataset, trade and sequence. Withdrawn values are absent. */
export function readTicks(warehouse: Queries, filter: TicksFilter): Promise<Row[]> {
  const { tenant, instrument, from, to, asOf, page } = filter;
  const view = asOf === null ? 'silver_current' : `silver_as_of(as_of = '${sqlTime(asOf)}')`;
  const parameters: Record<string, string | number> = { tenant, instrument, from, to };
  let goOn = '';
  if (page?.after != null) {
    const [ts, source, dataset, trade, sequence] = page.after;
    Object.assign(parameters, {
      afterTs: microsOf(ts),
      afterSource: source,
      afterDataset: dataset,
      afterTrade: trade,
      afterHas: sequence === '' ? 0 : 1,
      afterSeq: sequence === '' ? '0' : sequence,
    });
    goOn = `
  AND (ts, source_id, dataset, trade_id, has_seq, seq) > (fromUnixTimestamp64Micro({afterTs:Int64}, 'UTC'), {afterSource:String}, {afterDataset:String}, {afterTrade:String}, {afterHas:UInt8}, {afterSeq:UInt64})`;
  }
  return warehouse.queryRows(
    `SELECT instrument_id, ${isoTime('t.ts')} AS ts, ${isoTime('t.ts_end')} AS ts_end, ${isoTime('t.known_at')} AS known_at,
  toString(t.price) AS price, toString(t.volume) AS volume, toString(t.bid) AS bid, toString(t.ask) AS ask, unit, quality_flags,
  source_id AS source, dataset, if(has_seq = 1, toString(seq), NULL) AS sequence, nullIf(trade_id, '') AS trade_id,
  toString(event_id) AS event_id, nullIf(toString(archive_sha256), '') AS payload_sha256, archive_row AS payload_row
FROM (
  SELECT * FROM ${view}
  WHERE tenant_id = {tenant:String} AND instrument_id = {instrument:String}
    AND ts >= fromUnixTimestamp64Micro({from:Int64}, 'UTC') AND ts < fromUnixTimestamp64Micro({to:Int64}, 'UTC')${goOn}
) AS t ORDER BY t.ts, t.source_id, t.dataset, t.trade_id, t.has_seq, t.seq${limitTo(page?.limit ?? null)}`,
    parameters,
  );
}
