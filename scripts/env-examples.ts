/** The files `env.example`: every setting of a process with what it means, and the values of each environment. */

import { RUNTIME_SETTINGS } from '../app/config/runtime.ts';
import type { Setting, SettingGroup } from '../app/config/setting.ts';

/** Groups of settings in the order of the pages. */
export const SETTING_GROUPS: readonly { readonly group: SettingGroup; readonly title: string }[] = [
  { group: 'process', title: 'Process' },
  { group: 'kafka', title: 'Kafka' },
  { group: 'registry', title: 'Schema registry' },
  { group: 'clickhouse', title: 'ClickHouse' },
  { group: 'postgres', title: 'PostgreSQL' },
  { group: 'redis', title: 'Redis' },
  { group: 'policies', title: 'Policy files' },
  { group: 'beside', title: 'Beside' },
];

/** The settings of a group. */
export function settingsOf(group: SettingGroup): Setting[] {
  return Object.values<Setting>(RUNTIME_SETTINGS).filter((setting) => setting.group === group);
}

/** Where else a setting can stand, as sentences. */
export function otherNames({ aliases = [], part, isSecret }: Setting): string[] {
  const sentences: string[] = [];
  if (aliases.length > 0) sentences.push(`Also ${aliases.map((name) => `\`${name}\``).join(', ')}.`);
  if (part !== undefined) sentences.push(`Also a part of \`${part.variable}\`.`);
  if (isSecret === true) sentences.push('A secret.');
  return sentences;
}

type Values = Readonly<Record<string, string>>;

/** What the environments beyond one machine share: names of services in the cluster, secrets as mounted files. */
const CLUSTER: Values = {
  DATA_PROC_PROFILE: 'cluster',
  DATA_PROC_DATA_DIR: '/var/lib/carbon',
  DATA_PROC_HTTP_HOST: '0.0.0.0',
  DATA_PROC_PARTITIONS: '8',
  DATA_PROC_FEED_TOPICS: 'all',
  DATA_PROC_KAFKA_BOOTSTRAP: 'kafka:9092',
  DATA_PROC_SCHEMA_REGISTRY_URL: 'http://schema-registry:8081',
  DATA_PROC_CLICKHOUSE_URL: 'http://clickhouse:8123',
  DATA_PROC_CLICKHOUSE_DATABASE: 'carbon_ingestion',
  DATA_PROC_CLICKHOUSE_USER: 'carbon_writer',
  DATA_PROC_CLICKHOUSE_PASSWORD_FILE: '/run/secrets/clickhouse-password',
  DATA_PROC_CLICKHOUSE_READ_USER: 'carbon_reader',
  DATA_PROC_CLICKHOUSE_READ_PASSWORD_FILE: '/run/secrets/clickhouse-read-password',
  DATA_PROC_POSTGRES_DSN: 'postgres://carbon@postgres:5432/carbon',
  DATA_PROC_POSTGRES_PASSWORD_FILE: '/run/secrets/postgres-password',
  DATA_PROC_REDIS_URL: 'redis://redis:6379/0',
};

/** Encrypted, with more than one of everything. */
const GUARDED: Values = {
  ...CLUSTER,
  DATA_PROC_PARTITIONS: '16',
  DATA_PROC_KAFKA_BOOTSTRAP: 'kafka-0.kafka:9093,kafka-1.kafka:9093,kafka-2.kafka:9093',
  DATA_PROC_KAFKA_TLS: 'verify',
  DATA_PROC_KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
  DATA_PROC_KAFKA_SASL_USERNAME: 'carbon',
  DATA_PROC_KAFKA_SASL_PASSWORD_FILE: '/run/secrets/kafka-password',
  DATA_PROC_KAFKA_REPLICATION: '3',
  DATA_PROC_SCHEMA_REGISTRY_URL: 'https://schema-registry:8081',
  DATA_PROC_CLICKHOUSE_URL: 'https://clickhouse-0.clickhouse:8443,https://clickhouse-1.clickhouse:8443',
  DATA_PROC_CLICKHOUSE_CLUSTER: 'carbon',
  DATA_PROC_POSTGRES_TLS: 'verify',
  DATA_PROC_REDIS_URL: 'rediss://redis:6379/0',
  DATA_PROC_REDIS_PASSWORD_FILE: '/run/secrets/redis-password',
};

const ENVIRONMENTS: Readonly<Record<string, { readonly about: string; readonly values: Values }>> = {
  local: {
    about:
      'One machine: no server is needed. make infra-up starts those of the cluster profile, whose defaults these are.',
    values: {},
  },
  dev: { about: 'A shared cluster without encryption.', values: CLUSTER },
  staging: { about: 'As production, with less of everything.', values: GUARDED },
  production: {
    about: 'Encrypted, replicated, and durable against loss of power.',
    values: { ...GUARDED, DATA_PROC_DURABILITY: 'power', DATA_PROC_PARTITIONS: '32' },
  },
};

