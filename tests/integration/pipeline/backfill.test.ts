/**
 * Backfill jobs on real stores: they find nothing where all is well, mend any damage once, survive being killed before any
 * of their writes, stand still when told to, and do no harm beside a pipeline whose windows are open.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { changeOf } from '../../../app/backfill/change-job.ts';
import { hostJobs } from '../../../app/backfill/job-runner.ts';
import { leaseOf, runJob } from '../../../app/backfill/run-job.ts';
import { submitBackfill } from '../../../app/backfill/submit.ts';
import { startWorker } from '../../../app/pipeline/worker.ts';
import { hostInvalidations } from '../../../app/projection/host-invalidations.ts';
import { openStores, type Stores } from '../../../app/stores/open-stores.ts';
import { RecordBatchWriter } from '../../../core/codec/kafka/record-batch.ts';
import { decodeInvalidations, decodeJobReports } from '../../../core/codec/topics/jobs.ts';
import { decodeDeadLetters } from '../../../core/codec/topics/reports.ts';
import { deadLetterTopic, rawTopic, Topic } from '../../../core/codec/topics/topic-names.ts';
import type { BackfillRequest, Job } from '../../../core/model/job.ts';
import type { LogSlice } from '../../../core/ports/event-log.ts';
import type { Row } from '../../../core/ports/warehouse.ts';
import { DAY, formatInstant, HOUR, instantFromCivil, MINUTE } from '../../../core/time/instant.ts';
import { systemClock } from '../../../drivers/system-clock/clock.ts';
import { within } from '../../support/engine-server.ts';
import { PARTITIONS, runtimeIn } from '../crash/runtime.ts';

const START = instantFromCivil(2025, 7, 1);
const WINDOW = { start: START, end: START + 3 * DAY };
const BARS = `SELECT * EXCEPT (src_topic, src_partition, src_offset, ingested_at, trace_id, metadata) FROM bars FINAL
WHERE status NOT IN ('retracted', 'provisional') ORDER BY ALL`;
const ROLLING = `SELECT * EXCEPT (src_topic, src_partition, src_offset, ingested_at, trace_id, metadata) FROM rolling_metrics FINAL
WHERE status != 'retracted' ORDER BY ALL`;
const SERVED =
  'SELECT instrument_id, ts, price, is_gone FROM served_latest FINAL WHERE is_gone = 0 ORDER BY ALL';

const folder = mkdtempSync(join(tmpdir(), 'carbon-backfill-'));
/** The clock runs from a moment on; what sleeps does so shortly, unless a test says otherwise. */
let longestSleep = 50;
let ahead = START + 10 * DAY - systemClock.now();
const clock = {
  now: () => systemClock.now() + ahead,
  sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(Math.min(ms, longestSleep), signal),
};
const events: { name: string; facts: Record<string, unknown> }[] = [];
const stores = await openStores(runtimeIn(folder, 1 << 16, { DATA_PROC_BACKFILL_SHARE: '100' }), {
  service: 'backfill-test',
  serve: false,
  clock,
  listeners: [{ emit: (event) => events.push(event) }],
});
after(async () => {
  await stores.close();
  rmSync(folder, { recursive: true, force: true });
});

let good: { bars: Row[]; rolling: Row[]; served: Row[] };
let requests = 0;

/** Trades at the minutes given since the start, priced by their minute, known as they were done. */
async function trade(instrument: string, minutes: readonly number[]): Promise<void> {
  const writer = new RecordBatchWriter();
  for (const minute of minutes) {
    const ts = formatInstant(START + minute * MINUTE);
    const event = { source: 'test', market: 'MISO', instrument_id: instrument, ts, occurred_at: ts };
    const bytes = new TextEncoder().encode(JSON.stringify({ ...event, price: minute, volume: 1 }));
    writer.add(0, null, 0, 0, bytes, 0, bytes.length);
  }
  await stores.log.append(rawTopic('MISO'), 0, [writer.finish()]);
}

const state = async (): Promise<typeof good> => ({
  bars: await stores.warehouse.queryRows(BARS),
  rolling: await stores.warehouse.queryRows(ROLLING),
  served: await stores.warehouse.queryRows(SERVED),
});

