/** Opens the stores of a process by its profile, migrated and with their topics. Nothing else knows which they are. */

import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CarbonError } from '../../core/errors.ts';
import { Names } from '../../core/model/names.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Http } from '../../core/ports/http.ts';
import type { PayloadArchive } from '../../core/ports/payload-archive.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import { openDiskArchive } from '../../drivers/disk-archive/payload-archive.ts';
import { openUndiciHttp } from '../../drivers/http-undici/http.ts';
import { pinoTelemetry } from '../../drivers/pino-telemetry/telemetry.ts';
import { systemClock } from '../../drivers/system-clock/clock.ts';
import { loadLogPolicy } from '../config/logging.ts';
import type { RuntimeSettings } from '../config/runtime.ts';
import { Policies } from '../pipeline/policies.ts';
import { policyPaths, type StageSettings } from '../pipeline/settings.ts';
import { loadTopicPolicy, type TopicPolicy, topicPolicyPath } from '../pipeline/topic-policy.ts';
import { telemetryToAll } from '../telemetry/fan-out.ts';
import { Closing } from './closing.ts';
import { asSettingSays } from './cloud-events-log.ts';
import { openEmbedded } from './embedded-engines.ts';
import { keepRetention } from './embedded-retention.ts';
import type { Engines } from './engines.ts';
import { seedTaxonomy } from './seed-taxonomy.ts';
import { allTopics, chainTopics, ensureTopics } from './topics.ts';

/** Everything that a process works with. */
export interface Stores extends Engines {
  readonly runtime: RuntimeSettings;
  readonly policies: Policies;
  /** The settings in force at the moment of asking; a copy of the object keeps those of its making. */
  readonly settings: StageSettings;
  readonly names: Names;
  readonly archive: PayloadArchive;
  /** The way to the sources. */
  readonly http: Http;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** What topics are made with. */
  readonly topicPolicy: TopicPolicy;
  /** Number of partitions of each topic. */
  readonly partitions: ReadonlyMap<string, number>;
}

/** The log line's service, and whether others may reach the warehouse through this process. */
export interface OpenStoresOptions {
  readonly service: string;
  readonly serve: boolean;
  /** Hear of every event besides the log: metrics. */
  readonly listeners?: readonly Telemetry[];
  /** The time that everything in the process goes by; that of the machine when left out. */
  readonly clock?: Clock;
}

/** The topic policy of a process. Throws CONFIG_INVALID with file, line and key. */
export function topicPolicyOf({
  root,
  env,
  partitions,
}: Pick<RuntimeSettings, 'root' | 'env' | 'partitions'>): Promise<TopicPolicy> {
  return loadTopicPolicy(topicPolicyPath(root, env), env, partitions, chainTopics());
}

/** The log lines of a process, and who else hears. Throws CONFIG_INVALID with file, line and key. */
export async function openTelemetry(
  { root, env, logLevel }: Pick<RuntimeSettings, 'root' | 'env' | 'logLevel'>,
  { service, listeners = [], clock = systemClock }: OpenStoresOptions,
): Promise<Telemetry> {
  const lines = pinoTelemetry({ service, policy: await loadLogPolicy(root, env), level: logLevel, clock });
  return telemetryToAll([lines, ...listeners]);
}

/** One folder after the other: made in one call, one below a file system that takes none would be tried for ever. */
function makeFolders(path: string): void {
  if (!existsSync(dirname(path))) makeFolders(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

/** The engines would each say in words of their own that they cannot write there, or nothing at all. */
function makeDataFolder(dataDir: string): void {
  try {
    makeFolders(resolve(dataDir));
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new CarbonError('CONFIG_INVALID', `the data folder ${dataDir} cannot be used: ${code}`, {
      position: { field: '--data', expected: 'a folder that this user may read and write', got: dataDir },
      cause,
    });
  }
}

/** Opens, migrates and seeds. Throws what the stores have to say, with their remedy. */
export async function openStores(runtime: RuntimeSettings, options: OpenStoresOptions): Promise<Stores> {
  const policies = await Policies.open(policyPaths(runtime.root, runtime.env), runtime.env);
  const { settings } = policies;
  const topicPolicy = await topicPolicyOf(runtime);
  makeDataFolder(runtime.dataDir);
  const clock = options.clock ?? systemClock;
  const telemetry = await openTelemetry(runtime, options);
  // Clients of engines that are not used are not loaded: most commands end within a second.
  const open =
    runtime.profile === 'cluster' ? (await import('./cluster-engines.ts')).openCluster : openEmbedded;
  const opened = await open(runtime, { clock, serve: options.serve, telemetry });
  const engines: Engines = { ...opened, log: asSettingSays(opened.log, runtime) };
  const http = openUndiciHttp();
  const closing = new Closing(telemetry);
  closing.add(null, () => engines.close());
  closing.add('ways to the sources', () => http.close());
  try {
    await seedTaxonomy(engines.reference, runtime.tenant, settings.enrichment);
    const topics = allTopics(settings.aggregation.intervals, settings.topics);
    const partitions = await ensureTopics(engines.log, topics, topicPolicy);
    // Brokers remove by themselves what is past its retention. A command that ends soon leaves it to services.
    if (runtime.profile === 'embedded' && options.serve)
      closing.add('retention', keepRetention(engines.log, clock, telemetry));
    return {
      ...engines,
      runtime,
      policies,
      get settings() {
        return policies.settings;
      },
      names: new Names(),
      archive: await openDiskArchive({ folder: join(runtime.dataDir, 'archive') }),
      http,
      clock,
      telemetry,
      topicPolicy,
      partitions,
      close: () => closing.closeAll(),
    };
  } catch (error) {
    await closing.closeAll();
    throw error;
  }
}
