import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes } from '../../../core/codec/bytes.ts';
import { giveBack, lend, takeMemory } from '../../../core/codec/lent-memory.ts';

const MB = 1 << 20;

test('memory that was given back is taken again, all of it, by whoever it fits', () => {
  const memory = takeMemory(3 * MB);
  giveBack(lend(memory.subarray(100, 2 * MB)));
  const again = takeMemory(2 * MB);
  assert.equal(again.buffer, memory.buffer);
  assert.equal(again.length, memory.length);
});

test('no memory has two takers: given back twice, or never lent, it does not come back', () => {
  const memory = lend(takeMemory(5 * MB));
  giveBack(memory);
  giveBack(memory);
  const first = takeMemory(5 * MB);
  const second = takeMemory(5 * MB);
  assert.equal(first.buffer, memory.buffer);
  assert.notEqual(second.buffer, memory.buffer);
  const own = new Uint8Array(6 * MB);
  giveBack(own);
  assert.notEqual(takeMemory(6 * MB).buffer, own.buffer);
});

test('what is taken has the room that was asked for, and is not far larger', () => {
  giveBack(lend(takeMemory(40 * MB)));
  const small = takeMemory(1 * MB);
  assert.ok(small.length >= MB && small.length < 8 * MB, `${small.length}`);
});

test('no more is kept than a few plans need: 64 MB', () => {
  const taken = Array.from({ length: 12 }, () => takeMemory(12 * MB));
  for (const memory of taken) giveBack(lend(memory));
  const buffers = new Set(taken.map((memory) => memory.buffer));
  const again = Array.from({ length: 12 }, () => takeMemory(12 * MB));
  const kept = again
    .filter((memory) => buffers.has(memory.buffer))
    .reduce((sum, { length }) => sum + length, 0);
  // One piece may be left over from the tests before, of up to four times the size.
  assert.ok(kept <= 64 * MB && kept > (64 - 4 * 12) * MB, `${kept / MB} MB`);
});

test('bytes that follow each other in one memory are joined without a copy, others with one', () => {
  const memory = Uint8Array.from({ length: 10 }, (_, k) => k);
  const joined = concatBytes([memory.subarray(2, 5), memory.subarray(5, 6), memory.subarray(6, 9)]);
  assert.deepEqual([...joined], [2, 3, 4, 5, 6, 7, 8]);
  assert.equal(joined.buffer, memory.buffer);
  const apart = concatBytes([memory.subarray(0, 2), memory.subarray(5, 7)]);
  assert.deepEqual([...apart], [0, 1, 5, 6]);
  assert.notEqual(apart.buffer, memory.buffer);
  assert.deepEqual([...concatBytes([])], []);
});
