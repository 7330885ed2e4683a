/**
 * From bytes to rows: opens the container, and for each member finds its dataset, reads it and runs the transforms of
 * its connector. What `carbon decode` prints and what load publishes come from here.
 */

import { basename, join } from 'node:path';
import { CONNECTORS } from '../../connectors/catalog.ts';
import type { Connector, Dataset, Payload } from '../../connectors/kit/contract.ts';
import { type Asked, recognise } from '../../connectors/kit/recognise.ts';
import { type Completeness, type Refined, refine } from '../../connectors/kit/refine.ts';
import { inPlainText } from '../../connectors/kit/text-form.ts';
import { CarbonError } from '../../core/errors.ts';
import { type Member, openContainer } from '../../drivers/containers/container.ts';
import { connectorsFolder, loadManifest, type Manifest, transformsOf } from '../connectors/manifest.ts';

/** One body of the payload, read. */
export interface OpenedMember {
  /** Path inside the container; null when the payload is no container. */
  readonly member: string | null;
  readonly market: string;
  readonly connector: Connector;
  readonly dataset: Dataset;
  readonly manifest: Manifest;
  readonly refined: Refined;
  /** Damage or the first rejected row, which speaks for the body; null when it was read whole. */
  readonly failure: CarbonError | null;
}

/** All bodies of a payload, in the order of the archive: at least one. */
export interface OpenedPayload {
  readonly members: readonly OpenedMember[];
  /** Members that are no data (folders, a desktop's metadata), with the reason. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Opens and reads everything. Throws SOURCE_CONTAINER_DAMAGED, or the SOURCE_* error of the first member in which no
 * row can be read at all; errors of a member name it. Partly read members are returned with their failure. `held` says
 * whether rows that were left out are damage.
 */
export async function openPayload(
  payload: Payload,
  asked: Asked,
  held: Completeness = 'whole',
): Promise<OpenedPayload> {
  const outer = basename(payload.name);
  const { members, skipped } = await openContainer({ name: outer, bytes: payload.bytes });
  const opened: OpenedMember[] = [];
  for (const member of members) {
    try {
      opened.push(await openMember({ ...member, ...inPlainText(member) }, asked, outer, held));
    } catch (error) {
      throw error instanceof CarbonError ? atMember(error, member, outer) : error;
    }
  }
  return { members: opened, skipped };
}

async function openMember(
  member: Member,
  asked: Asked,
  outer: string,
  held: Completeness,
): Promise<OpenedMember> {
  const { connector, dataset } = recognise(CONNECTORS, member, asked);
  const manifest = await loadManifest(join(connectorsFolder(), connector.name, 'connector.yaml'));
  // A connector for any market takes the one that was named.
  const market = connector.market === 'ANY' ? (asked.market ?? 'ANY').toUpperCase() : connector.market;
  const refined = refine(market, dataset, member, transformsOf(manifest, dataset.name), held);
  const failure = failureOf(refined);
  return {
    member: member.member,
    market,
    connector,
    dataset,
    manifest,
    refined,
    failure: failure === null ? null : atMember(failure, member, outer),
  };
}

/** Damage first; else the first rejected row stands for all of them. */
function failureOf(refined: Refined): CarbonError | null {
  if (refined.damage !== null) return refined.damage;
  const first = refined.rejected[0];
  if (first === undefined) return null;
  const total = refined.rows.length + refined.rejected.length;
  return new CarbonError(
    first.code,
    `${first.message}; ${refined.rejected.length} of ${total} rows are rejected`,
    {
      position: { line: first.row, field: first.field, expected: first.expected, got: first.got },
      context: { rejected: refined.rejected.length, rows: total },
    },
  );
}

/** The same error, placed in the payload that the user knows: its file, and the member where there is one. */
function atMember(error: CarbonError, member: Member, outer: string): CarbonError {
  const own = error.position.file;
  const ours = own === undefined || own === member.name;
  const position = ours && outer !== '' ? { ...error.position, file: outer } : error.position;
  if (member.member === null)
    return new CarbonError(error.code, error.message, {
      position,
      context: error.context,
      cause: error.cause,
    });
  return new CarbonError(error.code, `member ${member.member}: ${error.message}`, {
    position,
    context: { ...error.context, member: member.member },
    cause: error.cause,
  });
}
