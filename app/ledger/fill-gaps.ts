/** Turns gaps into pulls of the windows that they leave open. */

import { DAY, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { pullInRuns } from '../ingest/pull-in-runs.ts';
import type { RunReport, RunRequest } from '../ingest/run-report.ts';
import type { Stores } from '../stores/open-stores.ts';
import type { CalendarSource } from './calendar.ts';

/** Gaps that lie closer together than this are pulled as one window: most bodies hold a day or more. */
const NEIGHBOURS: Micros = DAY;

/** Windows that hold all gaps given, oldest first. `gaps` in order of start. */
export function windowsOf(gaps: readonly { readonly interval: Interval }[]): Interval[] {
  const windows: Interval[] = [];
  for (const { interval } of gaps) {
    const last = windows.at(-1);
    if (last !== undefined && interval.start - last.end < NEIGHBOURS)
      windows[windows.length - 1] = { start: last.start, end: Math.max(last.end, interval.end) };
    else windows.push(interval);
  }
  return windows;
}

/** Pulls the windows of a dataset's gaps, one after the other. Throws as `runConnector` does. */
export async function fillGaps(
  stores: Stores,
  { connector, dataset }: Pick<CalendarSource, 'connector' | 'dataset'>,
  gaps: readonly { readonly interval: Interval }[],
  request: Pick<RunRequest, 'runId' | 'origin' | 'patience'>,
  signal?: AbortSignal,
): Promise<RunReport[]> {
  const reports: RunReport[] = [];
  for (const [i, window] of windowsOf(gaps).entries()) {
    if (signal?.aborted === true) break;
    const runId = `${request.runId}-${dataset.name}-${i + 1}`;
    const asked = { ...request, runId, connector: connector.name, datasets: [dataset.name], window };
    reports.push(...(await pullInRuns(stores, asked, signal)));
  }
  return reports;
}
