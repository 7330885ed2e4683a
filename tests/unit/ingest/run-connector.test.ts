import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { runConnector } from '../../../app/ingest/run-connector.ts';
import {
  type DatasetReport,
  type RunReport,
  type RunRequest,
  totalsOf,
} from '../../../app/ingest/run-report.ts';
import type { FetchRecord } from '../../../core/ports/fetch-ledger.ts';
import { HOUR, instantFromCivil, type Micros } from '../../../core/time/instant.ts';
import { cut, type IngestWorld, LocalSource, openIngestWorld, plain } from '../../support/ingest-world.ts';

const SPRING = readFileSync(
  join(import.meta.dirname, '../../../samples/nyiso_20250309damlbmp_zone.csv'),
  'utf8',
);
const ROWS = SPRING.trim().split('\n').length - 1;
const PATH = '/public/csv/damlbmp/20250309damlbmp_zone.csv';
const NEXT = '/public/csv/damlbmp/20250310damlbmp_zone.csv';
const RAW = 'ingestion.nyiso.raw.v1';
const DEAD = 'processing.deadletter.ingestion.v1';
/** The morning after the spring day: its daily file is still served. */
const NOW: Micros = instantFromCivil(2025, 3, 10, 14);
/** The market day of 9 March in New York. */
const DAY_WINDOW = { start: NOW - 33 * HOUR, end: NOW - 10 * HOUR };

/** The file of another day, with the same prices. */
const dayLater = (text: string): string =>
  text
    .replaceAll('03/09/2025', '03/10/2025')
    .split('\n')
    .flatMap((line) => (line.includes(' 01:00') ? [line, line.replace(' 01:00', ' 02:00')] : [line]))
    .join('\n');

