/**
 * A producer that spreads its raw events by keys of its own: ticks of one instrument come from two raw partitions, and each
 * raw partition feeds several partitions of ticks. Services of single stages make the bars that the events make, through
 * restarts of aggregation in the middle of a window.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startWorker } from '../../../app/pipeline/worker.ts';
import { openStores } from '../../../app/stores/open-stores.ts';
import { partitionOf } from '../../../core/codec/kafka/partition.ts';
import { RecordBatchWriter } from '../../../core/codec/kafka/record-batch.ts';
import { topicKey } from '../../../core/codec/topics/routing.ts';
import { rawTopic } from '../../../core/codec/topics/topic-names.ts';
import { Names } from '../../../core/model/names.ts';
import type { SourcePositions } from '../../../core/stage/plan.ts';
import type { Question } from '../../../core/stage/question.ts';
import { askStores } from '../../../core/store/answers.ts';
import { formatInstant, HOUR, instantFromCivil, MINUTE } from '../../../core/time/instant.ts';
import { systemClock } from '../../../drivers/system-clock/clock.ts';
import { PARTITIONS, runtimeIn } from '../crash/runtime.ts';

const START = instantFromCivil(2025, 7, 1);
/** Instruments of different partitions of ticks. */
const [ONE, OTHER] = [0, 1].map((partition) => {
  for (let k = 0; ; k++)
    if (partitionOf(topicKey('default', 'MISO', `HUB_${k}`), PARTITIONS) === partition) return `HUB_${k}`;
});

/** Neither ASCII nor of the pattern of the others. */
const ODD = 'Größe|ÅÄÖ "x"';

const LATER = (23 * HOUR) / MINUTE;

