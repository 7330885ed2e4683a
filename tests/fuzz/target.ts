/** What is fuzzed: a decoder with small valid bodies, and the promises that every answer of it is held to. */

import { CarbonError, type ErrorCode } from '../../core/errors.ts';
import type { Form } from './mutations.ts';

/** What a decoder made of a body without breaking a promise. */
export interface Outcome {
  /** `whole`, `damaged` for rows before a damage, or the code with which the body was refused. */
  readonly kind: 'whole' | 'damaged' | ErrorCode;
  /** Rows that were read and kept. */
  readonly rows: number;
  /** Rows that were set aside, each with a code. */
  readonly rejected: number;
}

/** A decoder under fuzz. */
export interface FuzzTarget {
  /** `nyiso.da_lmp`, `container.zip`, `topic.raw`: what FUZZ_ONLY looks for. */
  readonly name: string;
  /** Folder of its connector; null for a decoder of no market. */
  readonly market: string | null;
  readonly form: Form;
  /** Valid bodies of our own making, small. */
  readonly bodies: readonly Uint8Array[];
  /** Reads a body and checks every promise; throws what breaks one. */
  check(body: Uint8Array): Outcome | Promise<Outcome>;
}

/** A promise that was broken. */
export class Broken extends Error {}

/** Throws `Broken` unless the promise is kept. */
export function promise(kept: boolean, what: string): void {
  if (!kept) throw new Broken(what);
}

/** A message is there, and neither it nor what it quotes is longer than anybody reads. */
export function checkReadable(error: CarbonError): void {
  promise(error.message.length > 0, 'an error without a message');
  const quoted = [error.message, ...Object.values(error.position), ...Object.values(error.context)];
  const longest = Math.max(...quoted.map((part) => String(part).length));
  promise(longest <= 2_000, `an error that quotes ${longest} characters`);
}

/** The refusal of a body, if the error is one of the codes documented for it; everything else is thrown on. */
export function refusedAs(error: unknown, allowed: readonly ErrorCode[]): Outcome {
  if (!(error instanceof CarbonError)) throw error;
  promise(
    allowed.includes(error.code),
    `refused as ${error.code}, which is not documented: ${error.message}`,
  );
  checkReadable(error);
  return { kind: error.code, rows: 0, rejected: 0 };
}
