/** Record batches that enrichment writes: of a size that brokers take, however large the batch was that came. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_BATCH_BYTES } from '../../../core/codec/topics/routing.ts';
import { Names } from '../../../core/model/names.ts';
import { TickBatch } from '../../../core/model/tick-batch.ts';
import type { Emission, RecordsEmission } from '../../../core/stage/emission.ts';
import { enrichmentEmissions } from '../../../services/enrichment/service.ts';

const ROWS = 20_000;
const PARTS = { market: 'ERCOT', product: 'TRADE', location: '', field: 'price', unit: 'USD/MWh' };

test('no record batch of enriched ticks is larger than a broker takes, and none of them is lost', () => {
  const ticks = new TickBatch(new Names(), ROWS);
  const { instruments, topics } = ticks.names;
  for (let i = 0; i < ROWS; i++) {
    ticks.reserve();
    ticks.instrument[i] = instruments.idOf(`ERCOT.TRADE.NODE_${i % 10}`, PARTS);
    ticks.srcTopic[i] = topics.idOf('ingestion.ercot.raw.v1');
    ticks.srcOffset[i] = i;
  }
  const taxa = [{ commodity: 'power', region: '', productTier: '', tags: [], confidence: 1, version: 1 }];
  const output = { ticks, taxonomyOf: new Uint32Array(ROWS), taxa, learned: [] };
  const balance = { in: ROWS, out: ROWS, rejected: 0, held: 0, dropped: {}, reinstated: 0 };
  const emissions = enrichmentEmissions(
    { output, rejected: [], anomalies: [], held: [], balance },
    { producer: 'test', feeds: () => true, schemaId: () => 1, partitions: () => 1 },
  );
  const records = emissions.filter((each: Emission): each is RecordsEmission => each.kind === 'records');
  assert.ok(records.length > 1);
  assert.ok(records.every(({ batch }) => batch.length <= MAX_BATCH_BYTES));
  assert.equal(
    records.reduce((sum, { count }) => sum + count, 0),
    ROWS,
  );
});
