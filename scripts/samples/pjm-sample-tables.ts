/** Feeds of PJM for samples and golden cases: the operator's columns, numbers of our own. */

import { utc } from './printed-line.ts';
import { EASTERN, invented, isoDate, type SampleDay, type Slot, slotsOf } from './sample-days.ts';
import type { Expected, SampleTable } from './sample-table.ts';

const PRICE = 'USD/MWh';

/** How stamps are printed: ISO as in documents, American with a 12-hour clock as in CSV. */
export type Stamps = 'iso' | 'american';

/** The clock on the wall of a slot, `2025-11-02T01:00:00`. */
const wall = (slot: Slot): string => `${isoDate(slot.date)}T${slot.wall}`;
const plain = (at: number): string => utc(at).slice(0, 19);

function american(iso: string): string {
  const [date = '', clock = ''] = iso.split('T');
  const [year, month, day] = date.split('-').map(Number);
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  const half = hour < 12 ? 'AM' : 'PM';
  return `${month}/${day}/${year} ${hour % 12 === 0 ? 12 : hour % 12}:${String(minute).padStart(2, '0')}:00 ${half}`;
}

const printedAs = (stamps: Stamps, iso: string): string => (stamps === 'iso' ? iso : american(iso));

/** A figure of a record: its column, its field, its unit. */
export type Figure = readonly [column: string, field: string, unit: string];

/** Places of a table: the cells that name one, and what must be read from them. */
export interface SamplePlace {
  readonly cells: Readonly<Record<string, string>>;
  readonly location: string;
  readonly series?: string;
}

/** What a feed prints. */
export interface FeedPrint {
  readonly slots: readonly Slot[];
  readonly places: readonly SamplePlace[];
  readonly figures: readonly Figure[];
  readonly stamps?: Stamps;
  /** Prefix of the columns of time; `forecast_` in some feeds. */
  readonly prefix?: string;
  /** Prints the end, too. */
  readonly ending?: boolean;
  readonly eptOnly?: boolean;
  /** Columns of when the row was issued, as an instant. */
  readonly issued?: { readonly column: string; readonly at: string };
  readonly instant?: boolean;
  readonly seed?: number;
}

/** A feed by its columns: times, places, figures. */
export function feedTable(print: FeedPrint): SampleTable {
  const { slots, places, figures, stamps = 'iso', prefix = '', issued } = print;
  const begin = `${prefix}datetime_beginning`;
  const end = `${prefix}datetime_ending`;
  const placeColumns = Object.keys(places[0]?.cells ?? {});
  const header = [
    ...(issued === undefined ? [] : [issued.column]),
    ...(print.eptOnly === true ? [] : [`${begin}_utc`]),
    `${begin}_ept`,
    ...(print.ending === true ? [`${end}_utc`] : []),
    ...placeColumns,
    ...figures.map(([column]) => column),
  ];
  const records = slots.flatMap((slot, i) =>
    places.map((place, k) => {
      const values = figures.map((_, f) => `${invented((print.seed ?? 2) + f, i, k)}0000`);
      const time: Pick<Expected, 'start' | 'end'> = {
        start: utc(slot.start),
        end: utc(print.instant === true ? slot.start : slot.end),
      };
      return {
        cells: [
          ...(issued === undefined ? [] : [printedAs(stamps, issued.at.slice(0, 19))]),
          ...(print.eptOnly === true ? [] : [printedAs(stamps, plain(slot.start))]),
          printedAs(stamps, wall(slot)),
          ...(print.ending === true ? [printedAs(stamps, plain(slot.end))] : []),
          ...placeColumns.map((column) => place.cells[column] ?? ''),
          ...values,
        ],
        expected: figures.map(([, field, unit], f) => ({
          location: place.location,
          ...(place.series === undefined ? {} : { series: place.series }),
          ...time,
          field,
          value: values[f] ?? '',
          unit,
          ...(issued === undefined ? {} : { published: issued.at }),
        })),
      };
    }),
  );
  return { header, records };
}

/** A zone, a hub and a generator: only the generator's number is part of its label. */
export const NODES: readonly SamplePlace[] = [
  { cells: { pnode_id: '1', pnode_name: 'PJM-RTO', type: 'ZONE' }, location: 'PJM-RTO' },
  { cells: { pnode_id: '51288', pnode_name: 'WESTERN HUB', type: 'HUB' }, location: 'WESTERN HUB' },
  { cells: { pnode_id: '50390', pnode_name: 'MILL', type: 'GEN' }, location: 'MILL', series: '50390' },
];

/** The four parts of a price of a market, `da` or `rt`; unverified feeds have no energy. */
export const priceFigures = (market: string, energy = true): readonly Figure[] => [
  [`total_lmp_${market}`, 'lmp', PRICE],
  ...(energy ? [[`system_energy_price_${market}`, 'energy', PRICE] as const] : []),
  [`congestion_price_${market}`, 'congestion', PRICE],
  [`marginal_loss_price_${market}`, 'loss', PRICE],
];

/** Hours of a day. */
export const hours = (day: SampleDay): Slot[] => slotsOf(day, 60);
/** Five minutes of the hours around the repeated one. */
export const fives = (many = 3): Slot[] => slotsOf(EASTERN.autumn, 5, 1, 2).slice(12 - many, 12 + many);

/** One place without a cell of its own. */
export const MARKET: readonly SamplePlace[] = [{ cells: {}, location: 'PJM' }];

/** Places of one column. */
export const placesOf = (column: string, names: readonly string[]): SamplePlace[] =>
  names.map((name) => ({ cells: { [column]: name }, location: name }));
