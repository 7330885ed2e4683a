/**
 * From a file to rows, however large it is: a small one is opened whole in memory, a large one is judged in a first
 * reading and its rows are had in further ones, a piece at a time (`docs/decisions/0008-bodies-in-pieces.md`).
 */

import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { BodyJudge, pieceReader, type RefinedPiece } from '../../connectors/kit/body-reading.ts';
import { type Drift, HEAD_BYTES, type Payload, TAIL_BYTES } from '../../connectors/kit/contract.ts';
import { headOf } from '../../connectors/kit/payload.ts';
import { PieceSplitter } from '../../connectors/kit/pieces.ts';
import type { Asked } from '../../connectors/kit/recognise.ts';
import type { Completeness, DiscardedValue } from '../../connectors/kit/refine.ts';
import { mayBeSavedAgain } from '../../connectors/kit/saved-again.ts';
import { shapeOf } from '../../connectors/kit/shape.ts';
import { inPlainText } from '../../connectors/kit/text-form.ts';
import { CarbonError } from '../../core/errors.ts';
import { gathered } from '../../drivers/containers/chunks.ts';
import { declaredSize, type StreamedBody, streamFile } from '../../drivers/containers/stream.ts';
import { settingsOf } from '../connectors/manifest.ts';
import {
  atMember,
  type ForeignSheet,
  failureOf,
  isForeignSheet,
  type OpenedMember,
  type OpenedPayload,
  openAnyForm,
  openPayload,
  ownerOf,
  withForeignSheets,
} from './open-payload.ts';

/** Unpacked bytes from which on a file is read in pieces. */
const LARGE_BYTES = 16_777_216;

/** One body of a file, judged. */
export interface ReadBody
  extends Pick<
    OpenedMember,
    'member' | 'market' | 'connector' | 'dataset' | 'manifest' | 'shape' | 'failure'
  > {
  readonly drift: readonly Drift[];
  /** As `Refined.discarded`. */
  readonly discarded: readonly DiscardedValue[];
  /** What shows that rows were left out of it; no failure, since a file may be an excerpt. */
  readonly missing: CarbonError | null;
  /** Its rows before the damage, in the order of the body, and what was set aside. To be had more than once. */
  batches(): AsyncIterable<RefinedPiece>;
}

/** All bodies of a file, in the order of the archive: at least one. */
export interface ReadFile {
  readonly bodies: readonly ReadBody[];
  readonly skipped: OpenedPayload['skipped'];
}

/** How a file is read. */
export interface FileReading {
  /** Size from which on it is read in pieces; what is read does not hang on it. */
  readonly largeBytes?: number | undefined;
  /** What it is held to be; an excerpt when left out. */
  readonly held?: Completeness;
  /** What of its bytes may be kept: a file that is no container is read as that, so that no message quotes the rest. */
  readonly kept?: (bytes: Uint8Array) => Uint8Array;
}

/** Reads and judges a file. Throws as `openPayload` does, and FILE_UNREADABLE. */
export async function readPayloadFile(
  path: string,
  asked: Asked,
  { largeBytes = LARGE_BYTES, held = 'excerpt', kept = (bytes) => bytes }: FileReading = {},
): Promise<ReadFile> {
  const how = { held, kept };
  try {
    // What is no file (a pipe) can be read once only.
    const isLarge = (await stat(path)).isFile() && (await declaredSize(path)) >= largeBytes;
    return await (isLarge ? readLarge(path, asked, how) : readSmall(path, asked, how));
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause) || !('code' in cause)) throw cause;
    throw new CarbonError('FILE_UNREADABLE', `cannot read ${path}: ${cause.code}`, {
      position: { file: path },
      cause,
    });
  }
}

type How = Required<Pick<FileReading, 'held' | 'kept'>>;