before(async () => {
  // Three days of two instruments; one of the trades of the first day comes two days late.
  const days = [0, 1, 2].map((day) => (day * DAY) / MINUTE);
  await trade(
    'NG',
    days.flatMap((day) => [day + 1, day + 2, day + 61]),
  );
  await trade(
    'WTI',
    days.map((day) => day + 5),
  );
  await trade('NG', [(2 * DAY) / MINUTE + 200, 30]);
  const worker = await startWorker('pipeline', stores);
  await worker.catchUp();
  await worker.close();
  good = await state();
  assert.ok(good.bars.length > 20 && good.rolling.length > 10);
});

const request = (changes: Partial<BackfillRequest> = {}): BackfillRequest => ({
  tenant: 'default',
  requestId: `test-${requests++}`,
  requestedBy: 'test',
  window: WINDOW,
  instruments: [],
  market: null,
  dryRun: false,
  ...changes,
});

/** Runs a job to its end in this process. */
async function run(changes: Partial<BackfillRequest> = {}, by: Stores = stores): Promise<Job> {
  const { job } = await submitBackfill(stores, request(changes));
  const taken = await stores.reference.takeJob(leaseOf('test', clock.now()), job.id);
  assert.ok(taken !== null);
  return runJob(by, taken, { holder: 'test', signal: new AbortController().signal });
}

/** Loses bars of NG. */
async function lose(): Promise<void> {
  await stores.warehouse.execute(
    `ALTER TABLE bars DELETE WHERE instrument_id = 'NG' AND interval = '5m' AND toDate(interval_start) = '2025-07-02'
SETTINGS mutations_sync = 1`,
  );
}

/** Changes a bar of NG on the first day, invents some on the third, and serves another price. */
async function damage(onFirstDayOnly = false): Promise<void> {
  const of = `FROM bars FINAL WHERE instrument_id = 'NG' AND status != 'retracted'`;
  const insert = (change: string, where: string): Promise<unknown> =>
    stores.warehouse.execute(`INSERT INTO bars SELECT * REPLACE (${change}) ${of} AND ${where}`);
  await insert('close_price + 1 AS close_price', "interval = '1d' AND toDate(interval_start) = '2025-07-01'");
  if (!onFirstDayOnly)
    await insert('known_at + 1 AS known_at', "interval = '1h' AND toDate(interval_start) = '2025-07-03'");
  await stores.warehouse.execute(
    `INSERT INTO served_latest SELECT * REPLACE (toDecimal64(7, 8) AS price) FROM served_latest FINAL WHERE instrument_id = 'NG'`,
  );
}

/** Objects of a topic, in the order of its partitions. */
async function recordsOf<T>(topic: string, decode: (slice: LogSlice) => readonly T[]): Promise<T[]> {
  const found: T[] = [];
  for (let partition = 0; partition < PARTITIONS; partition++)
    for (let at = 0; ; ) {
      const slices = await stores.log.read(topic, partition, at, 1 << 20);
      const last = slices.at(-1);
      if (last === undefined) break;
      for (const slice of slices) found.push(...decode(slice));
      at = last.to;
    }
  return found;
}
const invalidations = () =>
  recordsOf(Topic.invalidateInstrument, (slice) => decodeInvalidations(slice, slice.from, slice.to).rows);
const reportsOf = async (job: string): Promise<string[]> =>
  (await recordsOf(Topic.jobStatus, (slice) => decodeJobReports(slice, slice.from, slice.to).rows))
    .filter(({ jobId }) => jobId === job)
    .map(({ status }) => status);

const barsTold = async (): Promise<number> =>
  (await recordsOf(Topic.ohlcBars, (slice) => [slice.to - slice.from])).reduce((sum, n) => sum + n, 0);

test('nothing differs where all is well, and damage is mended once, in tables and topics', async () => {
  const well = await run();
  assert.deepEqual([well.status, well.differences, well.done, well.total], ['succeeded', 0, 6, 6]);
  assert.deepEqual(await invalidations(), []);

  await damage();
  await lose();
  const dry = await run({ dryRun: true });
  assert.notDeepEqual(await state(), good);
  assert.deepEqual(await invalidations(), []);
  const toldBefore = await barsTold();
  const mended = await run({ instruments: ['NG'] });
  assert.deepEqual([mended.status, mended.differences, mended.error], ['succeeded', dry.differences, null]);
  assert.deepEqual(await state(), good);
  assert.equal((await barsTold()) - toldBefore, mended.differences - 1);
  const told = await invalidations();
  assert.deepEqual([...new Set(told.map(({ instrument }) => instrument))], ['NG']);
  assert.ok(told.every(({ reason, requestedBy }) => reason === 'backfill' && requestedBy === mended.id));
  // Progress is told once a second: a slow machine runs for longer than that.
  const states = (await reportsOf(mended.id)).filter((state, k, all) => state !== all[k - 1]);
  assert.deepEqual(states, ['pending', 'running', 'succeeded']);
  assert.equal((await run()).differences, 0);
  const finished = events.filter(({ name }) => name === 'backfill.finished');
  assert.deepEqual(
    finished.map(({ facts }) => facts['status']),
    ['succeeded', 'succeeded', 'succeeded', 'succeeded'],
  );
});

