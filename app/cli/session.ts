/** What every command needs around its work: settings, stores, the form of its output, and how it ends. */

import { existsSync } from 'node:fs';
import { CarbonError } from '../../core/errors.ts';
import { type RuntimeOptions, type RuntimeSettings, runtimeSettings } from '../config/runtime.ts';
import type { Stores } from '../stores/open-stores.ts';
import { formatOf, type OutputRow, print, render } from './output.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly data?: string;
  readonly json?: boolean;
  readonly output?: string;
  readonly logLevel?: string;
  readonly tenant?: string;
  readonly profile?: string;
}

/** What the command line says of the settings. */
export function optionsOf({ data, logLevel, tenant, profile }: GlobalOptions): RuntimeOptions {
  return {
    ...(data === undefined ? {} : { dataDir: data }),
    ...(logLevel === undefined ? {} : { logLevel }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(profile === undefined ? {} : { profile }),
  };
}

/** Settings from the command line and the environment. */
export function runtimeOf(options: GlobalOptions): RuntimeSettings {
  return runtimeSettings(optionsOf(options), process.env);
}

/** Opens the stores for one piece of work and closes them whatever happens. */
export async function withStores<T>(
  options: GlobalOptions,
  serve: boolean,
  work: (stores: Stores) => Promise<T>,
): Promise<T> {
  return within(runtimeOf(options), serve, work);
}

/** The same for a command that only reads: where there is no data it makes none. Throws NOT_FOUND then. */
export async function readStores<T>(
  options: GlobalOptions,
  work: (stores: Stores) => Promise<T>,
): Promise<T> {
  const runtime = runtimeOf(options);
  if (runtime.profile === 'embedded' && !existsSync(runtime.dataDir))
    throw new CarbonError(
      'NOT_FOUND',
      `there is no data in ${runtime.dataDir}; carbon replay FILE takes a payload in`,
      {
        position: { field: '--data', expected: 'a folder that carbon has written to', got: runtime.dataDir },
      },
    );
  return within(runtime, false, work);
}

async function within<T>(
  runtime: RuntimeSettings,
  serve: boolean,
  work: (stores: Stores) => Promise<T>,
): Promise<T> {
  const { openStores } = await import('../stores/open-stores.ts');
  const stores = await openStores(runtime, { service: 'carbon', serve });
  return closedAfter(stores, () => work(stores));
}

/** Works with open stores and closes them whatever happens. */
export async function closedAfter<T>(stores: Stores, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await stores.close();
  }
}

/** Prints rows in the form asked for. */
export async function show(rows: readonly OutputRow[], options: GlobalOptions): Promise<void> {
  await print(await render(rows, formatOf(options)));
}

/** A line of progress or of a summary, on standard error. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * Tells of an error on standard error and returns the exit code: a person gets the message, where it is and what to
 * do; `--json` one object; what was not foreseen also its stack.
 */
export function report(error: unknown, json: boolean): number {
  if (error instanceof CarbonError) {
    if (json) note(JSON.stringify({ error: error.toJSON() }));
    else {
      note(`error ${error.code}: ${error.message}`);
      const { file, line, column, expected, got } = error.position;
      if (file !== undefined)
        note(`  at: ${[file, line, column].filter((part) => part !== undefined).join(':')}`);
      if (expected !== undefined) note(`  expected: ${expected}`);
      if (got !== undefined) note(`  got: ${got}`);
      note(`  what to do: ${String(error.toJSON()['remedy'])}`);
    }
    return error.exitCode;
  }
  note(
    json
      ? JSON.stringify({ error: { code: 'UNEXPECTED', message: String(error) } })
      : `unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return 1;
}