async function readSmall(path: string, asked: Asked, { held, kept }: How): Promise<ReadFile> {
  const payload = { name: basename(path), bytes: kept(await readFile(path)) };
  const { members, skipped } = await openPayload(payload, asked, held);
  return { bodies: members.map(bodyOf), skipped };
}

/** A body that was opened whole, in the form of one that is read in pieces. */
export function bodyOf(opened: OpenedMember): ReadBody {
  const { member, market, connector, dataset, manifest, shape, failure, refined } = opened;
  const { drift, discarded, missing } = refined;
  const known = { member, market, connector, dataset, manifest, shape, failure };
  return { ...known, drift, discarded, missing, batches: () => once(refined) };
}

async function* once(piece: RefinedPiece): AsyncIterable<RefinedPiece> {
  yield piece;
}

async function readLarge(path: string, asked: Asked, how: How): Promise<ReadFile> {
  const file = await streamFile(path, { head: HEAD_BYTES, tail: TAIL_BYTES });
  const bodies: ReadBody[] = [];
  const foreign: ForeignSheet[] = [];
  for (const body of file.bodies)
    try {
      bodies.push(await judged(body, asked, basename(path), how));
    } catch (error) {
      if (!(error instanceof CarbonError)) throw error;
      const placed = atMember(error, body, basename(path));
      if (!isForeignSheet(body, error)) throw placed;
      foreign.push({ path: body.member ?? body.name, error: placed });
    }
  return { bodies, skipped: withForeignSheets(file.skipped, foreign, bodies.length) };
}

async function judged(
  body: StreamedBody,
  asked: Asked,
  outer: string,
  { held, kept }: How,
): Promise<ReadBody> {
  const keeps = body.member === null ? kept : (bytes: Uint8Array) => bytes;
  const whole = async (): Promise<ReadBody> =>
    bodyOf(
      await openAnyForm(
        { ...body, bytes: keeps(await gathered(body.chunks(), body.size)) },
        asked,
        outer,
        held,
      ),
    );
  const glimpse = { name: body.name, bytes: keeps(body.glimpse) };
  // In pieces a body is read in the operator's form alone.
  if (inPlainText(glimpse) !== glimpse) return whole();
  const owner = await ownerOf(glimpse, asked).catch((error: unknown) => {
    if (error instanceof CarbonError && mayBeSavedAgain(error, glimpse)) return null;
    throw error;
  });
  if (owner === null) return whole();
  const { market, connector, dataset, manifest } = owner;
  const { transforms, contract } = settingsOf(manifest, dataset.name);
  const known = { member: body.member, market, connector, dataset, manifest, shape: shapeOf(glimpse) };
  const lines = dataset.pieces?.(headOf(glimpse)) ?? null;
  if (lines === null) return whole();
  const judge = new BodyJudge(
    pieceReader(market, dataset, transforms, {
      held,
      discardsWords: contract.type === 'discard_value',
    }),
    body.name,
  );
  do for await (const piece of piecesOf(body, lines, keeps)) judge.judge(piece);
  while (judge.again());
  const verdict = judge.verdict();
  const failure = failureOf(verdict.damage, judge.firstRejected, judge);
  return {
    ...known,
    drift: verdict.drift,
    discarded: verdict.discarded,
    failure: failure === null ? null : atMember(failure, body, outer),
    missing: verdict.missing,
    async *batches() {
      const read = judge.rowsOf(verdict);
      for await (const piece of piecesOf(body, lines, keeps)) yield read(piece);
    },
  };
}

/** Pieces are whole lines: what is taken out of a body lies in one of them. */
async function* piecesOf(body: StreamedBody, lines: number, keeps: How['kept']): AsyncIterable<Payload> {
  const splitter = new PieceSplitter(body.name, lines);
  const kept = (piece: Payload): Payload => ({ ...piece, bytes: keeps(piece.bytes) });
  for await (const chunk of body.chunks()) for (const piece of splitter.push(chunk)) yield kept(piece);
  for (const piece of splitter.end()) yield kept(piece);
}
