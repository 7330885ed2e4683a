/**
 * Plans: what a runner is about to do, stored before it does it (DESIGN 5b, "Exactly once").
 *
 * After a crash the planned range is run again with exactly these values; the insert tokens, which are made from the
 * plan, then let the store drop what it already has.
 */

import { FieldHash } from '../model/hash128.ts';
import type { Micros } from '../time/instant.ts';

/**
 * For each partition of a raw topic, the offset after the last raw event that reached a partition of the input: how far a
 * state has come. A name alone stands for the partition of that topic with the number of the plan's own, which is all
 * there is when raw events are keyed as ours are; of any other one it is `name/3`. Serialised as JSON with sorted keys.
 */
export type SourcePositions = Readonly<Record<string, number>>;

/** How far a partition of a raw topic was read. */
export interface LanePosition {
  readonly topic: string;
  readonly partition: number;
  /** Offset after the last raw event. */
  readonly next: number;
}

/** Positions as a plan of the partition `own` keeps them. */
export function positionsOf(lanes: Iterable<LanePosition>, own: number): SourcePositions {
  const positions: Record<string, number> = {};
  for (const { topic, partition, next } of lanes)
    positions[partition === own ? topic : `${topic}/${partition}`] = next;
  return positions;
}

/** The partitions of raw topics in the positions of a plan of the partition `own`. */
export function lanesOf(positions: SourcePositions, own: number): LanePosition[] {
  return Object.entries(positions).map(([name, next]) => {
    // No name of a topic has a slash.
    const [topic, partition] = name.split('/');
    return { topic, partition: partition === undefined ? own : Number(partition), next };
  });
}

/** One range of one input partition, with everything that the outcome depends on. */
export interface Plan {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** Offsets `[from, to)`; equal for a plan that only lets the clock close windows. */
  readonly from: number;
  readonly to: number;
  /** Raw positions that the state had reached before this plan, and those it reaches with it. */
  readonly since: SourcePositions;
  readonly until: SourcePositions;
  /** Hash of the settings of every stage in the chain. */
  readonly settingsHash: string;
  /** Version of the reference data that look-ups see. */
  readonly referenceVersion: number;
  /** Reading of the clock when the plan was cut; the only time a stage can see. */
  readonly clock: Micros;
  /** Version of the code that made the plan. Never part of a token. */
  readonly codeVersion: string;
  /** Generation of the owner of the partition: a plan of an older generation is refused. */
  readonly fence: number;
}

const hash = new FieldHash();
const out = new Uint32Array(4);

/**
 * The deduplication token of one block: hash of table, stage chain, input range, clock reading of the plan and ordinal
 * of the block within the plan. A plan is run again with exactly its values, so the token is the same then, and two
 * plans never share one. Tenants need no part of their own: the range decides which there are.
 */
export function insertToken(plan: Plan, stage: string, table: string, ordinal: number): string {
  hash.reset().text(table).text(stage).text(plan.group).text(plan.topic);
  hash.integer(plan.partition).integer(plan.from).integer(plan.to).integer(plan.clock).integer(ordinal);
  hash.digest(out, 0);
  let text = '';
  for (let w = 0; w < 4; w++) text += out[w].toString(16).padStart(8, '0');
  return text;
}
