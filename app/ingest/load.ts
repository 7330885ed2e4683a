/**
 * Load: a payload into the archive and its rows onto the raw topic. The same door for a file on disk and for what a
 * connector fetched; everything after it is the pipeline's work.
 */

import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import type { Payload } from '../../connectors/kit/contract.ts';
import type { Asked } from '../../connectors/kit/recognise.ts';
import { CarbonError } from '../../core/errors.ts';
import type { Archived } from '../../core/ports/payload-archive.ts';
import type { Micros } from '../../core/time/instant.ts';
import { requireContract } from '../contract/source-contract.ts';
import { noteLandings } from '../ledger/note-landings.ts';
import type { Stores } from '../stores/open-stores.ts';
import { type OpenedPayload, openPayload } from './open-payload.ts';
import { destinationOf, publishMembers } from './publish.ts';
import { requireQuality } from './quality.ts';
import { redactedBody } from './redacted-body.ts';

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

/** A body of a named market is read as it is kept, so that no message can quote what is taken out of it. */
const payloadOf = ({ name, bytes, market }: LoadRequest): Payload => ({
  name: basename(name),
  bytes: market === undefined ? bytes : redactedBody(market.toUpperCase(), bytes),
});

const askedOf = (request: LoadRequest): Asked => ({ market: request.market, dataset: request.dataset });

/** Without `partial` a damage or a rejected row speaks for the whole payload. */
function requireWhole(opened: OpenedPayload, request: LoadRequest): void {
  if (request.partial) return;
  for (const { failure } of opened.members) if (failure !== null) throw failure;
}

function membersOf(opened: OpenedPayload): LoadedMember[] {
  return opened.members.map(({ member, dataset, refined }) => ({
    member,
    dataset: dataset.name,
    rows: refined.rows.length,
    values: refined.rows.reduce((n, row) => n + row.values.length, 0),
    rejected: refined.rejected.length,
  }));
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

/** What loading the payload would publish. Writes nothing. Throws as `loadPayload` does. */
export async function previewPayload(
  request: LoadRequest,
): Promise<Pick<Loaded, 'market' | 'dataset' | 'topic' | 'rows' | 'values' | 'members'>> {
  const opened = await openPayload(payloadOf(request), askedOf(request));
  requireWhole(opened, request);
  const members = membersOf(opened);
  const { rows, values } = totalsOf(members);
  return { ...destinationOf(opened), rows, values, members };
}

/**
 * Archives the payload as it came, container and all, reads every member of it, and only then publishes. Publishing
 * the same payload twice is harmless: its known time is that of the first archiving, so normalization sees duplicates.
 * Throws the SOURCE_* error of the payload, SOURCE_DRIFT when its shape is refused, or QUALITY_ASSERTION_FAILED when it is past a bound of its dataset; nothing
 * of it is published then, a SOURCE_* one unless `partial`. A payload of a named
 * market is archived even when it cannot be read.
 */
export async function loadPayload(stores: Stores, request: LoadRequest): Promise<Loaded> {
  const opened = await openOrArchive(stores, request);
  const destination = destinationOf(opened);
  const { market, dataset } = destination;
  const archived = await archive(stores, request, market, dataset);
  requireWhole(opened, request);
  const traceId = randomBytes(16).toString('hex');
  const { sha256, isNew } = archived;
  const { archivedAt } = archived.exchange;
  await requireContract(stores, opened.members, { sha256, knownAt: archivedAt }, traceId);
  await requireQuality(stores, opened.members, archived, traceId);
  await publishMembers(stores, opened, destination, { sha256, knownAt: archivedAt, traceId });
  await noteLandings(stores, opened, { sha256, knownAt: archivedAt });
  const members = membersOf(opened);
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

async function openOrArchive(stores: Stores, request: LoadRequest): Promise<OpenedPayload> {
  try {
    return await openPayload(payloadOf(request), askedOf(request));
  } catch (error) {
    const known = error instanceof CarbonError && error.code.startsWith('SOURCE_');
    if (known && request.market !== undefined)
      await archive(stores, request, request.market.toUpperCase(), request.dataset ?? '');
    throw error;
  }
}

function archive(stores: Stores, request: LoadRequest, market: string, dataset: string): Promise<Archived> {
  return stores.archive.put(redactedBody(market, request.bytes), {
    url: `file:${basename(request.name)}`,
    market,
    dataset,
    archivedAt: stores.clock.now(),
  });
}
