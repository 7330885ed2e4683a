/**
 * From bytes to rows: opens the container, and for each member finds its dataset, reads it and runs the transforms of
 * its connector. What `carbon decode` prints and what load publishes come from here.
 */

import { basename, join } from 'node:path';
import type { Connector, Dataset, Payload, Rejection } from '../../connectors/kit/contract.ts';
import { type Asked, recognise } from '../../connectors/kit/recognise.ts';
import { type Completeness, type Refined, refine } from '../../connectors/kit/refine.ts';
import { hangsOnForm, savedAgain } from '../../connectors/kit/saved-again.ts';
import { type SourceShape, shapeOf } from '../../connectors/kit/shape.ts';
import { inPlainText } from '../../connectors/kit/text-form.ts';
import { CarbonError } from '../../core/errors.ts';
import { type Member, openContainer } from '../../drivers/containers/container.ts';
import { allConnectors } from '../connectors/catalogue.ts';
import { connectorsFolder, loadManifest, type Manifest, settingsOf } from '../connectors/manifest.ts';

/** One body of the payload, read. */
export interface OpenedMember {
  /** Path inside the container; null when the payload is no container. */
  readonly member: string | null;
  readonly market: string;
  readonly connector: Connector;
  readonly dataset: Dataset;
  readonly manifest: Manifest;
  readonly refined: Refined;
  /** What the start of the body looks like; null where no columns can be made out. */
  readonly shape: SourceShape | null;
  /** Damage or the first rejected row, which speaks for the body; null when it was read whole. */
  readonly failure: CarbonError | null;
}

/** All bodies of a payload, in the order of the archive: at least one. */
export interface OpenedPayload {
  readonly members: readonly OpenedMember[];
  /** Members that are no data (folders, a desktop's metadata, other sheets of a workbook), with the reason. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Opens and reads everything. Throws SOURCE_CONTAINER_DAMAGED, or the SOURCE_* error of the first member in which no
 * row can be read at all; errors of a member name it. A sheet that is no report is passed over beside one that is. Partly read members are returned with their failure. `held` says
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
  const foreign: ForeignSheet[] = [];
  for (const member of members) {
    try {
      opened.push(await openAnyForm(member, asked, outer, held));
    } catch (error) {
      if (!(error instanceof CarbonError)) throw error;
      const placed = atMember(error, member, outer);
      if (!isForeignSheet(member, error)) throw placed;
      foreign.push({ path: member.member ?? member.name, error: placed });
    }
  }
  return { members: opened, skipped: withForeignSheets(skipped, foreign, opened.length) };
}

/** A sheet that no dataset recognises, with what was said of it. */
export interface ForeignSheet {
  readonly path: string;
  readonly error: CarbonError;
}

/** True for a sheet that is no report: a workbook has covers, notes and figures of other kinds beside its tables. */
export function isForeignSheet({ isSheet }: Pick<Member, 'isSheet'>, { code }: CarbonError): boolean {
  return isSheet === true && code === 'SOURCE_UNRECOGNISED';
}

/** What was passed over, foreign sheets at the end. Throws the error of the first of them where nothing else was read. */
export function withForeignSheets(
  skipped: OpenedPayload['skipped'],
  foreign: readonly ForeignSheet[],
  read: number,
): OpenedPayload['skipped'] {
  const [first] = foreign;
  if (read === 0 && first !== undefined) throw first.error;
  return [...skipped, ...foreign.map(({ path, error }) => ({ path, reason: error.message }))];
}

/** Whose body this is, by its head, and what the connector's file says. */
export async function ownerOf(
  head: Payload,
  asked: Asked,
): Promise<Pick<OpenedMember, 'market' | 'connector' | 'dataset' | 'manifest'>> {
  const { connector, dataset } = recognise(allConnectors(), head, asked);
  const manifest = await loadManifest(join(connectorsFolder(), connector.name, 'connector.yaml'));
  // A connector for any market takes the one that was named.
  const market = connector.market === 'ANY' ? (asked.market ?? 'ANY').toUpperCase() : connector.market;
  return { market, connector, dataset, manifest };
}

/**
 * Reads one body whole, in whichever form it was saved: in another encoding, and where nothing reads it so, with other
 * delimiters or as lines of JSON. Throws as {@link openMember}.
 */
export async function openAnyForm(
  member: Member,
  asked: Asked,
  outer: string,
  held: Completeness,
): Promise<OpenedMember> {
  const plain = { ...member, ...inPlainText(member) };
  const open = (body: Member): Promise<OpenedMember> => openMember(body, asked, outer, held);
  const asItStands = await orError(open(plain));
  const isRead = !(asItStands instanceof CarbonError);
  const error = isRead ? asItStands.failure : asItStands;
  const rows = isRead ? asItStands.refined.rows.length : 0;
  const again = error !== null && rows === 0 && hangsOnForm(error) ? savedAgain(plain) : null;
  if (again !== null) {
    const rewritten = await orError(open({ ...plain, ...again }));
    if (!(rewritten instanceof CarbonError)) return rewritten;
    if (rewritten.code !== 'SOURCE_UNRECOGNISED') throw rewritten;
  }
  if (!isRead) throw asItStands;
  return asItStands;
}

async function orError<T>(work: Promise<T>): Promise<T | CarbonError> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof CarbonError) return error;
    throw error;
  }
}

