/**
 * Layouts of tables as values: which columns tell a report, how it tells the time, and which cells are numbers of which
 * place. Long tables have a place per record; wide ones have a place per column.
 */

import type { Micros } from '../../../core/time/instant.ts';
import type { Coverage, PrintedBounds, Rejection, SourceRow } from '../contract.ts';
import { sourceRow } from '../source-row.ts';
import type { TimeConvention } from '../time/convention.ts';
import type { TableRecord } from './record-table.ts';
import { rejectedRecord, type TableShape, type TableView } from './table-dataset.ts';

/** The words of a record's time with the flag of its hour and, where it prints both, begin and end. */
export interface ClockWords {
  readonly words: string;
  readonly hint: string | null;
  readonly bounds?: PrintedBounds;
}

/** How one table tells the time. */
export interface Clock {
  readonly time: TimeConvention;
  /** Null for a record without a time. */
  read(record: TableRecord): ClockWords | null;
}

/** A column of numbers. */
export interface Measure {
  readonly at: number;
  readonly field: string;
  readonly unit: string;
  /** Place of the column in a wide table; absent where the record says the place. */
  readonly location?: string;
  /** Second label of the column, where the record does not say it. */
  readonly series?: string;
}

/** Place of a record and its second label; in tables with a figure per record also what the figure is. */
export interface RecordPlace {
  readonly location: string | null;
  readonly series: string | null;
  readonly field?: string;
  readonly unit?: string;
  /** As {@link SourceRow.version}. */
  readonly version?: number;
}

/** What a layout finds in a table. */
export interface Cells {
  readonly measures: readonly Measure[];
  place(record: TableRecord): RecordPlace | Rejection;
}

/** One layout. */
export interface Layout {
  readonly title: string;
  /** The table has one column of each group. */
  readonly needs: readonly (readonly string[])[];
  /** Columns that tell the table apart from this report. */
  readonly lacks?: readonly string[];
  readonly ignored?: readonly string[];
  /** False for a table that something beside its columns tells apart. */
  readonly accepts?: (view: TableView) => boolean;
  /** As {@link TableShape.tells}. */
  readonly tells?: (view: TableView) => boolean;
  readonly clock: (view: TableView) => Clock | null;
  readonly cells: (view: TableView) => Cells | null;
  readonly coverage?: (view: TableView) => Coverage | null;
}

/** When a record was published, by its columns or by what surrounds the table. */
export type Publication = (view: TableView) => (record: TableRecord) => Micros | null;

/** Rows of a location run forward, with gaps where there are some. */
export const FORWARD: Coverage = { contiguous: false, sameSpan: false, forward: true };
/** The rows of a location follow each other without gap. */
export const CONTIGUOUS: Coverage = { contiguous: true, sameSpan: false };

/** The coverage of files; answers of an API and pages are excerpts in an order of their own. */
export const ofFiles =
  (coverage: Coverage) =>
  (view: TableView): Coverage | null =>
    view.form === 'csv' || view.form === 'xml' ? coverage : null;

/** The text of a cell; null where the source prints nothing or has no such column. */
export function cellText(record: TableRecord, at: number): string | null {
  return at < 0 ? null : (record.cells[at] ?? null);
}

/** The text of a cell as a label: trimmed, null for a blank. */
export function labelOf(record: TableRecord, at: number): string | null {
  return (cellText(record, at) ?? '').trim() || null;
}

/** A layout as a shape of a dataset. Without a coverage of its own nothing is asked of its order. */
export function shapeOf(layout: Layout, publication: Publication): TableShape {
  return {
    title: layout.title,
    ...(layout.tells === undefined ? {} : { tells: layout.tells }),
    bind(view) {
      const { columns } = view;
      if (!layout.needs.every((group) => columns.has(...group))) return null;
      if (columns.has(...(layout.lacks ?? []))) return null;
      if (layout.accepts !== undefined && !layout.accepts(view)) return null;
      const clock = layout.clock(view);
      const cells = clock === null ? null : layout.cells(view);
      if (clock === null || cells === null || cells.measures.length === 0) return null;
      columns.ignore(...(layout.ignored ?? []));
      const publishedAt = publication(view);
      return {
        time: clock.time,
        coverage: layout.coverage?.(view) ?? null,
        rows: (record) => rowsOf(record, clock, cells, publishedAt),
      };
    },
  };
}

function rowsOf(
  record: TableRecord,
  clock: Clock,
  { measures, place }: Cells,
  publishedAt: (record: TableRecord) => Micros | null,
): SourceRow[] | Rejection {
  const read = clock.read(record);
  if (read === null) {
    // An empty margin is passed over; a number without a time is not.
    if (measures.every(({ at }) => labelOf(record, at) === null)) return [];
    return rejectedRecord(record, 'TIME_UNPARSEABLE', 'time', clock.time.pattern, '');
  }
  const where = place(record);
  if ('code' in where) return where;
  const { version } = where;
  const more = {
    ...(version === undefined ? {} : { version }),
    timeHint: read.hint,
    bounds: read.bounds ?? null,
    publishedAt: publishedAt(record),
  };
  const rows = new Map<string, SourceRow>();
  for (const { at, field, unit, location = where.location, series = where.series } of measures) {
    const key = `${location}\u0000${series}`;
    let row = rows.get(key);
    if (row === undefined) {
      row = sourceRow(record.line, location, read.words, [], { ...more, series });
      rows.set(key, row);
    }
    row.values.push({
      field: where.field ?? field,
      value: cellText(record, at),
      unit: where.unit ?? unit,
    });
  }
  return [...rows.values()];
}
