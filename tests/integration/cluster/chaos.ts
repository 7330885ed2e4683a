/** Chaos in the cluster profile: lanes of kills one after another, then a storm, all to their end whatever fails. */

import { aboutRun, durationText, tableOf } from '../../support/run-report.ts';
import { onEngines } from './engines.ts';
import { type ClusterLane, KILLED_ENGINES, killLane, SERVICES } from './kill-lane.ts';
import { type StormLane, stormLane } from './storm-lane.ts';

/** Rounds of one lane: in each, every service and every engine dies once. */
const ROUNDS_PER_LANE = 4;
const FROZEN_MS = 90_000;

/** What is asked for. */
export interface ClusterOrder {
  readonly seed: number;
  /** How often each service and each engine is killed. */
  readonly rounds: number;
  /** Minutes of rebalances; 0 for no storm. */
  readonly stormMinutes: number;
  /** Hears of each lane as it ends. */
  readonly say: (text: string) => void;
}

/** What came of it. */
export interface ClusterChaos {
  readonly lanes: readonly ClusterLane[];
  readonly storm: StormLane | null;
  readonly failures: readonly Error[];
}

/** Kills, freezes and rebalances. A failure does not end the others; engines that cannot be had are one. */
export async function runClusterChaos(order: ClusterOrder): Promise<ClusterChaos> {
  const { seed, rounds, stormMinutes, say } = order;
  const lanes: ClusterLane[] = [];
  const failures: Error[] = [];
  const attempt = async <T>(name: string, work: () => Promise<T | string>): Promise<T | null> => {
    try {
      const done = await work();
      if (typeof done === 'string') throw new Error(`${name}: ${done}`);
      return done;
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      failures.push(failure);
      say(`FAILED ${failure.message}\n${failure.cause instanceof Error ? failure.cause.message : ''}`);
      return null;
    }
  };
  for (let done = 0; done < rounds; done += ROUNDS_PER_LANE) {
    const lane = {
      seed: seed + done / ROUNDS_PER_LANE,
      rounds: Math.min(ROUNDS_PER_LANE, rounds - done),
      say,
    };
    const ended = await attempt(`cluster lane ${lane.seed}`, () =>
      onEngines((engines) => killLane(engines, lane)),
    );
    if (ended === null) continue;
    lanes.push(ended);
    say(`cluster lane ${lane.seed}: ${lane.rounds} rounds in ${ended.seconds.toFixed(0)} s`);
  }
  const stormMs = 60_000 * stormMinutes;
  const storm =
    stormMinutes === 0
      ? null
      : await attempt(`storm ${seed}`, () =>
          onEngines((engines) => stormLane(engines, { seed, frozenMs: FROZEN_MS, stormMs, say })),
        );
  return { lanes, storm, failures };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const seconds = (ms: number): string => (ms / 1000).toFixed(1);

function readsOf(lanes: readonly ClusterLane[]): string {
  const statuses = lanes.flatMap(({ served }) => Object.values(served).flat());
  return `${statuses.filter((status) => status === 200).length} of ${statuses.length} answered`;
}

/** Kills by what was killed, with the time to recover: a row for all services, whose kills follow each other at once. */
export function clusterTable({ lanes }: ClusterChaos): string {
  const rows = (['services', ...KILLED_ENGINES] as const).map((target) => {
    const own = target === 'services' ? SERVICES : [target];
    const times = lanes.flatMap(({ recoveries }) => recoveries[target]).toSorted((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)] ?? 0;
    return [
      target === 'services' ? 'the five services' : target,
      sum(lanes.flatMap(({ kills }) => own.map((name) => kills[name]))),
      seconds(median),
      seconds(times.at(-1) ?? 0),
    ];
  });
  return tableOf(['killed', 'kills', 'recovered after, s (median)', '(longest)'], rows);
}

/** The section of the report. */
export function clusterSection(
  chaos: ClusterChaos,
  order: ClusterOrder,
  began: Date,
  took: number,
): string[] {
  const { lanes, storm, failures } = chaos;
  return [
    ...aboutRun(began),
    `* Seed ${order.seed}: ${sum(lanes.flatMap(({ kills }) => Object.values(kills)))} kills in ${lanes.length} lanes, in ${durationText(took)}`,
    `* Failures: ${failures.length}`,
    '',
    '`carbon up` runs the five services as five processes on Kafka, a registry, PostgreSQL, Redis and the warehouse front, while',
    'a log of generated days of three markets comes in. In each round every service is killed with SIGKILL, one after another',
    'within seconds, and every engine alone, to come back a moment later. Recovery: from the last kill of the services, or from the',
    "engine's return, until all that was published, values after the kill included, was worked through.",
    '',
    clusterTable(chaos),
    '',
    `Plans that were under way when a store went away: ${sum(lanes.map(({ cutOff }) => cutOff))}. Verified after each lane, as above: ${sum(lanes.map(({ values }) => values))} values, ${sum(lanes.map(({ bars }) => bars))} bars;`,
    `all tables equal to those of an embedded run of the same log. Reads of the API while Redis or PostgreSQL was away: ${readsOf(lanes)}.`,
    '',
    ...(storm === null
      ? []
      : [
          `Storm: one instance of each of four services was frozen for ${durationText(storm.frozenMs / 1000)}, lost its partitions to another, and wrote nothing when it`,
          `woke up. Then for ${order.stormMinutes} min ${storm.joined} instances joined, ${storm.left} left and ${storm.killed} were killed. Verified alike: ${storm.values} values, ${storm.bars} bars.`,
          '',
        ]),
    ...failures.map((failure) => `* ${failure.message}: ${String(failure.cause).slice(0, 300)}`),
    '```',
    `CHAOS_ONLY=cluster CHAOS_SEED=${order.seed} make chaos   # this section; CHAOS_ROUNDS, CHAOS_STORM (minutes) for less`,
    '```',
  ];
}
