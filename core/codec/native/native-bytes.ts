/** Bytes of the Native format's parts: lengths, texts, 64-bit words. */

import { CarbonError } from '../../errors.ts';

const WORD = 4_294_967_296;
const utf8 = new TextEncoder();

/** `0 … length - 1`: the order that leaves rows where they are. */
export function identity(length: number): Uint32Array {
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  return order;
}

/** Rows `order` of integers up to 2^53 in size as little-endian 64-bit words, two's complement, into `out`. */
export function wideWords(values: ArrayLike<number>, order: Uint32Array, out: Int32Array): Int32Array {
  for (let k = 0; k < order.length; k++) {
    const value = values[order[k]];
    const high = Math.floor(value / WORD);
    out[2 * k] = (value - high * WORD) | 0;
    out[2 * k + 1] = high | 0;
  }
  return out;
}

/**
 * Rows `order` of UUIDs, of four words each in the order of the text, as the format has them: the words of either half
 * the other way round. Into `out`.
 */
export function uuidWords(ids: Uint32Array, order: Uint32Array, out: Int32Array): Int32Array {
  // Signed words are small integers everywhere; unsigned ones may be numbers on the heap.
  const words = new Int32Array(ids.buffer, ids.byteOffset, ids.length);
  for (let k = 0; k < order.length; k++) {
    const i = 4 * order[k];
    out[4 * k] = words[i + 1];
    out[4 * k + 1] = words[i];
    out[4 * k + 2] = words[i + 3];
    out[4 * k + 3] = words[i + 2];
  }
  return out;
}

/** Writes a text's UTF-8 length and bytes at `at`, where there is room for them, and returns where they end. */
export function putText(out: Uint8Array, at: number, text: string): number {
  const length = text.length;
  if (length < 128) {
    let k = 0;
    for (; k < length; k++) {
      const unit = text.charCodeAt(k);
      if (unit > 0x7f) break;
      out[at + 1 + k] = unit;
    }
    if (k === length) {
      out[at] = length;
      return at + 1 + length;
    }
  }
  const bytes = utf8.encode(text);
  const mark = varint(bytes.length);
  out.set(mark, at);
  out.set(bytes, at + mark.length);
  return at + mark.length + bytes.length;
}

/** An unsigned integer in groups of seven bits, lowest first. */
export function varint(value: number): Uint8Array {
  if (!(value >= 0)) throw new CarbonError('STORE_REFUSED', `no length can be ${value}`);
  const out: number[] = [];
  let rest = value;
  while (rest > 127) {
    out.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
  return Uint8Array.from(out);
}

/** All parts in one array; `known` saves counting their bytes. */
export function join(parts: readonly Uint8Array[], known?: number): Uint8Array {
  let size = known ?? 0;
  if (known === undefined) for (const part of parts) size += part.length;
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
