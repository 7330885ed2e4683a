/**
 * Runs test files, so many at a time and the longest first, so that all lanes end at about the same moment; says at the
 * end which took the longest, and what failed: `node tests/run.ts [--lanes=3] FILES`. Exit code 1 when a test failed.
 */

import { tmpdir } from 'node:os';
import { relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { inspect, parseArgs } from 'node:util';
import { GOES_ON } from './support/file-limit-words.ts';
import { openRunFolder } from './support/run-folder.ts';
import { inGroups, nameOf } from './support/unit-groups.ts';

/** For one test. */
const TIMEOUT_MS = 600_000;

/** Ends a file whose process goes on after its tests. */
const FILE_LIMIT = new URL('./support/file-limit.ts', import.meta.url).href;

/** Files named at the end. */
const NAMED = 25;

/**
 * Files that take longer than twenty seconds, the longest first; below `tests`. Those that wait for engines and sessions
 * stand between those that compute, so that neither are alone.
 */
const LONGEST_FIRST: readonly string[] = [
  'integration/crash/crash.test.ts',
  'integration/cluster/cluster.test.ts',
  'integration/airflow/airflow.test.ts',
  'integration/week/autumn.test.ts',
  'integration/week/spring.test.ts',
  'integration/crash/chaos.test.ts',
  'integration/simulated-markets.test.ts',
  'integration/engines/closing.test.ts',
  'integration/fault-run.test.ts',
  'integration/fidelity.test.ts',
  'integration/cli/recordings.test.ts',
  'integration/kafka/broker-death.test.ts',
  'integration/cli/demo.test.ts',
  'integration/crash/split-and-fused.test.ts',
  'integration/observability/live.test.ts',
  'integration/kafka/groups.test.ts',
  'integration/observability/alert-rules.test.ts',
  'integration/pipeline/backfill.test.ts',
  'integration/pipeline/curves.test.ts',
  'integration/cli/backfill.test.ts',
  'integration/cli/replay.test.ts',
  'integration/warehouse-open.test.ts',
  'integration/cli/daemon.test.ts',
  'fuzz/fuzz.test.ts',
  'conformance/event-log.test.ts',
  'integration/ingest/killed-run.test.ts',
  'integration/cli/errors.test.ts',
  'integration/cli/services.test.ts',
  'integration/cli/sharing.test.ts',
  'integration/ingest/connector-run.test.ts',
  'integration/http/read-api.test.ts',
  'integration/cli/reads.test.ts',
  'integration/cli/dual-write.test.ts',
  'integration/cli/policies.test.ts',
  'integration/cli/projection.test.ts',
  'integration/cli/backfill.test.ts',
  'integration/pipeline/backfill.test.ts',
  'integration/cli/split.test.ts',
].map((name) => `tests/${name}`);

const { values, positionals: files } = parseArgs({
  options: { lanes: { type: 'string', default: '3' } },
  allowPositionals: true,
});

/** The place of a file among those that take long; all others come after them, in the order given. */
function placeOf(file: string): number {
  const place = LONGEST_FIRST.indexOf(relative('.', file));
  return place < 0 ? LONGEST_FIRST.length : place;
}

const folder = openRunFolder(process.env);
Object.assign(process.env, folder?.variables);

// Whoever is told to stop takes the files that run with it.
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());

const took: { file: string; seconds: number }[] = [];
const stream = run({
  files: inGroups(
    files.toSorted((a, b) => placeOf(a) - placeOf(b)),
    folder?.path ?? tmpdir(),
  ),
  concurrency: Number(values.lanes),
  signal: stop.signal,
  execArgv: [
    '--disable-warning=ExperimentalWarning',
    `--test-timeout=${TIMEOUT_MS}`,
    `--import=${FILE_LIMIT}`,
  ],
});
stream.on('test:summary', ({ file, duration_ms: ms, success }) => {
  if (!success) process.exitCode = 1;
  if (file !== undefined) took.push({ file: nameOf(relative('.', file)), seconds: ms / 1000 });
});
const failures: string[] = [];
stream.on('test:fail', ({ name, file, details }) => {
  process.exitCode = 1;
  const error: Error & { readonly failureType?: string } = details.error;
  // That a suite failed says nothing that its tests do not.
  if (error.failureType === 'subtestsFailed') return;
  failures.push(`failed: ${name} (${relative('.', file ?? '')})\n${inspect(error.cause ?? error)}`);
});
// What a file says as it is ended stands far above the end of a long log.
const ended = new Map<string, string>();
stream.on('test:stderr', ({ file = '', message }) => {
  const before = ended.get(file);
  if (before !== undefined || message.includes(GOES_ON)) ended.set(file, `${before ?? ''}${message}`);
});
stream.compose(spec).pipe(process.stdout);
process.on('exit', () => {
  const longest = took.toSorted((a, b) => b.seconds - a.seconds).slice(0, NAMED);
  for (const { file, seconds } of longest) console.log(`${seconds.toFixed(1).padStart(7)} s  ${file}`);
  // Last of all, where whoever looks at the end of a long log finds it.
  for (const text of ended.values()) console.log(`\n${text}`);
  for (const failure of failures) console.log(`\n${failure}`);
  if (folder === null) return;
  if (failures.length === 0) folder.remove();
  else console.log(`\nwhat these tests left is in ${folder.path}, which is memory`);
});
