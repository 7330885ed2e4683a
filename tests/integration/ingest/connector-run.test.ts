import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { cut, LocalSource, plain } from '../../support/ingest-world.ts';
import { carbon, errorOf, linesOf, newFolder, rowsOf, start } from '../cli/carbon.ts';
import { recentDay } from './recent-day.ts';

const day = recentDay();
let source: LocalSource;
const FAST = ['--min-interval-ms', '0', '--backoff-seconds', '0.05'];

before(async () => {
  source = await new LocalSource().open();
});
after(() => source.close());

const args = (...more: string[]): string[] => [
  'connector',
  'run',
  'nyiso',
  '--dataset',
  'da_lmp',
  '--from',
  day.from,
  '--to',
  day.to,
  '--origin',
  source.origin,
  ...FAST,
  ...more,
];

test('from the source to what is served, and a correction after it', async () => {
  const data = newFolder();
  source.set(day.path, plain(500, 'x'), plain(200, day.body));
  const ended = await carbon(['--data', data, '--json', ...args()]);
  assert.equal(ended.exit, 0, ended.stderr);
  const [row, ...more] = linesOf(ended.stdout);
  assert.equal(more.length, 0);
  assert.deepEqual(
    [row?.['outcome'], row?.['attempt'], row?.['rows'], row?.['values']],
    ['published', 2, day.rows, 3 * day.rows],
  );
  assert.match(ended.stderr, /window \S+\/\S+/);
  assert.match(ended.stderr, /1 requests: 1 published/);
  const before = await rowsOf(data, 'latest', 'NYISO.DA.LMP.CAPITL');
  assert.equal(before.length, 1);

  const [unchanged] = await rowsOf(data, ...args());
  assert.equal(unchanged?.['outcome'], 'unchanged');

  const last = day.body
    .trim()
    .split('\n')
    .findLast((line) => line.includes('CAPITL')) as string;
  const corrected = last.replace(/,[-\d.]+,([-\d.]+),([-\d.]+)$/, ',123.45,$1,$2');
  source.set(day.path, plain(200, day.body.replace(last, corrected)));
  const [published] = await rowsOf(data, ...args());
  assert.equal(published?.['outcome'], 'published');
  const [served] = await rowsOf(data, 'latest', 'NYISO.DA.LMP.CAPITL');
  assert.equal(String(served?.['price']), '123.45');
  assert.notEqual(served?.['price'], before[0]?.['price']);

  const ledger = await rowsOf(data, 'ledger', 'fetches', '--connector', 'nyiso');
  assert.deepEqual(
    ledger.map(({ outcome }) => outcome),
    ['published', 'unchanged', 'published', 'retried'],
  );
  const listed = await rowsOf(data, 'connector', 'list');
  const own = listed.find(({ connector, dataset }) => connector === 'nyiso' && dataset === 'da_lmp');
  assert.equal(own?.['last_outcome'], 'published');
});

test('exit codes say how it ended', async () => {
  const data = newFolder();
  source.set(day.path, plain(200, day.body.slice(0, -30)));
  const damaged = await carbon(['--data', data, '--json', ...args('--no-pipeline')]);
  assert.equal(damaged.exit, 4, damaged.stderr);
  assert.match(damaged.stderr, /SOURCE_MALFORMED/);
  source.set(day.path, cut(day.body));
  const gone = await carbon(['--data', data, '--json', ...args('--no-pipeline', '--retries', '1')]);
  assert.equal(gone.exit, 7, gone.stderr);
  source.set(day.path, plain(404, 'x'));
  assert.equal((await carbon(['--data', data, ...args('--no-pipeline')])).exit, 3);
  const line = day.body.split('\n')[3] as string;
  const bad = line.replace(/,[-\d.]+,([-\d.]+),([-\d.]+)$/, ',abc,$1,$2');
  source.set(day.path, plain(200, day.body.replace(line, bad)));
  assert.equal((await carbon(['--data', data, ...args('--no-pipeline', '--max-rejected', '1')])).exit, 0);
  source.set(day.path, plain(200, `${day.body.replace(line, bad)}\n`));
  assert.equal((await carbon(['--data', data, ...args('--no-pipeline')])).exit, 4);
  const letters = await rowsOf(data, 'tap', 'processing.deadletter.ingestion.v1');
  assert.equal(letters.length, 3, 'one damaged body, and twice one row');
});

