/**
 * CRC-32C (Castagnoli, reflected polynomial 0x82F63B78): the checksum of Kafka's record batches.
 *
 * Sixteen table look-ups per sixteen bytes ("slicing-by-16", after Kounavis and Berry 2005), none dependent on another.
 * Processors have an instruction for it, which is ten times as fast and out of reach here: a process may put a native
 * twin in the place of the tables.
 */

/** Checksum of all bytes of a view as an unsigned 32-bit number. */
export type Checksum = (bytes: Uint8Array) => number;

let native: Checksum | null = null;

/**
 * Takes a faster function for the life of the process. It must agree with the tables on everything; a short text is
 * asked here, the rest is for the tests of whoever brings it. Throws when it does not.
 */
export function adoptChecksum(checksum: Checksum): void {
  const text = Uint8Array.from({ length: 257 }, (_, k) => (k * 31) & 0xff);
  if (checksum(text) !== byTables(text, 0, text.length))
    throw new Error('a checksum that is no CRC-32C was brought');
  native = checksum;
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
const POLYNOMIAL = 0x82f63b78;

/** Table k at `256 * k` advances a byte over k further zero bytes. */
const TABLES = buildTables();

function buildTables(): Int32Array {
  const tables = new Int32Array(16 * 256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let bit = 0; bit < 8; bit++) c = (c & 1) === 1 ? (c >>> 1) ^ POLYNOMIAL : c >>> 1;
    tables[n] = c;
  }
  for (let n = 0; n < 256; n++)
    for (let k = 1; k < 16; k++) {
      const before = tables[256 * (k - 1) + n];
      tables[256 * k + n] = tables[before & 0xff] ^ (before >>> 8);
    }
  return tables;
}

/** Shorter ranges are done before a call out of here would be. */
const LEAST_NATIVE = 256;

/** Checksum of `bytes[from, to)` as an unsigned 32-bit number; 0 of an empty range. */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  return native !== null && to - from >= LEAST_NATIVE
    ? native(bytes.subarray(from, to))
    : byTables(bytes, from, to);
}

/** The same by tables alone: what a native twin is held to. */
export function byTables(bytes: Uint8Array, from: number, to: number): number {
  const t = TABLES;
  let c = -1;
  let p = from;
  // Whole words where the memory allows: their address is a multiple of four.
  const aligned = Math.min(to, p + ((4 - ((bytes.byteOffset + p) & 3)) & 3));
  for (; p < aligned; p++) c = t[(c ^ bytes[p]) & 0xff] ^ (c >>> 8);
  const pairs = (to - p) >> 4;
  if (pairs > 0 && IS_LITTLE_ENDIAN) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + p, 4 * pairs);
    for (let w = 0; w < words.length; w += 4) {
      const a = words[w] ^ c;
      const b = words[w + 1];
      const d = words[w + 2];
      const e = words[w + 3];
      c =
        t[3840 + (a & 0xff)] ^
        t[3584 + ((a >>> 8) & 0xff)] ^
        t[3328 + ((a >>> 16) & 0xff)] ^
        t[3072 + (a >>> 24)] ^
        t[2816 + (b & 0xff)] ^
        t[2560 + ((b >>> 8) & 0xff)] ^
        t[2304 + ((b >>> 16) & 0xff)] ^
        t[2048 + (b >>> 24)] ^
        t[1792 + (d & 0xff)] ^
        t[1536 + ((d >>> 8) & 0xff)] ^
        t[1280 + ((d >>> 16) & 0xff)] ^
        t[1024 + (d >>> 24)] ^
        t[768 + (e & 0xff)] ^
        t[512 + ((e >>> 8) & 0xff)] ^
        t[256 + ((e >>> 16) & 0xff)] ^
        t[e >>> 24];
    }
    p += 16 * pairs;
  }
  for (; p < to; p++) c = t[(c ^ bytes[p]) & 0xff] ^ (c >>> 8);
  return ~c >>> 0;
}
