/** What every EventLog driver does. Run from `event-log.test.ts` on each of them. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import type { ErrorCode } from '../../core/errors.ts';
import type { EventLog } from '../../core/ports/event-log.ts';
import { HOUR } from '../../core/time/instant.ts';
import { batchOf, readAll, recordsOf } from './event-log-records.ts';

/** A log with its store. Topics have names of their own, so the store may be shared. */
export interface OpenedLog {
  readonly log: EventLog;
  /** Closes the log in use and removes what it left. */
  close(): Promise<void>;
  /** Closes the log in use and opens the same store again. */
  reopen?(): Promise<EventLog>;
}

/** 2026-03-08T00:00:00Z in milliseconds. */
const T0 = 1_772_928_000_000;
const fails = (code: ErrorCode) => ({ name: 'CarbonError', code });
let topics = 0;

export function eventLogConformance(name: string, open: () => Promise<OpenedLog>): void {
  describe(`event log: ${name}`, () => {
    let opened: OpenedLog;
    let log: EventLog;
    let topic: string;

    beforeEach(async () => {
      opened = await open();
      log = opened.log;
      topic = `conformance.${process.pid}.${Date.now()}.${topics++}`;
      await log.createTopic({ name: topic, partitions: 2, retention: null });
    });
    afterEach(() => opened.close());

    test('topics are listed by name; making one again alike does nothing', async () => {
      const other = `${topic}.a`;
      await log.createTopic({ name: other, partitions: 3, retention: HOUR });
      await log.append(topic, 0, [batchOf(['kept', T0])]);
      await log.createTopic({ name: topic, partitions: 2, retention: null });
      const mine = (await log.listTopics()).filter((t) => t.name.startsWith(topic));
      assert.deepEqual(mine, [
        { name: topic, partitions: 2, retention: null },
        { name: other, partitions: 3, retention: HOUR },
      ]);
      assert.equal((await log.bounds(topic, 0)).end, 1);
    });

    test('the number of partitions never changes', async () => {
      await assert.rejects(
        log.createTopic({ name: topic, partitions: 3, retention: null }),
        fails('LOG_PARTITIONS_FIXED'),
      );
      assert.equal((await log.listTopics()).find((t) => t.name === topic)?.partitions, 2);
    });

    test('unknown topics and partitions are told as such', async () => {
      const batch = [batchOf(['x', T0])];
      for (const [t, p] of [
        [`${topic}.absent`, 0],
        [topic, 2],
        [topic, -1],
      ] as const) {
        await assert.rejects(log.append(t, p, batch), fails('LOG_TOPIC_UNKNOWN'));
        await assert.rejects(log.read(t, p, 0, 1000), fails('LOG_TOPIC_UNKNOWN'));
        await assert.rejects(log.bounds(t, p), fails('LOG_TOPIC_UNKNOWN'));
        await assert.rejects(log.seekTime(t, p, 0), fails('LOG_TOPIC_UNKNOWN'));
        await assert.rejects(log.commit('g', t, p, 0), fails('LOG_TOPIC_UNKNOWN'));
        await assert.rejects(log.committed('g', t, p), fails('LOG_TOPIC_UNKNOWN'));
      }
    });

    test('offsets go on without gaps, in the order of appends, each partition for itself', async () => {
      assert.deepEqual(await log.bounds(topic, 0), { earliest: 0, end: 0 });
      assert.equal(await log.append(topic, 0, [batchOf(['a', T0], ['b', T0]), batchOf(['c', T0])]), 0);
      assert.equal(await log.append(topic, 0, [batchOf(['d', T0])]), 3);
      assert.equal(await log.append(topic, 1, [batchOf(['e', T0])]), 0);
      const seen = await readAll(log, topic, 0, 0);
      assert.deepEqual(
        seen.map((r) => `${r.offset}${r.value}`),
        ['0a', '1b', '2c', '3d'],
      );
      assert.deepEqual(await log.bounds(topic, 0), { earliest: 0, end: 4 });
      assert.deepEqual(await readAll(log, topic, 1, 0), [{ offset: 0, timestampMs: T0, value: 'e' }]);
    });

    test('appending leaves the bytes of the caller as they are: they can be sent again', async () => {
      const batch = batchOf(['again', T0]);
      const before = batch.slice();
      await log.append(topic, 0, [batch]);
      await log.append(topic, 0, [batch]);
      assert.deepEqual(batch, before);
      assert.deepEqual(
        (await readAll(log, topic, 0, 0)).map((r) => r.offset),
        [0, 1],
      );
    });

    test('what is read from any offset in steps of any size is what was appended', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }), {
            maxLength: 6,
          }),
          fc.nat(),
          fc.integer({ min: 1, max: 600 }),
          async (appends, start, maxBytes) => {
            const fresh = `${topic}.${topics++}`;
            await log.createTopic({ name: fresh, partitions: 1, retention: null });
            let n = 0;
            for (const sizes of appends) {
              const first = n;
              const batches = sizes.map((size) =>
                batchOf(...Array.from({ length: size }, () => [`v${n++}`, T0 + n] as const)),
              );
              assert.equal(await log.append(fresh, 0, batches), first);
            }
            const from = start % (n + 1);
            const seen = await readAll(log, fresh, 0, from, maxBytes);
            assert.deepEqual(
              seen.map((r) => `${r.offset}:${r.value}:${r.timestampMs}`),
              Array.from({ length: n - from }, (_, i) => `${from + i}:v${from + i}:${T0 + from + i + 1}`),
            );
          },
        ),
        { numRuns: 40 },
      );
    });

    test('reading gives whole batches, the first of which holds the offset', async () => {
      await log.append(topic, 0, [batchOf(['a', T0], ['b', T0], ['c', T0]), batchOf(['d', T0])]);
      const slices = await log.read(topic, 0, 1, 1_000_000);
      assert.deepEqual(
        slices.map((s) => [s.topic, s.partition, s.from, s.to]),
        [
          [topic, 0, 0, 3],
          [topic, 0, 3, 4],
        ],
      );
      assert.equal(recordsOf(slices).length, 4);
      assert.equal((await log.read(topic, 0, 0, 1)).length, 1, 'at least one, however small the limit');
      assert.equal((await log.read(topic, 0, 3, 1_000_000))[0].from, 3);
    });

    test('the end is empty; beyond it and before the beginning there is nothing to read', async () => {
      await log.append(topic, 0, [batchOf(['a', T0])]);
      assert.deepEqual(await log.read(topic, 0, 1, 1000), []);
      await assert.rejects(log.read(topic, 0, 2, 1000), fails('LOG_OFFSET_OUT_OF_RANGE'));
      await assert.rejects(log.read(topic, 0, -1, 1000), fails('LOG_OFFSET_OUT_OF_RANGE'));
    });

    test('an append with one damaged batch stores none of them', async () => {
      const whole = batchOf(['a', T0]);
      const flipped = batchOf(['b', T0]);
      flipped[flipped.length - 2] ^= 1;
      const cut = whole.subarray(0, whole.length - 1);
      const doubled = new Uint8Array([...whole, ...whole]);
      for (const bad of [flipped, cut, doubled, new Uint8Array(0), new Uint8Array(100)])
        await assert.rejects(log.append(topic, 0, [whole, bad]), fails('LOG_CORRUPT'));
      assert.deepEqual(await log.bounds(topic, 0), { earliest: 0, end: 0 });
    });

    test('who loses the right to store a batch while it is prepared stores nothing', async () => {
      const lost = new Error('lost');
      const written = Array.from({ length: 2000 }, (_, i) => [`value ${i}`, T0] as const);
      for (const batch of [batchOf(['a', T0]), batchOf(...written)]) {
        const { end } = await log.bounds(topic, 0);
        let mayStore = true;
        const refused = log.append(topic, 0, [batch], async () => {
          if (!mayStore) throw lost;
        });
        mayStore = false;
        await assert.rejects(refused, lost);
        assert.equal((await log.bounds(topic, 0)).end, end);
        // Neither the same batch nor another is held up by that.
        let asked = 0;
        assert.equal(await log.append(topic, 0, [batch], async () => void asked++), end);
        assert.ok(asked > 0);
        const after = (await log.bounds(topic, 0)).end;
        assert.equal(await log.append(topic, 0, [batchOf(['next', T0])]), after);
      }
      assert.equal((await log.bounds(topic, 0)).end, 1 + 1 + 2000 + 1);
    });

    test('appends at the same time take ranges of their own', async () => {
      const firsts = await Promise.all(
        Array.from({ length: 20 }, (_, i) => log.append(topic, 0, [batchOf([`p${i}`, T0], [`q${i}`, T0])])),
      );
      assert.deepEqual(
        firsts.toSorted((a, b) => a - b),
        Array.from({ length: 20 }, (_, i) => 2 * i),
      );
      const seen = await readAll(log, topic, 0, 0);
      firsts.forEach((first, i) => {
        assert.equal(seen[first].value, `p${i}`);
        assert.equal(seen[first + 1].value, `q${i}`);
      });
    });

    test('groups keep their offsets apart, and may go back', async () => {
      assert.equal(await log.committed(`g1.${topic}`, topic, 0), null);
      await log.commit(`g1.${topic}`, topic, 0, 7);
      await log.commit(`g2.${topic}`, topic, 0, 3);
      await log.commit(`g1.${topic}`, topic, 1, 5);
      await log.commit(`g1.${topic}`, topic, 0, 4);
      assert.equal(await log.committed(`g1.${topic}`, topic, 0), 4);
      assert.equal(await log.committed(`g2.${topic}`, topic, 0), 3);
      assert.equal(await log.committed(`g1.${topic}`, topic, 1), 5);
      assert.equal(await log.committed(`g2.${topic}`, topic, 1), null);
    });

    test('topics, records and committed offsets survive reopening', async (t) => {
      if (opened.reopen === undefined) return t.skip('this driver has no store of its own to reopen');
      await log.append(topic, 1, [batchOf(['a', T0], ['b', T0])]);
      await log.commit(`g.${topic}`, topic, 1, 1);
      const again = await opened.reopen();
      assert.equal(await again.committed(`g.${topic}`, topic, 1), 1);
      assert.equal(await again.append(topic, 1, [batchOf(['c', T0])]), 2);
      assert.deepEqual(
        (await readAll(again, topic, 1, 1)).map((r) => r.value),
        ['b', 'c'],
      );
      assert.ok((await again.listTopics()).some((spec) => spec.name === topic && spec.partitions === 2));
    });

    test('seeking finds the first record at or after a time, also when times are out of order', async () => {
      assert.equal(await log.seekTime(topic, 0, 0), null);
      await log.append(topic, 0, [
        batchOf(['a', T0 + 10], ['b', T0 + 50], ['c', T0 + 20]),
        batchOf(['d', T0 + 30]),
        batchOf(['e', T0 + 60], ['f', T0 + 70]),
      ]);
      const at = (ms: number): Promise<number | null> => log.seekTime(topic, 0, (T0 + ms) * 1000);
      assert.deepEqual(
        [await at(0), await at(10), await at(11), await at(50), await at(51), await at(70), await at(71)],
        [0, 0, 1, 1, 4, 5, null],
      );
      assert.equal(await log.seekTime(topic, 0, (T0 + 50) * 1000 + 1), 4, 'micros between two milliseconds');
    });

    test('seeking agrees with a walk over all records', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(fc.nat(50), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
          fc.nat(55),
          async (batches, ms) => {
            const fresh = `${topic}.${topics++}`;
            await log.createTopic({ name: fresh, partitions: 1, retention: null });
            for (const times of batches)
              await log.append(fresh, 0, [batchOf(...times.map((t) => ['v', T0 + t] as const))]);
            const offset = batches.flat().findIndex((t) => t >= ms);
            assert.equal(await log.seekTime(fresh, 0, (T0 + ms) * 1000), offset === -1 ? null : offset);
          },
        ),
        { numRuns: 40 },
      );
    });

    test('retention removes whole batches from the front; offsets stay what they were', async () => {
      const limited = `${topic}.limited`;
      await log.createTopic({ name: limited, partitions: 1, retention: HOUR });
      const now = T0 * 1000 + 2 * HOUR;
      const old = T0 + 30 * 60_000;
      const young = T0 + 90 * 60_000;
      await log.append(limited, 0, [
        batchOf(['a', old], ['b', old]),
        batchOf(['c', old]),
        batchOf(['d', old], ['e', young]),
        batchOf(['f', old]),
      ]);
      await log.append(topic, 0, [batchOf(['keeps all', 0])]);
      assert.equal(
        await log.applyRetention(now),
        3,
        'a batch with one young record stays, and so do those after it',
      );
      assert.deepEqual(await log.bounds(limited, 0), { earliest: 3, end: 6 });
      await assert.rejects(log.read(limited, 0, 2, 1000), fails('LOG_OFFSET_OUT_OF_RANGE'));
      assert.deepEqual(
        (await readAll(log, limited, 0, 3)).map((r) => `${r.offset}${r.value}`),
        ['3d', '4e', '5f'],
      );
      assert.equal(await log.seekTime(limited, 0, 0), 3);
      assert.equal(await log.applyRetention(now), 0);
      assert.equal(await log.applyRetention(now + HOUR), 3);
      assert.deepEqual(await log.bounds(limited, 0), { earliest: 6, end: 6 });
      assert.deepEqual(await log.read(limited, 0, 6, 1000), []);
      assert.equal(await log.append(limited, 0, [batchOf(['g', young])]), 6);
      assert.deepEqual(await log.bounds(topic, 0), { earliest: 0, end: 1 });
      // A store that is shared is left without what the next test would count.
      assert.equal(await log.applyRetention(now + 10 * HOUR), 1);
    });

    test('a record exactly as old as the retention stays', async () => {
      const limited = `${topic}.limited`;
      await log.createTopic({ name: limited, partitions: 1, retention: HOUR });
      await log.append(limited, 0, [batchOf(['edge', T0])]);
      assert.equal(await log.applyRetention(T0 * 1000 + HOUR), 0);
      assert.equal(await log.applyRetention(T0 * 1000 + HOUR + 1), 1);
    });

    test('waiting ends with an append to one of the topics', async () => {
      assert.deepEqual(await log.read(topic, 1, 0, 1000), []);
      const started = Date.now();
      const wait = log.waitForAppend([`${topic}.none`, topic], 20_000);
      await delay(20);
      await log.append(topic, 1, [batchOf(['a', T0])]);
      await wait;
      assert.ok(Date.now() - started < 10_000);
    });

    test('an append between an empty read and the wait is not slept through', async () => {
      assert.deepEqual(await log.read(topic, 0, 0, 1000), []);
      await log.append(topic, 0, [batchOf(['a', T0])]);
      const started = Date.now();
      await log.waitForAppend([topic], 20_000);
      assert.ok(Date.now() - started < 10_000);
    });

    test('waiting ends by itself, and when the log is closed', async () => {
      const started = Date.now();
      await log.waitForAppend([topic], 60);
      const took = Date.now() - started;
      assert.ok(took >= 50 && took < 10_000, `took ${took} ms`);
      const wait = log.waitForAppend([topic], 20_000);
      await log.close();
      await wait;
      assert.ok(Date.now() - started < 15_000);
    });
  });
}
