/**
 * Rebuild of `rolling_metrics`: its rows are held against what the stored bars say, and written again where they are
 * another. For windows that are new in the policy, for bars from before there were rolling metrics, and after bars were
 * repaired. Beside running services this is safe: rows keep their positions, so that what is stated later wins, and what
 * was written is looked at again until a look finds nothing.
 */

import { CarbonError } from '../../core/errors.ts';
import { LONGEST_DAY, parseBarInterval } from '../../core/math/bar-interval.ts';
import type { RollingBatch } from '../../core/model/rolling-batch.ts';
import { askStores } from '../../core/store/answers.ts';
import { ROLLING_COLUMNS, rollingFromColumns } from '../../core/store/tables/rolling-metrics.ts';
import { parseDuration } from '../../core/time/duration.ts';
import { DAY, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { RollingStage } from '../../services/aggregation/rolling/rolling.stage.ts';
import {
  type RollingDifferences,
  type RollingReason,
  rollingDifferences,
} from '../../services/aggregation/rolling/rolling-differences.ts';
import { rollingEmissions } from '../../services/aggregation/service.ts';
import { settingsHashOf } from '../pipeline/settings.ts';
import { openWire } from '../pipeline/wire.ts';
import { ALL_TIME } from '../read/bars.ts';
import { sqlTime } from '../read/sql-time.ts';
import type { Stores } from '../stores/open-stores.ts';
import { allTopics } from '../stores/topics.ts';

/** Instruments whose bars are read at once: all bars of an interval that they ever had. */
const PAGE = 16;
/** A plan under way writes bars and rolling metrics side by side: what differs is looked at again after so long, in milliseconds. */
const SETTLING_MS = 300;
/** Looks at what was written before the rebuild gives up. */
const LOOKS = 5;

/** What to rebuild. */
export interface RollingRebuildRequest {
  /** Instruments of whose bars something became known since then, UTC micros; null for all. */
  readonly since: Micros | null;
  /** True: nothing is written. */
  readonly dryRun: boolean;
  /** Called after each page with the rows compared and the differences found so far. */
  readonly onProgress?: (compared: number, different: number) => void;
}

/** How many rows of one window of one instrument were another than the bars say. */
export interface RebuiltWindow {
  readonly instrument: string;
  readonly interval: string;
  readonly window: string;
  readonly reason: RollingReason;
  rows: number;
  /** Ends of the first and last of them, UTC micros. */
  first: Micros;
  last: Micros;
}

/** What a rebuild found. */
export interface RollingRebuildReport {
  readonly compared: number;
  readonly windows: readonly RebuiltWindow[];
}

/**
 * Rebuilds for the tenant of the stores, by the policy in force; run again it finds nothing. Throws PROJECTION_MOVING when
 * what was written was another again at each look, and what the stores throw; what was written until then stays.
 */
export async function rebuildRolling(
  stores: Stores,
  request: RollingRebuildRequest,
): Promise<RollingRebuildReport> {
  const stage = new RollingStage(stores.settings.aggregation, stores.names);
  const windows = new Map<string, RebuiltWindow>();
  let compared = 0;
  let different = 0;
  for (const { interval } of stores.settings.aggregation.rolling)
    for (let after = ''; ; ) {
      const page = await instrumentsAfter(stores, interval, request.since, after);
      const last = page.at(-1);
      if (last === undefined) break;
      after = last;
      const scope = { interval, instruments: page, ends: ALL_ENDS };
      const found = await rebuildScope(stores, stage, scope, request.dryRun);
      compared += found.compared;
      different += found.reasons.length;
      count(found, interval, stage, windows);
      request.onProgress?.(compared, different);
    }
  return { compared, windows: [...windows.values()] };
}

/**
 * Rebuilds what a stretch of time changes of some instruments, over every interval of the policy: windows that hold a bar of
 * it. Returns how many rows were missing or others.
 */
export async function rebuildRollingOf(
  stores: Stores,
  instruments: readonly string[],
  { start, end }: Interval,
): Promise<number> {
  const stage = new RollingStage(stores.settings.aggregation, stores.names);
  let different = 0;
  for (const { interval, windows } of stores.settings.aggregation.rolling)
    for (let from = 0; from < instruments.length; from += PAGE) {
      const ends = { start, end: end + reachOf(interval, windows) };
      const scope = { interval, instruments: instruments.slice(from, from + PAGE), ends };
      different += (await rebuildScope(stores, stage, scope, false)).reasons.length;
    }
  return different;
}

/** Some windows of some instruments. */
interface RollingScope {
  readonly interval: string;
  readonly instruments: readonly string[];
  /** Windows that end after its start, up to and with its end. */
  readonly ends: Interval;
}

const ALL_ENDS: Interval = { start: ALL_TIME.from, end: ALL_TIME.to };

/** The longest window of an interval; market days may be an hour longer than as many days. */
function reachOf(interval: string, windows: readonly string[]): Micros {
  const more = parseBarInterval(interval)?.length === 0 ? LONGEST_DAY - DAY : 0;
  return Math.max(...windows.map((window) => parseDuration(window) ?? 0)) + more;
}

/** Holds a scope against its bars and, unless it is only to be said, writes what was found. */
async function rebuildScope(
  stores: Stores,
  stage: RollingStage,
  scope: RollingScope,
  dryRun: boolean,
): Promise<RollingDifferences> {
  let found = await compare(stores, stage, scope);
  if (found.reasons.length > 0) {
    await stores.clock.sleep(SETTLING_MS);
    found = await compare(stores, stage, scope);
  }
  if (!dryRun) await settle(stores, stage, scope, found);
  return found;
}

/** Instruments that have bars of the interval, in their order. */
async function instrumentsAfter(
  { warehouse, runtime }: Stores,
  interval: string,
  since: Micros | null,
  after: string,
): Promise<string[]> {
  const known = since === null ? '' : ` AND known_at >= '${sqlTime(since)}'`;
  const rows = await warehouse.queryRows(
    `SELECT DISTINCT instrument_id FROM bars
WHERE tenant_id = {tenant:String} AND interval = {interval:String} AND instrument_id > {after:String}${known}
ORDER BY instrument_id LIMIT {limit:UInt32}`,
    { tenant: runtime.tenant, interval, after, limit: PAGE },
  );
  return rows.map((row) => String(row['instrument_id']));
}

async function compare(
  { warehouse, names, runtime, settings }: Stores,
  stage: RollingStage,
  { interval, instruments, ends }: RollingScope,
): Promise<RollingDifferences> {
  const { tenant } = runtime;
  const { intervals, rolling } = settings.aggregation;
  const lists = { intervals, windows: stage.windows.names };
  const windows = rolling.find((line) => line.interval === interval)?.windows ?? [];
  // What is stored is read first: a row that is stated between the two questions is at most written twice.
  const stored = await warehouse.queryColumns(
    `SELECT ${ROLLING_COLUMNS} FROM rolling_metrics FINAL
PREWHERE tenant_id = {tenant:String} AND instrument_id IN {instruments:Array(String)}
WHERE interval = {interval:String} AND window_length IN {windows:Array(String)}
  AND window_end > '${sqlTime(ends.start)}' AND window_end <= '${sqlTime(Math.min(ends.end, ALL_TIME.to))}'`,
    { tenant, instruments, interval, windows },
  );
  const ask = askStores(warehouse, null, names, intervals);
  const from = ends.start - reachOf(interval, windows);
  const [bars] = await ask([{ kind: 'bars', tenant, instruments, interval, from, to: ends.end }]);
  if (bars?.kind !== 'bars') throw new Error('answers come in the order of the questions');
  return rollingDifferences(bars.bars, rollingFromColumns(stored, lists, names), stage, ends);
}

/** Writes what was found, and looks again until nothing is another than the bars say. */
async function settle(
  stores: Stores,
  stage: RollingStage,
  scope: RollingScope,
  first: RollingDifferences,
): Promise<void> {
  let found = first;
  for (let look = 0; look < LOOKS; look++) {
    if (found.reasons.length === 0) return;
    await write(stores, stage, found.rows);
    found = await compare(stores, stage, scope);
  }
  if (found.reasons.length > 0)
    throw new CarbonError(
      'PROJECTION_MOVING',
      `what was written was another again at each of ${LOOKS} looks`,
      {
        context: { projection: 'rolling_metrics', interval: scope.interval, rows: found.reasons.length },
      },
    );
}

/** Table and topic, as a plan of aggregation writes them, without a token: the key of the table takes repetitions. */
async function write(stores: Stores, stage: RollingStage, rows: RollingBatch): Promise<void> {
  const { settings, registry, partitions, runtime, warehouse, log } = stores;
  const topics = allTopics(settings.aggregation.intervals, settings.topics);
  const wire = await openWire('aggregation', topics, registry, partitions, runtime.feed);
  const metadata = JSON.stringify({ settings: settingsHashOf(settings) });
  for (const emission of rollingEmissions(rows, settings.aggregation, stage.windows.names, metadata, wire)) {
    if (emission.kind === 'block') await warehouse.insertBlock(emission.table, emission.bytes, null);
    else if (emission.kind === 'records')
      await log.append(emission.topic, emission.partition, [emission.batch]);
  }
}

function count(
  { rows, reasons }: RollingDifferences,
  interval: string,
  stage: RollingStage,
  windows: Map<string, RebuiltWindow>,
): void {
  reasons.forEach((reason, i) => {
    const instrument = rows.names.instruments.nameOf(rows.instrument[i]);
    const window = stage.windows.names[rows.window[i]] ?? '';
    const end = rows.end[i];
    const key = `${instrument}|${interval}|${window}|${reason}`;
    const fresh = { instrument, interval, window, reason, rows: 0, first: end, last: end };
    const own = windows.getOrInsertComputed(key, () => fresh);
    own.rows++;
    own.first = Math.min(own.first, end);
    own.last = Math.max(own.last, end);
  });
}
