/** The scripts that the documents name: each does what its name says, under sh or python, and says what it lacks. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort } from '../../support/engine-server.ts';
import { daemon, type Ended, linesOf, newFolder, ROOT, type Row, rowsOf } from './carbon.ts';

/** Runs a script from the root of the checkout; python scripts by their name alone, others by the program given. */
function script(
  name: string,
  args: readonly string[],
  { by = 'python3', variables = {} }: { by?: string; variables?: Record<string, string> } = {},
): Promise<Ended> {
  return new Promise((done) => {
    const child = execFile(
      by,
      [join(ROOT, 'scripts', name), ...args],
      { cwd: ROOT, env: { ...process.env, ...variables } },
      (_error, stdout, stderr) => done({ exit: child.exitCode, stdout, stderr }),
    );
  });
}

async function lines(name: string, args: readonly string[]): Promise<Row[]> {
  const { exit, stdout, stderr } = await script(name, args);
  assert.equal(exit, 0, `${name}: ${stderr}`);
  return linesOf(stdout);
}

test('a sample is taken in, trades are made up, and the projection is rebuilt', async () => {
  const data = newFolder();
  const of = ['--data', data, '--json'];
  const sample = ['--topic', 'ingestion.miso.raw.v1', '--sample', 'samples/miso_raw.json'];
  const taken = await lines('run_local_consumer.py', [...sample, ...of]);
  assert.ok(taken.some((row) => row['served'] === 'latest_prices'));
  assert.equal((await rowsOf(data, 'latest', 'NG_HH_BALMO')).length, 1);

  const told = await script('simulate_events.py', ['--connector=miso', '--count=5', '--data', data]);
  assert.equal(told.exit, 0, told.stderr);
  const topics = await rowsOf(data, 'tap', '--list', 'ingestion.miso.raw.v1');
  assert.match(JSON.stringify(topics), /"records":"?\d+/);

  assert.deepEqual(await lines('rebuild_projection.py', ['--name', 'latest_prices', ...of]), []);
  const since = ['--name', 'latest_prices', '--since', '2025-10-01T00:00:00Z'];
  assert.deepEqual(await lines('rebuild_projection.py', [...since, ...of]), []);
});

test('what a script lacks, or cannot read, is said, and nothing else is done', async () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['run_local_consumer.py', ['--topic', 'trades', '--sample', 'x'], /but must be a raw topic/],
    ['backfill_window.py', ['--from', 'x', '--to', 'y', '--instrument', 'NG', '--pull'], /names no market/],
    ['backfill_window.py', ['--from', 'x', '--to', 'y', '--instrument', 'NG'], /--from is not a date/],
    ['rebuild_projection.py', ['--name', 'prices'], /no projection prices; there are latest_prices/],
    ['rebuild_projection.py', [], /--name/],
    ['simulate_events.py', [], /--connector/],
    ['generate_manifest_index.py', ['--now'], /unrecognized arguments/],
  ];
  for (const [name, args, expected] of cases) {
    const { exit, stderr } = await script(name, args);
    assert.equal(exit, 2, name);
    assert.match(stderr, expected, name);
  }
});

test('the window of an instrument is asked of its market', async () => {
  // Port 9 of this machine: nobody is there, and the market itself is not asked.
  const window = [
    '--from',
    '2025-03-09',
    '--to',
    '2025-03-09',
    '--instrument',
    'NYISO.DA.LMP.CAPITL',
    '--pull',
  ];
  const nobody = ['--origin', 'http://127.0.0.1:9', '--retries', '0', '--min-interval-ms', '0'];
  const { exit, stdout } = await script('backfill_window.py', [
    ...window,
    ...['--dataset', 'da_lmp', ...nobody, '--data', newFolder(), '--json'],
  ]);
  assert.equal(exit, 7, stdout);
  assert.match(stdout, /20250301damlbmp_zone_csv\.zip/);
});

test('indexes are as they stand in the checkout', async () => {
  const path = join(newFolder(), 'index.json');
  const { exit, stderr } = await script('generate_connectors_index.py', [path]);
  assert.equal(exit, 0, stderr);
  assert.match(readFileSync(path, 'utf8'), /"miso"/);

  const index = join(ROOT, 'service-manifest.yaml');
  const before = readFileSync(index, 'utf8');
  const made = await script('generate_manifest_index.py', []);
  assert.equal(made.exit, 0, made.stderr);
  assert.match(made.stdout, /^service-manifest\.yaml$/m);
  assert.equal(readFileSync(index, 'utf8'), before);
  assert.equal((await script('validate_schemas.sh', [], { by: 'sh' })).exit, 0);
});

test('normalization alone is asked whether it is ready, by sh and by python', async () => {
  const port = String(await freePort());
  const variables = { DATA_PROC_NORMALIZATION_PORT: port };
  const away = await script('local_run_normalization.sh', ['--check'], { by: 'sh', variables });
  assert.deepEqual([away.exit, away.stdout], [7, '']);
  assert.match(away.stderr, new RegExp(`nothing answers at http://127.0.0.1:${port}/readyz`));

  const running = await daemon(newFolder(), ['run', 'normalization'], variables);
  for (const by of ['sh', 'python3']) {
    const there = await script('local_run_normalization.sh', ['--check'], { by, variables });
    assert.equal(there.exit, 0, there.stderr);
    assert.match(there.stdout, /"status"/);
  }
  running.child.kill('SIGTERM');
  assert.equal((await running.ended).exit, 0);
});
