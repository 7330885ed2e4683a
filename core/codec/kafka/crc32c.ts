/**
 * CRC-32C (Castagnoli, reflected polynomial 0x82F63B78): the checksum of Kafka's record batches.
 *
 * Eight table look-ups per eight bytes ("slicing-by-8", Kounavis and Berry 2005), no dependency between the look-ups.
 */

const POLYNOMIAL = 0x82f63b78;

/** Table k at `256 * k` advances a byte over k further zero bytes. */
const TABLES = buildTables();

function buildTables(): Int32Array {
  const tables = new Int32Array(8 * 256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let bit = 0; bit < 8; bit++) c = (c & 1) === 1 ? (c >>> 1) ^ POLYNOMIAL : c >>> 1;
    tables[n] = c;
  }
  for (let n = 0; n < 256; n++)
    for (let k = 1; k < 8; k++) {
      const before = tables[256 * (k - 1) + n];
      tables[256 * k + n] = tables[before & 0xff] ^ (before >>> 8);
    }
  return tables;
}

/** Checksum of `bytes[from, to)` as an unsigned 32-bit number; 0 of an empty range. */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  const t = TABLES;
  let c = -1;
  let p = from;
  for (const end = to - 7; p < end; p += 8) {
    c ^= bytes[p] | (bytes[p + 1] << 8) | (bytes[p + 2] << 16) | (bytes[p + 3] << 24);
    c =
      t[1792 + (c & 0xff)] ^
      t[1536 + ((c >>> 8) & 0xff)] ^
      t[1280 + ((c >>> 16) & 0xff)] ^
      t[1024 + (c >>> 24)] ^
      t[768 + bytes[p + 4]] ^
      t[512 + bytes[p + 5]] ^
      t[256 + bytes[p + 6]] ^
      t[bytes[p + 7]];
  }
  for (; p < to; p++) c = t[(c ^ bytes[p]) & 0xff] ^ (c >>> 8);
  return ~c >>> 0;
}
