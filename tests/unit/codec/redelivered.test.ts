/** Ticks that a stage wrote twice, because it was killed between the writing and the end of its plan. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../../../core/codec/bytes.ts';
import { decodeEnriched, encodeEnriched } from '../../../core/codec/topics/enriched.ts';
import { decodeTicks, encodeTicks } from '../../../core/codec/topics/ticks.ts';
import { Names } from '../../../core/model/names.ts';
import { type TickBatch, valuesIn } from '../../../core/model/tick-batch.ts';
import { asSlice, tickRows, ticksOf } from './events.ts';

/** Ticks of events of two raw topics, up to three for each event; those of one event follow each other. */
function eventsIn(names: Names): TickBatch {
  const batch = ticksOf(
    names,
    fc.sample(
      tickRows.filter((rows) => rows.length >= 9),
      { numRuns: 1, seed: 6 },
    )[0],
  );
  const topics = [names.topics.idOf('raw.a'), names.topics.idOf('raw.b')];
  for (let i = 0; i < batch.length; i++) {
    const event = Math.floor(i / 3);
    batch.srcTopic[i] = topics[event % 2];
    batch.srcPartition[i] = 3;
    batch.srcOffset[i] = 100 + event;
  }
  return batch;
}

/** Record batches as they follow each other in a partition. */
function inOrder(parts: readonly { batch: Uint8Array; count: number }[]) {
  let at = 0;
  const slices = parts.map((part) => {
    const slice = asSlice({ partition: 0, ...part, batch: part.batch.slice() }, at);
    at += part.count;
    return slice;
  });
  return { ...slices[0], from: 0, to: at, bytes: concatBytes(slices.map(({ bytes }) => bytes)) };
}

const places = (batch: TickBatch): string[] =>
  Array.from(
    { length: batch.length },
    (_, i) => `${batch.names.topics.nameOf(batch.srcTopic[i])} ${batch.srcOffset[i]}`,
  );

function valuesOf(batch: TickBatch): number {
  let values = 0;
  for (let i = 0; i < batch.length; i++) values += valuesIn(batch.present[i]);
  return values;
}

/** What is written and read of the same ticks on each of the two topics. */
const TOPICS = {
  ticks: {
    write: (batch: TickBatch, maxBytes: number) => encodeTicks(batch, 1, 1, 'test', maxBytes),
    read: (slice: ReturnType<typeof inOrder>) => decodeTicks(slice, slice.from, slice.to, new Names()),
  },
  enriched: {
    write: (ticks: TickBatch, maxBytes: number) => {
      const taxa = [{ commodity: '', region: '', productTier: '', tags: [], confidence: 0, version: 0 }];
      const enriched = { ticks, taxonomyOf: new Uint32Array(ticks.length), taxa };
      return encodeEnriched(enriched, 1, 1, 'test', maxBytes);
    },
    read: (slice: ReturnType<typeof inOrder>) => {
      const { batch, ...rest } = decodeEnriched(slice, slice.from, slice.to, new Names());
      return { batch: batch.ticks, ...rest };
    },
  },
};

for (const [name, { write, read }] of Object.entries(TOPICS)) {
  test(`${name}: what stands twice in one read is read once, and counted`, () => {
    const batch = eventsIn(new Names());
    for (const maxBytes of [1000, 1 << 20]) {
      const parts = write(batch, maxBytes);
      // Killed after any number of the record batches of a plan; all are written again.
      for (let written = 0; written <= parts.length; written++) {
        const { batch: back, redelivered } = read(inOrder([...parts.slice(0, written), ...parts]));
        assert.deepEqual(places(back), places(batch), `${written} of ${parts.length} written before`);
        const again = read(inOrder(parts.slice(0, Math.max(1, written)))).batch;
        assert.equal(redelivered, written === 0 ? 0 : valuesOf(again));
      }
    }
  });

  test(`${name}: an event alone in its record batch, twice`, () => {
    const batch = eventsIn(new Names());
    batch.length = 3;
    batch.tradeId.length = 3;
    const parts = write(batch, 1 << 20);
    assert.equal(parts.length, 1);
    const { batch: back, redelivered } = read(inOrder([...parts, ...parts]));
    assert.deepEqual(places(back), places(batch));
    assert.equal(redelivered, valuesOf(batch));
  });

  test(`${name}: batches never part the ticks of one raw event`, () => {
    const parts = write(eventsIn(new Names()), 1000);
    assert.ok(parts.length > 1);
    const events = parts.flatMap((part) => [...new Set(places(read(inOrder([part])).batch))]);
    assert.deepEqual(events, [...new Set(events)]);
  });
}

test('offsets of another raw partition are no repetition, however low they are', () => {
  const names = new Names();
  const batch = eventsIn(names);
  const other = eventsIn(names);
  for (let i = 0; i < other.length; i++) {
    other.srcPartition[i] = 1;
    other.srcOffset[i] -= 90;
  }
  const written = [...TOPICS.ticks.write(batch, 1e6), ...TOPICS.ticks.write(other, 1e6)];
  const read = TOPICS.ticks.read(inOrder(written));
  assert.equal(read.redelivered, 0);
  assert.equal(read.batch.length, batch.length + other.length);
});
