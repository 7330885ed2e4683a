/** The DAGs on a real Airflow that runs the connectors against a simulated market. */

import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { ConnectorIndex } from '../../../app/connectors/connector-index.ts';
import { DAY } from '../../../core/time/instant.ts';
import { within } from '../../support/engine-server.ts';
import { carbon, newFolder, ROOT, type Row, rowsOf, start } from '../cli/carbon.ts';
import { recentDay } from '../ingest/recent-day.ts';
import { LocalAirflow } from './local-airflow.ts';

const DAG = 'ingest_nyiso_batch';
const MARKETS = ['market_caiso', 'market_miso'];
/** The processor looks at one file after another, on a machine that is busy. */
const WAIT_MS = 240_000;
const day = recentDay();
const airflow = new LocalAirflow();
const missing = await airflow.install();

after(() => airflow.remove());

/**
 * Stands in for the command: the first extract of a run is killed when it has done all and before it can say so, the
 * first load on its way.
 */
const KILLED_FIRST = `#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$COMMAND_LOG"
began=$COMMAND_LOG.$(printf '%s' "$5-$7" | tr -c 'a-z0-9-' _)
case "$7:$5" in
  *.killed:extract) [ -e "$began" ] || { : >"$began"; '${ROOT}/bin/carbon' "$@"; kill -KILL $$; } ;;
  *.killed:load) [ -e "$began" ] || { : >"$began"; exec timeout -s KILL 1.2 '${ROOT}/bin/carbon' "$@"; } ;;
esac
exec '${ROOT}/bin/carbon' "$@"
`;