test('rolling metrics are mended after the bars that they follow from, those of the window and of the time it reaches', async () => {
  await damage(true);
  const own = "instrument_id = 'NG' AND interval = '1h'";
  const [row] = await stores.warehouse.queryRows(`SELECT count() AS n FROM (${ROLLING}) WHERE ${own}`);
  const lost = `ALTER TABLE rolling_metrics DELETE WHERE ${own} SETTINGS mutations_sync = 1`;
  await stores.warehouse.execute(lost);
  const mended = await run({ instruments: ['NG'] });
  // Beside them a bar and a price.
  assert.deepEqual([mended.status, mended.differences], ['succeeded', Number(row?.['n']) + 2]);
  assert.deepEqual(await state(), good);
  await stores.warehouse.execute(lost);
  const first = { start: START, end: START + HOUR };
  const some = await run({ window: first, instruments: ['NG'] });
  assert.ok(some.differences > 0 && some.differences < Number(row?.['n']), `${some.differences}`);
  await run();
  assert.deepEqual(await state(), good);
  assert.equal((await run()).differences, 0);
});

test('a window of a few minutes is about the bars that overlap it, and a market about its own', async () => {
  await damage();
  const noon = { start: START + 12 * HOUR, end: START + 12 * HOUR + MINUTE };
  // The day bar of the first day overlaps it, and the served price is that of its instrument.
  const narrow = await run({ window: noon, instruments: ['NG'] });
  assert.deepEqual([narrow.status, narrow.differences], ['succeeded', 2]);
  assert.equal((await run({ market: 'NYISO' })).total, 0);
  assert.ok((await run({ market: 'MISO' })).differences > 0);
  assert.deepEqual(await state(), good);
});

/** Stores that are gone from the n-th write on, as for a process that is killed before it. */
function dyingAt(n: number): { stores: Stores; writes: () => number } {
  let writes = 0;
  const dying = <T extends object>(target: T, names: readonly string[]): T =>
    new Proxy(target, {
      get: (of, name) => {
        const value: unknown = Reflect.get(of, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (names.includes(String(name)) && ++writes >= n) return Promise.reject(new Error('killed'));
          return writes >= n ? Promise.reject(new Error('killed')) : value.apply(of, args);
        };
      },
    });
  return {
    stores: {
      ...stores,
      log: dying(stores.log, ['append']),
      warehouse: dying(stores.warehouse, ['insertBlock']),
      reference: dying(stores.reference, ['saveJob', 'endJob', 'leaveJob', 'noteTold', 'saveCursor']),
    },
    writes: () => writes,
  };
}

test('killed before any of its writes a job goes on, mends all, and all who have to hear of it do', async () => {
  let killed = 0;
  for (let n = 1; ; n++) {
    await damage(true);
    const first = dyingAt(n);
    const told = (await invalidations()).length;
    const toldBars = await barsTold();
    const mark = await stores.reference.loadCursor('aggregation/bars/rebuilt');
    const { job } = await submitBackfill(
      stores,
      request({ instruments: ['NG'], window: { start: START, end: START + DAY } }),
    );
    const taken = await stores.reference.takeJob(leaseOf('first', clock.now()), job.id);
    assert.ok(taken !== null);
    const signal = new AbortController().signal;
    const outcome = await runJob(first.stores, taken, { holder: 'first', signal }).catch(() => null);
    if (first.writes() < n) {
      assert.equal(outcome?.status, 'succeeded');
      break;
    }
    killed++;
    ahead += 2 * MINUTE;
    const next = await stores.reference.takeJob(leaseOf('next', clock.now()), job.id);
    const ended = next === null ? null : await runJob(stores, next, { holder: 'next', signal });
    const now = await stores.reference.jobOf('default', job.id);
    assert.deepEqual([n, now?.status, now?.done, now?.total], [n, 'succeeded', 1, 1]);
    assert.ok(ended !== null || n > 10, 'it was at its end already');
    assert.deepEqual(await state(), good, `killed before write ${n}`);
    assert.ok((await invalidations()).length > told, `nobody was told, killed before write ${n}`);
    assert.ok((await barsTold()) > toldBars, `the bar topic was not told, killed before write ${n}`);
    assert.notEqual(await stores.reference.loadCursor('aggregation/bars/rebuilt'), mark);
  }
  assert.ok(killed > 15, `only ${killed} writes`);
});

