/** DATA_PROC_CLOUD_EVENTS_TOPICS: topics that it names bear the headers of CloudEvents, others do not. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carbon, newFolder, type Row, rowsOf, SPRING } from './carbon.ts';

test('the topics named bear the headers, with the id of the event; all bear those of the trace', async () => {
  const data = newFolder();
  const variables = { DATA_PROC_CLOUD_EVENTS_TOPICS: 'served.*, data.quality.*' };
  const { exit, stderr } = await carbon(['--data', data, 'replay', SPRING], variables);
  assert.equal(exit, 0, stderr);
  const headersOf = async (topic: string): Promise<Row[]> =>
    (await rowsOf(data, 'tap', topic, '--limit', '5')).map((row) => ({
      ...(row['headers'] as Row),
      event_id: (row['value'] as Row)['event_id'],
    }));
  const served = await headersOf('served.market.latest_prices.v1');
  assert.equal(served.length, 5);
  for (const headers of served) {
    assert.equal(headers['ce_id'], headers['event_id']);
    assert.equal(headers['ce_type'], 'com.carbon254.served.market.latest_prices.v1');
    assert.equal(headers['content-type'], 'application/avro');
    assert.ok(!('ce_dataschema' in headers), 'nobody outside can ask files for a schema');
  }
  for (const topic of ['ingestion.nyiso.raw.v1', 'aggregation.ohlc.bars.v1'])
    for (const headers of await headersOf(topic)) {
      assert.ok(!('ce_id' in headers), topic);
      assert.match(String(headers['trace_id']), /^[0-9a-f]{32}$/);
    }
});

test('what cannot be the name of a topic is refused', async () => {
  const { exit, stderr } = await carbon(['config', 'validate'], {
    DATA_PROC_CLOUD_EVENTS_TOPICS: 'served/latest',
  });
  assert.equal(exit, 78);
  assert.match(stderr, /DATA_PROC_CLOUD_EVENTS_TOPICS/);
});