test('a dry run asks nobody and writes nothing', async () => {
  const data = newFolder();
  const asked = source.asked.length;
  const [row] = await rowsOf(data, ...args('--dry-run'));
  assert.equal(row?.['url'], `${source.origin}${day.path}`);
  assert.equal(source.asked.length, asked);
  await errorOf(5, ['--data', data, 'latest']);
});

test('wrong options are told before anything is asked', async () => {
  const asked = source.asked.length;
  const cases: [number, string[], string][] = [
    [5, ['connector', 'run', 'nyis'], 'connector'],
    [5, ['connector', 'run', 'nyiso', '--dataset', 'lmp'], '--dataset'],
    [2, ['connector', 'run', 'nyiso', '--to', '2026-01-01'], '--from'],
    [2, ['connector', 'run', 'nyiso', '--from', 'monday'], 'from'],
    [2, ['connector', 'run', 'nyiso', '--min-interval-ms', '1'], '--min-interval-ms'],
    [2, ['connector', 'run', 'nyiso', '--act', 'load'], '--run'],
    [2, ['connector', 'run', 'nyiso', '--option', 'zone'], '--option'],
    [2, ['connector', 'run', 'nyiso', '--origin', 'here', '--dry-run'], '--origin'],
    [5, ['connector', 'show', 'nope'], 'connector'],
  ];
  for (const [exit, words, field] of cases)
    assert.equal((await errorOf(exit, ['--data', newFolder(), ...words]))['field'], field, words.join(' '));
  assert.equal(source.asked.length, asked);
});

test('a signal finishes the request in flight and ends with its code', async () => {
  const data = newFolder();
  source.set(day.path, (request, response) => {
    setTimeout(() => plain(200, day.body)(request, response), 1500);
  });
  const asked = source.asked.length;
  const running = start(['--data', data, ...args('--no-pipeline')]);
  while (source.asked.length === asked) await new Promise((done) => setTimeout(done, 20));
  running.child.kill('SIGTERM');
  const ended = await running.ended;
  assert.equal(ended.exit, 143, ended.stderr);
  assert.match(ended.stdout, /published/);
});

test('a scheduler says what is due, and looks for gaps of what has begun alone', async () => {
  const data = newFolder();
  await carbon(['--data', data, ...args('--act', 'extract', '--run', 'nothing-landed')]);
  const gaps = ['ledger', 'gaps', 'nyiso', 'da_lmp', '--from', day.from, '--to', day.to];
  assert.match((await carbon(['--data', data, ...gaps])).stderr, /24 intervals are missing/);
  assert.match((await carbon(['--data', data, ...gaps, '--begun'])).stderr, /no gaps/);
  const act = ['--act', 'extract', '--run', 'scheduled-1'];
  const due = ['connector', 'run', 'nyiso', '--dataset', 'da_lmp', '--due-at', day.to];
  const wrong: readonly (readonly [args: string[], says: RegExp])[] = [
    [due, /--due-at is for the acts of a scheduler/],
    [[...due, ...act, '--from', day.from], /--due-at and --from both say the window/],
    [[...args(...act), '--since', day.from], /--since needs --due-at/],
    [[...due, ...act, '--since', 'yesterday'], /--since is not a time: yesterday/],
  ];
  for (const [words, says] of wrong)
    assert.match(String((await errorOf(2, ['--data', data, ...words]))['message']), says);
  const asked = await rowsOf(data, ...due, ...act, '--dry-run');
  assert.ok(asked.length >= 7, 'the lookback of a week');
  for (const request of asked)
    assert.ok(String(request['expected']) <= day.to || String(request['from']) <= day.to);
});
