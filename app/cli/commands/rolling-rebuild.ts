/** `carbon projection rebuild rolling_metrics`. */

import { formatInstant } from '../../../core/time/instant.ts';
import { rebuildRolling } from '../../projection/rebuild-rolling.ts';
import { timeOption } from '../option-values.ts';
import { withProgress } from '../progress.ts';
import { type GlobalOptions, note, readStores, show } from '../session.ts';

/** One row per window of an instrument that had rows which were another. Exit code 0; with `--dry-run` too. */
export async function rebuildRollingMetrics(
  options: { readonly since?: string; readonly dryRun?: boolean },
  globals: GlobalOptions,
): Promise<void> {
  const since = options.since === undefined ? null : timeOption('--since', options.since);
  const dryRun = options.dryRun === true;
  await readStores(globals, async (stores) => {
    let text = 'comparing';
    const onProgress = (compared: number, different: number): void => {
      text = `${compared} rows compared, ${different} stored otherwise`;
    };
    const { compared, windows } = await withProgress(
      () => text,
      () => rebuildRolling(stores, { since, dryRun, onProgress }),
    );
    const rows = windows.reduce((sum, window) => sum + window.rows, 0);
    note(
      `${compared} rows compared, ${rows} stored otherwise than the bars say${rows === 0 ? '' : dryRun ? ' (nothing is written)' : ', and written again'}`,
    );
    await show(
      windows.map(({ instrument, first, last, ...window }) => ({
        instrument_id: instrument,
        ...window,
        first_end: formatInstant(first),
        last_end: formatInstant(last),
      })),
      globals,
    );
  });
}
