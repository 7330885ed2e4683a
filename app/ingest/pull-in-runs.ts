/**
 * A window that takes longer than one run may: chunk after chunk, and as many runs of a chunk as it needs. Each run
 * stays under five minutes (A12), and its leases are free between two, so that what is live gets its turn.
 */

import { DAY, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import type { Stores } from '../stores/open-stores.ts';
import { runConnector } from './run-connector.ts';
import type { RunReport, RunRequest } from './run-report.ts';

/** Longest window of one run. Plans cut it further, to what their source takes at once. */
export const CHUNK: Micros = 31 * DAY;

/** A run of a window that is given. */
export type WindowRequest = RunRequest & { readonly window: Interval };

/** The chunks of a window, oldest first, each at most `chunk` micros long. */
export function chunksOf({ start, end }: Interval, chunk: Micros = CHUNK): Interval[] {
  const chunks: Interval[] = [];
  for (let at = start; at < end; at += chunk) chunks.push({ start: at, end: Math.min(at + chunk, end) });
  return chunks;
}

/**
 * Pulls the whole window; the ledger names every run. Ends early when the signal aborts, or when a run came no further:
 * its report then tells what is left. Throws as `runConnector` does.
 */
export async function pullInRuns(
  stores: Stores,
  request: WindowRequest,
  signal?: AbortSignal,
  run: typeof runConnector = runConnector,
): Promise<RunReport[]> {
  const reports: RunReport[] = [];
  let ordinal = 0;
  for (const chunk of chunksOf(request.window)) {
    for (let start: Micros | null = chunk.start; start !== null; ) {
      if (signal?.aborted === true) return reports;
      const runId = `${request.runId}-${String(++ordinal).padStart(3, '0')}`;
      const report = await run(stores, { ...request, runId, window: { start, end: chunk.end } }, signal);
      reports.push(report);
      const left = report.datasets.flatMap(({ leftFrom }) => leftFrom ?? []);
      const next = left.length === 0 ? null : Math.min(...left);
      if (next !== null && next <= start) return reports;
      start = next;
    }
  }
  return reports;
}
