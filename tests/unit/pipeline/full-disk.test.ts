/** A command that works until it is done waits for a store, says what it waits for, and can be told to stop. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runtimeSettings } from '../../../app/config/runtime.ts';
import { publishJson } from '../../../app/ingest/publish-json.ts';
import { startWorker } from '../../../app/pipeline/worker.ts';
import { openStores } from '../../../app/stores/open-stores.ts';
import { CarbonError } from '../../../core/errors.ts';

const FULL = 'log.sqlite: database or disk is full';

test('a full disk is told while it is waited for, and once it is enough', { timeout: 60_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'carbon-full-'));
  const stores = await openStores(runtimeSettings({ dataDir: folder, logLevel: 'error' }, {}), {
    service: 'full-test',
    serve: false,
  });
  try {
    const ts = '2025-07-01T00:00:00Z';
    const trade = { source: 'test', market: 'MISO', instrument_id: 'X', price: 1, ts, occurred_at: ts };
    await publishJson(stores, 'MISO', [{ json: JSON.stringify(trade), place: 'X', at: 0 }]);
    const worker = await startWorker('pipeline', stores);
    const insert = t.mock.method(stores.warehouse, 'insertBlock', async () => {
      throw new CarbonError('STORE_UNREACHABLE', FULL);
    });
    const stop = new AbortController();
    const ended = worker.catchUp(stop.signal).then(
      () => 'done',
      (error: Error) => error.message,
    );
    while (worker.pulse().reason === null) await new Promise((later) => setTimeout(later, 20));
    assert.deepEqual([worker.pulse().waitingFor, worker.pulse().reason], ['STORE_UNREACHABLE', FULL]);
    stop.abort();
    assert.equal(await ended, FULL);
    insert.mock.restore();
    await worker.close();
    const next = await startWorker('pipeline', stores);
    await next.catchUp();
    await next.close();
    const rows = await stores.warehouse.queryRows('SELECT toString(count()) AS n FROM silver_ticks');
    assert.deepEqual(rows, [{ n: '1' }], 'who comes next finishes the plan');
  } finally {
    await stores.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
