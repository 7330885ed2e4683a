/** Settings of a process: data directory, tenant, sizes. From options first, then the environment, then the default. */

import { resolve } from 'node:path';
import { z } from 'zod';
import { CarbonError } from '../../core/errors.ts';
import type { LogLevel } from '../../core/ports/log-policy.ts';
import type { HttpService } from '../telemetry/http-service.ts';

const integer = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

const portSetting = <V extends string>(service: V, fallback: string, of: string) => ({
  variable: `DATA_PROC_${service}_PORT` as const,
  allowed: 'a port number, or 0 for any free one',
  schema: integer(0, 65_535),
  fallback,
  what: `Port of ${of}; 0 takes any free one.`,
});

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
    allowed: 'debug, info, warning, error or policy',
    schema: z.enum(['debug', 'info', 'warning', 'error', 'policy']),
    fallback: 'policy',
    what: 'Least level of log lines on standard error. policy: as configs/logging.yaml says.',
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
    fallback: '2',
    what: 'Partitions of new topics; never changed in place.',
  },
  maxBatchBytes: {
    variable: 'DATA_PROC_MAX_BATCH_BYTES',
    allowed: 'a whole number from 4096 to 67108864',
    schema: integer(4096, 67_108_864),
    fallback: '8388608',
    what: 'About how many bytes of records one plan takes.',
  },
  flushMs: {
    variable: 'DATA_PROC_FLUSH_MS',
    allowed: 'a whole number from 0 to 10000',
    schema: integer(0, 10_000),
    fallback: '100',
    what: 'Milliseconds from one round of plans to the next while a service keeps up: latency against work.',
  },
  maxBatchSize: {
    variable: 'DATA_PROC_MAX_BATCH_SIZE',
    allowed: 'a whole number from 0 to 1000000',
    schema: integer(0, 1_000_000),
    fallback: '0',
    what: 'About how many records one plan takes, in whole record batches; 0: the bytes alone decide.',
  },
  parallelWorkers: {
    variable: 'PARALLEL_WORKERS',
    allowed: 'a whole number from 1 to 64',
    schema: integer(1, 64),
    fallback: '1',
    what: 'Partitions that a process works on at once: while one waits for a store, others go on.',
  },
  maxLag: {
    variable: 'DATA_PROC_MAX_LAG',
    allowed: 'a whole number from 1 to 1000000000',
    schema: integer(1, 1_000_000_000),
    fallback: '1000000',
    what: 'Records that a stage may lag behind on a partition before the stage that feeds it waits.',
  },
  feed: {
    variable: 'DATA_PROC_FEED_TOPICS',
    allowed: 'served or all',
    schema: z.enum(['served', 'all']),
    fallback: 'served',
    what: 'served: bars, latest prices, anomalies, dead letters. all: tick topics too.',
  },
  http: {
    variable: 'DATA_PROC_HTTP',
    allowed: 'on or off',
    schema: z.enum(['on', 'off']),
    fallback: 'on',
    what: 'off: services open no port: no health, no metrics, no read API.',
  },
  httpHost: {
    variable: 'DATA_PROC_HTTP_HOST',
    allowed: 'a host name or address',
    schema: z.string().min(1),
    fallback: '127.0.0.1',
    what: 'Address that services listen on; 0.0.0.0 in a container. There is no login: keep it inside.',
  },
  connectorRegistryPort: portSetting('CONNECTOR_REGISTRY', '8500', 'the connector registry'),
  normalizationPort: portSetting('NORMALIZATION', '8510', 'normalization'),
  enrichmentPort: portSetting('ENRICHMENT', '8511', 'enrichment'),
  aggregationPort: portSetting('AGGREGATION', '8512', 'aggregation'),
  projectionPort: portSetting('PROJECTION', '8513', 'projection, with the read API'),
  httpMaxQueries: {
    variable: 'DATA_PROC_HTTP_MAX_QUERIES',
    allowed: 'a whole number from 1 to 64',
    schema: integer(1, 64),
    fallback: '4',
    what: 'Reads of the API that may work on the warehouse at once; others wait their turn.',
  },
  httpTimeoutSeconds: {
    variable: 'DATA_PROC_HTTP_TIMEOUT_SECONDS',
    allowed: 'a whole number from 1 to 600',
    schema: integer(1, 600),
    fallback: '15',
    what: 'Longest time for a read of the API, its wait included; after it the answer is 503.',
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
  /** Null: as the log policy says. */
  readonly logLevel: LogLevel | null;
  readonly durability: 'process' | 'power';
  readonly partitions: number;
  readonly maxBatchBytes: number;
  /** 0: no limit. */
  readonly flushMs: number;
  readonly maxBatchSize: number;
  readonly parallelWorkers: number;
  readonly maxLag: number;
  readonly feed: 'served' | 'all';
  readonly tenant: string;
  readonly http: 'on' | 'off';
  readonly httpHost: string;
  /** Port of each service; 0 for any free one. */
  readonly ports: Readonly<Record<HttpService, number>>;
  readonly httpMaxQueries: number;
  readonly httpTimeoutSeconds: number;
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
  flushMs: '--flush-ms',
  maxBatchSize: '--max-batch-size',
  parallelWorkers: '--parallel-workers',
  maxLag: '--max-lag',
  feed: '--feed',
  tenant: '--tenant',
  http: '--http',
  httpHost: '--http-host',
  connectorRegistryPort: '--connector-registry-port',
  normalizationPort: '--normalization-port',
  enrichmentPort: '--enrichment-port',
  aggregationPort: '--aggregation-port',
  projectionPort: '--projection-port',
  httpMaxQueries: '--http-max-queries',
  httpTimeoutSeconds: '--http-timeout-seconds',
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
  const level = value('logLevel');
  return {
    dataDir: resolve(value('dataDir')),
    logLevel: level === 'policy' ? null : level,
    durability: value('durability'),
    partitions: value('partitions'),
    maxBatchBytes: value('maxBatchBytes'),
    flushMs: value('flushMs'),
    maxBatchSize: value('maxBatchSize'),
    parallelWorkers: value('parallelWorkers'),
    maxLag: value('maxLag'),
    feed: value('feed'),
    tenant: value('tenant'),
    http: value('http'),
    httpHost: value('httpHost'),
    ports: {
      'connector-registry': value('connectorRegistryPort'),
      normalization: value('normalizationPort'),
      enrichment: value('enrichmentPort'),
      aggregation: value('aggregationPort'),
      projection: value('projectionPort'),
    },
    httpMaxQueries: value('httpMaxQueries'),
    httpTimeoutSeconds: value('httpTimeoutSeconds'),
    root: resolve(import.meta.dirname, '../..'),
    env,
  };
}