/** Reads one body whole, in the operator's form. Throws as {@link openPayload}, without the member's name. */
export async function openMember(
  member: Member,
  asked: Asked,
  outer: string,
  held: Completeness,
): Promise<OpenedMember> {
  const { market, connector, dataset, manifest } = await ownerOf(member, asked);
  const opened = refinedMember(member, market, connector, dataset, manifest, held);
  const failure = opened.failure === null ? null : atMember(opened.failure, member, outer);
  return { ...opened, member: member.member, failure };
}

/** A payload that is no container, read as what it is known to be. Throws as the dataset's `decode` does. */
export function readAs(
  payload: Payload,
  connector: Connector,
  dataset: Dataset,
  manifest: Manifest,
): OpenedPayload {
  const opened = refinedMember(payload, connector.market, connector, dataset, manifest, 'whole');
  return { members: [opened], skipped: [] };
}

function refinedMember(
  payload: Payload,
  market: string,
  connector: Connector,
  dataset: Dataset,
  manifest: Manifest,
  held: Completeness,
): OpenedMember {
  const { transforms, contract } = settingsOf(manifest, dataset.name);
  const discardsWords = contract.type === 'discard_value';
  const refined = refine(market, dataset, payload, transforms, { held, discardsWords });
  const { rows, rejected, damage } = refined;
  const first = rejected.reduce<Rejection | null>(
    (least, row) => (least === null || row.row < least.row ? row : least),
    null,
  );
  const failure = failureOf(damage, first, { rows: rows.length, rejected: rejected.length });
  const shape = shapeOf(payload);
  return { member: null, market, connector, dataset, manifest, refined, shape, failure };
}

/** Damage first; else the rejected row that comes first in the body stands for all of them. */
export function failureOf(
  damage: CarbonError | null,
  first: Rejection | null,
  counts: { readonly rows: number; readonly rejected: number },
): CarbonError | null {
  if (damage !== null || first === null) return damage;
  const total = counts.rows + counts.rejected;
  return new CarbonError(first.code, `${first.message}; ${counts.rejected} of ${total} rows are rejected`, {
    position: { line: first.row, field: first.field, expected: first.expected, got: first.got },
    context: { rejected: counts.rejected, rows: total },
  });
}

/** The same error, placed in the payload that the user knows: its file, and the member where there is one. */
export function atMember(
  error: CarbonError,
  member: Pick<Member, 'name' | 'member'>,
  outer: string,
): CarbonError {
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
