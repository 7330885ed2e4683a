/** What `carbon decode --stats` says of one body: counts, span, values that are not there, holes in the time. */

import type { RefinedPiece } from '../../connectors/kit/body-reading.ts';
import type { RawRow } from '../../core/model/raw-row.ts';
import { formatInstant, type Micros } from '../../core/time/instant.ts';
import type { ReadBody } from '../ingest/read-file.ts';

/** Intervals of a location that follow each other without a hole: `[start, end)`. */
interface Run {
  start: Micros;
  end: Micros;
}

/** The intervals of one series of a location. */
interface Track {
  readonly location: string | null;
  readonly series: string | null;
  readonly runs: Run[];
  /** Its shortest interval; what a hole is counted in. */
  length: Micros;
}

/** A hole, as it is printed. */
interface Gap {
  readonly location: string | null;
  readonly series: string | null;
  readonly from: string;
  readonly to: string;
}

/** Counts the rows of one body, in whatever order they come. */
export class DecodeStats {
  private readonly body: ReadBody;
  private readonly locations = new Set<string | null>();
  private readonly tracks = new Map<string, Track>();
  private rows = 0;
  private values = 0;
  private nulls = 0;
  private rejected = 0;
  private first = Number.POSITIVE_INFINITY;
  private last = Number.NEGATIVE_INFINITY;

  constructor(body: ReadBody) {
    this.body = body;
  }

  add({ rows, rejected }: RefinedPiece): void {
    this.rows += rows.length;
    this.rejected += rejected.length;
    for (const row of rows) {
      this.values += row.values.length;
      for (const { value } of row.values) if (value === null) this.nulls++;
      this.locations.add(row.location);
      this.first = Math.min(this.first, row.intervalStart);
      this.last = Math.max(this.last, row.intervalEnd);
      // A reading at an instant has no length, and so no successor that could be missing.
      if (row.intervalEnd > row.intervalStart) this.follow(row);
    }
  }

  private follow(row: RawRow): void {
    // A number that is alone in its row has rows of its own for each interval.
    const field = row.values.length === 1 ? (row.values[0]?.field ?? '') : '';
    const key = `${row.location ?? ''}\u0000${row.series ?? ''}\u0000${field}`;
    const { location, series, intervalStart: start, intervalEnd: end } = row;
    let track = this.tracks.get(key);
    if (track === undefined)
      this.tracks.set(key, (track = { location, series, runs: [], length: end - start }));
    track.length = Math.min(track.length, end - start);
    const run = track.runs.at(-1);
    if (run !== undefined && start <= run.end && end >= run.start) {
      run.start = Math.min(run.start, start);
      run.end = Math.max(run.end, end);
    } else track.runs.push({ start, end });
  }

  /** As it is printed. `gaps` are intervals missing between the first and the last of a series, all series together. */
  summary(): Record<string, unknown> {
    const { member, market, dataset, drift } = this.body;
    const { missing, first } = this.gaps();
    const at = (instant: Micros): string | null => (Number.isFinite(instant) ? formatInstant(instant) : null);
    return {
      ...(member === null ? {} : { member }),
      market,
      dataset: dataset.name,
      rows: this.rows,
      values: this.values,
      nulls: this.nulls,
      locations: this.locations.size,
      first: at(this.first),
      last: at(this.last),
      gaps: missing,
      ...(first === null ? {} : { first_gap: first }),
      rejected: this.rejected,
      drift: drift.map(({ column }) => column),
    };
  }

  private gaps(): { missing: number; first: Gap | null } {
    let missing = 0;
    let first: Gap | null = null;
    for (const { runs, length, location, series } of this.tracks.values()) {
      let end = Number.POSITIVE_INFINITY;
      for (const run of runs.toSorted((a, b) => a.start - b.start)) {
        if (run.start > end) {
          missing += Math.ceil((run.start - end) / length);
          first ??= { location, series, from: formatInstant(end), to: formatInstant(run.start) };
        }
        end = end === Number.POSITIVE_INFINITY ? run.end : Math.max(end, run.end);
      }
    }
    return { missing, first };
  }
}