/** An example for each environment, the one to copy to `.env`, which is that of one machine, and one per service. */
export function exampleFiles(): { path: string; text: string }[] {
  const examples = Object.entries(ENVIRONMENTS).map(([name, { about, values }]) => ({
    path: `configs/environments/${name}/env.example`,
    text: exampleOf(name, about, values),
  }));
  const [local] = examples;
  return [...examples, { path: 'configs/.env.example', text: local.text }, ...serviceExamples()];
}

const OVERLAYS = ['dev', 'staging', 'production'] as const;

/**
 * Settings of the pods: what the environments of a cluster share, and per overlay what it adds. The manifests make one
 * ConfigMap of both; a change gives it another name, so that pods with the former settings are replaced.
 */
export function podSettings(): { path: string; text: string }[] {
  const file = (path: string, about: string, values: Values) => ({
    path,
    text: `# ${about}\n# Made by scripts/env-examples.ts (make docs).\n${Object.entries(values)
      .map(([variable, value]) => `${variable}=${value}\n`)
      .join('')}`,
  });
  return [
    file('k8s/base/settings.env', 'Settings that the pods of all environments share.', CLUSTER),
    ...OVERLAYS.map((name) => {
      const own = Object.entries(ENVIRONMENTS[name]?.values ?? {}).filter(
        ([variable, value]) => CLUSTER[variable] !== value,
      );
      const values = { DATA_PROC_ENV: name, ...Object.fromEntries(own) };
      return file(
        `k8s/overlays/${name}/settings.env`,
        `What pods of ${name} have beside or in place.`,
        values,
      );
    }),
  ];
}

/** What concerns one service only, by its variable. */
const OF_SERVICE: Readonly<Record<string, readonly string[]>> = {
  normalization: ['DATA_PROC_NORMALIZATION_PORT', 'NORMALIZATION_RULES_PATH', 'DATA_PROC_CONSUMER_GROUP'],
  enrichment: ['DATA_PROC_ENRICHMENT_PORT', 'ENRICHMENT_TAXONOMY_PATH'],
  aggregation: [
    'DATA_PROC_AGGREGATION_PORT',
    'AGGREGATION_POLICIES_PATH',
    'CURVE_POLICIES_PATH',
    'DATA_PROC_BAR_INTERVALS',
    'DATA_PROC_CURVE_REBUILD_THREADS',
  ],
  projection: [
    'DATA_PROC_PROJECTION_PORT',
    'PROJECTION_POLICIES_PATH',
    'DATA_PROC_PROJECTION_REFRESH_INTERVAL',
    'DATA_PROC_HTTP_MAX_QUERIES',
    'DATA_PROC_HTTP_TIMEOUT_SECONDS',
  ],
  // Beside the services: who publishes, and other programs.
  none: ['DATA_PROC_CONNECTOR_REGISTRY_PORT', 'MISO_API_URL', 'MISO_API_TOKEN', 'AIRFLOW__CORE__FERNET_KEY'],
};

/** The settings of each service in the cluster, without those of the others. */
function serviceExamples(): { path: string; text: string }[] {
  return Object.keys(OF_SERVICE)
    .filter((service) => service !== 'none')
    .map((service) => {
      const foreign = Object.entries(OF_SERVICE).flatMap(([name, own]) => (name === service ? [] : own));
      return {
        path: `services/${service}/config/.env.example`,
        text: exampleOf('dev', `The service ${service} alone.`, CLUSTER, foreign),
      };
    });
}

function exampleOf(name: string, about: string, given: Values, without: readonly string[] = []): string {
  const values: Values = { DATA_PROC_ENV: name, ...given };
  const lines = [
    `# Environment ${name}. ${about}`,
    '# Made by scripts/env-examples.ts (make docs). What stands behind a # has the value shown by itself.',
    '# Secrets stand in files; a plain variable without _FILE does as well.',
    '',
  ];
  for (const { group, title } of SETTING_GROUPS) {
    const settings = settingsOf(group).filter(({ variable }) => !without.includes(variable));
    lines.push(`# ---- ${title}`, '');
    for (const setting of settings) lines.push(...settingLines(setting, values), '');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function settingLines(setting: Setting, values: Values): string[] {
  const { variable, what, allowed, fallback, isSecret } = setting;
  const about = `# ${what} (${allowed})`;
  const file = `${variable}_FILE`;
  if (values[variable] !== undefined) return [about, `${variable}=${values[variable]}`];
  if (values[file] !== undefined) return [about, `${file}=${values[file]}`];
  return [about, isSecret === true && fallback === '' ? `#${file}=` : `#${variable}=${fallback}`];
}
