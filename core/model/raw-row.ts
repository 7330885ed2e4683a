/**
 * RawRow: one row of a source, as `decode` hands it out. Rows exist only here, at the edge; from the raw topic on,
 * batches are columns (`core/model/raw-batch.ts`).
 */

import type { Micros } from '../time/instant.ts';

/** One number of a row: its exact decimal text, or null where the source prints nothing. */
export interface RawValue {
  readonly field: string;
  readonly value: string | null;
  readonly unit: string;
}

/** One row of a source with the interval that the dataset's time rule resolved for it. */
export interface RawRow {
  /** `NYISO` */
  readonly market: string;
  /** `da_lmp` (the list in `docs/datasets.md`). */
  readonly dataset: string;
  /** As published; null for a system-wide figure. */
  readonly location: string | null;
  /** Second label: fuel, counterparty, or the contract of a generic trade. */
  readonly series: string | null;
  /** The source's own words for the time, unchanged. */
  readonly sourceTime: string;
  /** UTC micros, half-open; equal for a reading at one instant. */
  readonly intervalStart: Micros;
  readonly intervalEnd: Micros;
  /** Name of the rule that resolved the time: `eastern-hour-beginning/repeated-by-order:second`. */
  readonly timeRule: string;
  readonly values: readonly RawValue[];
  readonly sequence: number | null;
  readonly tradeId: string | null;
  /** True when the row withdraws what its natural key said before. */
  readonly cancels: boolean;
  /** Publication time printed in the body; null when the body prints none. */
  readonly publishedAt: Micros | null;
  /** Which statement about its value it is, where the source counts them in place of printing times; from 1. */
  readonly version?: number;
  /** Line or record in the payload, counted from 1. */
  readonly row: number;
}

/**
 * When a row became known: its publication time, else the first archive time of its payload. Counted versions that stand
 * side by side in one payload became known one after another, a microsecond apart: the later one counts.
 */
export function knownAtOf({ publishedAt, version = 1 }: RawRow, archivedAt: Micros): Micros {
  return publishedAt ?? archivedAt + version - 1;
}

/** Rows whose publication time says when they became known, where the payload's archive time alone does not. */
export function withKnownTimes(rows: readonly RawRow[], archivedAt: Micros): readonly RawRow[] {
  if (!rows.some(({ version = 1 }) => version > 1)) return rows;
  return rows.map((row) =>
    (row.version ?? 1) > 1 ? { ...row, publishedAt: knownAtOf(row, archivedAt) } : row,
  );
}

/** What all rows of one payload share when they are published. */
export interface RawContext {
  readonly tenant: string;
  /** Name of the connector. */
  readonly source: string;
  readonly traceId: string;
  /** SHA-256 of the payload in hex; null for a stream without files. */
  readonly archiveSha256: string | null;
  /** Member of the payload that holds the rows, where the payload is a container; null otherwise. */
  readonly archiveMember: string | null;
  /** First archive time: the known time of rows whose body prints no publication time. */
  readonly archivedAt: Micros;
}
