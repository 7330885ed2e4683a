/** Makes tables and charts of SPP's figures in megawatts, and the rows that they stand for. */

import { decimal, drawn, type GoldenCase } from './golden-cases.ts';
import { type Figure, HOUR_MS, MINUTE_MS, utc } from './printed-line.ts';
import { endsFrom, stampsAt } from './spp-price-cases.ts';

export const FIVE = 5 * MINUTE_MS;
type About = Pick<GoldenCase, 'dataset' | 'name' | 'what' | 'sample'>;

/** A column: its header, and what it holds; `null` as value stands for a blank cell. */
export interface Column {
  readonly header: string;
  readonly field: string;
  readonly unit?: string;
  readonly place?: string;
  readonly series?: string;
  /** True for cells that are blank from the third interval on. */
  readonly past?: boolean;
  readonly decimals?: number;
}

/** How a table is laid out. */
interface Layout {
  /** Headers before the columns of numbers. */
  readonly lead: readonly string[];
  leads(end: number, place: string): readonly string[];
  /** Places of the records; one of them where the columns are places. */
  readonly places: readonly string[];
  /** What a stamp stands for. */
  readonly stamp: 'end' | 'begin' | 'instant';
  /** Headers after them, with their cells. */
  readonly trail?: readonly (readonly [header: string, cell: (place: string) => string])[];
}

export const ENDING: Layout = {
  lead: ['Interval', 'GMTIntervalEnd'],
  leads: (end) => [stampsAt(end).central, stampsAt(end).gmt],
  places: ['SPP'],
  stamp: 'end',
};
export const BY_AREA: Layout = {
  ...ENDING,
  places: ['SPP', 'SWPW'],
  trail: [['BAA', (place) => place]],
};

export const mw = (header: string, field: string, more: Partial<Column> = {}): Column => ({
  header,
  field,
  ...more,
});

export function tableCase(
  about: About,
  layout: Layout,
  columns: readonly Column[],
  times: { readonly ends: readonly number[]; readonly length: number },
): GoldenCase {
  const trail = layout.trail ?? [];
  const lines = [
    [...layout.lead, ...columns.map(({ header }) => header), ...trail.map(([header]) => header)],
  ];
  const values: Figure[] = [];
  for (const [i, end] of times.ends.entries())
    for (const place of layout.places) {
      const cells = columns.map(({ field, series, past, decimals = 2 }) =>
        past === true && i > 2
          ? ''
          : decimal(drawn(-2_000, 3_000_000, end, place, field, series ?? ''), decimals),
      );
      lines.push([...layout.leads(end, place), ...cells, ...trail.map(([, cell]) => cell(place))]);
      const { start, stop } = boundsOf(layout.stamp, end, times.length);
      for (const { column, value } of grouped(columns, cells))
        values.push({
          location: column.place ?? place,
          ...(column.series === undefined ? {} : { series: column.series }),
          start,
          end: stop,
          field: column.field,
          value,
          unit: column.unit ?? 'MW',
        });
    }
  return {
    ...about,
    extension: 'csv',
    payload: `${lines.map((line) => line.join(',')).join('\n')}\n`,
    values,
  };
}

function boundsOf(stamp: Layout['stamp'], at: number, length: number): { start: number; stop: number } {
  if (stamp === 'instant') return { start: at, stop: at };
  return stamp === 'end' ? { start: at - length, stop: at } : { start: at, stop: at + length };
}

/** Columns of one place and series belong to one row: they are printed together, in the order of their first. */
function grouped(
  columns: readonly Column[],
  cells: readonly string[],
): { column: Column; value: string | null }[] {
  const key = ({ place = '', series = '' }: Column): string => `${place}|${series}`;
  const order = [...new Set(columns.map(key))];
  return order.flatMap((each) =>
    columns.flatMap((column, i) => {
      const cell = cells[i] ?? '';
      return key(column) === each ? [{ column, value: cell === '' ? null : cell }] : [];
    }),
  );
}

export function chartCase(
  about: About,
  stamp: Layout['stamp'],
  columns: readonly Column[],
  times: { readonly ends: readonly number[]; readonly length: number },
): GoldenCase {
  const values: Figure[] = [];
  const datasets = columns.map(({ header, field, place = 'SPP', series, past }) => ({
    label: header,
    data: times.ends.map((at, i) => {
      if (past === true && i > 2) return null;
      const value = decimal(drawn(1_000, 3_000_000, at, header), 2);
      const { start, stop } = boundsOf(stamp, at, times.length);
      const more = series === undefined ? {} : { series };
      values.push({ location: place, ...more, start, end: stop, field, value, unit: 'MW' });
      return value;
    }),
  }));
  const body = JSON.stringify({ response: { labels: times.ends.map(utc), datasets } });
  // The operator prints numbers, not texts.
  return { ...about, extension: 'json', payload: body.replace(/"(-?\d+\.\d+)"/g, '$1'), values };
}

export const SPRING = endsFrom('2026-03-08T06:00:00Z', 23, HOUR_MS);
export const AUTUMN = endsFrom('2025-11-02T05:00:00Z', 25, HOUR_MS);
export const NIGHT = endsFrom('2025-11-02T06:30:00Z', 18, FIVE);
