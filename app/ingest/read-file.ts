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
  openMember,
  openPayload,
  ownerOf,
  withForeignSheets,
} from './open-payload.ts';

/** Unpacked bytes from which on a file is read in pieces. */
const LARGE_BYTES = 16_777_216;

/** One body of a file, judged. */
export interface ReadBody {
  /** Path inside the container; null when the file is no container. */
  readonly member: string | null;
  readonly market: string;
  readonly dataset: OpenedMember['dataset'];
  readonly drift: readonly Drift[];
  /** As {@link OpenedMember.failure}. */
  readonly failure: CarbonError | null;
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

/**
 * Reads and judges a file, which may be an excerpt. Throws as `openPayload` does, and FILE_UNREADABLE. `largeBytes` is
 * the size from which on it is read in pieces; what is read does not hang on it.
 */
export async function readPayloadFile(
  path: string,
  asked: Asked,
  largeBytes = LARGE_BYTES,
): Promise<ReadFile> {
  try {
    // What is no file (a pipe) can be read once only.
    const isLarge = (await stat(path)).isFile() && (await declaredSize(path)) >= largeBytes;
    return await (isLarge ? readLarge(path, asked) : readSmall(path, asked));
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause) || !('code' in cause)) throw cause;
    throw new CarbonError('FILE_UNREADABLE', `cannot read ${path}: ${cause.code}`, {
      position: { file: path },
      cause,
    });
  }
}

async function readSmall(path: string, asked: Asked): Promise<ReadFile> {
  const { members, skipped } = await openPayload(
    { name: basename(path), bytes: await readFile(path) },
    asked,
    'excerpt',
  );
  const bodies = members.map(({ member, market, dataset, refined, failure }) => ({
    member,
    market,
    dataset,
    drift: refined.drift,
    failure,
    missing: refined.missing,
    batches: () => once(refined),
  }));
  return { bodies, skipped };
}

async function* once(piece: RefinedPiece): AsyncIterable<RefinedPiece> {
  yield piece;
}

async function readLarge(path: string, asked: Asked): Promise<ReadFile> {
  const file = await streamFile(path, { head: HEAD_BYTES, tail: TAIL_BYTES });
  const bodies: ReadBody[] = [];
  const foreign: ForeignSheet[] = [];
  for (const body of file.bodies)
    try {
      bodies.push(await judged(body, asked, basename(path)));
    } catch (error) {
      if (!(error instanceof CarbonError)) throw error;
      const placed = atMember(error, body, basename(path));
      if (!isForeignSheet(body, error)) throw placed;
      foreign.push({ path: body.member ?? body.name, error: placed });
    }
  return { bodies, skipped: withForeignSheets(file.skipped, foreign, bodies.length) };
}

async function judged(body: StreamedBody, asked: Asked, outer: string): Promise<ReadBody> {
  const glimpse = { name: body.name, bytes: body.glimpse };
  const { market, dataset, manifest } = await ownerOf(glimpse, asked);
  const { transforms, contract } = settingsOf(manifest, dataset.name);
  const known = { member: body.member, market, dataset };
  const lines = dataset.pieces?.(headOf(glimpse)) ?? null;
  if (lines === null) {
    const bytes = await gathered(body.chunks(), body.size);
    const { refined, failure } = await openMember({ ...body, bytes }, asked, outer, 'excerpt');
    const { drift, missing } = refined;
    return { ...known, drift, failure, missing, batches: () => once(refined) };
  }
  const judge = new BodyJudge(
    pieceReader(market, dataset, transforms, {
      held: 'excerpt',
      discardsWords: contract.type === 'discard_value',
    }),
    body.name,
  );
  do for await (const piece of piecesOf(body, lines)) judge.judge(piece);
  while (judge.again());
  const verdict = judge.verdict();
  const failure = failureOf(verdict.damage, judge.firstRejected, judge);
  return {
    ...known,
    drift: verdict.drift,
    failure: failure === null ? null : atMember(failure, body, outer),
    missing: verdict.missing,
    async *batches() {
      const read = judge.rowsOf(verdict);
      for await (const piece of piecesOf(body, lines)) yield read(piece);
    },
  };
}

async function* piecesOf(body: StreamedBody, lines: number): AsyncIterable<Payload> {
  const splitter = new PieceSplitter(body.name, lines);
  for await (const chunk of body.chunks()) yield* splitter.push(chunk);
  yield* splitter.end();
}
