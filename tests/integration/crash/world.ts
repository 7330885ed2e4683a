/** The log of a crash test and the settings of its processes: made from a seed, so that parent and children agree. */

import { type RuntimeSettings, runtimeSettings } from '../../../app/config/runtime.ts';
import type { Stores } from '../../../app/stores/open-stores.ts';
import { encodeRawRows } from '../../../core/codec/topics/raw.ts';
import { rawTopic } from '../../../core/codec/topics/topic-names.ts';
import { seededDays } from '../../support/generated-days.ts';
import { type RawEventSpec, rawRowOf } from '../../support/raw-events.ts';
import { seeded } from '../../support/seeded.ts';

export const RAW = rawTopic('NYISO');
export const PARTITIONS = 2;

/** Which events there are, and into how many pieces their log is cut: each piece is a record batch per partition. */
export interface LogSpec {
  readonly seed: number;
  readonly pieces: number;
  /** How far an event may be moved from its place in the order of known times. */
  readonly disorder: number;
}

/** The events of a log in the order in which they are published. */
export function eventsOf(spec: LogSpec): RawEventSpec[] {
  const random = seeded(spec.seed);
  return seededDays(spec.seed)
    .map((event, i) => ({ event, place: i + spec.disorder * random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ event }) => event);
}

/** Publishes pieces `[from, to)` of the log. */
export async function publish(stores: Stores, spec: LogSpec, from: number, to: number): Promise<void> {
  const events = eventsOf(spec);
  const subject = (await stores.registry.subjects()).find((name) => name.startsWith(`${RAW}-`)) ?? '';
  const { id } = await stores.registry.latest(subject);
  const context = {
    tenant: 'default',
    source: 'test',
    traceId: '0af7651916cd43dd8448eb211c80319c',
    archiveSha256: null,
    archiveMember: null,
    archivedAt: 0,
  };
  const at = (piece: number): number => Math.round((events.length * piece) / spec.pieces);
  for (let piece = from; piece < to; piece++) {
    const rows = events.slice(at(piece), at(piece + 1)).map((event, i) => rawRowOf(event, at(piece) + i + 1));
    for (const { partition, batch } of encodeRawRows(rows, context, id, PARTITIONS, 900_000))
      await stores.log.append(RAW, partition, [batch]);
  }
}

/** Settings of a process over a data directory. */
export function runtimeIn(
  dataDir: string,
  maxBatchBytes: number,
  env: Readonly<Record<string, string>>,
): RuntimeSettings {
  const options = {
    dataDir,
    logLevel: 'error',
    partitions: String(PARTITIONS),
    maxBatchBytes: String(maxBatchBytes),
  };
  return runtimeSettings(options, env);
}
