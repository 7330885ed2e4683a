/** Checks of the engines of the cluster profile: does each answer as the settings say? Makes nothing but a database. */

import { systemClock } from '../../drivers/system-clock/clock.ts';
import type { RuntimeSettings } from '../config/runtime.ts';
import {
  clusterCache,
  clusterLog,
  clusterReference,
  clusterRegistry,
  clusterWarehouse,
} from '../stores/cluster-engines.ts';
import { topicPolicyOf } from '../stores/open-stores.ts';
import type { PolicyFacts } from './files.ts';
import { examine, type Finding, fine, warning } from './finding.ts';
import { topicsVerdict } from './topics.ts';

/** How long the cache is given to connect, in milliseconds. */
const CACHE_MS = 1_000;

/** One line per engine: answers, or what it says instead. */
export async function examineEngines(runtime: RuntimeSettings, facts: PolicyFacts): Promise<Finding[]> {
  const { engines } = runtime;
  return Promise.all([
    examine('warehouse', 7, async () => {
      const warehouse = await clusterWarehouse(engines);
      try {
        const [row] = await warehouse.queryRows('SELECT version() AS version');
        return fine(`${engines.clickhouseUrl} answers, version ${row['version']}`);
      } finally {
        await warehouse.close();
      }
    }),
    examine('reference store', 7, async () => {
      const reference = await clusterReference(runtime, systemClock);
      try {
        return fine(`PostgreSQL answers; ${(await reference.listMigrations()).length} migrations applied`);
      } finally {
        await reference.close();
      }
    }),
    examine('event log', 7, async () => {
      const log = clusterLog(engines);
      try {
        return fine(`${engines.kafkaBootstrap} answers; ${(await log.listTopics()).length} topics`);
      } finally {
        await log.close();
      }
    }),
    examine('topics', 7, async () => {
      const log = clusterLog(engines);
      try {
        return await topicsVerdict(log, await topicPolicyOf(runtime), facts, true);
      } finally {
        await log.close();
      }
    }),
    examine('registry', 7, async () => {
      const subjects = await clusterRegistry(engines).subjects();
      return fine(`${engines.registryUrl} answers; ${subjects.length} subjects`);
    }),
    examine('cache', 7, async () => {
      const cache = clusterCache(engines);
      try {
        await systemClock.sleep(CACHE_MS);
        await cache.deleteMany(['carbon:doctor']);
        if (cache.stats().dropped === 0) return fine('Redis answers');
        return warning(
          'Redis does not answer',
          'Nothing breaks without it; start it, or correct its address.',
        );
      } finally {
        await cache.close();
      }
    }),
  ]);
}
