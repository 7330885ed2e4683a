/**
 * The producer of the trades benchmarks, in a thread of its own: lines of a file as records of a raw topic, as fast as
 * the reader keeps up, or at a fixed rate whatever the reader does (open loop).
 */

import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { openLog } from '../../app/stores/open-log.ts';
import { giveBack } from '../../core/codec/lent-memory.ts';
import { JsonLines } from '../../core/codec/topics/json-lines.ts';
import { Names } from '../../core/model/names.ts';
import type { EventLog } from '../../core/ports/event-log.ts';
import { openKafkaLog } from '../../drivers/kafka/event-log.ts';
import { adoptNativeChecksum } from '../../drivers/native-crc32c/adopt.ts';
import { collector } from './collect.ts';
import { WINDOW } from './growth.ts';
import { chunksOf, partsOf } from './line-chunks.ts';

/** What the thread is given. */
export interface Feed {
  readonly file: string;
  /** The log of a data directory, or of a cluster. */
  readonly log: { readonly dataDir: string } | { readonly bootstrap: string };
  readonly topic: string;
  readonly partitions: number;
  /** Ticks a second; null for as fast as the reader keeps up. */
  readonly rate: number | null;
  /** Records that may be ahead of the reader when there is no rate. */
  readonly lead: number;
  /** Stops after so many ticks. */
  readonly limit: number;
  /** Counters that are shared with the reader: records appended, records done by the reader. */
  readonly counters: SharedArrayBuffer;
}

/** Records of one partition up to an offset, and when they were due, in milliseconds of the performance clock. */
export interface Sent {
  readonly partition: number;
  readonly end: number;
  readonly records: number;
  readonly due: number;
}

/** How often the open loop sends, in milliseconds. */
const BEAT = 10;
/** Parts that may be on their way at once. */
const MOST_UNDER_WAY = 50;

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

function openedLog({ log }: Feed): EventLog {
  if ('dataDir' in log) return openLog({ dataDir: log.dataDir, durability: 'process' });
  adoptNativeChecksum();
  return openKafkaLog({ bootstrap: [log.bootstrap] });
}

/** Puts this thread before the others where the system lets it: what is offered must not hang on who else works. */
function goFirst(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGH);
  } catch {
    // Only some users may; then the others slow it down, and what it offers is told.
  }
}

async function feed(data: Feed): Promise<void> {
  if (data.rate !== null) goFirst();
  const log = openedLog(data);
  const lines = new JsonLines(new Names(), data.partitions);
  const counters = new Float64Array(data.counters);
  const { rate, topic } = data;
  const parts = rate === null ? chunksOf(data.file) : partsOf(data.file, Math.round((rate * BEAT) / 1000));
  const started = performance.timeOrigin + performance.now();
  /** The parts that are on their way, the oldest first. The log packs them side by side and stores them in order. */
  const underWay: Promise<unknown>[] = [];
  const collect = data.file.startsWith('again:') ? collector() : () => {};
  let collected = started;
  let sent = 0;
  for (const part of parts) {
    if (sent >= data.limit) break;
    let due = performance.timeOrigin + performance.now();
    if (rate === null) while (counters[0] - counters[1] > data.lead) await sleep(1);
    else {
      due = started + (1000 * sent) / rate + BEAT;
      const early = due - (performance.timeOrigin + performance.now());
      if (early > 0) await sleep(early);
      else await new Promise((done) => setImmediate(done));
    }
    if (due - collected > 1000 * WINDOW) {
      collected = due;
      collect();
    }
    const appends = lines.encode(part, Math.floor(due)).map(async ({ partition, batch, count }) => {
      sent += count;
      const first = await log.append(topic, partition, [batch]);
      giveBack(batch);
      counters[0] += count;
      const note: Sent = { partition, end: first + count, records: count, due };
      if (rate !== null) parentPort?.postMessage(note);
    });
    underWay.push(Promise.all(appends));
    // A producer that is late sends on at once, but never has more under way than the log can be expected to take.
    while (underWay.length > (rate === null ? 0 : MOST_UNDER_WAY)) await underWay.shift();
  }
  await Promise.all(underWay);
  await log.close();
  parentPort?.postMessage('done');
}

if (parentPort !== null) await feed(workerData as Feed);
