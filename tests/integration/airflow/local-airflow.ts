/** A local Airflow for tests, started by `scripts/airflow.sh` with all that it writes in a folder of its own. */

import { type ExecFileException, execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, within } from '../../support/engine-server.ts';
import { ROOT, type Row } from '../cli/carbon.ts';

/** How the script ended. */
export interface ScriptEnd {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

const NOT_INSTALLED = 4;
/** A run of three tasks with their tries, or a look at all files, on a machine that is busy. */
const RUN_WITHIN_MS = 240_000;

/** One instance; its folder goes with it. */
export class LocalAirflow {
  readonly folder = mkdtempSync(join(tmpdir(), 'carbon-airflow-'));
  readonly data = join(this.folder, 'data');
  readonly index = join(this.folder, 'connectors_index.json');
  readonly log = join(this.folder, 'commands.log');
  private port = 0;
  private token = '';
  private env: NodeJS.ProcessEnv = {};

  /** Why there is no Airflow to be had; null when it is installed. Under CI it must be: throws. */
  async install(): Promise<string | null> {
    this.env = { ...process.env, CARBON_INFRA_DIR: join(this.folder, 'infra') };
    const { exit, stderr } = await this.script('install');
    if (exit === 0) return null;
    if (exit !== NOT_INSTALLED || process.env['CI'] === 'true') throw new Error(stderr);
    return stderr.trim();
  }

  /** Starts it with a command in place of `carbon`, and signs in. */
  async start(command: string): Promise<string> {
    this.port = await freePort();
    mkdirSync(this.data);
    const every = (section: string, ...names: string[]) =>
      Object.fromEntries(names.map((name) => [`AIRFLOW__${section}__${name}`, '3']));
    this.env = {
      ...this.env,
      CARBON_AIRFLOW_PORT: String(this.port),
      CARBON_AIRFLOW_WAIT: '400',
      CARBON_AIRFLOW_PASSWORD: 'for-this-test',
      CARBON_CONNECTORS_INDEX: this.index,
      CARBON_COMMAND: command,
      COMMAND_LOG: this.log,
      DATA_PROC_DATA_DIR: this.data,
      // What takes a minute or so by default.
      ...every('DAG_PROCESSOR', 'REFRESH_INTERVAL', 'MIN_FILE_PROCESS_INTERVAL', 'STALE_DAG_THRESHOLD'),
      ...every('SCHEDULER', 'PARSING_CLEANUP_INTERVAL'),
    };
    const { exit, stdout, stderr } = await this.script('up');
    if (exit !== 0) throw new Error(stderr);
    const answer = await fetch(`http://127.0.0.1:${this.port}/auth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: 'for-this-test' }),
    });
    this.token = ((await answer.json()) as { access_token: string }).access_token;
    return stdout;
  }

  /** The REST interface, version 2; throws for any answer that is no success. */
  async api(method: string, path: string, body?: unknown): Promise<Row> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/api/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Row;
  }

  /** Ids of the DAGs that are there, sorted. */
  async dagIds(): Promise<string[]> {
    const { dags } = (await this.api('GET', '/dags?limit=100')) as { dags: { dag_id: string }[] };
    return dags.map(({ dag_id }) => dag_id).sort();
  }

  /** What import errors say. */
  async importErrors(): Promise<string[]> {
    const { import_errors } = (await this.api('GET', '/importErrors')) as {
      import_errors: { stack_trace: string }[];
    };
    return import_errors.map(({ stack_trace }) => stack_trace);
  }

  /** Replaces the index as a whole. */
  writeIndex(text: string): void {
    writeFileSync(`${this.index}.new`, text);
    renameSync(`${this.index}.new`, this.index);
  }

  /** Resolves when the DAGs have been looked at twice from here on: once may have begun before. */
  async looksAgain(dag: string): Promise<void> {
    const parsed = async (): Promise<unknown> => (await this.api('GET', `/dags/${dag}`))['last_parsed_time'];
    for (let look = 0; look < 2; look++) {
      const before = await parsed();
      await within(RUN_WITHIN_MS, async () => ((await parsed()) === before ? null : true));
    }
  }

  /** Starts a run and waits for its end; its state, and task by task [state, tries]. */
  async run(dag: string, id: string, conf: Row): Promise<{ state: string; tasks: Record<string, unknown> }> {
    await this.api('POST', `/dags/${dag}/dagRuns`, { dag_run_id: id, logical_date: null, conf });
    return this.ended(dag, id);
  }

  /** Waits for the end of a run. */
  async ended(dag: string, id: string): Promise<{ state: string; tasks: Record<string, unknown> }> {
    const path = `/dags/${dag}/dagRuns/${id}`;
    const state = await within(RUN_WITHIN_MS, async () => {
      const { state } = await this.api('GET', path);
      return state === 'success' || state === 'failed' ? state : null;
    });
    const { task_instances: tasks } = (await this.api('GET', `${path}/taskInstances`)) as {
      task_instances: { task_id: string; state: string; try_number: number }[];
    };
    return {
      state,
      tasks: Object.fromEntries(tasks.map((task) => [task.task_id, [task.state, task.try_number]])),
    };
  }

  /** Lines of a task's log. */
  async logOf(dag: string, id: string, task: string, attempt: number): Promise<string> {
    const answer = await this.api('GET', `/dags/${dag}/dagRuns/${id}/taskInstances/${task}/logs/${attempt}`);
    return JSON.stringify(answer['content']);
  }

  /** The words of every command that tasks have begun. */
  commands(): string[] {
    return readFileSync(this.log, 'utf8').trim().split('\n');
  }

  /** Runs the script. */
  script(...args: string[]): Promise<ScriptEnd> {
    return new Promise((done) => {
      const script = join(ROOT, 'scripts/airflow.sh');
      execFile('bash', [script, ...args], { env: this.env }, (error, stdout, stderr) => {
        done({ exit: Number((error as ExecFileException | null)?.code ?? 0), stdout, stderr });
      });
    });
  }

  /** The Python of Airflow, on a file, with the modules of the DAGs. */
  python(file: string): Promise<string> {
    const [version] = /(?<=^apache-airflow==)\S+/m.exec(
      readFileSync(join(ROOT, 'airflow/requirements.txt'), 'utf8'),
    ) as RegExpExecArray;
    const venv = process.env['CARBON_AIRFLOW_VENV'] ?? join(ROOT, `.infra/airflow-venv-${version}`);
    const env = {
      ...this.env,
      AIRFLOW_HOME: join(this.folder, 'python'),
      PYTHONPATH: join(ROOT, 'airflow/plugins'),
      PYTHONDONTWRITEBYTECODE: '1',
    };
    return new Promise((done, fail) => {
      execFile(join(venv, 'bin/python'), [file], { env }, (error, stdout, stderr) => {
        if (error === null) done(stdout);
        else fail(new Error(stderr));
      });
    });
  }

  /** Ends it and removes what it wrote. */
  async remove(): Promise<void> {
    await this.script('down');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
