/** Settings of a process that do not depend on an engine: data directory, tenant, sizes, ports. */

import { z } from 'zod';
import { choiceSetting, integerSetting, textSetting } from './setting.ts';

const integer = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

const portSetting = <V extends string>(service: V, fallback: string, of: string) => ({
  group: 'process' as const,
  variable: `DATA_PROC_${service}_PORT` as const,
  allowed: 'a port number, or 0 for any free one',
  schema: integer(0, 65_535),
  fallback,
  what: `Port of ${of}; 0 takes any free one.`,
});

/** Settings of the process itself. */
export const PROCESS_SETTINGS = {
  profile: choiceSetting('process', 'DATA_PROC_PROFILE', ['embedded', 'cluster'], {
    fallback: 'embedded',
    what: 'embedded: the stores are files of the data directory. cluster: Kafka, ClickHouse, PostgreSQL and Redis.',
  }),
  environment: choiceSetting('process', 'DATA_PROC_ENV', ['local', 'dev', 'staging', 'production'], {
    aliases: ['INGEST_ENV'],
    fallback: 'local',
    what: 'Name of the environment. It is printed, and nothing reads it to decide anything.',
  }),
  dataDir: {
    group: 'process',
    variable: 'DATA_PROC_DATA_DIR',
    allowed: 'a path',
    schema: z.string().min(1),
    fallback: './.carbon',
    what: 'Folder of the embedded stores.',
  },
  logLevel: {
    group: 'process',
    variable: 'DATA_PROC_LOG_LEVEL',
    allowed: 'debug, info, warning, error or policy',
    schema: z.enum(['debug', 'info', 'warning', 'error', 'policy']),
    fallback: 'policy',
    what: 'Least level of log lines on standard error. policy: as configs/logging.yaml says.',
  },
  durability: {
    group: 'process',
    variable: 'DATA_PROC_DURABILITY',
    allowed: 'process or power',
    schema: z.enum(['process', 'power']),
    fallback: 'process',
    what: 'process: safe against kill -9. power: every commit is synced to disk.',
  },
  partitions: {
    group: 'process',
    variable: 'DATA_PROC_PARTITIONS',
    allowed: 'a whole number from 1 to 256',
    schema: integer(1, 256),
    fallback: '2',
    what: 'Partitions of new topics; never changed in place.',
  },
  maxBatchBytes: {
    group: 'process',
    variable: 'DATA_PROC_MAX_BATCH_BYTES',
    allowed: 'a whole number from 4096 to 67108864',
    schema: integer(4096, 67_108_864),
    fallback: '12582912',
    what: 'About how many bytes of records one plan takes.',
  },
  flushMs: {
    group: 'process',
    variable: 'DATA_PROC_FLUSH_MS',
    allowed: 'a whole number from 0 to 10000',
    schema: integer(0, 10_000),
    fallback: '100',
    what: 'Milliseconds from one round of plans to the next while a service keeps up: latency against work.',
  },
  maxBatchSize: {
    group: 'process',
    variable: 'DATA_PROC_MAX_BATCH_SIZE',
    allowed: 'a whole number from 0 to 1000000',
    schema: integer(0, 1_000_000),
    fallback: '0',
    what: 'About how many records one plan takes, in whole record batches; 0: the bytes alone decide.',
  },
  parallelWorkers: {
    group: 'process',
    variable: 'PARALLEL_WORKERS',
    allowed: 'a whole number from 1 to 64',
    schema: integer(1, 64),
    fallback: '2',
    what: 'Partitions that a process works on at once: while one waits for a store, others go on.',
  },
  maxLag: {
    group: 'process',
    variable: 'DATA_PROC_MAX_LAG',
    allowed: 'a whole number from 1 to 1000000000',
    schema: integer(1, 1_000_000_000),
    fallback: '1000000',
    what: 'Records that a stage may lag behind on a partition before the stage that feeds it waits.',
  },
  feed: {
    group: 'process',
    variable: 'DATA_PROC_FEED_TOPICS',
    allowed: 'served, silver or all',
    schema: z.enum(['served', 'silver', 'all']),
    fallback: 'served',
    what: 'served: bars and latest prices. silver: normalized ticks alone. all: both, and enriched ticks. Anomalies and dead letters always.',
  },
  cloudEventsTopics: textSetting(
    'process',
    'DATA_PROC_CLOUD_EVENTS_TOPICS',
    'names of topics with commas, * for any part, or nothing',
    /^[A-Za-z0-9._*, -]*$/,
    {
      fallback: '',
      what: 'Topics whose records bear the headers of CloudEvents, such as served.*,aggregation.ohlc.bars.v1; about 250 bytes each.',
    },
  ),
  backfillMaxDays: integerSetting('process', 'DATA_PROC_BACKFILL_MAX_DAYS', [1, 3660], {
    fallback: '31',
    what: 'Longest window of a backfill job, in days.',
  }),
  backfillShare: integerSetting('process', 'DATA_PROC_BACKFILL_SHARE', [1, 100], {
    fallback: '50',
    what: 'Percent of its time that a backfill job works; between two chunks it rests, so that the stores have time for others.',
  }),
  curveThreads: integerSetting('process', 'DATA_PROC_CURVE_REBUILD_THREADS', [1, 64], {
    fallback: '4',
    what: 'Curves that carbon curve build makes anew at once: one waits for the stores while another computes.',
  }),
  http: {
    group: 'process',
    variable: 'DATA_PROC_HTTP',
    allowed: 'on or off',
    schema: z.enum(['on', 'off']),
    fallback: 'on',
    what: 'off: services open no port: no health, no metrics, no read API.',
  },
  httpHost: {
    group: 'process',
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
    group: 'process',
    variable: 'DATA_PROC_HTTP_MAX_QUERIES',
    allowed: 'a whole number from 1 to 64',
    schema: integer(1, 64),
    fallback: '4',
    what: 'Reads of the API that may work on the warehouse at once; others wait their turn.',
  },
  httpTimeoutSeconds: {
    group: 'process',
    variable: 'DATA_PROC_HTTP_TIMEOUT_SECONDS',
    allowed: 'a whole number from 1 to 600',
    schema: integer(1, 600),
    fallback: '15',
    what: 'Longest time for a read of the API, its wait included; after it the answer is 503.',
  },
  tenant: {
    group: 'process',
    variable: 'DATA_PROC_TENANT',
    allowed: '1 to 64 letters, digits, hyphens and underscores',
    schema: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
    fallback: 'default',
    what: 'Tenant of what this process ingests and reads.',
  },
} as const;
