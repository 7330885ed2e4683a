/** What differed, in the log: one line per instrument and interval of a chunk, with the first window at fault. */

import type { Job } from '../../core/model/job.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { BarDifferences, BarReason } from '../../services/aggregation/bar-differences.ts';

/** Lines of one chunk at most; the counts of the job hold all. */
const MOST_LINES = 50;

interface Line {
  readonly instrument: string;
  readonly interval: string;
  readonly first: number;
  readonly counts: Record<BarReason, number>;
}

/** Emits `bars.differed` for what a chunk found. */
export function tellOfDifferences(
  telemetry: Telemetry,
  job: Pick<Job, 'id' | 'tenant' | 'dryRun'>,
  { rows, reasons }: BarDifferences,
  intervals: readonly string[],
): void {
  const lines = new Map<string, Line>();
  for (let j = 0; j < rows.length; j++) {
    const instrument = rows.names.instruments.nameOf(rows.instrument[j]);
    const interval = intervals[rows.interval[j]] ?? '';
    const line = lines.getOrInsertComputed(`${interval}|${instrument}`, () => ({
      instrument,
      interval,
      first: rows.start[j],
      counts: { missing: 0, other: 0, leftover: 0 },
    }));
    line.counts[reasons[j]]++;
  }
  for (const { instrument, interval, first, counts } of [...lines.values()].slice(0, MOST_LINES))
    telemetry.emit({
      name: 'bars.differed',
      level: 'warning',
      facts: {
        service: 'aggregation',
        job: job.id,
        tenant_id: job.tenant,
        instrument_id: instrument,
        interval,
        first: formatInstant(first),
        ...counts,
        written: !job.dryRun,
      },
    });
}
