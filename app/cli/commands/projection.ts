/** `carbon projection list`, `carbon projection rebuild` and `carbon projection invalidate`. */

import { Topic } from '../../../core/codec/topics/topic-names.ts';
import { CarbonError } from '../../../core/errors.ts';
import { formatDecimal } from '../../../core/model/decimal.ts';
import { Present } from '../../../core/model/tick-batch.ts';
import { formatInstant } from '../../../core/time/instant.ts';
import type { LatestRows } from '../../../services/projection/project-latest.stage.ts';
import { REASON } from '../../projection/host-invalidations.ts';
import { publishInvalidations } from '../../projection/publish-invalidations.ts';
import { type RebuiltRow, rebuildLatest } from '../../projection/rebuild.ts';
import { isoTime } from '../../read/sql-time.ts';
import { timeOption } from '../option-values.ts';
import type { OutputRow } from '../output.ts';
import { withProgress } from '../progress.ts';
import { type GlobalOptions, note, readStores, show } from '../session.ts';

/** Names of the projections. */
const NAMES = ['latest_prices', 'rolling_metrics', 'curves'] as const;

/** Options as they stand on the command line. */
interface RebuildOptions {
  readonly since?: string;
  readonly dryRun?: boolean;
}

/** One row per projection, of the tenant that is asked for: how many instruments, or curves, it serves. */
export async function list(globals: GlobalOptions): Promise<void> {
  await readStores(globals, async (stores) => {
    const rows = await stores.warehouse.queryRows(
      `SELECT toString(countIf(is_gone = 0)) AS served, toString(countIf(is_gone = 1)) AS gone,
  if(count() = 0, '', ${isoTime('max(known_at)')}) AS known_at
FROM served_latest FINAL WHERE tenant_id = {tenant:String}`,
      { tenant: stores.runtime.tenant },
    );
    const rolling = await stores.warehouse.queryRows(
      `SELECT toString(uniqExact(instrument_id)) AS served, '0' AS gone,
  if(count() = 0, '', ${isoTime('max(known_at)')}) AS known_at
FROM rolling_metrics WHERE tenant_id = {tenant:String}`,
      { tenant: stores.runtime.tenant },
    );
    const curves = await stores.warehouse.queryRows(
      `SELECT toString(uniqExactIf(curve_id, notEmpty(prices))) AS served, '0' AS gone,
  if(count() = 0, '', ${isoTime('max(known_at)')}) AS known_at
FROM served_curve_snapshots WHERE tenant_id = {tenant:String}`,
      { tenant: stores.runtime.tenant },
    );
    const made = [
      { projection: NAMES[0], table: 'served_latest', topic: Topic.latestPrices, rows },
      { projection: NAMES[1], table: 'rolling_metrics', topic: Topic.rollingMetrics, rows: rolling },
      { projection: NAMES[2], table: 'served_curve_snapshots', topic: Topic.curveUpdates, rows: curves },
    ];
    await show(
      made.flatMap(({ rows: [row], ...names }) => ({
        ...names,
        instruments: String(row?.['served']),
        without_value: String(row?.['gone']),
        known_until: String(row?.['known_at']),
      })),
      globals,
    );
  });
}

/** One row per served value that was another. Exit code 0; with `--dry-run` too. */
export async function rebuild(name: string, options: RebuildOptions, globals: GlobalOptions): Promise<void> {
  if (!NAMES.some((known) => known === name))
    throw new CarbonError('USAGE_INVALID', `no projection ${name}; there are ${NAMES.join(', ')}`, {
      position: { field: 'name', expected: NAMES.join(', '), got: name },
    });
  if (name === 'rolling_metrics')
    return (await import('./rolling-rebuild.ts')).rebuildRollingMetrics(options, globals);
  if (name === 'curves') {
    if (options.since !== undefined)
      throw new CarbonError('USAGE_INVALID', 'curves are built by days: carbon curve build --as-of-date', {
        position: { field: '--since', expected: 'nothing beside curves', got: options.since },
      });
    return (await import('./curve-build.ts')).build(undefined, options, globals);
  }
  const since = options.since === undefined ? null : timeOption('--since', options.since);
  const dryRun = options.dryRun === true;
  await readStores(globals, async (stores) => {
    let text = 'comparing';
    const onProgress = (compared: number, different: number): void => {
      text = `${compared} instruments compared, ${different} served otherwise`;
    };
    const report = await withProgress(
      () => text,
      () => rebuildLatest(stores, { since, dryRun, onProgress }),
    );
    const count = report.rows.length;
    note(
      `${report.compared} instruments compared, ${count} served otherwise than silver says${count === 0 ? '' : dryRun ? ' (nothing is written)' : ', and written again'}`,
    );
    await show(report.rows.map(rowOf), globals);
  });
}

/** Puts an invalidation of each instrument on its topic: a running service of projection takes it within a second. */
export async function invalidate(
  instruments: readonly string[],
  { reason = 'manual' }: { readonly reason?: string },
  globals: GlobalOptions,
): Promise<void> {
  if (!REASON.test(reason))
    throw new CarbonError('USAGE_INVALID', `--reason is ${reason}, but must be one word`, {
      position: { field: '--reason', expected: 'one word of small letters, such as manual', got: reason },
    });
  await readStores(globals, async (stores) => {
    const cause = { tenant: stores.runtime.tenant, reason, requestedBy: 'carbon projection' };
    await publishInvalidations(stores, [...new Set(instruments)].sort(), cause);
    note(`${instruments.length} on ${Topic.invalidateInstrument}: the service of projection takes them`);
  });
}

function rowOf({ reason, now, row, before, beforeRow }: RebuiltRow): OutputRow {
  const { ticks } = now;
  return {
    instrument_id: ticks.names.instruments.nameOf(ticks.instrument[row]),
    reason,
    ...shownOf('before', before, beforeRow),
    ...shownOf('now', now, row),
  };
}

function shownOf(word: string, rows: LatestRows | null, row: number): OutputRow {
  if (rows === null || rows.gone[row] === 1) return { [`${word}_ts`]: null, [`${word}_price`]: null };
  const { ticks } = rows;
  const hasPrice = (ticks.present[row] & Present.PRICE) !== 0;
  return {
    [`${word}_ts`]: formatInstant(ticks.eventStart[row]),
    [`${word}_price`]: hasPrice ? formatDecimal(ticks.price, row) : null,
  };
}
