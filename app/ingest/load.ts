/**
 * Load: a payload into the archive and its rows onto the raw topic. The same door for a file on disk and for what a
 * connector fetched; everything after it is the pipeline's work.
 */

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { LandingTallies } from '../../connectors/kit/landed.ts';
import type { Asked } from '../../connectors/kit/recognise.ts';
import { CarbonError } from '../../core/errors.ts';
import type { RawRow } from '../../core/model/raw-row.ts';
import type { Archived } from '../../core/ports/payload-archive.ts';
import type { Micros } from '../../core/time/instant.ts';
import { requireContract } from '../contract/source-contract.ts';
import { noteIntervals } from '../ledger/note-landings.ts';
import type { Stores } from '../stores/open-stores.ts';
import { openPayload } from './open-payload.ts';
import { destinationOf, publishBodies } from './publish.ts';
import { requireQualityOf } from './quality.ts';
import { bodyOf, type ReadBody, readPayloadFile } from './read-file.ts';
import { redactedBody } from './redacted-body.ts';

/** What to load, and how. */
interface LoadChoice {
  readonly market?: string;
  readonly dataset?: string;
  /** Publish rows before a damage and beside rejected ones. */
  readonly partial: boolean;
}

/** A payload to load. */
export interface LoadRequest extends LoadChoice {
  readonly bytes: Uint8Array;
  /** Name of the file: may help to recognise the dataset. */
  readonly name: string;
}

/** A file to load: a large one is read in pieces, and never held with its rows. */
export interface LoadFileRequest extends LoadChoice {
  readonly path: string;
  /** Size from which on it is read in pieces; for tests. */
  readonly largeBytes?: number;
}

/** What became of one member of it. */
export interface LoadedMember {
  /** Path inside the container; null when the payload is no container. */
  readonly member: string | null;
  readonly dataset: string;
  readonly rows: number;
  readonly values: number;
  readonly rejected: number;
}

/** What became of it. Counts are those of all members together. */
export interface Loaded {
  readonly market: string;
  /** Datasets of the members, joined by a comma where there are several. */
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
  /** In the order of the archive; one for a payload that is no container. */
  readonly members: readonly LoadedMember[];
}

/** Where a payload comes from: its bodies, read and judged, and its bytes as they came. */
interface Source {
  readonly name: string;
  bodies(): Promise<readonly ReadBody[]>;
  bytes(): Promise<Uint8Array>;
}

const askedOf = ({ market, dataset }: LoadChoice): Asked => ({ market, dataset });

/** A body of a named market is read as it is kept, so that no message can quote what is taken out of it. */
const keptOf = ({ market }: LoadChoice, bytes: Uint8Array): Uint8Array =>
  market === undefined ? bytes : redactedBody(market.toUpperCase(), bytes);

function sourceOf(request: LoadRequest | LoadFileRequest): Source {
  const asked = askedOf(request);
  const kept = (bytes: Uint8Array): Uint8Array => keptOf(request, bytes);
  if ('path' in request) {
    const { path, largeBytes } = request;
    return {
      name: basename(path),
      bodies: async () => (await readPayloadFile(path, asked, { held: 'whole', kept, largeBytes })).bodies,
      bytes: () => readFile(path),
    };
  }
  const { bytes } = request;
  const name = basename(request.name);
  return {
    name,
    bodies: async () => (await openPayload({ name, bytes: kept(bytes) }, asked)).members.map(bodyOf),
    bytes: async () => bytes,
  };
}

/** Without `partial` a damage or a rejected row speaks for the whole payload. */
function requireWhole(bodies: readonly ReadBody[], { partial }: LoadChoice): void {
  if (partial) return;
  for (const { failure } of bodies) if (failure !== null) throw failure;
}

/** The rows of a body, counted as they go by. */
class CountedBody {
  readonly body: ReadBody;
  readonly landings: LandingTallies;
  private rowCount = 0;
  private valueCount = 0;
  private rejectedCount = 0;

  constructor(body: ReadBody, context: { readonly sha256: string; readonly knownAt: Micros }) {
    this.body = body;
    this.landings = new LandingTallies(context);
  }

