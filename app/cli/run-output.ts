/** A run of a connector on the terminal: its summary, its rows, and the exit code that it earns. */

import { ERROR_CODES, type ErrorCode } from '../../core/errors.ts';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { formatInterval } from '../../core/time/interval.ts';
import { type RunReport, totalsOf } from '../ingest/run-report.ts';
import type { OutputRow } from './output.ts';
import { note } from './session.ts';

/** The summary on standard error: counts per dataset, what is left, and why what failed did. */
export function tellRun(report: RunReport): void {
  for (const dataset of report.datasets) {
    const { planned, left, outcomes, rows, values, rejected } = totalsOf([dataset]);
    const counts = Object.entries(outcomes).flatMap(([outcome, n]) => (n > 0 ? [`${n} ${outcome}`] : []));
    if (left > 0) counts.push(`${left} left`);
    note(`${report.connector} ${dataset.dataset} ${formatInterval(dataset.window)}`);
    note(
      `  ${planned} requests: ${counts.join(', ') || 'none'}; ${rows} rows, ${values} values, ${rejected} rejected`,
    );
    for (const [said, times] of complaintsOf(dataset.results))
      note(`  ${said}${times > 1 ? ` (${times} times)` : ''}`);
    if (dataset.leftFrom !== null)
      note(`  next: the same command from ${formatInstant(dataset.leftFrom)} on`);
  }
  note(`run ${report.runId}: ${report.status}`);
}

/** What went wrong, each sentence once. */
function complaintsOf(results: readonly FetchRecord[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { outcome, code, message } of results) {
    if (code === null || outcome === 'no_data') continue;
    const said = `${code}: ${message}`;
    found.set(said, (found.get(said) ?? 0) + 1);
  }
  return found;
}

/** One row per request; `brief` for a table. */
export function runRows(report: RunReport, brief: boolean): OutputRow[] {
  return report.datasets.flatMap(({ results }) =>
    results.map((record) => (brief ? briefRow(record) : wholeRow(record))),
  );
}

const briefRow = (record: FetchRecord): OutputRow => ({
  dataset: record.dataset,
  request: record.request,
  outcome: record.outcome,
  status: record.status,
  attempt: record.attempt,
  rows: record.rows,
  values: record.values,
  rejected: record.rejected,
  bytes: record.bytes,
  code: record.code,
});

/** A ledger row as `--json` prints it. */
export const wholeRow = (record: FetchRecord): OutputRow => ({
  connector: record.connector,
  dataset: record.dataset,
  run: record.runId,
  request: record.request,
  url: record.url,
  from: formatInstant(record.window.start),
  to: formatInstant(record.window.end),
  attempt: record.attempt,
  outcome: record.outcome,
  status: record.status,
  sha256: record.sha256,
  etag: record.etag,
  last_modified: record.lastModified,
  known_at: record.knownAt === null ? null : formatInstant(record.knownAt),
  bytes: record.bytes,
  rows: record.rows,
  values: record.values,
  rejected: record.rejected,
  code: record.code,
  message: record.message,
  started_at: formatInstant(record.startedAt),
  ended_at: formatInstant(record.endedAt),
});

/**
 * 7 when a source could not be reached, that of the error for what else failed, 4 when more was rejected than allowed.
 */
export function exitOfRun(report: RunReport, allowedPercent: number, rejectedValues: number): number {
  const results = report.datasets.flatMap((dataset) => dataset.results);
  const exits = results
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ code }) => (code !== null && code in ERROR_CODES ? ERROR_CODES[code as ErrorCode].exit : 1));
  if (exits.includes(7)) return 7;
  const [first] = exits;
  if (first !== undefined) return first;
  const { outcomes, rows, rejected } = totalsOf(report.datasets);
  const share = rows + rejected === 0 ? 0 : (100 * rejected) / (rows + rejected);
  return outcomes.rejected > 0 || share > allowedPercent || rejectedValues > 0 ? 4 : 0;
}
