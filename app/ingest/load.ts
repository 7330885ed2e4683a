/**
 * Load: a payload into the archive and its rows onto the raw topic. The same door for a file on disk and for what a
 * connector fetched; everything after it is the pipeline's work.
 */

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CONNECTORS } from '../../connectors/catalog.ts';
import type { Connector, Dataset } from '../../connectors/kit/contract.ts';
import { recognise } from '../../connectors/kit/recognise.ts';
import { type Refined, refine } from '../../connectors/kit/refine.ts';
import { encodeRawRows } from '../../core/codec/topics/raw.ts';
import { CarbonError } from '../../core/errors.ts';
import type { RawContext, RawRow } from '../../core/model/raw-row.ts';
import { parseSchema } from '../../core/schema/avro-schema.ts';
import { rawSubject } from '../../core/schema/subject.ts';
import type { Micros } from '../../core/time/instant.ts';
import {
  connectorsFolder,
  loadManifest,
  type Manifest,
  settingsOf,
  transformsOf,
} from '../connectors/manifest.ts';
import type { Stores } from '../stores/open-stores.ts';

/** A payload to load. */
export interface LoadRequest {
  readonly bytes: Uint8Array;
  /** Name of the file: may help to recognise the dataset. */
  readonly name: string;
  readonly market?: string;
  readonly dataset?: string;
  /** Publish rows before a damage and beside rejected ones. */
  readonly partial: boolean;
}

/** What became of it. */
export interface Loaded {
  readonly market: string;
  readonly dataset: string;
  readonly topic: string;
  readonly sha256: string;
  /** False when the archive had the payload before. */
  readonly isNew: boolean;
  readonly archivedAt: Micros;
  readonly rows: number;
  readonly values: number;
  readonly rejected: number;
  readonly traceId: string;
}

/** Largest raw record batch, in bytes. */
const MAX_BATCH = 900_000;

/** A payload recognised and decoded, and what its connector says about it. */
interface Opened {
  readonly market: string;
  readonly connector: Connector;
  readonly dataset: Dataset;
  readonly manifest: Manifest;
  readonly topic: string;
  refined(): Refined;
}

async function open(request: LoadRequest): Promise<Opened> {
  const payload = { name: request.name, bytes: request.bytes };
  const { connector, dataset } = recognise(CONNECTORS, payload, {
    ...(request.market === undefined ? {} : { market: request.market }),
    ...(request.dataset === undefined ? {} : { dataset: request.dataset }),
  });
  const manifest = await loadManifest(join(connectorsFolder(), connector.name, 'connector.yaml'));
  const market = request.market?.toUpperCase() ?? connector.market;
  return {
    market,
    connector,
    dataset,
    manifest,
    topic: manifest.output_topic.replace('{market}', market.toLowerCase()),
    refined: () => whole(refine(market, dataset, payload, transformsOf(manifest, dataset.name)), request),
  };
}

/** Without `partial` a damage or a rejected row speaks for the whole payload. */
function whole(refined: Refined, request: LoadRequest): Refined {
  if (request.partial) return refined;
  if (refined.damage !== null) throw refined.damage;
  const [first] = refined.rejected;
  if (first === undefined) return refined;
  throw new CarbonError(first.code, first.message, {
    position: {
      file: request.name,
      line: first.row,
      field: first.field,
      expected: first.expected,
      got: first.got,
    },
    context: { rejected: refined.rejected.length },
  });
}

/** What loading the payload would publish. Writes nothing. Throws as `loadPayload` does. */
export async function previewPayload(
  request: LoadRequest,
): Promise<Pick<Loaded, 'market' | 'dataset' | 'topic' | 'rows' | 'values'>> {
  const { market, dataset, topic, refined } = await open(request);
  const { rows } = refined();
  return { market, dataset: dataset.name, topic, rows: rows.length, values: valuesOf(rows) };
}

/**
 * Archives first, so that whatever happens next the bytes are there; then decodes and publishes. Publishing the same
 * payload twice is harmless: its known time is that of the first archiving, so normalization sees duplicates.
 * Throws the SOURCE_* error of the payload; nothing of it is published then, unless `partial`.
 */
export async function loadPayload(stores: Stores, request: LoadRequest): Promise<Loaded> {
  const { market, connector, dataset, manifest, topic, refined } = await open(request);
  const archived = await stores.archive.put(request.bytes, {
    url: `file:${basename(request.name)}`,
    market,
    dataset: dataset.name,
    archivedAt: stores.clock.now(),
  });
  const { rows, rejected } = refined();
  const partitions = stores.partitions.get(topic);
  if (partitions === undefined)
    throw new CarbonError('LOG_TOPIC_UNKNOWN', `no topic ${topic}`, { context: { topic } });
  const traceId = randomBytes(16).toString('hex');
  const context: RawContext = {
    tenant: stores.runtime.tenant,
    source: connector.name,
    traceId,
    archiveSha256: archived.sha256,
    archiveMember: null,
    archivedAt: archived.exchange.archivedAt,
  };
  const schemaPath = join(connectorsFolder(), connector.name, settingsOf(manifest, dataset.name).schema);
  const schemaId = await rawSchemaId(stores, market, schemaPath);
  for (const { partition, batch } of encodeRawRows(rows, context, schemaId, partitions, MAX_BATCH))
    await stores.log.append(topic, partition, [batch]);
  return {
    market,
    dataset: dataset.name,
    topic,
    sha256: archived.sha256,
    isNew: archived.isNew,
    archivedAt: archived.exchange.archivedAt,
    rows: rows.length,
    values: valuesOf(rows),
    rejected: rejected.length,
    traceId,
  };
}

function valuesOf(rows: readonly RawRow[]): number {
  return rows.reduce((n, row) => n + row.values.length, 0);
}

async function rawSchemaId(stores: Stores, market: string, path: string): Promise<number> {
  const schema = parseSchema(await readFile(path, 'utf8'), path);
  if (schema.kind !== 'record')
    throw new CarbonError('SCHEMA_INVALID', `${path} is not the schema of a record`, {
      position: { file: path },
    });
  return (await stores.registry.latest(rawSubject(market, schema.name))).id;
}