  async *rows(): AsyncIterable<readonly RawRow[]> {
    for await (const { rows, rejected } of this.body.batches()) {
      this.rowCount += rows.length;
      this.rejectedCount += rejected.length;
      for (const row of rows) this.valueCount += row.values.length;
      this.landings.add(rows);
      yield rows;
    }
  }

  get counts(): LoadedMember {
    const { member, dataset } = this.body;
    const [rows, values, rejected] = [this.rowCount, this.valueCount, this.rejectedCount];
    return { member, dataset: dataset.name, rows, values, rejected };
  }
}

function totalsOf(members: readonly LoadedMember[]): Pick<Loaded, 'rows' | 'values' | 'rejected'> {
  const totals = { rows: 0, values: 0, rejected: 0 };
  for (const { rows, values, rejected } of members) {
    totals.rows += rows;
    totals.values += values;
    totals.rejected += rejected;
  }
  return totals;
}

/** What loading would publish. Writes nothing. Throws as `loadPayload` does. */
export async function previewPayload(
  request: LoadRequest | LoadFileRequest,
): Promise<Pick<Loaded, 'market' | 'dataset' | 'topic' | 'rows' | 'values' | 'members'>> {
  const bodies = await sourceOf(request).bodies();
  requireWhole(bodies, request);
  const members: LoadedMember[] = [];
  for (const body of bodies) {
    const counted = new CountedBody(body, { sha256: '', knownAt: 0 });
    for await (const _ of counted.rows());
    members.push(counted.counts);
  }
  const { rows, values } = totalsOf(members);
  return { ...destinationOf({ members: bodies }), rows, values, members };
}

/**
 * Archives the payload as it came, container and all, reads every member of it, and only then publishes. Publishing
 * the same payload twice is harmless: its known time is that of the first archiving, so normalization sees duplicates.
 * Throws the SOURCE_* error of the payload, SOURCE_DRIFT when its shape is refused, or QUALITY_ASSERTION_FAILED when it is past a bound of its dataset; nothing
 * of it is published then, a SOURCE_* one unless `partial`. A payload of a named
 * market is archived even when it cannot be read. Throws FILE_UNREADABLE for a path that is no file to read.
 */
export async function loadPayload(stores: Stores, request: LoadRequest | LoadFileRequest): Promise<Loaded> {
  const source = sourceOf(request);
  const bodies = await readOrArchive(stores, request, source);
  const destination = destinationOf({ members: bodies });
  const archived = await archive(stores, source, destination);
  requireWhole(bodies, request);
  const traceId = randomBytes(16).toString('hex');
  const { sha256, isNew } = archived;
  const { archivedAt } = archived.exchange;
  const shaped = bodies.map((body) => ({
    ...body,
    refined: { dataset: body.dataset.name, discarded: body.discarded },
  }));
  await requireContract(stores, shaped, { sha256, knownAt: archivedAt }, traceId);
  await requireQualityOf(stores, bodies, archived, traceId);
  const counted = bodies.map((body) => new CountedBody(body, { sha256, knownAt: archivedAt }));
  await publishBodies(
    stores,
    counted.map((each) => ({ ...each.body, rows: () => each.rows() })),
    destination,
    { sha256, knownAt: archivedAt, traceId },
  );
  for (const { body, landings } of counted) await noteIntervals(stores, body, landings.landings());
  const members = counted.map(({ counts }) => counts);
  return {
    ...destination,
    sha256,
    isNew,
    archivedAt,
    ...totalsOf(members),
    traceId,
    members,
  };
}

async function readOrArchive(
  stores: Stores,
  request: LoadChoice,
  source: Source,
): Promise<readonly ReadBody[]> {
  try {
    return await source.bodies();
  } catch (error) {
    const known = error instanceof CarbonError && error.code.startsWith('SOURCE_');
    const { market, dataset = '' } = request;
    if (known && market !== undefined)
      await archive(stores, source, { market: market.toUpperCase(), dataset });
    throw error;
  }
}

/** The bytes are held while they are archived, and no longer. */
async function archive(
  stores: Stores,
  source: Source,
  { market, dataset }: { readonly market: string; readonly dataset: string },
): Promise<Archived> {
  return stores.archive.put(redactedBody(market, await source.bytes()), {
    url: `file:${source.name}`,
    market,
    dataset,
    archivedAt: stores.clock.now(),
  });
}
