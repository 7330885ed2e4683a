/** Reading one body as the command does, for tests of decoders: recognised, refined, and held to what may go wrong. */

import assert from 'node:assert/strict';
import { line } from '../../app/cli/commands/decode.ts';
import { allConnectors } from '../../app/connectors/catalogue.ts';
import { type Asked, recognise } from '../../connectors/kit/recognise.ts';
import { type Refined, refine } from '../../connectors/kit/refine.ts';
import { CarbonError } from '../../core/errors.ts';

/** The transforms that the markets' connector.yaml list; events with instants of their own have only the first. */
const TRANSFORMS = ['sanitize_numeric', 'standardize_timezone'];

/** Bytes of a text, or the bytes themselves. */
export function bytesOf(body: string | Uint8Array): Uint8Array {
  return typeof body === 'string' ? new TextEncoder().encode(body) : body;
}

/** Recognises and refines a body. Throws as those do. */
export function readBody(body: string | Uint8Array, asked: Asked, name = ''): Refined {
  const payload = { name, bytes: bytesOf(body) };
  const { connector, dataset } = recognise(allConnectors(), payload, asked);
  const transforms = dataset.name === 'trade' ? TRANSFORMS.slice(0, 1) : TRANSFORMS;
  return refine(connector.market, dataset, payload, transforms);
}

/** The typed error that a body gives, thrown or as damage. Fails when the body is read whole. */
export function failureOf(body: string | Uint8Array, asked: Asked, name = ''): CarbonError {
  try {
    const { damage } = readBody(body, asked, name);
    if (damage !== null) return damage;
  } catch (error) {
    assert.ok(error instanceof CarbonError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: 'the body was read whole' });
}

/** Reads a body of a market: by its content alone, unless a name or a dataset tells more. */
export function readOf(market: string, body: string | Uint8Array, name = '', dataset?: string): Refined {
  return readBody(body, { market, dataset }, name);
}

/** The error with which a body of a market is refused, or its damage. */
export function refusalOf(
  market: string,
  body: string | Uint8Array,
  name = '',
  dataset?: string,
): CarbonError {
  return failureOf(body, { market, dataset }, name);
}

/** The lines of `carbon decode` for what was read. */
export function printedLines(refined: Refined): string[] {
  return refined.rows.flatMap((row) => row.values.map((value) => JSON.stringify(line(row, value))));
}

/** A body damaged in one of five ways: cut, a byte changed, a line lost, a line doubled, a stretch of bytes lost. */
export function mutant(clean: Uint8Array, at: number, kind: number, byte: number): Uint8Array {
  if (kind === 0) return clean.slice(0, at);
  if (kind === 1) return clean.with(at, byte);
  if (kind === 2) return bytesOf(spliced(clean, at, 1 + (byte % 5), false));
  if (kind === 3) return bytesOf(spliced(clean, at, 1, true));
  const rest = clean.slice(Math.min(clean.length, at + 1 + byte));
  const out = new Uint8Array(at + rest.length);
  out.set(clean.subarray(0, at));
  out.set(rest, at);
  return out;
}

function spliced(clean: Uint8Array, at: number, count: number, twice: boolean): string {
  const lines = new TextDecoder().decode(clean).split('\n');
  const first = at % lines.length;
  const chosen = lines.slice(first, first + count);
  return lines.toSpliced(first, count, ...(twice ? [...chosen, ...chosen] : [])).join('\n');
}
