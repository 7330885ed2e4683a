/** Rows of a raw batch as plain values, without dense ids: for comparing what two readers made of one record. */

import type { RawBatch } from '../../core/model/raw-batch.ts';

const decoder = new TextDecoder();

/** What a batch says of its rows. Values are `[field, text, unit]`, an empty text for a null. */
export function rawBatchRows(batch: RawBatch) {
  const { names: n } = batch;
  return Array.from({ length: batch.length }, (_, i) => ({
    tenant: n.tenants.nameOf(batch.tenant[i]),
    market: n.markets.nameOf(batch.market[i]),
    source: n.sources.nameOf(batch.source[i]),
    dataset: n.datasets.nameOf(batch.dataset[i]),
    location: n.locations.nameOf(batch.location[i]),
    series: n.series.nameOf(batch.series[i]),
    rule: n.rules.nameOf(batch.rule[i]),
    trace: n.traces.nameOf(batch.trace[i]),
    archive: n.archives.nameOf(batch.archive[i]),
    times: [batch.eventStart[i], batch.eventEnd[i], batch.knownAt[i]],
    sequence: [batch.hasSequence[i], batch.sequence[i]],
    tradeId: batch.tradeId[i],
    cancels: batch.cancels[i],
    row: batch.row[i],
    values: Array.from({ length: batch.firstValue[i + 1] - batch.firstValue[i] }, (_, k) => {
      const v = batch.firstValue[i] + k;
      const text = decoder.decode(batch.bytes.subarray(batch.valueFrom[v], batch.valueTo[v]));
      return [n.fields.nameOf(batch.field[v]), text, n.units.nameOf(batch.unit[v])];
    }),
  }));
}
