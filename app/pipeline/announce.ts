/**
 * Notices of deprecation on `processing.deprecate.notice.v1`: one per change of what `configs/topic_versions.yaml` says of a
 * deprecated topic, whichever process sees it first and however often processes start (C3).
 *
 * The reference store remembers the last notice of each topic. Where a process died between append and remembering, the
 * topic itself tells: it is read before anything is appended, under a lease that one process has at a time.
 */

import { randomUUID } from 'node:crypto';
import { partitionOf } from '../../core/codec/kafka/partition.ts';
import { decodeNotices, encodeNotices, noticeKey } from '../../core/codec/topics/reports.ts';
import { SUCCESSORS, Topic, versionOfTopic } from '../../core/codec/topics/topic-names.ts';
import { CarbonError } from '../../core/errors.ts';
import type { DeprecationNotice } from '../../core/model/deprecation-notice.ts';
import { topicSubject } from '../../core/schema/subject.ts';
import { holdLeases } from '../ingest/run-lease.ts';
import type { Stores } from '../stores/open-stores.ts';
import type { TopicVersions } from './topic-versions.ts';

/** What announcing works with. */
export type AnnouncePorts = Pick<
  Stores,
  'log' | 'reference' | 'registry' | 'clock' | 'telemetry' | 'runtime' | 'partitions'
>;

/** What a notice says, without its number and its time. */
type Statement = Omit<DeprecationNotice, 'tenant' | 'traceId' | 'knownAt' | 'revision'>;
type Remembered = Statement & Pick<DeprecationNotice, 'revision'>;

const PRODUCER = '254carbon';
const WAIT_MS = 200;
const READ_BYTES = 1_048_576;

/** Publishes what the policy says anew; returns how many notices. Errors of the stores pass through. */
export async function announceDeprecations(ports: AnnouncePorts, versions: TopicVersions): Promise<number> {
  let published = 0;
  for (const topic of Object.keys(SUCCESSORS)) if (await announce(ports, versions, topic)) published++;
  return published;
}

async function announce(ports: AnnouncePorts, versions: TopicVersions, topic: string): Promise<boolean> {
  const { reference, clock, runtime } = ports;
  const name = `deprecation/${runtime.tenant}/${topic}`;
  for (;;) {
    if (newStatement(versions, topic, await remembered(ports, name)) === null) return false;
    try {
      const release = await holdLeases({ reference, clock }, [name], randomUUID());
      try {
        return await publish(ports, versions, topic, name);
      } finally {
        await release();
      }
    } catch (error) {
      if (!(error instanceof CarbonError) || error.code !== 'PLAN_CONFLICT') throw error;
      // Another process is at it: what it remembers then tells whether anything is left to say.
      await clock.sleep(WAIT_MS);
    }
  }
}

/** Under the lease. A notice that the topic holds and the store does not is that of a process that died in between. */
async function publish(
  ports: AnnouncePorts,
  versions: TopicVersions,
  topic: string,
  name: string,
): Promise<boolean> {
  const { reference, clock, runtime, log, registry, telemetry } = ports;
  let last = await remembered(ports, name);
  const inLog = await newestNotice(ports, topic);
  if (inLog !== null && inLog.revision > (last?.revision ?? 0)) {
    last = memoryOf(inLog);
    await reference.saveCursor(name, JSON.stringify(last));
  }
  const statement = newStatement(versions, topic, last);
  if (statement === null) return false;
  const notice: DeprecationNotice = {
    ...statement,
    tenant: runtime.tenant,
    traceId: '',
    knownAt: clock.now(),
    revision: (last?.revision ?? 0) + 1,
  };
  const { id } = await registry.latest(topicSubject(Topic.deprecateNotice));
  const partitions = ports.partitions.get(Topic.deprecateNotice) ?? 1;
  for (const { partition, batch } of encodeNotices([notice], id, partitions, PRODUCER))
    await log.append(Topic.deprecateNotice, partition, [batch]);
  await reference.saveCursor(name, JSON.stringify(memoryOf(notice)));
  const { successor, state, write, revision, reason } = notice;
  telemetry.emit({
    name: 'topic.deprecated',
    level: 'warning',
    facts: { topic, successor, state, write, revision, reason },
  });
  return true;
}

/** What the policy says of a topic and the last notice did not; null when there is nothing to say. */
function newStatement(versions: TopicVersions, topic: string, last: Remembered | null): Statement | null {
  const entry = versions.topics[topic];
  const { deprecated_since: since, removal_after: removal, reason } = entry ?? {};
  const write = entry?.write ?? `v${versionOfTopic(topic)}`;
  if (entry !== undefined && since !== undefined && removal !== undefined && reason !== undefined) {
    const statement: Statement = {
      topic,
      successor: entry.successor,
      state: 'announced',
      write,
      since: dayOf(since),
      removalAfter: dayOf(removal),
      reason,
    };
    return last !== null && isSame(statement, last) ? null : statement;
  }
  if (last === null || last.state === 'withdrawn') return null;
  const { revision: _, ...said } = last;
  return { ...said, state: 'withdrawn', write };
}

function isSame(a: Statement, b: Statement): boolean {
  return (Object.keys(a) as (keyof Statement)[]).every((key) => a[key] === b[key]);
}

async function remembered({ reference }: AnnouncePorts, name: string): Promise<Remembered | null> {
  const text = await reference.loadCursor(name);
  return text === null ? null : (JSON.parse(text) as Remembered);
}

function memoryOf(notice: DeprecationNotice): Remembered {
  const { tenant: _tenant, traceId: _traceId, knownAt: _knownAt, ...memory } = notice;
  return memory;
}

/** The notice of a topic with the greatest revision; null when the log holds none. */
async function newestNotice(
  { log, partitions, runtime }: AnnouncePorts,
  topic: string,
): Promise<DeprecationNotice | null> {
  const { deprecateNotice } = Topic;
  const partition = partitionOf(noticeKey(runtime.tenant, topic), partitions.get(deprecateNotice) ?? 1);
  const { earliest, end } = await log.bounds(deprecateNotice, partition);
  let newest: DeprecationNotice | null = null;
  for (let at = earliest; at < end; ) {
    const slices = await log.read(deprecateNotice, partition, at, READ_BYTES);
    if (slices.length === 0) break;
    for (const slice of slices) {
      for (const notice of decodeNotices(slice, at, slice.to).notices)
        if (notice.topic === topic && notice.tenant === runtime.tenant)
          if (newest === null || notice.revision > newest.revision) newest = notice;
      at = slice.to;
    }
  }
  return newest;
}

function dayOf(date: string): number {
  return Temporal.PlainDate.from(date).since('1970-01-01').days;
}
