/**
 * Rebuild of the projection `latest_prices` (G4): what is served of each instrument is held against the newest value that
 * silver has of it, and written again where it is another. Beside a running projection this is safe: rows keep their
 * positions, so that what it writes later wins; it is told to forget what it remembers; and what was written is looked
 * at again until a look finds nothing.
 */

import { CarbonError } from '../../core/errors.ts';
import type { TickBatch } from '../../core/model/tick-batch.ts';
import type { Emission } from '../../core/stage/emission.ts';
import type { Ask } from '../../core/stage/stage-run.ts';
import { askStores } from '../../core/store/answers.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { LatestRows } from '../../services/projection/project-latest.stage.ts';
import {
  type Reason,
  type ServedDifferences,
  servedDifferences,
} from '../../services/projection/served-differences.ts';
import { projectionEmissions } from '../../services/projection/service.ts';
import { openWire } from '../pipeline/wire.ts';
import type { Stores } from '../stores/open-stores.ts';
import { allTopics } from '../stores/topics.ts';
import { instrumentsAfter } from './known-instruments.ts';
import { markRebuilt } from './rebuilt-mark.ts';

/** Instruments that are compared at once. */
const PAGE = 500;
/** A running projection looks for the mark once a second; after so long it has forgotten, in milliseconds. */
const FORGOTTEN_MS = 2_500;
/** Looks at what was written before the rebuild gives up. */
const LOOKS = 5;

/** What to rebuild. */
export interface RebuildRequest {
  /** Instruments of which something became known since then, UTC micros; null for all, served without cause ones too. */
  readonly since: Micros | null;
  /** Other instruments in place of those: ids in their order, from the one after the last on; an empty list ends them. */
  readonly pageAfter?: (after: string) => Promise<readonly string[]>;
  /** True: nothing is written. */
  readonly dryRun: boolean;
  /** True: running projections forget only where something was written. Who may go on after one that was killed has them forget in any case. */
  readonly onlyIfChanged?: boolean;
  /** The word under which what was taken back is counted; null where another counts it. */
  readonly reason?: string | null;
  /** Called after each page with the instruments compared and the differences found so far. */
  readonly onProgress?: (compared: number, different: number) => void;
}

/** A served row that was another than silver says. */
export interface RebuiltRow {
  readonly reason: Reason;
  /** The row as it is now, or would be; `now.gone` is 1 where silver has no value. */
  readonly now: LatestRows;
  /** What was served; null for nothing. */
  readonly before: LatestRows | null;
  readonly row: number;
  readonly beforeRow: number;
}

/** What a rebuild found. */
export interface RebuildReport {
  readonly compared: number;
  readonly rows: readonly RebuiltRow[];
}

/** What a rebuild found among some instruments, and wrote. */
export interface RebuiltPage extends RebuildReport {
  /** The last instrument of the page. */
  readonly last: string;
}

/**
 * Rebuilds for the tenant of the stores. Run again it finds nothing. Throws PROJECTION_MOVING when what was written was
 * another again at each look, and what the stores throw; what was written until then stays, and is right.
 */
export async function rebuildLatest(stores: Stores, request: RebuildRequest): Promise<RebuildReport> {
  const rows: RebuiltRow[] = [];
  let compared = 0;
  for await (const page of rebuildPages(stores, request)) {
    compared += page.compared;
    rows.push(...page.rows);
    request.onProgress?.(compared, rows.length);
  }
  return { compared, rows };
}

/** The same page by page. What was written is looked at again after the last one; running projections hear in any case. */
export async function* rebuildPages(stores: Stores, request: RebuildRequest): AsyncGenerator<RebuiltPage> {
  const { warehouse, names, runtime } = stores;
  const ask = askStores(warehouse, null, names, []);
  const began = stores.clock.now();
  const pageAfter =
    request.pageAfter ??
    ((after: string) => instrumentsAfter(warehouse, runtime.tenant, request.since, after, PAGE));
  const changed: string[] = [];
  let isSettled = request.dryRun;
  try {
    for (let after = ''; ; ) {
      const page = await pageAfter(after);
      const last = page.at(-1);
      if (last === undefined) break;
      after = last;
      const { found, served } = await compare(stores, ask, page);
      changed.push(...instrumentsOf(found.rows.ticks));
      if (!request.dryRun) await write(stores, found);
      yield { compared: page.length, rows: rowsOf(found, served), last };
    }
    if (!request.dryRun && changed.length > 0) {
      await settle(stores, ask, changed);
      isSettled = true;
      if (request.reason !== null) tell(stores, request.reason ?? 'rebuild', changed.length, began);
    }
  } finally {
    // One that was killed before it left its mark may have written all: the next finds nothing, and tells of it all the same.
    if (!isSettled && (changed.length > 0 || request.onlyIfChanged !== true))
      await markRebuilt(stores.reference);
  }
}

