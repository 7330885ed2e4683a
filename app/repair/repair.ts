/**
 * Data repair (A15): the archived payloads of a window decoded with today's code, compared with what was published, and
 * what differs published as revisions known now. Nothing is fetched; what was said before stays readable as of then.
 */

import { randomBytes } from 'node:crypto';
import { encodeRawRows } from '../../core/codec/topics/raw.ts';
import { CarbonError } from '../../core/errors.ts';
import { knownAtOf, type RawRow } from '../../core/model/raw-row.ts';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import { contains, type Interval } from '../../core/time/interval.ts';
import { openPayload } from '../ingest/open-payload.ts';
import { MAX_RAW_BATCH, schemaIdOf } from '../ingest/publish.ts';
import { type CalendarSource, scopeOf } from '../ledger/calendar.ts';
import type { Stores } from '../stores/open-stores.ts';
import { publishedStatements, Statements, statementKey, statementText } from './statements.ts';

/** Ledger rows of a dataset that are looked at for bodies. */
const ROWS = 100_000;

/** One statement that is another today. */
export interface RepairedRow {
  readonly change: 'changed' | 'added' | 'withdrawn';
  readonly row: RawRow;
  /** What it said before; null for one that is added. */
  readonly before: RawRow | null;
  readonly sha256: string | null;
}

/** What a repair of a dataset did, or would do. */
export interface RepairReport {
  readonly connector: string;
  readonly dataset: string;
  readonly window: Interval;
  readonly bodies: number;
  /** Bodies that today's code refuses; what they said before stays. */
  readonly unreadable: readonly {
    readonly sha256: string;
    readonly code: string;
    readonly message: string;
  }[];
  /** Statements that were compared. */
  readonly compared: number;
  readonly repaired: readonly RepairedRow[];
}

/**
 * Repairs a dataset over a window; with `dryRun` nothing is written. Only what came from the bodies of the ledger is
 * touched: files that somebody replayed stay as they are. Running it again finds nothing. Throws ARCHIVE_MISSING and
 * ARCHIVE_CORRUPT for a body that is not there as it was.
 */
export async function repairDataset(
  stores: Stores,
  source: CalendarSource,
  window: Interval,
  dryRun: boolean,
): Promise<RepairReport> {
  const { connector, dataset, manifest } = source;
  const tenant = stores.runtime.tenant;
  const bodies = await bodiesOf(stores, source, window);
  const today = new Statements();
  const unreadable: RepairReport['unreadable'][number][] = [];
  const read = new Set<string>();
  for (const record of bodies) {
    const sha256 = record.sha256 as string;
    const bytes = await stores.archive.get(sha256);
    try {
      const asked = { market: connector.market, dataset: dataset.name };
      const opened = await openPayload({ name: record.request, bytes }, asked);
      const damage = opened.members.find(({ refined }) => refined.damage !== null)?.refined.damage;
      if (damage !== undefined && damage !== null) throw damage;
      for (const { refined } of opened.members)
        for (const row of refined.rows)
          if (contains(window, row.intervalStart))
            today.add({ row, knownAt: knownAtOf(row, record.knownAt as number), sha256 });
      read.add(sha256);
    } catch (error) {
      if (!(error instanceof CarbonError) || !error.code.startsWith('SOURCE_')) throw error;
      unreadable.push({ sha256, code: error.code, message: error.message });
    }
  }
  const topic = manifest.output_topic;
  const partitions = stores.partitions.get(topic);
  if (partitions === undefined)
    throw new CarbonError('LOG_TOPIC_UNKNOWN', `no topic ${topic}`, { context: { topic } });
  const before = await publishedStatements(stores, tenant, topic, partitions, dataset.name, window);
  const repaired = differences(today, before, read);
  if (!dryRun && repaired.length > 0) await publish(stores, source, repaired, partitions);
  return {
    connector: connector.name,
    dataset: dataset.name,
    window,
    bodies: bodies.length,
    unreadable,
    compared: today.latest.size,
    repaired,
  };
}

/** Published bodies whose window touches the one asked for, each once, the one known first at the begin. */
async function bodiesOf(stores: Stores, source: CalendarSource, window: Interval): Promise<FetchRecord[]> {
  const { tenant, connector, dataset } = scopeOf(stores.runtime.tenant, source);
  const rows = await stores.reference.listFetches({ tenant, connector, dataset, limit: ROWS });
  const found = new Map<string, FetchRecord>();
  for (const row of rows)
    if (
      row.outcome === 'published' &&
      row.sha256 !== null &&
      row.window.start < window.end &&
      row.window.end > window.start
    )
      found.getOrInsert(row.sha256, row);
  return [...found.values()].sort((a, b) => (a.knownAt ?? 0) - (b.knownAt ?? 0));
}

function differences(today: Statements, before: Statements, read: ReadonlySet<string>): RepairedRow[] {
  const found: RepairedRow[] = [];
  for (const [key, { row, sha256 }] of today.latest) {
    const known = before.latest.get(key);
    if (known === undefined) found.push({ change: 'added', row, before: null, sha256 });
    else if (isOurs(known, read) && statementText(known.row) !== statementText(row))
      found.push({ change: 'changed', row, before: known.row, sha256 });
  }
  for (const [key, known] of before.latest)
    if (isOurs(known, read) && !known.row.cancels && !today.latest.has(key))
      found.push({ change: 'withdrawn', row: known.row, before: known.row, sha256: known.sha256 });
  return found.sort((a, b) => a.row.intervalStart - b.row.intervalStart || order(a.row, b.row));
}

const order = (a: RawRow, b: RawRow): number => (statementKey(a) < statementKey(b) ? -1 : 1);

const isOurs = ({ sha256 }: { readonly sha256: string | null }, read: ReadonlySet<string>): boolean =>
  sha256 !== null && read.has(sha256);

/** The rows as revisions known now; what is withdrawn cancels what its key said. */
async function publish(
  stores: Stores,
  { connector, dataset, manifest }: CalendarSource,
  repaired: readonly RepairedRow[],
  partitions: number,
): Promise<void> {
  const now = stores.clock.now();
  const schema = await schemaIdOf(stores, connector.market, { connector, dataset, manifest });
  const traceId = randomBytes(16).toString('hex');
  const bySha = Map.groupBy(repaired, ({ sha256 }) => sha256);
  for (const [sha256, rows] of bySha) {
    const context = {
      tenant: stores.runtime.tenant,
      source: connector.name,
      traceId,
      archiveSha256: sha256,
      archiveMember: null,
      archivedAt: now,
    };
    // What is known now is not what the body printed then.
    const revisions = rows.map(({ change, row }) => ({
      ...row,
      publishedAt: null,
      cancels: change === 'withdrawn',
    }));
    for (const { partition, batch } of encodeRawRows(revisions, context, schema, partitions, MAX_RAW_BATCH))
      await stores.log.append(manifest.output_topic, partition, [batch]);
  }
  stores.telemetry.emit({
    name: 'dataset.repaired',
    level: 'warning',
    facts: { connector: connector.name, dataset: dataset.name, records: repaired.length, trace_id: traceId },
  });
}
