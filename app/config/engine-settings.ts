/** Settings of the engines of the cluster profile: Kafka, registry, ClickHouse, PostgreSQL, Redis. */

import { dsnPart } from './clickhouse-dsn.ts';
import { choiceSetting, freeSetting, integerSetting, type SettingGroup, textSetting } from './setting.ts';

const HOSTS = /^[^\s,:/]+:\d{1,5}(,[^\s,:/]+:\d{1,5})*$/;
const HTTP_URLS = /^https?:\/\/[^\s,/]+\/?(,https?:\/\/[^\s,/]+\/?)*$/;
const HTTP_URL = /^https?:\/\/[^\s,]+$/;
const NAME = /^[A-Za-z0-9_.-]{1,128}$/;
const NAME_OR_NONE = /^[A-Za-z0-9_.-]{0,128}$/;

const user = (group: SettingGroup, variable: string, what: string) =>
  freeSetting(group, variable, 'a name', { fallback: '', what });
const secret = (group: SettingGroup, variable: string, what: string) =>
  freeSetting(group, variable, 'a text', { fallback: '', what, isSecret: true });
const path = (group: SettingGroup, variable: string, what: string) =>
  freeSetting(group, variable, 'a path', { fallback: '', what });

const TLS = ['off', 'require', 'verify'] as const;
const TLS_WORDS =
  'off: plain. require: encrypted, whoever answers. verify: only with a certificate of the host.';

