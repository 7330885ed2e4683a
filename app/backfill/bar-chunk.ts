/**
 * One chunk of a job: the bars of some instruments on one day, held against what their ticks say, and written again where
 * they are others.
 */

import { BarBatch } from '../../core/model/bar-batch.ts';
import { Names } from '../../core/model/names.ts';
import type { TickBatch } from '../../core/model/tick-batch.ts';
import type { Emission } from '../../core/stage/emission.ts';
import { askStores } from '../../core/store/answers.ts';
import { BAR_COLUMNS, barsFromColumns } from '../../core/store/tables/bars.ts';
import { MINUTE, type Micros } from '../../core/time/instant.ts';
import { AggregateStage } from '../../services/aggregation/aggregate.stage.ts';
import {
  type BarDifferences,
  barDifferences,
  type WindowScope,
} from '../../services/aggregation/bar-differences.ts';
import { aggregationEmissions } from '../../services/aggregation/service.ts';
import { settingsHashOf, settingsText } from '../pipeline/settings.ts';
import { openWire } from '../pipeline/wire.ts';
import { sqlTime } from '../read/sql-time.ts';
import type { Stores } from '../stores/open-stores.ts';
import { allTopics } from '../stores/topics.ts';
import { tickRangeOf } from './job-days.ts';

/** What the clock closed a moment ago is still being written by a running aggregation. */
const SETTLING: Micros = MINUTE;

/** The bars of a chunk: whose, and which. */
export interface BarChunk {
  readonly tenant: string;
  readonly instruments: readonly string[];
  readonly day: WindowScope;
}

/** Differences of a chunk, by the policy in force. Names are the chunk's own: a job over all instruments leaves none behind. */
export async function compareBars(stores: Stores, chunk: BarChunk): Promise<BarDifferences> {
  const names = new Names();
  const { aggregation } = stores.settings;
  // Bars first: a bar whose ticks are not seen yet would be taken for a leftover.
  const stored = await storedBars(stores, chunk, names);
  const ticks = await storedTicks(stores, chunk, names);
  const rules = new AggregateStage(aggregation, names);
  return barDifferences(ticks, stored, rules, chunk.day, stores.clock.now() - SETTLING);
}

async function storedBars(
  { warehouse, settings }: Stores,
  { tenant, instruments, day }: BarChunk,
  names: Names,
): Promise<BarBatch> {
  const { intervals } = settings.aggregation;
  const { from } = tickRangeOf(day);
  const columns = await warehouse.queryColumns(
    `SELECT ${BAR_COLUMNS} FROM bars FINAL
PREWHERE tenant_id = {tenant:String} AND instrument_id IN {instruments:Array(String)} AND interval IN {intervals:Array(String)}
WHERE interval_start >= '${sqlTime(from)}' AND interval_start < '${sqlTime(day.starts.end)}' AND status != 'provisional'`,
    { tenant, instruments, intervals },
  );
  return barsFromColumns(columns, intervals, names);
}

async function storedTicks(
  { warehouse }: Stores,
  { tenant, instruments, day }: BarChunk,
  names: Names,
): Promise<TickBatch> {
  const ask = askStores(warehouse, null, names, []);
  const [answer] = await ask([
    { kind: 'ticks', table: 'silver_ticks', tenant, instruments, ...tickRangeOf(day), before: null },
  ]);
  if (answer?.kind !== 'ticks') throw new Error('a question for ticks is answered with ticks');
  return answer.ticks;
}

/**
 * Writes what differs: to the bar topics, then to the table, without a token. Killed in between, the rows are found again
 * and the topics told twice; the other way round they would not be told at all.
 */
export async function writeBars(stores: Stores, job: string, { rows }: BarDifferences): Promise<void> {
  if (rows.length === 0) return;
  const { settings, registry, runtime } = stores;
  const hash = settingsHashOf(settings);
  await stores.reference.saveCursor(`settings/${hash}`, settingsText(settings));
  const topics = allTopics(settings.aggregation.intervals, settings.topics);
  const wire = await openWire('aggregation', topics, registry, stores.partitions, runtime.feed);
  const result = {
    output: { statements: rows, provisional: new BarBatch(rows.names, 1) },
    rejected: [],
    anomalies: [],
    balance: { in: 0, out: 0, rejected: 0, held: 0, dropped: {}, reinstated: 0 },
    held: [],
  };
  const metadata = JSON.stringify({ settings: hash, job });
  const emissions = aggregationEmissions(result, settings.aggregation, metadata, wire);
  for (const kind of ['records', 'block'] as const)
    for (const emission of emissions) if (emission.kind === kind) await writeOne(stores, emission);
}

async function writeOne({ log, warehouse }: Stores, emission: Emission): Promise<void> {
  if (emission.kind === 'records') await log.append(emission.topic, emission.partition, [emission.batch]);
  else if (emission.kind === 'block') await warehouse.insertBlock(emission.table, emission.bytes, null);
}
