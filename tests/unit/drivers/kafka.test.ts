/** Parts of the Kafka driver that need no broker. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../../../core/codec/bytes.ts';
import { Attribute } from '../../../core/codec/kafka/batch-layout.ts';
import { restampedBatch } from '../../../core/codec/kafka/producer-fields.ts';
import { assignBaseOffset } from '../../../core/codec/kafka/record-batch.ts';
import type { LogSlice } from '../../../core/ports/event-log.ts';
import { assignRanges } from '../../../drivers/kafka/classic-protocol.ts';
import { packBody, packedBatch } from '../../../drivers/kafka/compression.ts';
import { openKafkaLog } from '../../../drivers/kafka/event-log.ts';
import { FetchSizes } from '../../../drivers/kafka/fetch-sizes.ts';
import { slicesOf } from '../../../drivers/kafka/fetched-slices.ts';
import { HeldPartitions } from '../../../drivers/kafka/held-partitions.ts';
import type { KafkaOptions } from '../../../drivers/kafka/options.ts';
import type { FetchedPartition } from '../../../drivers/kafka/requests.ts';
import { batchOf, recordsOf } from '../../conformance/event-log-records.ts';

const T0 = 1_772_928_000_000;

function fetched(records: Uint8Array, aborted: FetchedPartition['aborted'] = []): FetchedPartition {
  const end = 1_000_000;
  return {
    topicId: 'id',
    partition: 0,
    code: 'NONE',
    highWatermark: end,
    lastStableOffset: end,
    earliest: 0,
    aborted,
    records,
  };
}

/** A batch of one record at an offset; of a transaction, or its marker, when it has a producer. */
function at(offset: number, value: string, producer?: number, attributes = 0): Uint8Array {
  const batch = batchOf([value, T0]);
  assignBaseOffset(batch, offset);
  if (producer === undefined) return batch;
  batch[22] |= attributes;
  return restampedBatch(batch, batch.subarray(61), 0, { id: producer, epoch: 0, sequence: 0 });
}

test('a fetch that is cut anywhere gives its whole batches', () => {
  const bytes = concatBytes([at(0, 'a'), at(1, 'b'), at(2, 'c')]);
  const one = at(0, 'a').length;
  for (let cut = 0; cut <= bytes.length; cut++) {
    const slices = slicesOf('t', fetched(bytes.subarray(0, cut)), 0);
    assert.equal(slices.length, Math.floor(cut / one));
  }
});

test('a read ends at about its limit of plain bytes, whatever they are packed to, and the next fetch asks for as much', async () => {
  const stamp = { id: 1, epoch: 0, sequence: 0 };
  const packed = await Promise.all(
    Array.from({ length: 20 }, async (_, offset) => {
      const plain = batchOf(['x'.repeat(100_000), T0]);
      assignBaseOffset(plain, offset);
      return packedBatch(plain, await packBody(plain, 'zstd'), stamp);
    }),
  );
  const records = concatBytes(packed);
  const plainBytes = (slices: readonly LogSlice[]): number =>
    slices.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const slices = slicesOf('t', fetched(records), 3, 500_000);
  assert.deepEqual([slices[0].from, slices.at(-1)?.to], [3, 8]);
  assert.ok(plainBytes(slices) >= 500_000 && plainBytes(slices) < 600_000);
  assert.equal(slicesOf('t', fetched(records), 3, 1).length, 1);
  const sizes = new FetchSizes();
  sizes.note('t', 0, records, slices);
  const wanted = 1e9;
  const ratio = plainBytes(slices) / packed.slice(3, 8).reduce((sum, { length }) => sum + length, 0);
  assert.ok(ratio > 100);
  assert.equal(sizes.packedFor('t', 0, wanted), Math.ceil(wanted / ratio));
  assert.equal(sizes.packedFor('t', 1, 1000), 1000, 'never more than the plain bytes');
});

test('a batch with a flipped bit is LOG_CORRUPT, whichever bit it is', () => {
  const batch = at(5, 'value');
  // Base offset and leader epoch are not under the checksum; the length decides what a batch is.
  for (let byte = 16; byte < batch.length; byte++) {
    const bad = batch.slice();
    bad[byte] ^= 1 << (byte % 8);
    assert.throws(() => slicesOf('t', fetched(bad), 0), { code: 'LOG_CORRUPT' }, `byte ${byte}`);
  }
});