/** Services beside which the test works, until it is done. */
async function beside(share: number, work: () => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const runtime = { ...stores.runtime, backfillShare: share };
  const hosted = { ...stores, runtime };
  const worker = await startWorker('pipeline', stores);
  const running = [
    worker.follow(stop.signal),
    hostJobs(hosted, stop.signal),
    hostInvalidations(hosted, stop.signal),
  ];
  try {
    await work();
  } finally {
    stop.abort();
    await Promise.all(running);
    await worker.close();
  }
}

async function send(topic: string, ...texts: readonly string[]): Promise<void> {
  const writer = new RecordBatchWriter();
  for (const text of texts) {
    const bytes = new TextEncoder().encode(text);
    writer.add(clock.now() / 1000, null, 0, 0, bytes, 0, bytes.length);
  }
  await stores.log.append(topic, 1, [writer.finish()]);
}
const ended = (requestId: string): Promise<Job> =>
  within(20_000, async () => {
    const jobs = await stores.reference.listJobs({ limit: 100 });
    const job = jobs.find((one) => one.requestId === requestId);
    return job !== undefined && job.endedAt !== null ? job : null;
  });

test('requests by topic become jobs; bad ones fail or are set aside, and hold nobody up', async () => {
  await damage();
  const envelope = { event_id: 'x', tenant_id: 'default', producer: 'desk' };
  await beside(100, async () => {
    await send(
      Topic.backfillRequest,
      '{"from": "2025-07-01", "to": ',
      '{"from": "2025-07-01", "to": "soon"}',
      '{"from": "2025-07-01", "to": "2025-07-03", "instrument": "NG", "colour": 1}',
      '{"from": "2024-07-01", "to": "2025-07-03", "request_id": "long"}',
      '{"from": "2025-07-01", "to": "2025-07-03", "instruments": ["XX"], "request_id": "unknown"}',
      JSON.stringify({
        ...envelope,
        payload: { from: '2025-07-01', to: '2025-07-03', instrument: 'NG', request_id: 'good' },
      }),
      '{"from": "2025-07-01", "to": "2025-07-03", "request_id": "good"}',
    );
    const mended = await ended('good');
    assert.deepEqual([mended.status, mended.instruments], ['succeeded', ['NG']]);
    assert.ok(mended.differences > 2);
    for (const [name, code] of [
      ['long', 'USAGE_INVALID'],
      ['unknown', 'NOT_FOUND'],
    ] as const) {
      const failed = await ended(name);
      assert.deepEqual([failed.status, failed.error?.code], ['failed', code]);
      assert.deepEqual(await reportsOf(failed.id), ['failed']);
    }
  });
  assert.deepEqual(await state(), good);
  assert.equal(
    (await stores.reference.listJobs({ limit: 100 })).filter((job) => job.requestId === 'good').length,
    1,
  );
  const letters = await recordsOf(
    deadLetterTopic('aggregation'),
    (slice) => decodeDeadLetters(slice, slice.from, slice.to).letters,
  );
  assert.deepEqual(
    letters.map(({ sourceTopic, sourceOffset, field }) => [sourceTopic, sourceOffset, field]),
    [0, 1, 2].map((offset) => [Topic.backfillRequest, offset, [null, 'to', null][offset]]),
  );
});