describe('the runner of connectors', () => {
  let world: IngestWorld;
  let source: LocalSource;
  let runs = 0;

  beforeEach(async () => {
    world = await openIngestWorld(NOW);
    source = await new LocalSource().open();
  });
  afterEach(async () => {
    await source.close();
    await world.close();
  });

  const run = (changes: Partial<RunRequest> = {}, signal?: AbortSignal): Promise<RunReport> =>
    runConnector(
      world.stores,
      {
        connector: 'nyiso',
        datasets: ['da_lmp'],
        window: DAY_WINDOW,
        runId: `run-${++runs}`,
        origin: source.origin,
        patience: { retries: 3, backoffSeconds: 0.02, minIntervalMs: 0 },
        ...changes,
      },
      signal,
    );
  const only = (report: RunReport): FetchRecord => {
    const [dataset, ...more] = report.datasets as [DatasetReport, ...DatasetReport[]];
    assert.equal(more.length, 0);
    assert.equal(dataset.results.length, 1, JSON.stringify(dataset));
    return dataset.results[0] as FetchRecord;
  };
  const ledger = async (): Promise<FetchRecord[]> =>
    (await world.stores.reference.listFetches({ tenant: 'default', limit: 1000 })).reverse();
  const outcomes = async (): Promise<string[]> =>
    (await ledger()).map((row) => `${row.outcome}${row.code === null ? '' : ` ${row.code}`}`);
  const told = (name: string) => world.events.filter((event) => event.name === name);
  const shaOf = (text: string): string => createHash('sha256').update(text).digest('hex');

  test('a body is archived, published and written down; a second run publishes nothing', async () => {
    source.set(PATH, plain(200, SPRING, { ETag: '"v1"' }));
    const report = await run();
    const record = only(report);
    assert.equal(report.status, 'success');
    assert.deepEqual(
      [record.outcome, record.status, record.rows, record.values, record.rejected, record.bytes],
      ['published', 200, ROWS, 3 * ROWS, 0, SPRING.length],
    );
    assert.equal(record.sha256, shaOf(SPRING));
    assert.equal(record.url, `${source.origin}${PATH}`);
    assert.deepEqual(await ledger(), [record]);
    const exchange = await world.stores.archive.exchangeOf(record.sha256 as string);
    assert.deepEqual(
      [exchange.url, exchange.market, exchange.dataset, exchange.status, exchange.etag],
      [`${source.origin}${PATH}`, 'NYISO', 'da_lmp', 200, '"v1"'],
    );
    assert.equal(exchange.archivedAt, record.knownAt);
    const raw = await world.records(RAW);
    assert.equal(raw.length, ROWS);
    assert.equal(report.datasets[0]?.cursor, DAY_WINDOW.end);

    const again = only(await run());
    assert.deepEqual([again.outcome, again.rows, again.sha256], ['unchanged', 0, record.sha256]);
    assert.equal(source.asked[1]?.headers['if-none-match'], '"v1"');
    assert.equal((await world.records(RAW)).length, ROWS);
    source.set(PATH, plain(304, ''));
    const third = only(await run());
    assert.deepEqual([third.outcome, third.status, third.sha256], ['unchanged', 304, record.sha256]);
    assert.equal((await world.records(RAW)).length, ROWS);
    assert.deepEqual(
      [told('payload.published').length, told('payload.unchanged').length, told('run.finished').length],
      [1, 2, 3],
    );
    const facts = told('payload.published')[0]?.facts;
    assert.deepEqual(
      [facts?.['connector'], facts?.['dataset'], facts?.['records'], facts?.['values'], facts?.['attempt']],
      ['nyiso', 'da_lmp', ROWS, 3 * ROWS, 1],
    );
    assert.match(String(facts?.['trace_id']), /^[0-9a-f]{32}$/);
  });

  test('failures that time mends are repeated; each attempt is a row', async () => {
    source.set(PATH, plain(500, 'oops'), cut(SPRING), plain(200, SPRING));
    const record = only(await run());
    assert.deepEqual([record.outcome, record.attempt], ['published', 3]);
    assert.deepEqual(await outcomes(), [
      'retried SOURCE_UNREACHABLE',
      'retried SOURCE_UNREACHABLE',
      'published',
    ]);
    const rows = await ledger();
    assert.equal(rows[0]?.sha256, shaOf('oops'), 'the words of a failure are kept');
    assert.equal(rows[1]?.sha256, null, 'a cut body is no body');
    assert.equal(told('fetch.retried').length, 2);
    assert.equal((await world.records(RAW)).length, ROWS);
  });

  test('after the last attempt the request has failed, and the cursor stays', async () => {
    source.set(PATH, plain(500, 'oops'));
    const report = await run();
    assert.deepEqual(
      [only(report).outcome, only(report).code, report.status, report.datasets[0]?.cursor],
      ['failed', 'SOURCE_UNREACHABLE', 'failed', null],
    );
    assert.equal(source.asked.length, 4);
    assert.equal((await world.records(RAW)).length, 0);
    const gaps = source.asked.slice(1).map(({ at }, i) => at - (source.asked[i]?.at ?? 0));
    assert.ok((gaps[2] ?? 0) >= 39, `pauses grow: ${gaps.join(', ')}`);
  });

  test('Retry-After is heard, as seconds and as a date', async () => {
    source.set(PATH, plain(429, 'slow down', { 'Retry-After': '1' }), plain(200, SPRING));
    assert.equal(only(await run()).outcome, 'published');
    const [first, second] = source.asked;
    assert.ok((second?.at ?? 0) - (first?.at ?? 0) >= 990);
    assert.deepEqual(await outcomes(), ['retried SOURCE_BUSY', 'published']);
    const later = new Date(NOW / 1000 + 3_600_000).toUTCString();
    source.set(NEXT, plain(503, 'come back in an hour', { 'Retry-After': later }));
    const day = { start: DAY_WINDOW.end, end: DAY_WINDOW.end + 24 * HOUR };
    const record = only(await run({ window: day }));
    assert.deepEqual([record.outcome, record.code, record.attempt], ['failed', 'SOURCE_BUSY', 1]);
  });

  test('the pace of a host is kept', async () => {
    source.set(PATH, plain(200, SPRING));
    source.set(NEXT, plain(200, dayLater(SPRING)));
    const window = { start: DAY_WINDOW.start, end: DAY_WINDOW.end + 24 * HOUR };
    const begun = Date.now();
    const report = await run({ window, patience: { retries: 0, minIntervalMs: 2000 } });
    assert.deepEqual(
      report.datasets[0]?.results.map(({ outcome, message }) => [outcome, message]),
      [
        ['published', null],
        ['published', null],
      ],
    );
    // From start to start: how long the first one was on its way is none of the second one's time.
    assert.ok((source.asked[0]?.at ?? 0) - begun < 2000, 'the first one waits for nobody');
    assert.ok((source.asked[1]?.at ?? 0) - begun >= 2000);
  });

  test('the breaker opens after failures in a row, spares the source, and closes again', async (t) => {
    // The pause is over when the test says so.
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
    source.set(PATH, plain(500, 'oops'));
    const patience = { retries: 9, backoffSeconds: 0.01, minIntervalMs: 0, breakSeconds: 0.5 };
    const broken = only(await run({ patience }));
    assert.equal(source.asked.length, 5);
    assert.equal(broken.outcome, 'failed');
    assert.match(broken.message ?? '', /left alone/);
    assert.equal(told('breaker.opened').length, 1);
    const spared = only(await run({ patience }));
    assert.deepEqual([spared.outcome, source.asked.length], ['failed', 5]);
    t.mock.timers.tick(550);
    source.set(PATH, plain(200, SPRING));
    assert.equal(only(await run({ patience })).outcome, 'published');
    assert.equal(told('breaker.closed').length, 1);
  });

  test('error bodies are typed, archived and dead-lettered once, and nothing of them is published', async () => {
    const cases: [string, string, string][] = [
      ['<html><head><title>Scheduled work</title></head></html>', 'rejected', 'SOURCE_NOT_DATA'],
      ['<html><head><title>Maintenance</title></head></html>', 'rejected', 'SOURCE_NOT_DATA'],
      [SPRING.slice(0, SPRING.length - 20), 'rejected', 'SOURCE_MALFORMED'],
      ['PK\u0003\u0004 cut', 'rejected', 'SOURCE_CONTAINER_DAMAGED'],
      ['a,b\n1,2\n', 'rejected', 'SOURCE_COLUMN_MISSING'],
    ];
    for (const [body, outcome] of cases) {
      source.set(PATH, plain(200, body));
      const record = only(await run());
      assert.equal(record.outcome, outcome, body.slice(0, 20));
      assert.equal(record.rows, 0);
      assert.equal(Buffer.from(await world.stores.archive.get(record.sha256 as string)).toString(), body);
      assert.equal(only(await run()).code, record.code, 'asked again, refused again');
    }
    source.set(PATH, plain(200, ''));
    const empty = only(await run());
    assert.deepEqual([empty.outcome, empty.code, empty.sha256], ['rejected', 'SOURCE_EMPTY', null]);
    assert.equal((await world.records(RAW)).length, 0);
    const letters = await world.records(DEAD);
    assert.equal(letters.length, cases.length + 1, 'the same body is told once');
    const codes = letters.map((record) => (record['value'] as { payload: { code: string } }).payload.code);
    assert.ok(codes.includes('SOURCE_CONTAINER_DAMAGED'), codes.join());
    for (const { value } of letters as { value: { payload: Record<string, unknown> } }[]) {
      assert.equal(value.payload['stage'], 'ingestion');
      assert.match(String(value.payload['source_topic']), /^archive:/);
    }
  });

  test('good rows of a whole body are published beside rejected ones', async () => {
    const line = SPRING.split('\n')[5] as string;
    const bad = line.replace(/,[-\d.]+,([-\d.]+),([-\d.]+)$/, ',abc,$1,$2');
    assert.notEqual(bad, line);
    source.set(PATH, plain(200, SPRING.replace(line, bad)));
    const report = await run();
    const record = only(report);
    assert.deepEqual(
      [record.outcome, record.rows, record.rejected, report.status],
      ['published', ROWS - 1, 1, 'rejected'],
    );
    assert.equal(record.code, 'VALUE_NOT_NUMERIC');
    assert.equal((await world.records(RAW)).length, ROWS - 1);
    const [letter, ...more] = (await world.records(DEAD)) as {
      value: { payload: Record<string, unknown> };
    }[];
    assert.equal(more.length, 0);
    assert.deepEqual(
      [letter?.value.payload['code'], letter?.value.payload['got'], letter?.value.payload['source_offset']],
      ['VALUE_NOT_NUMERIC', 'abc', 6],
    );
    assert.equal(only(await run()).outcome, 'unchanged');
    assert.equal((await world.records(DEAD)).length, 1);
  });

  test('absence is no failure before the publication, and one after it', async () => {
    const late = only(await run());
    assert.deepEqual([late.outcome, late.code, late.attempt], ['failed', 'SOURCE_MISSING', 1]);
    const tomorrow = { start: NOW + 40 * HOUR, end: NOW + 50 * HOUR };
    const early = await run({ window: tomorrow });
    assert.deepEqual([only(early).outcome, only(early).code], ['no_data', 'SOURCE_NO_DATA']);
    assert.equal(early.status, 'success');
    assert.equal((await world.records(DEAD)).length, 0);
  });

  test('a correction is published with its own known time, and so is the way back', async () => {
    source.set(PATH, plain(200, SPRING));
    const first = only(await run());
    const corrected = SPRING.replace('32.50', '33.50');
    source.set(PATH, plain(200, corrected));
    const second = only(await run());
    source.set(PATH, plain(200, SPRING));
    const third = only(await run());
    assert.deepEqual([first.outcome, second.outcome, third.outcome], ['published', 'published', 'published']);
    assert.deepEqual([first.sha256, third.sha256 === first.sha256], [shaOf(SPRING), true]);
    assert.ok((second.knownAt ?? 0) > (first.knownAt ?? 0));
    assert.ok((third.knownAt ?? 0) > (second.knownAt ?? 0), 'the market says so now');
    assert.equal((await world.records(RAW)).length, 3 * ROWS);
  });

  test('every request of a plan has one outcome, and the counts add up', async () => {
    const third = '/public/csv/damlbmp/20250311damlbmp_zone.csv';
    source.set('/public/csv/damlbmp/20250308damlbmp_zone.csv', plain(400, 'no'));
    source.set(PATH, plain(200, SPRING));
    source.set(NEXT, plain(500, 'x'));
    source.set(third, plain(200, '<html></html>'));
    const window = { start: DAY_WINDOW.start - 24 * HOUR, end: DAY_WINDOW.end + 72 * HOUR };
    const stop = new AbortController();
    const report = await run(
      {
        window,
        patience: { retries: 0, minIntervalMs: 0 },
        onProgress: (done) => {
          if (done === 4) stop.abort();
        },
      },
      stop.signal,
    );
    const totals = totalsOf(report.datasets);
    assert.deepEqual(totals.outcomes, {
      retried: 0,
      archived: 0,
      published: 1,
      unchanged: 0,
      no_data: 0,
      rejected: 2,
      failed: 1,
    });
    assert.equal(totals.planned, 5);
    const settled = Object.values(totals.outcomes).reduce((sum, n) => sum + n, 0);
    assert.equal(settled + totals.left, totals.planned);
    assert.equal(totals.left, 1);
    assert.equal(report.datasets[0]?.leftFrom, DAY_WINDOW.end + 48 * HOUR);
    assert.equal((await ledger()).length, 4, 'one row each');
    assert.equal(report.datasets[0]?.cursor, DAY_WINDOW.end, 'what was not reached holds the cursor');
  });

  test('hosts off the allow-list are not asked', async () => {
    source.set(PATH, (_request, response) => {
      response.writeHead(302, { Location: 'http://localhost:1/stolen' });
      response.end();
    });
    const record = only(await run());
    assert.deepEqual([record.outcome, record.code], ['failed', 'SOURCE_NOT_ALLOWED']);
    for (const origin of ['ftp://x', 'http://x/path', 'nothing', 'http://u@x'])
      await assert.rejects(run({ origin }), { code: 'USAGE_INVALID' }, origin);
  });

  test('two runs of one dataset do not overlap; a dead run does not stand in the way', async () => {
    const asked = Promise.withResolvers<() => void>();
    source.set(PATH, (request, response) => asked.resolve(() => plain(200, SPRING)(request, response)));
    const first = run();
    const answer = await asked.promise;
    await assert.rejects(run(), { code: 'PLAN_CONFLICT' });
    source.set(PATH, plain(200, SPRING));
    answer();
    assert.equal(only(await first).outcome, 'published');
    assert.equal(only(await run()).outcome, 'unchanged', 'the lease was given back');
    const { reference, clock } = world.stores;
    const lease = 'connector/default/nyiso/da_lmp';
    const { hostname } = await import('node:os');
    const now = clock.now();
    // No process has this number: it is beyond what the system gives out.
    await reference.acquireLease(lease, `${hostname()}/99999999/gone`, now, now + HOUR);
    assert.equal(only(await run()).outcome, 'unchanged', 'taken over');
    await reference.acquireLease(lease, `elsewhere/1/alive`, now, now + HOUR);
    await assert.rejects(run(), { code: 'PLAN_CONFLICT' });
    await reference.releaseLease(lease, `elsewhere/1/alive`);
  });

  test('the acts hand their state on by the ledger and the archive, each as often as one likes', async () => {
    source.set(PATH, plain(200, SPRING));
    const runId = 'acts';
    await assert.rejects(run({ runId, act: 'load' }), { code: 'NOT_FOUND' });
    const extracted = await run({ runId, act: 'extract' });
    assert.deepEqual([only(extracted).outcome, extracted.status], ['archived', 'success']);
    assert.equal((await world.records(RAW)).length, 0);
    for (let i = 0; i < 2; i++) {
      const validated = only(await run({ runId, act: 'validate' }));
      assert.deepEqual([validated.outcome, validated.rows], ['archived', ROWS]);
      assert.equal((await world.records(RAW)).length, 0);
    }
    const asked = source.asked.length;
    for (let i = 0; i < 2; i++) {
      const loaded = only(await run({ runId, act: 'load' }));
      assert.deepEqual([loaded.outcome, loaded.rows], ['published', ROWS]);
      assert.equal((await world.records(RAW)).length, ROWS);
    }
    assert.equal(source.asked.length, asked, 'later acts ask nobody');
    source.set(PATH, plain(200, SPRING.slice(0, -20)));
    assert.equal(only(await run({ runId: 'bad', act: 'extract' })).outcome, 'archived');
    const judged = only(await run({ runId: 'bad', act: 'validate' }));
    assert.deepEqual([judged.outcome, judged.code], ['rejected', 'SOURCE_MALFORMED']);
    assert.equal((await world.records(DEAD)).length, 0, 'validate writes nothing');
    assert.equal(only(await run({ runId: 'bad', act: 'load' })).outcome, 'rejected');
    assert.equal((await world.records(DEAD)).length, 1);
  });

  test('a due run begins at the cursor or the lookback, and leaves out what cannot be there yet', async () => {
    source.set(PATH, plain(200, SPRING));
    const report = await run({ window: 'due' });
    const asked = source.asked.map(({ path }) => path.slice(-24, -16));
    assert.deepEqual(
      asked.filter((path, i) => asked.indexOf(path) === i),
      ['20250303', '20250304', '20250305', '20250306', '20250307', '20250308', '20250309', '20250310'],
      'seven days back, and not tomorrow: it comes at 15:00Z',
    );
    assert.ok((report.datasets[0]?.cursor ?? 0) >= NOW);
    await world.stores.reference.saveCursor(
      'connector/default/nyiso/da_lmp',
      JSON.stringify({ until: '2025-02-25T05:00:00Z', run: 'old' }),
    );
    const later = await run({ window: 'due' });
    assert.equal(later.datasets[0]?.window.start, instantFromCivil(2025, 2, 25, 5), 'catches up');
  });

  test('an act is asked for what was due at a time, and neither reads nor moves the cursor', async () => {
    const name = 'connector/default/nyiso/da_lmp';
    const cursor = JSON.stringify({ until: '2025-02-25T05:00:00Z', run: 'old' });
    await world.stores.reference.saveCursor(name, cursor);
    const due = { at: instantFromCivil(2025, 3, 10, 10), since: null };
    const plain = await run({ window: 'due', act: 'extract', due });
    assert.deepEqual(plain.datasets[0]?.window, {
      start: instantFromCivil(2025, 3, 3, 10),
      end: instantFromCivil(2025, 3, 12, 10),
    });
    assert.ok(!source.asked.some(({ path }) => path.includes('20250311')), 'tomorrow comes at 15:00Z');
    const after = { at: instantFromCivil(2025, 3, 10, 16), since: null };
    await run({ window: 'due', act: 'extract', due: after });
    assert.ok(
      source.asked.some(({ path }) => path.includes('20250311')),
      'it was due by 16:00Z',
    );
    const since = instantFromCivil(2025, 3, 1);
    const caughtUp = await run({ window: 'due', act: 'extract', due: { ...due, since } });
    assert.equal(caughtUp.datasets[0]?.window.start, since);
    assert.equal(await world.stores.reference.loadCursor(name), cursor);
  });

  test('unknown connectors and datasets are told with the names there are', async () => {
    await assert.rejects(run({ connector: 'nyis' }), { code: 'CONNECTOR_UNKNOWN', message: /nyiso/ });
    await assert.rejects(run({ datasets: ['lmp'] }), { code: 'CONNECTOR_UNKNOWN' });
    await assert.rejects(run({ connector: 'generic', datasets: undefined as never }), {
      code: 'CONNECTOR_UNKNOWN',
    });
  });
});
