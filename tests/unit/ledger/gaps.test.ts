import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { loadPayload } from '../../../app/ingest/load.ts';
import { chunksOf, pullInRuns } from '../../../app/ingest/pull-in-runs.ts';
import { runConnector } from '../../../app/ingest/run-connector.ts';
import type { RunReport } from '../../../app/ingest/run-report.ts';
import { calendarOf } from '../../../app/ledger/calendar.ts';
import { ledgerDatasets } from '../../../app/ledger/datasets.ts';
import { fillGaps, windowsOf } from '../../../app/ledger/fill-gaps.ts';
import { findGaps } from '../../../app/ledger/find-gaps.ts';
import { DAY, HOUR, instantFromCivil, type Micros } from '../../../core/time/instant.ts';
import type { Interval } from '../../../core/time/interval.ts';
import { type IngestWorld, LocalSource, openIngestWorld, plain } from '../../support/ingest-world.ts';

const SPRING = readFileSync(
  join(import.meta.dirname, '../../../samples/nyiso_20250309damlbmp_zone.csv'),
  'utf8',
);
const PATH = '/public/csv/damlbmp/20250309damlbmp_zone.csv';
const NEXT = '/public/csv/damlbmp/20250310damlbmp_zone.csv';
/** 10 March, 10:00 in New York: that day's prices were due the morning before. */
const NOW: Micros = instantFromCivil(2025, 3, 10, 14);
const SUNDAY: Interval = { start: instantFromCivil(2025, 3, 9, 5), end: instantFromCivil(2025, 3, 10, 4) };
const TWO_DAYS: Interval = { start: SUNDAY.start, end: SUNDAY.end + DAY };

/** The same file about the Monday, which has its hour from two to three. */
const monday = SPRING.replaceAll('03/09/2025', '03/10/2025')
  .split('\n')
  .flatMap((line) => (line.includes(' 01:00') ? [line, line.replace(' 01:00', ' 02:00')] : [line]))
  .join('\n');

