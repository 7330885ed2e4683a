/** Raw events as producers write them to a topic themselves. */

import { RecordBatchWriter } from '../../../core/codec/kafka/record-batch.ts';
import { openSqliteLog } from '../../../drivers/sqlite-log/event-log.ts';

/** A trade of NG_HH_BALMO on MISO in the nested JSON form, known and done at the times given (ISO 8601). */
export function tradeAt(knownAt: string, at: string, tenant: string, price: string): string {
  return `{
  "envelope": {"event_type": "ingestion.miso.raw.v1", "event_id": "uuid", "timestamp": "${knownAt}",
    "tenant_id": "${tenant}", "source": "ingestion.miso", "version": "1.0"},
  "payload": {"market": "MISO", "instrument_id": "NG_HH_BALMO",
    "raw_data": {"timestamp": "${at}", "price": ${price}, "volume": 1000, "bid": 2.50, "ask": 2.60}}}`;
}

/** Appends one record to a partition of a data directory's log; returns its offset. */
export async function appendRaw(
  data: string,
  topic: string,
  partition: number,
  text: string,
): Promise<number> {
  const log = openSqliteLog({ path: `${data}/log.sqlite` });
  try {
    const bytes = new TextEncoder().encode(text);
    const writer = new RecordBatchWriter();
    writer.add(Date.now(), null, 0, 0, bytes, 0, bytes.length);
    return await log.append(topic, partition, [writer.finish()]);
  } finally {
    await log.close();
  }
}
