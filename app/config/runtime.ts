/** Settings of a process, resolved: from options first, then the environment, then the default. */

import { resolve } from 'node:path';
import type { z } from 'zod';
import type { LogLevel } from '../../core/ports/log-policy.ts';
import type { HttpService } from '../telemetry/http-service.ts';
import { BESIDE_SETTINGS, POLICY_SETTINGS } from './beside-settings.ts';
import { ENGINE_SETTINGS } from './engine-settings.ts';
import { PROCESS_SETTINGS } from './process-settings.ts';
import { type Resolution, resolveSettings, type Variables } from './resolve.ts';

/** One row per setting; `docs/configuration.md` and the files `env.example` are made from it. */
export const RUNTIME_SETTINGS = {
  ...PROCESS_SETTINGS,
  ...ENGINE_SETTINGS,
  ...POLICY_SETTINGS,
  ...BESIDE_SETTINGS,
} as const;

type SettingKey = keyof typeof RUNTIME_SETTINGS;

/** The engine settings in force; an empty text stands for none. */
export type EngineSettings = {
  readonly [K in keyof typeof ENGINE_SETTINGS]: z.infer<(typeof ENGINE_SETTINGS)[K]['schema']>;
};

export interface RuntimeSettings {
  readonly profile: 'embedded' | 'cluster';
  readonly environment: string;
  /** What the cluster profile is reached by; read whatever the profile is. */
  readonly engines: EngineSettings;
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
  readonly feed: 'served' | 'silver' | 'all';
  /** Topics whose records bear the headers of CloudEvents: names and patterns with commas, or nothing. */
  readonly cloudEventsTopics: string;
  readonly backfillMaxDays: number;
  readonly backfillShare: number;
  readonly curveThreads: number;
  readonly tenant: string;
  readonly http: 'on' | 'off';
  readonly httpHost: string;
  /** Port of each service; 0 for any free one. */
  readonly ports: Readonly<Record<HttpService, number>>;
  readonly httpMaxQueries: number;
  readonly httpTimeoutSeconds: number;
  /** Root of the checkout or image: configs, migrations, connectors, schemas. */
  readonly root: string;
  /** The environment, with every setting that it gives under its first name: policy files may name them. */
  readonly env: Variables;
}

/** What the command line may set. */
export type RuntimeOptions = Partial<Record<SettingKey, string>>;

/** Options whose names are not those of their keys. */
const OPTION_NAMES: Partial<Readonly<Record<SettingKey, string>>> = { dataDir: '--data' };

/** The name of an option: `--max-batch-bytes` for `maxBatchBytes`. */
function optionName(key: SettingKey): string {
  return OPTION_NAMES[key] ?? `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Finds and checks all settings without throwing: for whoever wants to see them, or every problem at once. */
export function resolveRuntime(options: RuntimeOptions, env: Variables): Resolution<SettingKey> {
  const given = Object.fromEntries(
    Object.entries(options).map(([key, text]) => [key, { name: optionName(key as SettingKey), text }]),
  );
  return resolveSettings<SettingKey>(RUNTIME_SETTINGS, given, env);
}

/** Resolves all settings. Throws CONFIG_INVALID with the name of the variable or option, its value and what is allowed. */
export function runtimeSettings(options: RuntimeOptions, env: Variables): RuntimeSettings {
  const { settings, problems } = resolveRuntime(options, env);
  const [problem] = problems;
  if (problem !== undefined) throw problem;
  const value = <K extends SettingKey>(key: K): z.infer<(typeof RUNTIME_SETTINGS)[K]['schema']> =>
    settings.get(key)?.value as z.infer<(typeof RUNTIME_SETTINGS)[K]['schema']>;
  const engines = Object.fromEntries(
    (Object.keys(ENGINE_SETTINGS) as (keyof EngineSettings)[]).map((key) => [key, value(key)]),
  );
  const level = value('logLevel');
  return {
    profile: value('profile'),
    environment: value('environment'),
    engines: engines as EngineSettings,
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
    cloudEventsTopics: value('cloudEventsTopics'),
    backfillMaxDays: value('backfillMaxDays'),
    backfillShare: value('backfillShare'),
    curveThreads: value('curveThreads'),
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
    env: underFirstNames(env, settings),
  };
}

/** The environment with every setting that it gives under its first name: nobody else has to know the others. */
export function underFirstNames(env: Variables, settings: Resolution<SettingKey>['settings']): Variables {
  const given: Record<string, string> = {};
  for (const { setting, text, source } of settings.values())
    if (source !== 'default' && !source.startsWith('--')) given[setting.variable] = text;
  return { ...env, ...given };
}
