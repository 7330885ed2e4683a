/** DATA_PROC_CONSUMER_GROUP: normalization reads under it, everybody who asks how far it is knows it, and nobody else has it. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runtimeSettings } from '../../../app/config/runtime.ts';
import { publishJson } from '../../../app/ingest/publish-json.ts';
import { groupOf, SERVICE_NAMES } from '../../../app/pipeline/services.ts';
import { startWorker } from '../../../app/pipeline/worker.ts';
import { openStores } from '../../../app/stores/open-stores.ts';
import { lagsOf, lagWatchesOf } from '../../../app/telemetry/consumer-lag.ts';
import { rawTopic } from '../../../core/codec/topics/topic-names.ts';

const GROUP = 'norm-svc-1';
const variables = { DATA_PROC_CONSUMER_GROUP: GROUP };

test('it is the group of normalization alone; the name of another service is refused', () => {
  const { engines } = runtimeSettings({}, variables);
  assert.deepEqual(
    SERVICE_NAMES.map((name) => groupOf(name, engines)),
    ['pipeline', GROUP, 'enrichment', 'aggregation', 'projection'],
  );
  assert.equal(groupOf('normalization', runtimeSettings({}, {}).engines), 'normalization');
  for (const name of SERVICE_NAMES)
    assert.throws(() => runtimeSettings({}, { DATA_PROC_CONSUMER_GROUP: name }), { code: 'CONFIG_INVALID' });
});

test('plans, commits and lag go by it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'carbon-group-'));
  const runtime = runtimeSettings({ dataDir: folder, logLevel: 'error' }, variables);
  const stores = await openStores(runtime, { service: 'group-test', serve: false });
  try {
    const json = { source: 'test', market: 'MISO', instrument_id: 'X', price: 1 };
    const ts = '2025-07-01T00:00:00Z';
    const event = { json: JSON.stringify({ ...json, ts, occurred_at: ts }), place: 'X', at: 0 };
    await publishJson(stores, 'MISO', [event, event]);
    const watches = lagWatchesOf('normalization', 'normalization', runtime.engines);
    const lag = async (): Promise<unknown> =>
      (await lagsOf(stores.log, watches)).find(({ topic }) => topic === rawTopic('MISO'));
    assert.deepEqual(await lag(), { topic: rawTopic('MISO'), group: GROUP, lag: 2 });
    const worker = await startWorker('normalization', stores);
    await worker.catchUp();
    await worker.close();
    assert.deepEqual(await lag(), { topic: rawTopic('MISO'), group: GROUP, lag: 0 });
    const plans = await Promise.all(
      [0, 1].flatMap((partition) =>
        [GROUP, 'normalization'].map((group) =>
          stores.reference.lastFinishedPlan(group, rawTopic('MISO'), partition),
        ),
      ),
    );
    assert.deepEqual(
      plans.filter((plan) => plan !== null).map(({ group, to }) => [group, to]),
      [[GROUP, 2]],
    );
  } finally {
    await stores.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
