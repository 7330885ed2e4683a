/**
 * The producer of the trades benchmarks, in a thread of its own: lines of a file as records of a raw topic, as fast as
 * the reader keeps up, or at a fixed rate whatever the reader does (open loop).
 */

import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { openLog } from '../../app/stores/open-log.ts';
import { JsonLines } from '../../core/codec/topics/json-lines.ts';
import { Names } from '../../core/model/names.ts';
import { tradeChunks } from './generate.ts';

/** What the thread is given. */
export interface Feed {
  readonly file: string;
  readonly dataDir: string;
  readonly topic: string;
  readonly partitions: number;
  /** Ticks a second; null for as fast as the reader keeps up. */
  readonly rate: number | null;
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

const CHUNK = 1 << 22;
/** Records that may be ahead of the reader when there is no rate. */
const LEAD = 400_000;
/** How often the open loop sends, in milliseconds. */
const BEAT = 10;

/** Whole lines of a file, a few megabytes at a time; `d1:TICKS:INSTRUMENTS` is made up as it goes. */
function* chunksOf(path: string): Generator<Uint8Array> {
  const made = /^d1:(\d+):(\d+)$/.exec(path);
  if (made !== null) {
    const set = { ticks: Number(made[1]), instruments: Number(made[2]), seed: 7 };
    for (const { bytes } of tradeChunks(set)) yield bytes;
    return;
  }
  const fd = openSync(path, 'r');
  const buffer = new Uint8Array(CHUNK);
  let kept = 0;
  for (;;) {
    const n = readSync(fd, buffer, kept, CHUNK - kept, null);
    if (n === 0) break;
    const end = buffer.subarray(0, kept + n).lastIndexOf(0x0a) + 1;
    yield buffer.slice(0, end);
    buffer.copyWithin(0, end, kept + n);
    kept = kept + n - end;
  }
  if (kept > 0) yield buffer.slice(0, kept);
  closeSync(fd);
}

/** The file cut into parts of so many lines. */
function* partsOf(path: string, lines: number): Generator<Uint8Array> {
  for (const chunk of chunksOf(path))
    for (let from = 0; from < chunk.length; ) {
      let to = from;
      for (let n = 0; n < lines && to < chunk.length; n++) {
        const end = chunk.indexOf(0x0a, to);
        to = end === -1 ? chunk.length : end + 1;
      }
      yield chunk.subarray(from, to);
      from = to;
    }
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function feed(data: Feed): Promise<void> {
  const log = openLog({ dataDir: data.dataDir, durability: 'process' });
  const lines = new JsonLines(new Names(), data.partitions);
  const counters = new Float64Array(data.counters);
  const { rate } = data;
  const parts = rate === null ? chunksOf(data.file) : partsOf(data.file, Math.round((rate * BEAT) / 1000));
  const started = performance.timeOrigin + performance.now();
  let sent = 0;
  let beat = 0;
  for (const part of parts) {
    if (sent >= data.limit) break;
    let due = performance.timeOrigin + performance.now();
    if (rate === null) while (sent - counters[1] > LEAD) await sleep(1);
    else {
      due = started + ++beat * BEAT;
      const early = due - (performance.timeOrigin + performance.now());
      if (early > 0) await sleep(early);
    }
    for (const { partition, batch, count } of lines.encode(part, Math.floor(due))) {
      const first = await log.append(data.topic, partition, [batch]);
      sent += count;
      const note: Sent = { partition, end: first + count, records: count, due };
      if (rate !== null) parentPort?.postMessage(note);
    }
    counters[0] = sent;
  }
  await log.close();
  parentPort?.postMessage('done');
}

if (parentPort !== null) await feed(workerData as Feed);
