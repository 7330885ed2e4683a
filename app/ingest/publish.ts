/** Load, the third act: the rows of an opened payload onto the raw topic of their market. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeRawRows } from '../../core/codec/topics/raw.ts';
import { CarbonError } from '../../core/errors.ts';
import { type RawContext, type RawRow, withKnownTimes } from '../../core/model/raw-row.ts';
import { parseSchema } from '../../core/schema/avro-schema.ts';
import { rawSubject } from '../../core/schema/subject.ts';
import type { Micros } from '../../core/time/instant.ts';
import { connectorsFolder, settingsOf } from '../connectors/manifest.ts';
import type { Stores } from '../stores/open-stores.ts';
import type { OpenedMember, OpenedPayload } from './open-payload.ts';

/** What all rows of one payload share. */
export interface PublishContext {
  /** Null for a message of a stream that was not archived. */
  readonly sha256: string | null;
  /** Known time of rows whose body prints no publication time. UTC micros. */
  readonly knownAt: Micros;
  /** 32 hex digits. */
  readonly traceId: string;
}

/** What a payload is about, and where its rows go. */
export interface Destination {
  readonly market: string;
  /** Datasets of the members, joined by a comma where there are several. */
  readonly dataset: string;
  readonly topic: string;
}

/** What is known of a body whose rows are published. */
export type PublishedBody = Pick<OpenedMember, 'member' | 'market' | 'connector' | 'dataset' | 'manifest'>;

/** A body whose rows come a few at a time. */
export interface BodyOfRows extends PublishedBody {
  rows(): AsyncIterable<readonly RawRow[]>;
}

/** Rows that are encoded together, where they come a few at a time. */
const ROWS_TOGETHER = 10_000;

/** Largest raw record batch, in bytes. */
export const MAX_RAW_BATCH = 900_000;

/** Where the members go. Throws SOURCE_UNRECOGNISED when they are of several connectors. */
export function destinationOf(opened: { readonly members: readonly PublishedBody[] }): Destination {
  const [first, ...others] = opened.members as [PublishedBody, ...PublishedBody[]];
  const foreign = others.find((other) => other.connector !== first.connector);
  if (foreign !== undefined)
    throw new CarbonError(
      'SOURCE_UNRECOGNISED',
      `the members are of two markets: ${first.member} of ${first.market}, ${foreign.member} of ${foreign.market}`,
      { position: { expected: first.market, got: foreign.market } },
    );
  return {
    market: first.market,
    dataset: [...new Set(opened.members.map(({ dataset }) => dataset.name))].join(','),
    topic: first.manifest.output_topic.replace('{market}', first.market.toLowerCase()),
  };
}

/** Publishes the rows of all members of an opened payload, as {@link publishBodies}. */
export function publishMembers(
  stores: Stores,
  opened: OpenedPayload,
  destination: Destination,
  context: PublishContext,
): Promise<void> {
  const bodies = opened.members.map(
    (member): BodyOfRows => ({
      ...member,
      async *rows() {
        yield member.refined.rows;
      },
    }),
  );
  return publishBodies(stores, bodies, destination, context);
}

/**
 * Publishes the rows of all bodies, in the order of the archive, and resolves when they are durable. The same rows
 * with the same known time are the same events, so publishing twice is harmless. Throws LOG_TOPIC_UNKNOWN,
 * SCHEMA_INVALID and SCHEMA_UNKNOWN before anything is written.
 */
export async function publishBodies(
  stores: Stores,
  bodies: readonly BodyOfRows[],
  { market, topic }: Destination,
  { knownAt, traceId, sha256 }: PublishContext,
): Promise<void> {
  const partitions = stores.partitions.get(topic);
  if (partitions === undefined)
    throw new CarbonError('LOG_TOPIC_UNKNOWN', `no topic ${topic}`, { context: { topic } });
  const schemaIds: number[] = [];
  for (const body of bodies) schemaIds.push(await schemaIdOf(stores, market, body));
  for (const [i, body] of bodies.entries()) {
    const shared: RawContext = {
      tenant: stores.runtime.tenant,
      source: body.connector.name,
      traceId,
      archiveSha256: sha256,
      archiveMember: body.member,
      archivedAt: knownAt,
    };
    for await (const rows of together(body.rows())) {
      const known = withKnownTimes(rows, knownAt);
      const batches = encodeRawRows(known, shared, schemaIds[i] as number, partitions, MAX_RAW_BATCH);
      for (const { partition, batch } of batches) await stores.log.append(topic, partition, [batch]);
    }
  }
}

/** The same rows in larger lots. */
async function* together(pieces: AsyncIterable<readonly RawRow[]>): AsyncIterable<readonly RawRow[]> {
  let lot: readonly RawRow[] = [];
  for await (const rows of pieces) {
    lot = lot.length === 0 ? rows : [...lot, ...rows];
    if (lot.length < ROWS_TOGETHER) continue;
    yield lot;
    lot = [];
  }
  if (lot.length > 0) yield lot;
}

/** Id of the raw schema of a dataset in the registry. Throws SCHEMA_INVALID and SCHEMA_UNKNOWN. */
export async function schemaIdOf(
  stores: Stores,
  market: string,
  { connector, dataset, manifest }: Pick<OpenedMember, 'connector' | 'dataset' | 'manifest'>,
): Promise<number> {
  const path = join(connectorsFolder(), connector.name, settingsOf(manifest, dataset.name).schema);
  const schema = parseSchema(await readFile(path, 'utf8'), path);
  if (schema.kind !== 'record')
    throw new CarbonError('SCHEMA_INVALID', `${path} is not the schema of a record`, {
      position: { file: path },
    });
  return (await stores.registry.latest(rawSubject(market, schema.name))).id;
}
