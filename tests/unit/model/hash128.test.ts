/** The hash against an independent MurmurHash3 x86_128 over bytes, and the text forms of ids. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareIds, FieldHash, formatUuid, markAsUuid8, parseUuid } from '../../../core/model/hash128.ts';

const M = 0xffffffffn;
const mul = (a: bigint, b: bigint): bigint => (a * b) & M;
const add = (...n: bigint[]): bigint => n.reduce((a, b) => (a + b) & M, 0n);
const rotl = (x: bigint, r: bigint): bigint => ((x << r) | (x >> (32n - r))) & M;

function mix(h: bigint): bigint {
  let x = h;
  x = mul(x ^ (x >> 16n), 0x85ebca6bn);
  x = mul(x ^ (x >> 13n), 0xc2b2ae35n);
  return x ^ (x >> 16n);
}

/** MurmurHash3_x86_128 of whole blocks of four words, in BigInt: slow and obvious on purpose. */
function reference(words: readonly number[], seed = 0): number[] {
  const c = [0x239b961bn, 0xab0e9789n, 0x38b34ae5n, 0xa1e38b93n];
  const plus = [0x561ccd1bn, 0x0bcaa747n, 0x96cd1c35n, 0x32ac3b17n];
  const first = [15n, 16n, 17n, 18n];
  const second = [19n, 17n, 15n, 13n];
  let h = [0, 1, 2, 3].map(() => BigInt(seed >>> 0));
  for (let at = 0; at < words.length; at += 4)
    for (let k = 0; k < 4; k++) {
      const mixed = mul(rotl(mul(BigInt(words[at + k] >>> 0), c[k]), first[k]), c[(k + 1) % 4]);
      h[k] = add(mul(add(rotl(h[k] ^ mixed, second[k]), h[(k + 1) % 4]), 5n), plus[k]);
    }
  h = h.map((x) => x ^ BigInt(4 * words.length));
  const spread = (): void => {
    h[0] = add(...h);
    for (let k = 1; k < 4; k++) h[k] = add(h[k], h[0]);
  };
  spread();
  h = h.map(mix);
  spread();
  return h.map(Number);
}

function digest(words: readonly number[], seed?: number): number[] {
  const hash = new FieldHash().reset(seed);
  for (const word of words) hash.word(word);
  const out = new Uint32Array(8);
  hash.digest(out, 1);
  assert.deepEqual([...out.subarray(0, 4)], [0, 0, 0, 0]);
  return [...out.subarray(4)];
}

test('published vectors: nothing hashes to nothing, and a known seed', () => {
  assert.deepEqual(digest([]), [0, 0, 0, 0]);
  // MurmurHash3_x86_128("", seed 1), as published with the reference code.
  assert.deepEqual(
    digest([], 1).map((w) => w.toString(16)),
    ['88c4adec', '54d201b9', '54d201b9', '54d201b9'],
  );
});

test('whole blocks equal the independent implementation', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 200 }), fc.integer(), (list, seed) => {
      const words = list.slice(0, list.length - (list.length % 4));
      assert.deepEqual(digest(words, seed), reference(words, seed));
    }),
  );
});

test('a hash that goes on from a saved beginning equals the one of all its words', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { maxLength: 60 }), fc.nat(15), (words, blocks) => {
      const cut = Math.min(4 * blocks, words.length - (words.length % 4));
      const [hash, states, out] = [new FieldHash(), new Int32Array(8), new Uint32Array(4)];
      for (const word of words.slice(0, cut)) hash.word(word);
      hash.save(states, 1);
      hash.reset().word(7).resume(states, 1, cut);
      for (const word of words.slice(cut)) hash.word(word);
      hash.digest(out, 0);
      assert.deepEqual([...out], digest(words));
    }),
  );
  assert.throws(() => new FieldHash().word(1).save(new Int32Array(4), 0), RangeError);
});

test('other lists of fields give other hashes: lengths are part of them', () => {
  const of = (...texts: string[]): string => {
    const hash = new FieldHash();
    for (const text of texts) hash.text(text);
    const out = new Uint32Array(4);
    hash.digest(out, 0);
    return out.join();
  };
  const lists = [
    [''],
    ['', ''],
    ['ab', 'c'],
    ['a', 'bc'],
    ['abc'],
    ['abc', ''],
    ['', 'abc'],
    ['a\0'],
    ['a'],
    ['東'],
    ['🙂'],
    ['x'.repeat(9999)],
    ['x'.repeat(10_000)],
  ];
  // The two pairs alike have an empty text at the end, where the last block is filled up with zeros: whoever hashes
  // fields that may be absent puts a tag or a count before them.
  assert.equal(of(''), of('', ''));
  assert.equal(of('abc'), of('abc', ''));
  assert.equal(new Set(lists.map((list) => of(...list))).size, lists.length - 2);
});

test('integers of 53 bits and a sign are told apart', () => {
  const of = (n: number): string => {
    const out = new Uint32Array(4);
    new FieldHash().integer(n).digest(out, 0);
    return out.join();
  };
  const numbers = [0, 1, -1, 2 ** 32, -(2 ** 32), 2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 31, -(2 ** 31)];
  assert.equal(new Set(numbers.map(of)).size, numbers.length);
  const grown = new FieldHash();
  for (let k = 0; k < 1000; k++) grown.word(k);
  const out = new Uint32Array(4);
  grown.digest(out, 0);
  assert.deepEqual([...out], reference(Array.from({ length: 1000 }, (_, k) => k)));
});

test('ids: version and variant, text and back, order as that of texts', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 8, maxLength: 8 }), (words) => {
      const ids = Uint32Array.from(words);
      markAsUuid8(ids, 0);
      markAsUuid8(ids, 1);
      const texts = [formatUuid(ids, 0), formatUuid(ids, 1)];
      assert.match(texts[0], /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      const back = new Uint32Array(4);
      assert.ok(parseUuid(texts[1].toUpperCase(), back, 0));
      assert.deepEqual(back, ids.slice(4));
      const order = texts[0] < texts[1] ? -1 : texts[0] > texts[1] ? 1 : 0;
      assert.equal(Math.sign(compareIds(ids, 0, ids, 1)), order);
    }),
  );
  for (const text of ['', 'x', '00000000-0000-0000-0000-00000000000', '0000000000000000000000000000000000'])
    assert.equal(parseUuid(text, new Uint32Array(4), 0), false);
});
