/** Health, metrics, load, a store that is gone: what an operator sees at the ports of a process. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HTTP_SERVICES } from '../../../app/telemetry/http-service.ts';
import { METRIC_TABLE } from '../../../app/telemetry/metric-table.ts';
import { within } from '../../support/engine-server.ts';
import { parseExposition } from '../../support/exposition.ts';
import { CAPITL, errorIn, openServed, rowsIn, type Served } from './served-sample.ts';

let served: Served;
before(async () => {
  served = await openServed({ DATA_PROC_HTTP_MAX_QUERIES: '1', DATA_PROC_HTTP_TIMEOUT_SECONDS: '2' });
});
after(() => served.close());

test('every port says that it lives, is ready, and what it looked at', async () => {
  for (const service of HTTP_SERVICES) {
    const live = await served.ask('/livez', {}, service);
    assert.deepEqual([live.status, live.body['service']], [200, service]);
    assert.equal((await served.ask('/readyz', {}, service)).status, 200);
    const { body } = await served.ask('/readyz?verbose', {}, service);
    const checks = body['checks'] as { name: string; ok: boolean; detail: string }[];
    assert.deepEqual(
      checks.map(({ name }) => name),
      ['shutdown', 'warehouse', 'event log', 'reference store', 'policies', 'runners'],
    );
    assert.ok(checks.every(({ ok }) => ok));
    assert.match(checks[4].detail, new RegExp(served.stores.policies.version));
    const health = await served.ask('/health', {}, service);
    assert.deepEqual([health.body['live'], health.body['ready']], [true, true]);
  }
});

test('every port shows its metrics, and the counts are those of the pipeline', async () => {
  const texts = new Map<string, ReturnType<typeof parseExposition>>();
  for (const service of HTTP_SERVICES) {
    const { text, headers } = await served.ask('/metrics', {}, service);
    assert.match(String(headers.get('content-type')), /^text\/plain; version=0\.0\.4/);
    const found = parseExposition(text);
    for (const { name, services, type } of METRIC_TABLE)
      assert.equal(
        found.types.get(name),
        services === 'all' || services.includes(service) ? type : undefined,
        name,
      );
    texts.set(service, found);
  }
  const totals = served.worker.totals().stages;
  for (const [stage, total] of totals) {
    const value = (fate: string): number | undefined =>
      texts.get(stage)?.value(`carbon_stage_values_total{stage="${stage}",fate="${fate}"}`);
    assert.deepEqual([value('in'), value('out')], [total.in, total.out], stage);
    for (const [reason, n] of Object.entries(total.dropped))
      assert.equal(value(`dropped_${reason.toLowerCase()}`), n, `${stage} ${reason}`);
  }
  const normalization = texts.get('normalization');
  const records = (tenant: string): number | undefined =>
    normalization?.value(`normalization_records_processed_total{market="NYISO",tenant_id="${tenant}"}`);
  assert.deepEqual([records('default'), records('acme')], [2 * 345, 375]);
  assert.equal(
    normalization?.value('normalization_latency_seconds_count{market="NYISO"}'),
    normalization?.value('normalization_processing_latency_ms_count{market="NYISO"}'),
  );
  // A corrected window is stated anew from its first statement on.
  assert.equal(
    texts.get('aggregation')?.value('carbon_aggregation_bars_total{interval="1h",status="final"}'),
    1035 + 25 * 45 + 1,
  );
  assert.equal(
    texts.get('aggregation')?.value('carbon_aggregation_bars_total{interval="1h",status="revised"}'),
    1,
  );
  // So are the windows of the day that it is in: all of them, as first known and as known since.
  const rolling = (status: string): number | undefined =>
    texts.get('aggregation')?.value(`carbon_aggregation_rolling_total{interval="1h",status="${status}"}`);
  assert.deepEqual([rolling('final'), rolling('revised')], [1035 + 25 * 45 + 23, 23]);
  assert.equal(
    normalization?.value('connector_consumer_lag{topic="ingestion.nyiso.raw.v1",group="pipeline"}'),
    0,
  );
});

test('lag is right while nobody reads', async () => {
  const topic = 'ingestion.nyiso.raw.v1';
  const { log } = served.stores;
  const slices = await log.read(topic, 0, 0, 1);
  await log.append(topic, 0, [slices[0].bytes]);
  const { text } = await served.ask('/metrics', {}, 'normalization');
  const lag = parseExposition(text).value(`connector_consumer_lag{topic="${topic}",group="pipeline"}`);
  assert.equal(lag, slices[0].to - slices[0].from);
  await served.worker.catchUp();
  const after = parseExposition((await served.ask('/metrics', {}, 'normalization')).text);
  assert.equal(after.value(`connector_consumer_lag{topic="${topic}",group="pipeline"}`), 0);
});

test('reads wait their turn for as long as they may, and the pipeline does not wait for them', async () => {
  const begun = performance.now();
  const asked = Array.from({ length: 80 }, () =>
    served.ask(`/v1/bars/${CAPITL}?interval=1h&as_of=2099-01-01`),
  );
  const rows = await served.stores.warehouse.queryRows('SELECT 1 AS one');
  const waited = performance.now() - begun;
  assert.equal(rows.length, 1);
  const answers = await Promise.all(asked);
  const took = performance.now() - begun;
  const busy = answers.filter(({ status }) => status === 503);
  assert.ok(busy.length > 0, '80 at once are more than one at work and 64 waiting');
  for (const answer of answers) assert.ok([200, 503].includes(answer.status), answer.text);
  for (const answer of busy) {
    assert.equal(errorIn(answer)['code'], 'READ_BUSY');
    assert.ok(Number(answer.headers.get('retry-after')) > 0);
  }
  assert.ok(took < 5000, `two seconds is the longest that a read may take, all took ${took} ms`);
  assert.ok(waited < took / 2, `the pipeline's own question took ${waited} ms of ${took} ms`);
  assert.equal(rowsIn(await served.ask('/v1/latest?limit=1')).length, 1);
});

test('a reader that goes away in the middle of a stream leaves nothing behind', async () => {
  const url = `${served.http.urls.get('projection')}/v1/ticks/${CAPITL}`;
  for (let i = 0; i < 5; i++) {
    const response = await fetch(url, { headers: { accept: 'text/csv' } });
    await response.body?.cancel();
  }
  assert.equal((await served.ask('/v1/latest?limit=1')).status, 200);
});

test('readiness goes first; who asks is still answered until the close', async () => {
  served.http.drain();
  for (const service of HTTP_SERVICES) {
    const ready = await served.ask('/readyz', {}, service);
    assert.deepEqual([ready.status, ready.body['failed']], [503, ['shutdown']]);
    assert.equal((await served.ask('/livez', {}, service)).status, 200);
    assert.equal((await served.ask('/health', {}, service)).status, 503);
  }
  assert.equal((await served.ask('/v1/latest?limit=1')).status, 200);
});

test('a store that is gone: alive, not ready, 503 with Retry-After, and no words of the inside', async () => {
  await served.stores.warehouse.close();
  // What was looked at a moment ago is not looked at again: it is told with the next look.
  const { status, body } = await within(10_000, async () => {
    const ready = await served.ask('/readyz');
    return JSON.stringify(ready.body).includes('warehouse') ? ready : null;
  });
  assert.equal((await served.ask('/livez')).status, 200);
  assert.deepEqual([status, body['failed']], [503, ['shutdown', 'warehouse']]);
  const answer = await served.ask('/v1/latest');
  assert.deepEqual([answer.status, errorIn(answer)['code']], [503, 'STORE_UNREACHABLE']);
  assert.ok(Number(answer.headers.get('retry-after')) > 0);
  assert.equal((await served.ask('/metrics')).status, 200, 'metrics ask nothing of the warehouse');
});