describe('the interval ledger of a run', () => {
  let world: IngestWorld;
  let source: LocalSource;
  let runs = 0;

  beforeEach(async () => {
    world = await openIngestWorld(NOW);
    source = await new LocalSource().open();
    source.set(PATH, plain(200, SPRING));
  });
  afterEach(async () => {
    await source.close();
    await world.close();
  });

  const patience = { retries: 0, backoffSeconds: 0, minIntervalMs: 0 };
  const run = (window: Interval): Promise<RunReport> =>
    runConnector(world.stores, {
      connector: 'nyiso',
      datasets: ['da_lmp'],
      window,
      runId: `run-${++runs}`,
      origin: source.origin,
      patience,
    });
  const dataset = async () => (await ledgerDatasets('NYISO', 'da_lmp'))[0] as never;
  const states = async (): Promise<Record<string, number>[]> => {
    const days = await calendarOf(world.stores.reference, 'default', await dataset(), TWO_DAYS, NOW);
    return days.map(({ slots }) => {
      const counts: Record<string, number> = {};
      for (const { state } of slots) counts[state] = (counts[state] ?? 0) + 1;
      return counts;
    });
  };
  const anomalies = async () =>
    (await world.records('data.quality.anomalies.v1')).map((record) => {
      const { payload } = record['value'] as { payload: Record<string, never> };
      const { type, dataset: of, count, context } = payload;
      return { type, of, count, context };
    });

  test('a day that was loaded has landed; one that is due and did not come is told once', async () => {
    await run(SUNDAY);
    assert.equal((await anomalies()).length, 0, 'a run answers for the window that it was asked for');
    await run(TWO_DAYS);
    assert.deepEqual(await states(), [{ landed: 23 }, { missing: 24 }]);
    const [told, ...more] = await anomalies();
    assert.equal(more.length, 0);
    assert.deepEqual([told?.type, told?.of, Number(told?.count)], ['INTERVAL_GAP', 'da_lmp', 24]);
    assert.equal(told?.context?.['market_day'], '2025-03-10');
    assert.equal(told?.context?.['intervals'], '2025-03-10T04:00:00Z/2025-03-11T04:00:00Z');
    // 13 hours before midnight Eastern, and one hour of grace.
    assert.equal(told?.context?.['due_at'], '2025-03-09T16:00:00Z');
    await run(TWO_DAYS);
    assert.equal((await anomalies()).length, 1, 'told once');
    const metric = world.events.filter(({ name }) => name === 'anomaly.found');
    assert.equal(metric.length, 1);
  });

  test('a scheduled run answers for the days before it, too', async () => {
    await run(SUNDAY);
    await runConnector(world.stores, {
      connector: 'nyiso',
      datasets: ['da_lmp'],
      window: 'due',
      runId: 'due',
      origin: source.origin,
      patience,
    });
    assert.deepEqual(
      (await anomalies()).map(({ context, count }) => [context?.['market_day'], Number(count)]),
      [['2025-03-10', 24]],
    );
  });

  test('a gap is filled by the pull of its window, and nothing else is asked', async () => {
    await run(SUNDAY);
    source.set(NEXT, plain(200, monday));
    const asked = source.asked.length;
    const window = () => TWO_DAYS;
    const search = async () =>
      findGaps(world.stores.reference, 'default', [await dataset()], window, false, NOW);
    const [gaps] = await search();
    assert.deepEqual(
      gaps?.gaps.map(({ interval, intervals }) => [interval, intervals]),
      [[{ start: SUNDAY.end, end: SUNDAY.end + DAY }, 24]],
    );
    await fillGaps(world.stores, await dataset(), gaps?.gaps ?? [], {
      runId: 'fill',
      origin: source.origin,
      patience,
    });
    assert.deepEqual(
      source.asked.slice(asked).map(({ path }) => path),
      [NEXT],
    );
    assert.deepEqual(await states(), [{ landed: 23 }, { landed: 24 }]);
    assert.deepEqual(await search(), []);
  });

  test('a correction makes exactly its intervals revised', async () => {
    await run(SUNDAY);
    const line = SPRING.split('\n').find((each) => each.includes(' 13:00')) as string;
    source.set(
      PATH,
      plain(200, SPRING.replace(line, line.replace(/,[-\d.]+,([-\d.]+),([-\d.]+)$/, ',999.99,$1,$2'))),
    );
    await run(SUNDAY);
    assert.deepEqual((await states())[0], { landed: 22, revised: 1 });
  });

  test('a file that is replayed lands as well; a dataset that never landed has no gaps unless asked for', async () => {
    const search = async (named: boolean) =>
      findGaps(world.stores.reference, 'default', [await dataset()], () => TWO_DAYS, named, NOW);
    assert.deepEqual(await search(false), []);
    assert.equal((await search(true))[0]?.gaps[0]?.intervals, 47);
    await loadPayload(world.stores, { bytes: Buffer.from(SPRING), name: 'a.csv', partial: false });
    assert.deepEqual((await states())[0], { landed: 23 });
  });

  test('a body that is refused lands nothing', async () => {
    source.set(PATH, plain(200, SPRING.slice(0, -40)));
    assert.equal((await run(SUNDAY)).status, 'rejected');
    assert.deepEqual((await states())[0], { missing: 23 });
  });
});

test('near gaps share a window, far ones have their own', () => {
  const gap = (start: number, end: number) => ({ interval: { start: start * HOUR, end: end * HOUR } });
  assert.deepEqual(windowsOf([gap(0, 1), gap(5, 6), gap(30, 31)]), [
    { start: 0, end: 6 * HOUR },
    { start: 30 * HOUR, end: 31 * HOUR },
  ]);
});

test('a long window is pulled chunk by chunk, and what a run leaves by the next one', async () => {
  assert.deepEqual(
    chunksOf({ start: 0, end: 70 * DAY }).map(({ start, end }) => [start / DAY, end / DAY]),
    [
      [0, 31],
      [31, 62],
      [62, 70],
    ],
  );
  const windows: [number, number][] = [];
  const run = async (_: unknown, request: { window: unknown; runId: string }): Promise<RunReport> => {
    const { start, end } = request.window as Interval;
    windows.push([start / DAY, end / DAY]);
    // Three days a run, as if the time were up then.
    const leftFrom = start + 3 * DAY < end ? start + 3 * DAY : null;
    return { datasets: [{ leftFrom }], runId: request.runId } as unknown as RunReport;
  };
  const request = { connector: 'nyiso', runId: 'b', window: { start: 0, end: 7 * DAY } };
  const reports = await pullInRuns({} as never, request, undefined, run as never);
  assert.deepEqual(windows, [
    [0, 7],
    [3, 7],
    [6, 7],
  ]);
  assert.deepEqual(
    reports.map(({ runId }) => runId),
    ['b-001', 'b-002', 'b-003'],
  );
  const stuck = async (_: unknown, { window }: { window: Interval }) =>
    ({ datasets: [{ leftFrom: window.start }] }) as unknown as RunReport;
  assert.equal((await pullInRuns({} as never, request, undefined, stuck as never)).length, 1);
});
