/**
 * Makes durable what a chain has to say about a plan, in the one order that a crash may cut anywhere.
 *
 * Errors of the ports pass through, except those of the cache; a PLAN_CONFLICT says that another owns the partition.
 */

import { giveBack } from '../codec/lent-memory.ts';
import type { BlockEmission, Emission, RecordsEmission } from './emission.ts';
import type { PartitionClaim } from './partition-claim.ts';
import { insertToken, type Plan } from './plan.ts';
import type { Chains, RunnerPorts, RunnerSettings } from './runner-contract.ts';

/** Blocks of a plan that are on their way to the warehouse at once: about as many as a plan has tables. */
const INSERTS_AT_ONCE = 4;

/** Writes for one runner. */
export class PlanWriter {
  private readonly claim: PartitionClaim;
  private readonly ports: Pick<RunnerPorts, 'log' | 'warehouse' | 'cache' | 'telemetry'>;
  private readonly settings: Pick<RunnerSettings, 'service' | 'codeVersion'>;
  private readonly cacheLife: Pick<Chains<unknown>, 'cacheTtlSeconds'>;

  /** `cacheLife` says how long entries of the cache live by the settings in force; it is asked at each write. */
  constructor(
    claim: PartitionClaim,
    ports: Pick<RunnerPorts, 'log' | 'warehouse' | 'cache' | 'telemetry'>,
    settings: Pick<RunnerSettings, 'service' | 'codeVersion'>,
    cacheLife: Pick<Chains<unknown>, 'cacheTtlSeconds'>,
  ) {
    this.claim = claim;
    this.ports = ports;
    this.settings = settings;
    this.cacheLife = cacheLife;
  }

  /**
   * Blocks first, then records, then the cache: what a reader of a topic hears of is already in the store. Before each
   * write the claim is confirmed: a process that was frozen may have lost the partition meanwhile. `chain` is the name
   * that is part of the tokens.
   */
  async write(plan: Plan, chain: string, emissions: readonly Emission[]): Promise<void> {
    // A plan left by other code may cut its blocks otherwise: it is finished through the replacing key, never by token.
    const tokens = plan.codeVersion === this.settings.codeVersion;
    const ordinals = new Map<string, number>();
    const inserts: (() => Promise<void>)[] = [];
    for (const emission of emissions) {
      if (emission.kind !== 'block') continue;
      const ordinal = ordinals.get(emission.table) ?? 0;
      ordinals.set(emission.table, ordinal + 1);
      const isTokened = tokens && emission.untokened !== true;
      const token = isTokened ? insertToken(plan, chain, emission.table, ordinal) : null;
      inserts.push(() => this.insert(emission, token));
    }
    await sideBySide(inserts, INSERTS_AT_ONCE);
    await this.appendAll(emissions);
    for (const emission of emissions) {
      if (emission.kind !== 'cache') continue;
      await this.claim.confirm();
      await this.warmCache(emission.entries);
    }
  }

  /** Writes one block, and gives its memory back. */
  async insert({ table, bytes }: BlockEmission, token: string | null): Promise<void> {
    await this.claim.confirm();
    await this.ports.warehouse.insertBlock(table, bytes, token);
    giveBack(bytes);
  }

  /** Batches of one partition in their order; those of different ones are asked for together, so that none waits idly. */
  private async appendAll(emissions: readonly Emission[]): Promise<void> {
    const lanes = new Map<string, Promise<void>>();
    for (const emission of emissions) {
      if (emission.kind !== 'records') continue;
      const lane = `${emission.topic}/${emission.partition}`;
      const before = lanes.get(lane) ?? Promise.resolve();
      lanes.set(
        lane,
        before.then(() => this.append(emission)),
      );
    }
    await allOf(lanes.values());
  }

  private async append({ topic, partition, batch }: RecordsEmission): Promise<void> {
    await this.ports.log.append(topic, partition, [batch], () => this.claim.confirm());
    giveBack(batch);
  }

  private async warmCache(entries: readonly (readonly [string, string])[]): Promise<void> {
    try {
      await this.ports.cache.setMany(entries, this.cacheLife.cacheTtlSeconds);
    } catch (error) {
      // The cache is a convenience: readers fall back to the store, and the next value sets it again.
      this.ports.telemetry.emit({
        name: 'cache.failed',
        level: 'warning',
        facts: {
          service: this.settings.service,
          error: error instanceof Error ? error.message : String(error),
        },
      });
    }
  }
}

/** Does so many pieces of work at once. After a failure none is begun any more. */
async function sideBySide(work: readonly (() => Promise<void>)[], atOnce: number): Promise<void> {
  const queue = [...work];
  const lane = async (): Promise<void> => {
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await next();
    } catch (error) {
      queue.length = 0;
      throw error;
    }
  };
  await allOf(Array.from({ length: atOnce }, lane));
}

/** Waits until all have ended; throws the first failure then, when nothing is under way any more. */
async function allOf(work: Iterable<Promise<void>>): Promise<void> {
  for (const ended of await Promise.allSettled(work)) if (ended.status === 'rejected') throw ended.reason;
}
