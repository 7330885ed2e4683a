/** Settings of a process: data directory, tenant, sizes. From options first, then the environment, then the default. */

import { resolve } from 'node:path';
import { z } from 'zod';
import { CarbonError } from '../../core/errors.ts';

const integer = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** One row per setting: variable, what is allowed in words and as a check, default, meaning. `docs/configuration.md` is generated from it. */
export const RUNTIME_SETTINGS = {
  dataDir: {
    variable: 'DATA_PROC_DATA_DIR',
    allowed: 'a path',
    schema: z.string().min(1),
    fallback: './.carbon',
    what: 'Folder of the embedded stores.',
  },
  logLevel: {
    variable: 'DATA_PROC_LOG_LEVEL',
    allowed: 'debug, info, warning or error',
    schema: z.enum(['debug', 'info', 'warning', 'error']),
    fallback: 'warning',
    what: 'Least level of log lines on standard error.',
  },
  durability: {
    variable: 'DATA_PROC_DURABILITY',
    allowed: 'process or power',
    schema: z.enum(['process', 'power']),
    fallback: 'process',
    what: 'process: safe against kill -9. power: every commit is synced to disk.',
  },
  partitions: {
    variable: 'DATA_PROC_PARTITIONS',
    allowed: 'a whole number from 1 to 256',
    schema: integer(1, 256),
    fallback: '4',
    what: 'Partitions of new topics; never changed in place.',
  },
  maxBatchBytes: {
    variable: 'DATA_PROC_MAX_BATCH_BYTES',
    allowed: 'a whole number from 4096 to 67108864',
    schema: integer(4096, 67_108_864),
    fallback: '2097152',
    what: 'About how many bytes of records one plan takes.',
  },
  feed: {
    variable: 'DATA_PROC_FEED_TOPICS',
    allowed: 'served or all',
    schema: z.enum(['served', 'all']),
    fallback: 'served',
    what: 'served: bars, latest prices, anomalies, dead letters. all: tick topics too.',
  },
  tenant: {
    variable: 'DATA_PROC_TENANT',
    allowed: '1 to 64 letters, digits, hyphens and underscores',
    schema: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
    fallback: 'default',
    what: 'Tenant of what this process ingests and reads.',
  },
} as const;

export interface RuntimeSettings {
  readonly dataDir: string;
  readonly logLevel: 'debug' | 'info' | 'warning' | 'error';
  readonly durability: 'process' | 'power';
  readonly partitions: number;
  readonly maxBatchBytes: number;
  readonly feed: 'served' | 'all';
  readonly tenant: string;
  /** Root of the checkout or image: configs, migrations, connectors, schemas. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What the command line may set. */
export type RuntimeOptions = Partial<Record<keyof typeof RUNTIME_SETTINGS, string>>;

/** The options of the command line; the other settings have none and come from the environment. */
const OPTION_NAMES: Readonly<Record<keyof typeof RUNTIME_SETTINGS, string>> = {
  dataDir: '--data',
  logLevel: '--log-level',
  durability: '--durability',
  partitions: '--partitions',
  maxBatchBytes: '--max-batch-bytes',
  feed: '--feed',
  tenant: '--tenant',
};

/** Resolves all settings. Throws CONFIG_INVALID with the name of the variable or option, its value and what is allowed. */
export function runtimeSettings(
  options: RuntimeOptions,
  env: Readonly<Record<string, string | undefined>>,
): RuntimeSettings {
  const value = <K extends keyof typeof RUNTIME_SETTINGS>(
    key: K,
  ): z.infer<(typeof RUNTIME_SETTINGS)[K]['schema']> => {
    const { variable, schema, fallback, allowed } = RUNTIME_SETTINGS[key];
    const text = options[key] ?? env[variable] ?? fallback;
    const checked = schema.safeParse(text);
    if (checked.success) return checked.data as z.infer<(typeof RUNTIME_SETTINGS)[K]['schema']>;
    const field = options[key] === undefined ? variable : OPTION_NAMES[key];
    throw new CarbonError('CONFIG_INVALID', `${field} is ${JSON.stringify(text)}, but must be ${allowed}`, {
      position: { field, expected: allowed, got: text },
    });
  };
  return {
    dataDir: resolve(value('dataDir')),
    logLevel: value('logLevel'),
    durability: value('durability'),
    partitions: value('partitions'),
    maxBatchBytes: value('maxBatchBytes'),
    feed: value('feed'),
    tenant: value('tenant'),
    root: resolve(import.meta.dirname, '../..'),
    env,
  };
}
