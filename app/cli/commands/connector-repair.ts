/** `carbon connector repair NAME`: archived payloads decoded anew, and what differs published as revisions. */

import { calendarZone } from '../../../connectors/kit/completeness.ts';
import { CarbonError } from '../../../core/errors.ts';
import { formatInstant } from '../../../core/time/instant.ts';
import { systemClock } from '../../../drivers/system-clock/clock.ts';
import { ledgerDatasets } from '../../ledger/datasets.ts';
import { type RepairedRow, type RepairReport, repairDataset } from '../../repair/repair.ts';
import type { OutputRow } from '../output.ts';
import { type GlobalOptions, note, show, withStores } from '../session.ts';
import { tellStages, workThroughShown } from '../stage-report.ts';
import { type LedgerOptions, windowOf } from './ledger-show.ts';

/** Options as they stand on the command line. */
export interface ConnectorRepairOptions extends LedgerOptions {
  readonly dataset?: string;
  readonly dryRun?: boolean;
  /** False with `--no-pipeline`. */
  readonly pipeline?: boolean;
}

/** One row per statement that is another. Exit code 0; 3 when a body can no longer be read. */
export async function repair(
  name: string,
  options: ConnectorRepairOptions,
  globals: GlobalOptions,
): Promise<number> {
  if (options.from === undefined || options.to === undefined)
    throw new CarbonError('USAGE_INVALID', 'a repair needs its window: --from and --to', {
      position: {
        field: options.from === undefined ? '--from' : '--to',
        expected: 'a market day, or a time',
        got: 'nothing',
      },
    });
  const sources = await ledgerDatasets(name, options.dataset);
  return withStores(globals, true, async (stores) => {
    const reports: RepairReport[] = [];
    for (const source of sources) {
      const zone = calendarZone(source.connector.market, source.dataset);
      const window = windowOf(options, zone, systemClock.now(), 1);
      const report = await repairDataset(stores, source, window, options.dryRun === true);
      if (report.bodies > 0) reports.push(report);
    }
    for (const report of reports) tell(report, options.dryRun === true);
    if (
      options.dryRun !== true &&
      options.pipeline !== false &&
      reports.some(({ repaired }) => repaired.length > 0)
    )
      tellStages(
        await workThroughShown(stores, [...new Set(sources.map(({ manifest }) => manifest.output_topic))]),
      );
    await show(
      reports.flatMap((report) => report.repaired.map((row) => rowOf(report, row))),
      globals,
    );
    return reports.some(({ unreadable }) => unreadable.length > 0) ? 3 : 0;
  });
}

function tell(
  { connector, dataset, bodies, compared, repaired, unreadable }: RepairReport,
  dryRun: boolean,
): void {
  const count = (change: RepairedRow['change']): number =>
    repaired.filter((row) => row.change === change).length;
  note(
    `${connector} ${dataset}: ${bodies} bodies, ${compared} rows compared; ${count('changed')} changed, ${count('added')} added, ${count('withdrawn')} withdrawn${dryRun ? ' (nothing is written)' : ''}`,
  );
  for (const { sha256, code, message } of unreadable) note(`  ${sha256.slice(0, 12)} ${code}: ${message}`);
}

function rowOf(
  { connector, dataset }: RepairReport,
  { change, row, before, sha256 }: RepairedRow,
): OutputRow {
  const words = (values: typeof row.values | undefined): string =>
    (values ?? []).map(({ field, value }) => `${field}=${value}`).join(' ');
  return {
    connector,
    dataset,
    change,
    location: row.location,
    series: row.series,
    from: formatInstant(row.intervalStart),
    before: words(before?.values),
    after: change === 'withdrawn' ? '' : words(row.values),
    sha256,
  };
}
