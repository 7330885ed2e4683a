/**
 * Memory for the bytes of a plan, used again for the next one: blocks for the warehouse, batches for the log, records
 * read from it. Fresh memory for each would cost more in page faults and collections than filling it.
 *
 * Whoever makes bytes takes memory and lends it; the runner gives it back once nobody will look at them again. What is
 * not given back, for want of a store or of interest, is collected like everything else.
 */

/** Bytes and pieces kept at most, over all sizes; a plan beyond the common leaves nothing behind. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_PIECES = 256;
const LEAST_BYTES = 1 << 12;

/** The smallest first. */
const spare: Uint8Array[] = [];
const lent = new WeakSet<ArrayBufferLike>();
let kept = 0;

/**
 * Memory of at least `bytes`, holding anything: the smallest that fits and is not far too large, else new memory. It is
 * the taker's alone until it is lent.
 */
export function takeMemory(bytes: number): Uint8Array {
  const place = placeOf(bytes);
  if (place === spare.length || spare[place].length > 4 * Math.max(bytes, LEAST_BYTES))
    return new Uint8Array(Math.max(bytes, LEAST_BYTES));
  const [memory] = spare.splice(place, 1);
  kept -= memory.length;
  return memory;
}

/** Marks taken memory, or a part of it, as lent: it may come back. Returns what it was given. */
export function lend(bytes: Uint8Array): Uint8Array {
  lent.add(bytes.buffer);
  return bytes;
}

/** Takes back all of the memory in which lent bytes lie; does nothing for bytes from elsewhere. */
export function giveBack(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (!lent.delete(buffer)) return;
  spare.splice(placeOf(buffer.byteLength), 0, new Uint8Array(buffer));
  kept += buffer.byteLength;
  while (kept > MOST_BYTES || spare.length > MOST_PIECES) kept -= spare.shift()?.length ?? kept;
}

/** Place of the smallest memory of at least `bytes`. */
function placeOf(bytes: number): number {
  let place = 0;
  while (place < spare.length && spare[place].length < bytes) place++;
  return place;
}
