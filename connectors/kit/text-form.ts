/**
 * Text in the form that the readers know: UTF-8 with line ends that have a line feed. Editors and spreadsheets save UTF-16,
 * with its mark of byte order or without, and some save files whose lines end with a carriage return alone; charts of
 * operators are asked for as a call with JSON in it. What such a file says, and the numbers of its lines, are the same.
 */

import type { Payload } from './contract.ts';

const CR = 13;
const LF = 10;
const BLANK = 32;

/** The payload itself, or one of the same text in UTF-8 with line feeds. Pure; bytes that are no such text stay as they are. */
export function inPlainText(payload: Payload): Payload {
  const wide = fromUtf16(payload.bytes);
  const bytes = withoutCall(withLineFeeds(wide ?? payload.bytes));
  return bytes === payload.bytes ? payload : { ...payload, bytes };
}

/** Characters of a text without its mark that must be letters, digits or signs of ASCII for it to be taken for UTF-16. */
const FIRST_CHARACTERS = 8;

/** The order of bytes of a text in UTF-16, by its mark, else by the zero that every second byte at its start is. */
function byteOrderOf(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (bytes.length % 2 !== 0 || bytes.length < 2 * FIRST_CHARACTERS) return null;
  const zero = second === 0 ? 1 : 0;
  for (let at = 0; at < 2 * FIRST_CHARACTERS; at += 2) {
    const byte = bytes[at + 1 - zero] ?? 0;
    if (bytes[at + zero] !== 0 || byte < BLANK || byte > 0x7e) return null;
  }
  return zero === 1 ? 'utf-16le' : 'utf-16be';
}

/** UTF-8 of a text in UTF-16; null for other bytes, and for broken UTF-16. */
function fromUtf16(bytes: Uint8Array): Uint8Array | null {
  const label = byteOrderOf(bytes);
  if (label === null) return null;
  try {
    const text = new TextDecoder(label, { fatal: true }).decode(bytes);
    // The declaration of an XML document would contradict its bytes.
    return new TextEncoder().encode(text.replace(/^(<\?xml[^>]*encoding=["'])utf-16(["'])/i, '$1UTF-8$2'));
  } catch {
    return null;
  }
}

/** How a call of JSONP begins and ends; names of functions are short. */
const CALL = /^\s*(?:\/\*\*\/\s*)?[A-Za-z_$][\w$.]{0,120}\s*\(\s*(?=[[{])/;
const CALLED = /[\]}]\s*(\)\s*(?:;\s*)?)$/;
const CALL_BYTES = 256;

/**
 * JSON that is the argument of a call, as pages ask for it (`callback({…});`), with blanks in place of the call: every other
 * byte stays where it is. The same bytes for any other text.
 */
function withoutCall(bytes: Uint8Array): Uint8Array {
  const decoder = new TextDecoder('latin1');
  const call = CALL.exec(decoder.decode(bytes.subarray(0, CALL_BYTES)))?.[0];
  if (call === undefined) return bytes;
  const tail = decoder.decode(bytes.subarray(-CALL_BYTES));
  const end = CALLED.exec(tail)?.[1];
  if (end === undefined) return bytes;
  const bare = bytes.slice();
  blank(bare, 0, call.length);
  blank(bare, bare.length - end.length, bare.length);
  return bare;
}

/** Blanks, but for line ends, so that lines keep their numbers. */
function blank(bytes: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at++) if (bytes[at] !== LF && bytes[at] !== CR) bytes[at] = BLANK;
}

/** The bytes with a line feed for each carriage return, where they have no line feed at all. */
function withLineFeeds(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(CR) || bytes.includes(LF) || bytes.includes(0)) return bytes;
  return bytes.map((byte) => (byte === CR ? LF : byte));
}