describe(`Airflow${missing === null ? '' : `: ${missing}`}`, { skip: missing !== null }, () => {
  let index: ConnectorIndex;
  let said = '';
  let origin = '';

  before(async () => {
    const command = join(airflow.folder, 'carbon');
    writeFileSync(command, KILLED_FIRST);
    chmodSync(command, 0o755);
    const simulator = start(['connector', 'simulate', 'nyiso', '--seed', '7']);
    await simulator.shown('try: carbon connector run');
    origin = /http:\/\/127\.0\.0\.1:\d+/.exec(simulator.stderr())?.[0] ?? '';
    said = await airflow.start(command);
    index = JSON.parse(readFileSync(airflow.index, 'utf8'));
    await within(WAIT_MS, async () => ((await airflow.dagIds()).includes(DAG) ? true : null));
  });

  test('up says where it is and how to sign in, and keeps its secrets to itself', async () => {
    assert.match(said, /up at http:\/\/127\.0\.0\.1:\d+, Airflow 3/);
    assert.match(said, /sign in as admin; the password is in (\S+)/);
    const state = join(airflow.folder, 'infra/airflow');
    const secrets = readdirSync(join(state, 'secrets')).map((name) => join(state, 'secrets', name));
    assert.equal(secrets.length, 3);
    for (const file of [...secrets, join(state, 'passwords.json')])
      assert.equal(statSync(file).mode & 0o777, 0o600, file);
    assert.equal((await airflow.script('status')).exit, 0);
  });

  test('what the schedule and the tasks decide', async () => {
    const decided = JSON.parse(await airflow.python(join(import.meta.dirname, 'what_runs_ask_for.py')));
    const expected = JSON.parse(readFileSync(join(import.meta.dirname, 'what-runs-ask-for.json'), 'utf8'));
    assert.deepEqual(decided, expected);
  });

  test('every market and mode that is not a stream alone is one DAG, paused, and no file fails', async () => {
    const wanted = index.entries.filter(({ mode }) => mode !== 'streaming').map(({ id }) => `ingest_${id}`);
    assert.deepEqual(await airflow.dagIds(), [...wanted, ...MARKETS].sort());
    assert.deepEqual(await airflow.importErrors(), []);
    const { is_paused: isPaused, max_active_runs: most } = await airflow.api('GET', `/dags/${DAG}`);
    assert.deepEqual([isPaused, most], [true, 1]);
    const { tasks } = (await airflow.api('GET', `/dags/${DAG}/tasks`)) as {
      tasks: Record<string, unknown>[];
    };
    assert.deepEqual(
      tasks.map((task) => [task['task_id'], task['downstream_task_ids']]),
      [
        ['extract', ['validate']],
        ['load', []],
        ['validate', ['load']],
      ],
    );
  });

  test('a changed index changes the DAGs, and one without a connector takes its DAG away', async () => {
    // Pauses between tries that a test can wait for, and a schedule that asks for little.
    const entries = index.entries
      .filter(({ market }) => market === 'NYISO' || market === 'EIA')
      .map((entry) => ({
        ...entry,
        backoff_seconds: 1,
        datasets: entry.datasets
          .filter(({ dataset }) => entry.market === 'EIA' || ['da_lmp', 'rt_lmp'].includes(dataset))
          .map((each) => ({ ...each, schedule: each.dataset === 'rt_lmp' ? null : each.schedule })),
      }));
    index = { ...index, entries };
    airflow.writeIndex(JSON.stringify(index));
    const left = ['ingest_eia_batch', DAG, ...MARKETS];
    await within(WAIT_MS, async () => ((await airflow.dagIds()).join() === left.join() ? true : null));
    await within(WAIT_MS, async () => {
      const { retry_delay: pause } = await airflow.api('GET', `/dags/${DAG}/tasks/extract`);
      return (pause as { seconds: number }).seconds === 1 ? true : null;
    });
  });

  test('a run lands the rows of its window, and a run whose tasks are killed lands nothing twice', async () => {
    await airflow.api('PATCH', '/variables/carbon_origins', {
      key: 'carbon_origins',
      value: JSON.stringify({ nyiso: origin }),
    });
    await airflow.api('PATCH', `/dags/${DAG}`, { is_paused: false });
    const scheduled = await within(WAIT_MS, async () => {
      const { dag_runs: runs } = (await airflow.api('GET', `/dags/${DAG}/dagRuns`)) as { dag_runs: Row[] };
      return runs[0] ?? null;
    });
    assert.equal(spanOf(scheduled), DAY / 1000, 'the first run of a schedule asks for a day');
    const first = await airflow.ended(DAG, String(scheduled['dag_run_id']));
    assert.deepEqual(first.tasks, {
      extract: ['success', 1],
      validate: ['success', 1],
      load: ['success', 1],
    });
    const conf = {
      datasets: 'rt_lmp',
      from: `${day.from.slice(0, 16)}:00Z`,
      to: `${day.to.slice(0, 16)}:00Z`,
    };
    const { state, tasks } = await airflow.run(DAG, 'killed', conf);
    await airflow.api('PATCH', `/dags/${DAG}`, { is_paused: true });
    assert.deepEqual(tasks, { extract: ['success', 2], validate: ['success', 1], load: ['success', 2] });
    assert.equal(state, 'success');
    assert.match(await airflow.logOf(DAG, 'killed', 'load', 1), /exit code (137|-9)/);
    const own = airflow.commands().filter((line) => line.includes('.killed '));
    assert.equal(own.length, 5);
    for (const line of own)
      assert.match(line, /^connector run nyiso --act \w+ --run ingest_nyiso_batch\.killed /);

    const alone = newFolder();
    const window = ['--from', conf.from, '--to', conf.to, '--origin', origin, '--min-interval-ms', '0'];
    const once = await carbon([
      '--data',
      alone,
      'connector',
      'run',
      'nyiso',
      '--dataset',
      'rt_lmp',
      ...window,
    ]);
    assert.equal(once.exit, 0, once.stderr);
    const landed = async (data: string) => {
      const [raw] = await rowsOf(data, 'tap', '--list', 'ingestion.nyiso.raw.v1');
      const silver = await rowsOf(data, 'sql', LANDED);
      return { raw: Number(raw?.['records']), silver };
    };
    const expected = await landed(alone);
    const got = await landed(airflow.data);
    assert.ok(expected.raw > 4000, 'a day of five-minute prices');
    assert.ok(got.raw >= expected.raw);
    assert.deepEqual(got.silver, expected.silver);
  });

  test('a broken index keeps the DAGs of the last good one, and is told as an import error', async () => {
    const before = await airflow.dagIds();
    const versions = async (): Promise<unknown> =>
      (await airflow.api('GET', `/dags/${DAG}/dagVersions`))['total_entries'];
    const known = await versions();
    airflow.writeIndex(readFileSync(airflow.index, 'utf8').slice(0, 400));
    const [error] = await within(WAIT_MS, async () => {
      const errors = await airflow.importErrors();
      return errors.length > 0 ? errors : null;
    });
    assert.match(error ?? '', /the DAGs are those of the last good index\. .*make connectors-index/);
    await airflow.looksAgain(DAG);
    assert.deepEqual(await airflow.dagIds(), before);
    assert.equal((await airflow.importErrors()).length, 1);
    assert.equal(await versions(), known, 'the same index is the same DAGs, whatever process reads it');
    airflow.writeIndex(JSON.stringify(index));
    await within(WAIT_MS, async () => ((await airflow.importErrors()).length === 0 ? true : null));
    assert.deepEqual(await airflow.dagIds(), before);
  });

  test('down ends every process, twice as well as once', async () => {
    assert.equal((await airflow.script('down')).exit, 0);
    assert.equal((await airflow.script('down')).exit, 0);
    const { exit, stdout } = await airflow.script('status');
    assert.deepEqual([exit, stdout.match(/does not run/g)?.length], [3, 3]);
    const left = readdirSync('/proc').filter(
      (pid) => /^\d+$/.test(pid) && cwdOf(pid).startsWith(airflow.folder),
    );
    assert.deepEqual(left, []);
  });
});

/** What a day must be whoever pulled it: every value once, with its price. */
const LANDED = `SELECT count() AS rows, uniqExact(instrument_id, ts) AS places,
  sum(cityHash64(instrument_id, toString(ts), toString(price))) AS sum FROM silver_ticks
  WHERE dataset = 'rt_lmp' AND ts >= parseDateTime64BestEffort('${day.from}', 6, 'UTC')
  AND ts < parseDateTime64BestEffort('${day.to}', 6, 'UTC')`;

/** Length of a run's data interval in milliseconds. */
function spanOf(run: Row): number {
  return Date.parse(String(run['data_interval_end'])) - Date.parse(String(run['data_interval_start']));
}

function cwdOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').match(/(?<=AIRFLOW_HOME=)[^\0]*/)?.[0] ?? '';
  } catch {
    return '';
  }
}
