import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ConnectorSchedule,
  lastTime,
  nextTime,
  scheduledJobs,
} from '../../../app/ingest/connector-schedule.ts';
import type { RunReport } from '../../../app/ingest/run-report.ts';
import type { Stores } from '../../../app/stores/open-stores.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import { HOUR, instantFromCivil, MINUTE, SECOND } from '../../../core/time/instant.ts';
import { LocalSource, openIngestWorld, plain } from '../../support/ingest-world.ts';

test('times of a cron are UTC, on days of clock changes too', () => {
  const spring = instantFromCivil(2026, 3, 8, 6, 59);
  assert.equal(nextTime('0 7 * * *', spring), spring + MINUTE);
  assert.equal(nextTime('30 2 * * *', instantFromCivil(2026, 3, 8)), instantFromCivil(2026, 3, 8, 2, 30));
  assert.equal(nextTime('0 7 * * *', spring + MINUTE), spring + MINUTE + 24 * HOUR, 'after, not at');
  assert.equal(lastTime('0 7 * * *', spring), spring + MINUTE - 24 * HOUR);
  assert.equal(lastTime('0 7 * * *', spring + MINUTE), spring + MINUTE, 'at counts as past');
  assert.equal(nextTime('0 0 30 2 *', spring), null, 'the thirtieth of February does not come');
});

test('jobs are the enabled datasets that are fetched, together where they share a cron', async () => {
  const jobs = await scheduledJobs();
  assert.ok(jobs.every(({ datasets }) => datasets.length > 0));
  assert.ok(!jobs.some(({ connector }) => connector === 'generic'), 'streams are not asked');
  const nyiso = await scheduledJobs(['nyiso']);
  assert.ok(nyiso.some(({ datasets }) => datasets.includes('da_lmp')));
  assert.ok(nyiso.every(({ connector }) => connector === 'nyiso'));
});

test('who wants a key that is not set is left out, unless somebody names it', async () => {
  const left: [string, readonly string[]][] = [];
  const jobs = await scheduledJobs(undefined, {}, (name, missing) => left.push([name, missing]));
  assert.deepEqual(
    left.filter(([name]) => name === 'eia-nuclear'),
    [['eia-nuclear', ['EIA_API_KEY']]],
  );
  assert.ok(!jobs.some(({ connector }) => connector === 'eia-nuclear'));
  const named = await scheduledJobs(['eia-nuclear'], {});
  assert.equal(named.length, 1);
  const keyed = await scheduledJobs(undefined, { EIA_API_KEY: 'some-key' });
  assert.ok(keyed.some(({ connector }) => connector === 'eia-nuclear'));
});

test('what was missed is caught up at the start, each time is run once, runs do not overlap', async (t) => {
  const source = await new LocalSource().open();
  // Two seconds before a time of the schedule.
  const world = await openIngestWorld(instantFromCivil(2025, 3, 10, 14, 59) + 58 * SECOND);
  t.after(async () => {
    await source.close();
    await world.close();
  });
  const stop = new AbortController();
  // Timers may wake too soon; these do.
  const { clock } = world.stores;
  const sleep: Clock['sleep'] = (milliseconds, signal) =>
    clock.sleep(Math.max(1, milliseconds - 300), signal);
  const stores: Stores = { ...world.stores, clock: { ...clock, sleep } };
  const reports: RunReport[] = [];
  const origins = { nyiso: source.origin };
  const patience = { retries: 0, minIntervalMs: 0 };
  const job = { connector: 'nyiso', schedule: '* * * * *', datasets: ['da_lmp'] };
  const schedule = new ConnectorSchedule(stores, [job], {
    origins,
    patience,
    jitterMs: 0,
    onRun: (report) => {
      reports.push(report);
      if (reports.length === 2) stop.abort();
    },
  });
  await schedule.follow(stop.signal);
  assert.equal(reports.length, 2, 'at the start, and at its time');
  assert.match(reports[0]?.runId ?? '', /^scheduled-2025-03-10T14:59:/);
  assert.match(reports[1]?.runId ?? '', /^scheduled-2025-03-10T15:00:/);
  // The cursor stands at now: a service that starts again has nothing to catch up.
  const again = new AbortController();
  const none = new ConnectorSchedule(world.stores, [{ ...job, schedule: '0 15 * * *' }], {
    origins,
    patience,
    onRun: () => reports.push(reports[0] as RunReport),
  });
  setTimeout(() => again.abort(), 200);
  await none.follow(again.signal);
  assert.equal(reports.length, 2);
});

test('a run that another one stands in the way of is skipped and told', async (t) => {
  const source = await new LocalSource().open();
  const world = await openIngestWorld(instantFromCivil(2025, 3, 10, 14));
  t.after(async () => {
    await source.close();
    await world.close();
  });
  source.set('/x', plain(200, ''));
  const { reference, clock } = world.stores;
  const now = clock.now();
  await reference.acquireLease('connector/default/nyiso/da_lmp', 'elsewhere/1/x', now, now + HOUR);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 300);
  const job = { connector: 'nyiso', schedule: '0 0 * * *', datasets: ['da_lmp'] };
  await new ConnectorSchedule(world.stores, [job], { origins: { nyiso: source.origin } }).follow(stop.signal);
  assert.equal(source.asked.length, 0);
  const skipped = world.events.filter(({ name }) => name === 'run.skipped');
  assert.deepEqual([skipped.length, skipped[0]?.facts['code']], [1, 'PLAN_CONFLICT']);
});
