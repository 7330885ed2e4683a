/** `carbon curve build`. */

import { CarbonError } from '../../../core/errors.ts';
import { formatDay } from '../../../core/time/calendar-day.ts';
import { formatInstant } from '../../../core/time/instant.ts';
import { buildCurves } from '../../curves/build-curves.ts';
import { withProgress } from '../progress.ts';
import { type GlobalOptions, note, readStores, show } from '../session.ts';
import { dayOption } from './curve.ts';

/** Options as they stand on the command line. */
interface BuildOptions {
  readonly asOfDate?: string;
  readonly dryRun?: boolean;
}

/** One row per statement that is stored otherwise. Exit code 0; with `--dry-run` too. Throws NOT_FOUND, USAGE_INVALID. */
export async function build(
  curve: string | undefined,
  options: BuildOptions,
  globals: GlobalOptions,
): Promise<void> {
  const asOf = options.asOfDate === undefined ? null : dayOption('--as-of-date', options.asOfDate);
  const days = asOf === null ? null : { first: asOf, last: asOf };
  const curves = curve === undefined ? null : [curve];
  const dryRun = options.dryRun === true;
  await readStores(globals, async (stores) => {
    const known = stores.settings.curves.curves.map(({ curve_id }) => curve_id);
    if (curve !== undefined && !known.includes(curve))
      throw new CarbonError('USAGE_INVALID', `the policy has no curve ${curve}`, {
        position: { field: 'curve', expected: known.join(', ') || 'no curve at all', got: curve },
      });
    let text = 'reading';
    const onProgress = (days: number, different: number): void => {
      text = `${days} days of curves made anew, ${different} statements stored otherwise`;
    };
    const report = await withProgress(
      () => text,
      () => buildCurves(stores, { curves, days, dryRun, onProgress }),
    );
    for (const name of report.unknown)
      note(`${name} has quotes, and the policy no longer has the curve: left`);
    if (report.days === 0) throw new CarbonError('NOT_FOUND', 'no quote of such a curve is stored');
    const count = report.rows.length;
    note(
      `${report.statements} statements of ${report.days} days made anew, ${count} stored otherwise${count === 0 ? '' : dryRun ? ' (nothing is written)' : ', and written again'}`,
    );
    await show(
      report.rows.map((row) => ({
        curve_id: row.curve,
        as_of_date: formatDay(row.asOf),
        known_at: formatInstant(row.knownAt),
        reason: row.reason,
        points: row.points,
      })),
      globals,
    );
  });
}