test('a job stands still when it is paused, goes on where it was, and ends when it is cancelled', async () => {
  await damage();
  // Long enough for a job at rest to be paused before its next chunk.
  longestSleep = 2000;
  await beside(1, async () => {
    const { job } = await submitBackfill(stores, request());
    const jobNow = async (): Promise<Job> => (await stores.reference.jobOf('default', job.id)) as Job;
    await within(20_000, async () => ((await jobNow()).done > 0 ? true : null));
    await changeOf(stores, 'pause', job.id);
    const paused = await within(20_000, async () => {
      const now = await jobNow();
      return now.holder === '' ? now : null;
    });
    assert.deepEqual([paused.status, paused.done < paused.total], ['paused', true]);
    await systemClock.sleep(300);
    assert.deepEqual(await jobNow(), paused);
    await assert.rejects(changeOf(stores, 'pause', job.id), { code: 'JOB_CONFLICT' });
    longestSleep = 50;
    await changeOf(stores, 'resume', job.id);
    const done = await ended(job.requestId);
    assert.deepEqual([done.status, done.done, done.startedAt], ['succeeded', done.total, paused.startedAt]);
    assert.deepEqual(await state(), good);
    await within(20_000, async () =>
      events.some(({ name }) => name === 'aggregation.forgotten') ? true : null,
    );

    longestSleep = 2000;
    const { job: other } = await submitBackfill(stores, request());
    await within(20_000, async () =>
      ((await stores.reference.jobOf('default', other.id))?.done ?? 0) > 0 ? true : null,
    );
    await changeOf(stores, 'cancel', other.id);
    longestSleep = 50;
    const counted = await within(20_000, async () =>
      events.some(({ facts }) => facts['job'] === other.id && facts['status'] === 'cancelled') ? true : null,
    );
    assert.ok(counted);
    assert.deepEqual(new Set(await reportsOf(other.id)), new Set(['pending', 'running', 'cancelled']));
    await assert.rejects(changeOf(stores, 'resume', other.id), { code: 'JOB_CONFLICT' });
  });
});

test('what is invalidated is served anew, from table and cache, and counted', async () => {
  await damage();
  const key = 'tenant:default:latest:NG';
  // Of NG the table is wrong, of WTI the cache alone.
  const stale = 'tenant:default:latest:WTI';
  for (const each of [key, stale]) await stores.cache.setMany([[each, '{"price":"7"}']], 60);
  events.length = 0;
  await beside(100, async () => {
    await send(Topic.invalidateInstrument, '{"instrument_id": "NG", "reason": "Not a word"}', 'x');
    await send(Topic.invalidateInstrument, '{"instrument_id": "NG", "requested_by": "desk"}');
    await send(Topic.invalidateInstrument, '{"instrument_id": "WTI", "reason": "manual"}');
    await within(20_000, async () => {
      const [cached, other] = await stores.cache.getMany([key, stale]);
      return cached?.includes('"price":"3080"') === true && other?.includes('"price":"2885"') === true
        ? true
        : null;
    });
    await within(20_000, async () =>
      events.some(({ name, facts }) => name === 'projection.invalidated' && facts['reason'] === 'manual')
        ? true
        : null,
    );
  });
  assert.deepEqual((await state()).served, good.served);
  await run();
});

test('beside open windows: nothing is stated early, and what comes later counts as ever', async () => {
  // The clock stands within the hour of the newest trades.
  const hour = (4 * DAY) / MINUTE;
  ahead = START + 4 * DAY + 30 * MINUTE - systemClock.now();
  await beside(100, async () => {
    await trade('NG', [hour + 21, hour + 22]);
    const ticks = async (n: number): Promise<void> => {
      await within(20_000, async () => {
        const [row] = await stores.warehouse.queryRows(
          `SELECT count() AS n FROM silver_ticks FINAL WHERE ts >= '2025-07-05 00:00:00'`,
        );
        return Number(row?.['n']) === n ? true : null;
      });
    };
    await ticks(2);
    const window = { start: START + 4 * DAY, end: START + 5 * DAY };
    const job = await submitBackfill(stores, request({ window }));
    assert.equal((await ended(job.job.requestId)).differences, 0);
    await trade('NG', [hour + 23, hour + 29]);
    await ticks(4);
    ahead += 3 * DAY;
    await within(20_000, async () => {
      const rows = await stores.warehouse.queryRows(
        `SELECT toString(close_price) AS close, toString(trade_count) AS n, toString(revision) AS revision, status
FROM bars_history WHERE interval = '1h' AND interval_start = '2025-07-05 00:00:00'`,
      );
      return JSON.stringify(rows) ===
        JSON.stringify([{ close: `${hour + 29}`, n: '4', revision: '1', status: 'final' }])
        ? true
        : null;
    });
    const again = await submitBackfill(stores, request({ window }));
    assert.equal((await ended(again.job.requestId)).differences, 0);
  });
});
