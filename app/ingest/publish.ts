/** Load, the third act: the rows of an opened payload onto the raw topic of their market. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeRawRows } from '../../core/codec/topics/raw.ts';
import { CarbonError } from '../../core/errors.ts';
import { type RawContext, withKnownTimes } from '../../core/model/raw-row.ts';
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

/** Largest raw record batch, in bytes. */
export const MAX_RAW_BATCH = 900_000;

/** Where the members go. Throws SOURCE_UNRECOGNISED when they are of several connectors. */
export function destinationOf(opened: OpenedPayload): Destination {
  const [first, ...others] = opened.members as [OpenedMember, ...OpenedMember[]];
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

/**
 * Publishes the rows of all members, in the order of the archive, and resolves when they are durable. The same rows
 * with the same known time are the same events, so publishing twice is harmless. Throws LOG_TOPIC_UNKNOWN,
 * SCHEMA_INVALID and SCHEMA_UNKNOWN before anything is written.
 */
export async function publishMembers(
  stores: Stores,
  opened: OpenedPayload,
  destination: Destination,
  context: PublishContext,
): Promise<void> {
  const { market, topic } = destination;
  const partitions = stores.partitions.get(topic);
  if (partitions === undefined)
    throw new CarbonError('LOG_TOPIC_UNKNOWN', `no topic ${topic}`, { context: { topic } });
  const schemaIds: number[] = [];
  for (const member of opened.members) schemaIds.push(await schemaIdOf(stores, market, member));
  for (const [i, { member, connector, refined }] of opened.members.entries()) {
    const shared: RawContext = {
      tenant: stores.runtime.tenant,
      source: connector.name,
      traceId: context.traceId,
      archiveSha256: context.sha256,
      archiveMember: member,
      archivedAt: context.knownAt,
    };
    const batches = encodeRawRows(
      withKnownTimes(refined.rows, shared.archivedAt),
      shared,
      schemaIds[i] as number,
      partitions,
      MAX_RAW_BATCH,
    );
    for (const { partition, batch } of batches) await stores.log.append(topic, partition, [batch]);
  }
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
