/** Batches of the embedded log that are unpacked together: each as it was, and a damaged one by its own name. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import fc from 'fast-check';
import { Codec, recordsOf, repacked } from '../../../core/codec/kafka/packed-batch.ts';
import { CarbonError } from '../../../core/errors.ts';
import { pack, unpack } from '../../../drivers/sqlite-log/packing.ts';
import { batchOf } from '../../conformance/event-log-records.ts';

/** How a batch came to lie in the log, and how many records it has. */
const STORED = fc.record({
  kind: fc.constantFrom('plain', 'packed', 'packed', 'packed', 'no length', 'large'),
  records: fc.integer({ min: 1, max: 400 }),
  seed: fc.nat(),
});

const plainOf = ({ kind, records, seed }: { kind: string; records: number; seed: number }): Uint8Array => {
  const count = kind === 'plain' ? 1 : kind === 'large' ? 20_000 : records + 60;
  return batchOf(
    ...Array.from({ length: count }, (_, k) => [`record ${k} of some batch ${seed}`, k] as const),
  );
};

async function storedOf(batch: Uint8Array, kind: string): Promise<Uint8Array> {
  if (kind !== 'no length') return pack(batch);
  return repacked(batch, Codec.zstd, await promisify(zstdCompress)(recordsOf(batch)));
}

const PLACES = (k: number) => ({ topic: 'a', partition: 0, offset: k });

test('whatever lies side by side is unpacked to what it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(STORED, { minLength: 1, maxLength: 12 }), async (specs) => {
      const plain = specs.map(plainOf);
      const stored = await Promise.all(plain.map((batch, k) => storedOf(batch, specs[k].kind)));
      const unpacked = await unpack(stored, PLACES);
      assert.deepEqual(
        unpacked.map((batch, k) => Buffer.compare(batch, plain[k])),
        plain.map(() => 0),
      );
    }),
    { numRuns: 60 },
  );
});

test('a damaged batch among others is named, wherever it lies', async () => {
  const kindOf = (k: number): string => (k === 4 ? 'plain' : 'packed');
  const plain = Array.from({ length: 9 }, (_, seed) => plainOf({ kind: kindOf(seed), records: 100, seed }));
  const stored = await Promise.all(plain.map(pack));
  for (let at = 0; at < stored.length; at++) {
    if (kindOf(at) === 'plain') continue;
    const frame = recordsOf(stored[at]);
    for (const damaged of [frame.subarray(0, frame.length - 9), frame.with(0, 0)]) {
      const batches = stored.with(at, repacked(stored[at], Codec.zstd, damaged));
      await assert.rejects(unpack(batches, PLACES), (error) => {
        assert.ok(error instanceof CarbonError);
        assert.equal(error.code, 'LOG_CORRUPT');
        assert.equal(error.context['offset'], at);
        return true;
      });
    }
  }
});