/** By the names under which the program knows them. */
export const ENGINE_SETTINGS = {
  kafkaBootstrap: textSetting(
    'kafka',
    'DATA_PROC_KAFKA_BOOTSTRAP',
    'host:port, or several with commas',
    HOSTS,
    {
      aliases: ['KAFKA_BOOTSTRAP', 'KAFKA_BOOTSTRAP_SERVERS'],
      fallback: 'localhost:9092',
      what: 'Brokers that are asked first for the others.',
    },
  ),
  kafkaSasl: choiceSetting(
    'kafka',
    'DATA_PROC_KAFKA_SASL_MECHANISM',
    ['none', 'PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'],
    { fallback: 'none', what: 'How the process says who it is.' },
  ),
  kafkaUser: user('kafka', 'DATA_PROC_KAFKA_SASL_USERNAME', 'User for SASL.'),
  kafkaPassword: secret('kafka', 'DATA_PROC_KAFKA_SASL_PASSWORD', 'Password for SASL.'),
  kafkaTls: choiceSetting('kafka', 'DATA_PROC_KAFKA_TLS', ['off', 'verify'], {
    fallback: 'off',
    what: 'verify: encrypted, with brokers whose certificate is of their host.',
  }),
  kafkaTlsCa: path('kafka', 'DATA_PROC_KAFKA_TLS_CA', 'PEM file of authorities; the system knows its own.'),
  kafkaTlsCertificate: path(
    'kafka',
    'DATA_PROC_KAFKA_TLS_CERTIFICATE',
    'PEM file of the client, for mutual TLS.',
  ),
  kafkaTlsKey: path('kafka', 'DATA_PROC_KAFKA_TLS_KEY', 'PEM file of its key.'),
  kafkaCompression: choiceSetting('kafka', 'DATA_PROC_KAFKA_COMPRESSION', ['none', 'lz4', 'zstd'], {
    fallback: 'zstd',
    what: 'Compression of the record batches that are written.',
  }),
  kafkaGroupProtocol: choiceSetting('kafka', 'DATA_PROC_KAFKA_GROUP_PROTOCOL', ['consumer', 'classic'], {
    fallback: 'consumer',
    what: 'consumer: the broker assigns partitions (KIP-848). classic: one of the members does.',
  }),
  kafkaInstance: textSetting('kafka', 'DATA_PROC_KAFKA_GROUP_INSTANCE', 'a name, or nothing', NAME_OR_NONE, {
    fallback: '',
    what: 'Name of a member that keeps its partitions over a restart; empty: a new member each time.',
  }),
  kafkaReplication: integerSetting('kafka', 'DATA_PROC_KAFKA_REPLICATION', [0, 16], {
    fallback: '0',
    what: 'Copies of new topics; 0: as the brokers have it.',
  }),
  consumerGroup: textSetting(
    'kafka',
    'DATA_PROC_CONSUMER_GROUP',
    'a name that is not that of a service, or nothing',
    /^(?!(pipeline|normalization|enrichment|aggregation|projection)$)[A-Za-z0-9_.-]{0,128}$/,
    {
      fallback: '',
      what: 'Consumer group of normalization, the same for all its processes; empty: normalization. A new one reads from the beginning, and finds what it knows.',
    },
  ),

  registryUrl: textSetting(
    'registry',
    'DATA_PROC_SCHEMA_REGISTRY_URL',
    'an http or https address',
    HTTP_URL,
    {
      aliases: ['SCHEMA_REGISTRY_URL'],
      fallback: 'http://localhost:8081/apis/ccompat/v7',
      what: 'Schema registry with the Confluent paths, and the path before them where it has one (Apicurio).',
    },
  ),
  registryUser: user('registry', 'DATA_PROC_SCHEMA_REGISTRY_USER', 'User of the registry; empty: none.'),
  registryPassword: secret('registry', 'DATA_PROC_SCHEMA_REGISTRY_PASSWORD', 'Password of that user.'),

  clickhouseUrl: textSetting(
    'clickhouse',
    'DATA_PROC_CLICKHOUSE_URL',
    'http or https addresses without a path, with commas',
    HTTP_URLS,
    {
      part: dsnPart('url'),
      agrees: (one, other) => {
        const list = (text: string): string[] => text.split(',').map((url) => url.replace(/\/$/, ''));
        return list(one).some((url) => list(other).includes(url));
      },
      fallback: 'http://localhost:8123',
      what: 'ClickHouse over HTTP; of several addresses, replicas of each other, the first that answers is used.',
    },
  ),
  clickhouseDatabase: textSetting('clickhouse', 'DATA_PROC_CLICKHOUSE_DATABASE', 'a name', NAME, {
    part: dsnPart('database'),
    fallback: 'default',
    what: 'Database of the tables; made when it is missing.',
  }),
  clickhouseUser: freeSetting('clickhouse', 'DATA_PROC_CLICKHOUSE_USER', 'a name', {
    part: dsnPart('user'),
    fallback: 'default',
    what: 'User that inserts and makes tables.',
  }),
  clickhousePassword: freeSetting('clickhouse', 'DATA_PROC_CLICKHOUSE_PASSWORD', 'a text', {
    part: dsnPart('password'),
    fallback: '',
    what: 'Password of that user.',
    isSecret: true,
  }),
  clickhouseReadUser: user(
    'clickhouse',
    'DATA_PROC_CLICKHOUSE_READ_USER',
    'User that only asks; empty: the same as the one that writes. Needs readonly = 2: settings come with questions.',
  ),
  clickhouseReadPassword: secret(
    'clickhouse',
    'DATA_PROC_CLICKHOUSE_READ_PASSWORD',
    'Password of that user.',
  ),
  clickhouseCluster: textSetting(
    'clickhouse',
    'DATA_PROC_CLICKHOUSE_CLUSTER',
    'a name, or nothing',
    NAME_OR_NONE,
    {
      fallback: '',
      what: 'Cluster on which tables are made with replicated engines; empty: one server. Checked for its syntax only.',
    },
  ),
  clickhouseTimeoutMs: integerSetting('clickhouse', 'DATA_PROC_CLICKHOUSE_TIMEOUT_MS', [100, 3_600_000], {
    fallback: '60000',
    what: 'Longest wait for an answer, in milliseconds.',
  }),
  clickhouseTlsCa: path('clickhouse', 'DATA_PROC_CLICKHOUSE_TLS_CA', 'PEM file of authorities for https.'),

  postgresDsn: textSetting(
    'postgres',
    'DATA_PROC_POSTGRES_DSN',
    'postgres://user:password@host:5432/database',
    /^postgres(ql)?:\/\/\S+$/,
    {
      fallback: 'postgres://carbon:carbon@localhost:5432/carbon',
      what: 'Database of plans, cursors, ledger and taxonomy; sslmode counts.',
      isSecret: true,
    },
  ),
  postgresPassword: secret('postgres', 'DATA_PROC_POSTGRES_PASSWORD', 'In place of the password in the DSN.'),
  postgresPoolSize: integerSetting('postgres', 'DATA_PROC_POSTGRES_POOL_SIZE', [1, 100], {
    fallback: '4',
    what: 'Connections of a process at most, beside two for look-ups and one that listens for changes.',
  }),
  postgresTimeoutMs: integerSetting('postgres', 'DATA_PROC_POSTGRES_TIMEOUT_MS', [100, 600_000], {
    fallback: '15000',
    what: 'Longest time for a statement and for a lock, in milliseconds.',
  }),
  postgresLookUpDsn: textSetting(
    'postgres',
    'DATA_PROC_POSTGRES_LOOKUP_DSN',
    'postgres://user:password@host:5432/database, or nothing',
    /^(postgres(ql)?:\/\/\S+)?$/,
    {
      fallback: '',
      what: 'A replica for looking instruments up; empty: the database itself. Password and TLS are those of the database.',
      isSecret: true,
    },
  ),
  postgresLookUpTimeoutMs: integerSetting('postgres', 'DATA_PROC_POSTGRES_LOOKUP_TIMEOUT_MS', [10, 600_000], {
    fallback: '2000',
    what: 'Longest time for a look-up of instruments, in milliseconds; after it enrichment goes on without the answer.',
  }),
  postgresTls: choiceSetting('postgres', 'DATA_PROC_POSTGRES_TLS', ['dsn', ...TLS], {
    fallback: 'dsn',
    what: `dsn: as sslmode says. ${TLS_WORDS}`,
  }),
  postgresTlsCa: path('postgres', 'DATA_PROC_POSTGRES_TLS_CA', 'PEM file of authorities.'),
  postgresTlsCertificate: path(
    'postgres',
    'DATA_PROC_POSTGRES_TLS_CERTIFICATE',
    'PEM file of the client, for mutual TLS.',
  ),
  postgresTlsKey: path('postgres', 'DATA_PROC_POSTGRES_TLS_KEY', 'PEM file of its key.'),

  redisUrl: textSetting(
    'redis',
    'DATA_PROC_REDIS_URL',
    'redis://host:6379/0 or rediss://…',
    /^rediss?:\/\/\S+$/,
    {
      aliases: ['REDIS_URL'],
      fallback: 'redis://localhost:6379/0',
      what: 'Cache; without it everything goes on, more slowly. rediss:// for TLS.',
      isSecret: true,
    },
  ),
  redisPassword: secret('redis', 'DATA_PROC_REDIS_PASSWORD', 'In place of the password in the URL.'),
  redisTimeoutMs: integerSetting('redis', 'DATA_PROC_REDIS_TIMEOUT_MS', [10, 10_000], {
    fallback: '250',
    what: 'Longest wait for an answer, in milliseconds; after it the value counts as absent.',
  }),
  redisNearEntries: integerSetting('redis', 'DATA_PROC_REDIS_NEAR_ENTRIES', [0, 10_000_000], {
    fallback: '10000',
    what: 'Values kept in the process for as long as Redis says that they hold; 0 for none.',
  }),
  redisTlsCa: path('redis', 'DATA_PROC_REDIS_TLS_CA', 'PEM file of authorities for rediss://.'),
} as const;