const folder = mkdtempSync(join(tmpdir(), 'carbon-other-keys-'));
/** The clock of the services stands within the hour, so that they close nothing by it. */
const clock = { ...systemClock, now: () => START + 40 * MINUTE };
const stores = await openStores(runtimeIn(folder, 1 << 16, {}), {
  service: 'other-keys',
  serve: false,
  clock,
});
after(async () => {
  await stores.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Trades of an instrument at the minutes given, whose price is the minute, onto one raw partition. */
async function trade(partition: number, instrument: string, minutes: readonly number[]): Promise<void> {
  const writer = new RecordBatchWriter();
  for (const minute of minutes) {
    const ts = formatInstant(START + minute * MINUTE);
    const event = { source: 'test', market: 'MISO', instrument_id: instrument, ts, occurred_at: ts };
    const bytes = new TextEncoder().encode(JSON.stringify({ ...event, price: minute, volume: 1 }));
    writer.add(0, null, 0, 0, bytes, 0, bytes.length);
  }
  await stores.log.append(rawTopic('MISO'), partition, [writer.finish()]);
}

/** One service after the other, each started anew. Returns what aggregation dropped, by reason. */
async function work(): Promise<Record<string, number>> {
  let dropped = {};
  for (const service of ['normalization', 'enrichment', 'aggregation'] as const) {
    const worker = await startWorker(service, stores);
    await worker.catchUp();
    dropped = { ...worker.totals().stages.get(service)?.dropped };
    await worker.close();
  }
  return dropped;
}

test('bars have all ticks, whichever raw partition they came by, and no instrument has two that make its bars', async () => {
  // Partition 0 is far ahead of partition 1 when the second half of the hour comes by the latter.
  await trade(0, ONE, [1, 2, 3, 4, 5, 6, 7, 8]);
  await trade(0, OTHER, [1, 2, 3, 4]);
  assert.deepEqual(await work(), {});
  await trade(1, ONE, [20, 21, 22]);
  await trade(1, OTHER, [20]);
  assert.deepEqual(await work(), {});
  await trade(1, ONE, [30]);
  await trade(0, ONE, [31]);
  await trade(1, OTHER, [32]);
  assert.deepEqual(await work(), {});
  // Later that day the hour is closed, by each of them.
  for (const [partition, instrument] of [ONE, OTHER].entries()) await trade(partition, instrument, [LATER]);
  assert.deepEqual(await work(), {});
  const rows = await stores.warehouse.queryRows(
    `SELECT instrument_id, open_price, close_price, high_price, toUInt32(volume) AS volume, toUInt32(trade_count) AS trades
FROM bars_1h WHERE interval_start = fromUnixTimestamp64Micro({start:Int64}, 'UTC') ORDER BY instrument_id`,
    { start: START },
  );
  const expected = [
    { instrument_id: ONE, open_price: '1', close_price: '31', high_price: '31', volume: 13, trades: 13 },
    { instrument_id: OTHER, open_price: '1', close_price: '32', high_price: '32', volume: 6, trades: 6 },
  ].sort((a, b) => (a.instrument_id < b.instrument_id ? -1 : 1));
  assert.deepEqual(
    rows.map((row) => ({ ...row })),
    expected,
  );
  const stated = await stores.warehouse.queryRows(
    `SELECT instrument_id, toUInt32(count()) AS rows FROM bars FINAL
WHERE interval = '1h' AND interval_start = fromUnixTimestamp64Micro({start:Int64}, 'UTC') AND status != 'provisional'
GROUP BY instrument_id`,
    { start: START },
  );
  assert.deepEqual(
    stated.map((row) => row['rows']),
    [1, 1],
    'each hour was stated once, by one of the two',
  );
});

test('stored ticks are asked for by raw partition and by the partition that an instrument is on', async () => {
  const raw = rawTopic('MISO');
  await trade(1, ODD, [50]);
  await work();
  const names = new Names();
  const asked = async (question: Question, spread: number | null): Promise<string[]> => {
    const [answer] = await askStores(stores.warehouse, null, names, [], spread)([question]);
    assert.ok(answer.kind === 'ticks');
    const { ticks } = answer;
    return Array.from({ length: ticks.length }, (_, i) =>
      [
        names.instruments.nameOf(ticks.instrument[i]),
        ticks.srcPartition[i],
        (ticks.eventStart[i] - START) / MINUTE,
      ].join(' '),
    ).sort();
  };
  const all = { tenant: 'default', from: START, to: START + HOUR };
  const positions = { [raw]: 2, [`${raw}/1`]: 1 };
  const of = (before: SourcePositions): Question => ({
    ...all,
    kind: 'ticks',
    table: 'silver_ticks',
    instruments: [ONE],
    before: { partition: 0, positions: before },
  });
  assert.deepEqual(await asked(of(positions), PARTITIONS), [`${ONE} 0 1`, `${ONE} 0 2`, `${ONE} 1 20`]);
  assert.deepEqual(
    await asked(of({ [raw]: 2 }), PARTITIONS),
    [`${ONE} 0 1`, `${ONE} 0 2`],
    'nothing of a raw partition that was not come to',
  );
  const stored = (partition: number, before: SourcePositions): Question => ({
    kind: 'partition-ticks',
    tenant: 'default',
    source: 'test',
    dataset: 'trade',
    from: START,
    partition,
    before,
  });
  const ofOther = { [raw]: 100, [`${raw}/0`]: 100 };
  const expected = [1, 2, 3, 4].map((minute) => `${OTHER} 0 ${minute}`);
  expected.push(...[20, 32].map((minute) => `${OTHER} 1 ${minute}`), `${OTHER} 1 ${LATER}`);
  assert.deepEqual(
    (await asked(stored(1, ofOther), PARTITIONS)).filter((row) => !row.startsWith(ODD)),
    expected.sort(),
  );
  // The partition of ODD by the encoder is the one by the store.
  const home = partitionOf(topicKey('default', 'MISO', ODD), PARTITIONS);
  const everything = { [raw]: 100, [`${raw}/${1 - home}`]: 100 };
  assert.ok((await asked(stored(home, everything), PARTITIONS)).includes(`${ODD} 1 50`));
  const away = { [raw]: 100, [`${raw}/${home}`]: 100 };
  assert.ok(!(await asked(stored(1 - home, away), PARTITIONS)).includes(`${ODD} 1 50`));
  assert.ok((await asked(stored(1, { [raw]: 100 }), null)).includes(`${ODD} 1 50`), 'raw plans have all');
});
