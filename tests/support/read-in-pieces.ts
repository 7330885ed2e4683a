/** Reading one body in pieces as the command does with large ones, for tests that hold it equal to reading it whole. */

import { BodyJudge, pieceReader } from '../../connectors/kit/body-reading.ts';
import type { Dataset, Payload } from '../../connectors/kit/contract.ts';
import { headOf, requireText } from '../../connectors/kit/payload.ts';
import { PieceSplitter } from '../../connectors/kit/pieces.ts';
import type { Refined, RefineOptions } from '../../connectors/kit/refine.ts';

/** The pieces of a body, or null where its dataset only reads it whole. */
export function piecesOf(dataset: Dataset, payload: Payload, pieceBytes: number): Payload[] | null {
  const lines = dataset.pieces?.(headOf(payload)) ?? null;
  if (lines === null || !isText(payload)) return null;
  const splitter = new PieceSplitter(payload.name, lines, pieceBytes);
  const pieces: Payload[] = [];
  // The bytes of a piece are used again for the next one.
  for (const piece of splitter.push(payload.bytes)) pieces.push({ ...piece, bytes: piece.bytes.slice() });
  for (const piece of splitter.end()) pieces.push({ ...piece, bytes: piece.bytes.slice() });
  return pieces;
}

/** What a body is refused for by its head stands in the first piece of a large one, and not in one of these. */
function isText(payload: Payload): boolean {
  try {
    requireText(payload);
    return true;
  } catch {
    return false;
  }
}

/** Refines the pieces of a body. Throws as `refine` does. */
export function refinePieces(
  market: string,
  dataset: Dataset,
  transforms: readonly string[],
  pieces: readonly Payload[],
  options: RefineOptions = {},
): Refined {
  const judge = new BodyJudge(pieceReader(market, dataset, transforms, options), pieces[0]?.name ?? '');
  do for (const piece of pieces) judge.judge(piece);
  while (judge.again());
  const verdict = judge.verdict();
  const read = judge.rowsOf(verdict);
  const parts = pieces.map(read);
  return {
    market,
    dataset: dataset.name,
    rows: parts.flatMap(({ rows }) => rows),
    rejected: parts.flatMap(({ rejected }) => rejected),
    ...verdict,
  };
}