function tell(stores: Stores, reason: string, count: number, began: Micros): void {
  const durationMs = Math.round((stores.clock.now() - began) / 1000);
  const facts = { stage: 'projection', projection: 'latest_prices', reason, count, duration_ms: durationMs };
  stores.telemetry.emit({ name: 'projection.invalidated', level: 'info', facts });
}

/** Tells running projections, and looks again at what was written until nothing is another than silver says. */
async function settle(stores: Stores, ask: Ask, changed: readonly string[]): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    await markRebuilt(stores.reference);
    await stores.clock.sleep(FORGOTTEN_MS);
    let different = 0;
    for (let from = 0; from < changed.length; from += PAGE) {
      const { found } = await compare(stores, ask, changed.slice(from, from + PAGE));
      different += found.reasons.length;
      await write(stores, found);
    }
    if (different === 0) return;
  }
  throw new CarbonError(
    'PROJECTION_MOVING',
    `what was written was another again at each of ${LOOKS} looks, ${FORGOTTEN_MS / 1000} s apart`,
    { context: { projection: 'latest_prices', instruments: changed.length } },
  );
}

async function compare(
  { names, runtime }: Stores,
  ask: Ask,
  instruments: readonly string[],
): Promise<{ found: ServedDifferences; served: LatestRows }> {
  const { tenant } = runtime;
  // What is served is asked first: a value that comes between the two questions is at most written twice.
  const [served, newest] = await ask([
    { kind: 'latest', tenant, instruments },
    { kind: 'newest', tenant, instruments, count: 1 },
  ]);
  if (served?.kind !== 'latest' || newest?.kind !== 'ticks')
    throw new Error('answers come in the order of the questions');
  return { found: servedDifferences(names, newest.ticks, served), served };
}

/** Table, topic and cache, as a plan of the projection writes them, without a token: the key of the table takes repetitions. */
async function write(stores: Stores, { rows }: ServedDifferences): Promise<void> {
  if (rows.ticks.length === 0) return;
  for (const emission of await emissionsOf(stores, rows)) {
    if (emission.kind === 'block') await stores.warehouse.insertBlock(emission.table, emission.bytes, null);
    else if (emission.kind === 'records')
      await stores.log.append(emission.topic, emission.partition, [emission.batch]);
    else
      await stores.cache
        .setMany(emission.entries, stores.settings.projection.latest_prices.cache_ttl_seconds)
        .catch(() => undefined);
  }
}

async function emissionsOf(stores: Stores, rows: LatestRows): Promise<Emission[]> {
  const { settings, registry, partitions, runtime } = stores;
  const topics = allTopics(settings.aggregation.intervals, settings.topics);
  const wire = await openWire('projection', topics, registry, partitions, runtime.feed);
  const count = rows.ticks.countValues();
  return projectionEmissions(
    {
      output: rows,
      rejected: [],
      anomalies: [],
      balance: { in: count, out: count, rejected: 0, held: 0, dropped: {}, reinstated: 0 },
      held: [],
    },
    wire,
  );
}

function rowsOf({ rows, reasons, before }: ServedDifferences, served: LatestRows): RebuiltRow[] {
  return reasons.map((reason, row) => ({
    reason,
    now: rows,
    row,
    before: before[row] < 0 ? null : served,
    beforeRow: before[row],
  }));
}

function instrumentsOf(ticks: TickBatch): string[] {
  return Array.from({ length: ticks.length }, (_, i) => ticks.names.instruments.nameOf(ticks.instrument[i]));
}