test('records of aborted transactions are left out, whatever their order; offsets stay', () => {
  const transaction = Attribute.TRANSACTIONAL;
  const marker = transaction | Attribute.CONTROL;
  const bytes = concatBytes([
    at(0, 'one aborted', 1, transaction),
    at(1, 'two committed', 2, transaction),
    at(2, 'plain'),
    at(3, 'abort of one', 1, marker),
    at(4, 'one committed', 1, transaction),
    at(5, 'commit of two', 2, marker),
    at(6, 'commit of one', 1, marker),
    at(7, 'one aborted again', 1, transaction),
    at(8, 'abort of one', 1, marker),
  ]);
  const aborted = [
    { producerId: 1, firstOffset: 7 },
    { producerId: 1, firstOffset: 0 },
  ];
  const slices = slicesOf('t', fetched(bytes, aborted), 0);
  assert.deepEqual(
    recordsOf(slices).map(({ value }) => value),
    ['two committed', 'plain', 'one committed'],
  );
  assert.deepEqual(
    slices.map(({ from, to }) => [from, to]),
    Array.from({ length: 9 }, (_, k) => [k, k + 1]),
  );
});

test('the partitions held follow what the group wants, and no partition is offered twice', () => {
  const act = fc.oneof(
    fc.record({ kind: fc.constant('aim' as const), target: fc.uniqueArray(fc.nat(4), { maxLength: 5 }) }),
    fc.record({ kind: fc.constantFrom('take' as const, 'releaseSurplus' as const, 'lose' as const) }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
      const held = new HeldPartitions();
      const atWork = new Set<number>();
      let target: number[] = [];
      for (const step of acts) {
        if (step.kind === 'aim') {
          target = step.target;
          held.aim(target.map((partition) => ({ topic: 't', partition })));
        } else if (step.kind === 'take')
          for (const { partition } of held.take()) {
            assert.ok(!atWork.has(partition), 'offered while at work');
            assert.ok(target.includes(partition));
            atWork.add(partition);
          }
        else if (step.kind === 'releaseSurplus')
          for (const lane of held.surplus()) {
            atWork.delete(lane.partition);
            held.release(lane);
          }
        else {
          held.lose();
          target = [];
          const lost = held.takeLost().map(({ partition }) => partition);
          assert.deepEqual(lost.sort(), [...atWork].sort());
          atWork.clear();
        }
        assert.deepEqual(
          held.owned.map(({ partition }) => partition),
          [...atWork].sort(),
        );
        for (const lane of held.surplus())
          assert.ok(!target.includes(lane.partition) || atWork.has(lane.partition));
      }
      // Whatever happened: who gives back and takes has what the group wants.
      for (const lane of held.surplus()) {
        atWork.delete(lane.partition);
        held.release(lane);
      }
      held.take();
      assert.deepEqual(
        held.owned.map(({ partition }) => partition),
        target.toSorted(),
      );
    }),
  );
});

test('ranges: every partition has one owner, in runs that differ by one at most', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ rank: fc.string({ minLength: 1 }), a: fc.boolean(), b: fc.boolean() }), {
        minLength: 1,
        maxLength: 6,
      }),
      fc.nat(9),
      fc.nat(9),
      (raw, countA, countB) => {
        const members = raw.map(({ rank, a, b }, i) => ({
          rank: `${rank}${i}`,
          memberId: String(i),
          topics: [...(a ? ['a'] : []), ...(b ? ['b'] : [])],
        }));
        const assigned = assignRanges(
          members,
          new Map([
            ['a', countA],
            ['b', countB],
          ]),
        );
        for (const [topic, count] of [
          ['a', countA],
          ['b', countB],
        ] as const) {
          const takers = members.filter(({ topics }) => topics.includes(topic));
          const parts = takers.map(
            ({ memberId }) => assigned.get(memberId)?.find((part) => part.topic === topic)?.partitions ?? [],
          );
          if (takers.length === 0) continue;
          assert.deepEqual(
            parts.flat().sort((x, y) => x - y),
            Array.from({ length: count }, (_, p) => p),
          );
          const sizes = parts.map((part) => part.length);
          assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
        }
      },
    ),
  );
  // As Java's range assignor gives seven partitions to three members.
  const three = ['x', 'y', 'z'].map((memberId) => ({ rank: memberId, memberId, topics: ['t'] }));
  assert.deepEqual(
    [...assignRanges(three, new Map([['t', 7]])).values()].map(([part]) => part.partitions),
    [
      [0, 1, 2],
      [3, 4],
      [5, 6],
    ],
  );
});

test('options that cannot be used are refused at once', () => {
  const good = { bootstrap: ['a:9092', '[::1]:9093', 'b'] };
  openKafkaLog(good);
  const bad: KafkaOptions[] = [
    { bootstrap: [] },
    { bootstrap: [''] },
    { bootstrap: ['a:0'] },
    { bootstrap: ['a:65536'] },
    { bootstrap: ['kafka://a:9092'] },
    { ...good, tls: { cert: 'x' } },
    { ...good, tls: { serverName: '127.0.0.1' } },
    { ...good, sasl: { mechanism: 'PLAIN', username: '', password: 'x' } },
  ];
  for (const options of bad)
    assert.throws(() => openKafkaLog(options), { code: 'CONFIG_INVALID' }, JSON.stringify(options));
});
