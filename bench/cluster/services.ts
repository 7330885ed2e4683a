/** Services of the command as processes, as an operator runs them: started one after the other, stopped together. */

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Variables } from '../../tests/integration/cluster/engines.ts';

/** The forms that the work of the stages may have; the reader of the raw topics is started last. */
export const FORMS = {
  fused: ['pipeline'],
  split: ['connector-registry', 'projection', 'aggregation', 'enrichment', 'normalization'],
} as const;

export type Form = keyof typeof FORMS;

/** Groups whose work is the last to be done, by form: when they have finished a plan, its ticks and bars are stored. */
export const LAST_GROUPS: Readonly<Record<Form, readonly string[]>> = {
  fused: ['pipeline'],
  split: ['aggregation', 'projection'],
};

/** Longest wait for a service to work, and to end, in milliseconds. */
const PATIENCE_MS = 60_000;

interface RunningService {
  readonly name: string;
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  stderr: string;
}

/** Resolves with the exit code when a process has ended; it is killed when this one ends before. */
export function endOf(child: ChildProcess): Promise<number | null> {
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  // Before the folders go that it works in.
  process.prependOnceListener('exit', kill);
  return new Promise((done) => {
    child.once('close', (exit) => {
      process.off('exit', kill);
      done(exit);
    });
  });
}

/** Processes of one form. */
export class Services {
  private readonly running: RunningService[] = [];

  /** Starts one process after the other; resolves when the last one works. Throws when one ends before. */
  static async start(root: string, form: Form, variables: Variables, nodeOptions = ''): Promise<Services> {
    const services = new Services();
    try {
      for (const name of FORMS[form]) await services.add(root, name, variables, nodeOptions);
    } catch (error) {
      await services.kill();
      throw error;
    }
    return services;
  }

  get pids(): number[] {
    return this.running.map(({ child }) => child.pid as number);
  }

  private async add(root: string, name: string, variables: Variables, nodeOptions: string): Promise<void> {
    const child = spawn(join(root, 'bin/carbon'), ['run', name], {
      env: {
        ...process.env,
        DATA_PROC_LOG_LEVEL: 'info',
        DATA_PROC_HTTP: 'off',
        ...(nodeOptions === '' ? {} : { NODE_OPTIONS: nodeOptions }),
        ...variables,
      },
      stdio: ['ignore', process.env['BENCH_FLAGS'] ? 'inherit' : 'ignore', 'pipe'],
    });
    const service: RunningService = {
      name,
      child,
      ended: endOf(child),
      stderr: '',
    };
    this.running.push(service);
    const started = new Promise<void>((done) => {
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        service.stderr += text;
        if (service.stderr.includes('service.started')) done();
      });
    });
    const end = service.ended.then((exit) => {
      throw new Error(`${name} ended with ${exit}: ${service.stderr.slice(-2000)}`);
    });
    end.catch(() => {});
    await Promise.race([started, end, tooLate(`${name} did not start`)]);
  }

  /** Throws when one has ended unasked. */
  check(): void {
    for (const { name, child, stderr } of this.running)
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`${name} ended with ${child.exitCode ?? child.signalCode}: ${stderr.slice(-2000)}`);
  }

  /** What they warned of so far, as their log lines have it. */
  warnings(): string[] {
    return this.running.flatMap(({ stderr }) =>
      stderr.split('\n').filter((line) => /"level":"(WARN|ERROR)/.test(line)),
    );
  }

  /** Asks all to stop, so that they show what is still open; throws when one does not end well. */
  async stop(): Promise<void> {
    for (const { child } of this.running) child.kill('SIGTERM');
    for (const { name, ended, stderr } of this.running) {
      const exit = await Promise.race([ended, tooLate(`${name} did not stop`)]);
      if (exit !== 0) throw new Error(`${name} ended with ${exit}: ${stderr.slice(-2000)}`);
    }
  }

  /** Ends what is left of them. */
  async kill(): Promise<void> {
    for (const { child } of this.running) child.kill('SIGKILL');
    await Promise.all(this.running.map(({ ended }) => ended));
  }
}

function tooLate(what: string): Promise<never> {
  return new Promise((_, fail) => {
    setTimeout(() => fail(new Error(`${what} within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS).unref();
  });
}
