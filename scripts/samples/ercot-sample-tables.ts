/** Tables of ERCOT for samples and golden cases: the operator's headers, numbers of our own. */

import { utc } from './printed-line.ts';
import { CENTRAL, invented, isoDate, type SampleDay, type Slot, slotsOf } from './sample-days.ts';
import type { Expected, SampleTable } from './sample-table.ts';

const two = (n: number): string => String(n).padStart(2, '0');
const PRICE = 'USD/MWh';
const CAPACITY = 'USD/MW';

const flag = (slot: Slot): string => (slot.repeated ? 'Y' : 'N');
const hour = (slot: Slot): string => `${two(slot.hour)}:00`;
const of = (slot: Slot): Pick<Expected, 'start' | 'end'> => ({ start: utc(slot.start), end: utc(slot.end) });
const at = (slot: Slot): Pick<Expected, 'start' | 'end'> => ({
  start: utc(slot.start),
  end: utc(slot.start),
});

/** How hours and flags are printed. */
export interface Print {
  readonly header: readonly string[];
  readonly hour?: (slot: Slot) => string;
  /** Dates as the public API prints them, flags as booleans. */
  readonly api?: boolean;
  readonly published?: string;
}

const dateOf = (slot: Slot, print: Print): string => (print.api === true ? isoDate(slot.date) : slot.date);
const flagOf = (slot: Slot, print: Print): string | boolean =>
  print.api === true ? slot.repeated : flag(slot);
const issued = (print: Print): Pick<Expected, 'published'> =>
  print.published === undefined ? {} : { published: print.published };

/** Prices by the hour at places, one record each: date, hour, [flag], place, price, [flag]. */
export function hourlyPrices(
  day: SampleDay,
  places: readonly string[],
  print: Print,
  flagAt = 4,
): SampleTable {
  const records = slotsOf(day, 60).flatMap((slot, i) =>
    places.map((place, k) => {
      const value = invented(3, i, k);
      const cells: (string | boolean)[] = [dateOf(slot, print), (print.hour ?? hour)(slot), place, value];
      cells.splice(flagAt, 0, flagOf(slot, print));
      return {
        cells,
        expected: [{ location: place, ...of(slot), field: 'lmp', value, unit: PRICE, ...issued(print) }],
      };
    }),
  );
  return { header: print.header, records };
}

const ZONES = [
  ['LZ_WEST', 'LZ'],
  ['LZ_WEST', 'LZEW'],
  ['HB_HUBAVG', 'AH'],
] as const;

/** Prices by the quarter of an hour; a zone has two, told apart by their type. */
export function quarterPrices(day: SampleDay, header: readonly string[], yearly: boolean): SampleTable {
  const records = slotsOf(day, 15, 0, 4).flatMap((slot, i) =>
    ZONES.map(([place, type], k) => {
      const value = invented(5, i, k);
      const time = [slot.date, String(slot.hour), String(slot.quarter)];
      const rest = [place, type, value];
      return {
        cells: yearly ? [...time, flag(slot), ...rest] : [...time, ...rest, flag(slot)],
        expected: [
          {
            location: place,
            ...(type === 'LZEW' ? { series: type } : {}),
            ...of(slot),
            field: 'lmp',
            value,
            unit: PRICE,
          },
        ],
      };
    }),
  );
  return { header, records };
}

/** The stamps of a dispatch about every five minutes, some seconds off. */
export function dispatchPrices(
  header: readonly string[],
  places: readonly string[],
  seconds = 14,
): SampleTable {
  const records = slotsOf(CENTRAL.autumn, 15, 1, 2).flatMap((slot, i) =>
    places.map((place, k) => {
      const value = invented(7, i, k);
      const moved = { ...slot, start: slot.start + seconds * 1000 };
      return {
        cells: [`${slot.date} ${slot.wall.slice(0, 6)}${two(seconds)}`, flag(slot), place, value],
        expected: [{ location: place, ...at(moved), field: 'lmp', value, unit: PRICE }],
      };
    }),
  );
  return { header, records };
}

const PRODUCTS = ['REGDN', 'REGUP', 'RRS', 'NSPIN', 'ECRS'] as const;

/** Clearing prices of capacity, a product per record. */
export function capacityPrices(day: SampleDay, print: Print): SampleTable {
  const records = slotsOf(day, 60).flatMap((slot, i) =>
    PRODUCTS.map((product, k) => {
      const value = invented(11, i, k).replace('-', '');
      const field = `mcp_${product.toLowerCase()}`;
      return {
        cells: [dateOf(slot, print), hour(slot), product, value, flagOf(slot, print)],
        expected: [{ location: 'ERCOT', ...of(slot), field, value, unit: CAPACITY, ...issued(print) }],
      };
    }),
  );
  return { header: print.header, records };
}

/** Clearing prices of capacity, a product per column. */
export function yearlyCapacity(
  day: SampleDay,
  products: readonly string[],
  header: readonly string[],
): SampleTable {
  const records = slotsOf(day, 60).map((slot, i) => {
    const values = products.map((_, k) => invented(13, i, k).replace('-', ''));
    return {
      cells: [slot.date, hour(slot), flag(slot), ...values],
      expected: products.map((product, k) => ({
        location: 'ERCOT',
        ...of(slot),
        field: `mcp_${product.toLowerCase()}`,
        value: values[k] ?? '',
        unit: CAPACITY,
      })),
    };
  });
  return { header, records };
}

/** Figures of zones by the hour, a zone per column. */
export function zoneLoads(
  slots: readonly Slot[],
  field: string,
  zones: readonly string[],
  header: readonly string[],
  cellsOf: (slot: Slot, values: readonly string[]) => readonly (string | null)[],
  more: Partial<Expected> = {},
): SampleTable {
  const records = slots.map((slot, i) => {
    const values = zones.map((_, k) => invented(17, i, k).replace('-', '1'));
    return {
      cells: cellsOf(slot, values),
      expected: zones.map((zone, k) => ({
        location: zone,
        ...of(slot),
        field,
        value: values[k] ?? '',
        unit: 'MW',
        ...more,
      })),
    };
  });
  return { header, records };
}

/** One figure of the system per record. */
export function systemFigures(
  slots: readonly Slot[],
  header: readonly string[],
  what: { readonly field: string; readonly unit: string; readonly instant?: boolean },
  cellsOf: (slot: Slot, value: string) => readonly string[],
): SampleTable {
  const records = slots.map((slot, i) => {
    const value = invented(19, i);
    const time = what.instant === true ? at(slot) : of(slot);
    return {
      cells: cellsOf(slot, value),
      expected: [{ location: 'ERCOT', ...time, field: what.field, value, unit: what.unit }],
    };
  });
  return { header, records };
}

/** Wind or solar by the hour: past hours have output, hours to come have a forecast alone. */
export function renewableHours(
  day: SampleDay,
  header: readonly string[],
  columns: readonly (readonly [location: string, field: string])[],
): SampleTable {
  const records = slotsOf(day, 60).map((slot, i) => {
    const values = columns.map(([, field], k) =>
      field.endsWith('_generation') && i > 12 ? null : invented(23, i, k).replace('-', ''),
    );
    const places = [...new Set(columns.map(([location]) => location))];
    return {
      cells: [slot.date, String(slot.hour), ...values, flag(slot)],
      expected: places.flatMap((place) =>
        columns.flatMap(([location, field], k) =>
          location === place ? [{ location, ...of(slot), field, value: values[k] ?? null, unit: 'MW' }] : [],
        ),
      ),
    };
  });
  return { header, records };
}

/** Averages of five minutes, printed by their end. */
export function fiveMinuteAverages(
  header: readonly string[],
  field: string,
  regions: readonly string[],
): SampleTable {
  const slots = slotsOf(CENTRAL.spring, 15, 1, 2);
  const records = slots.map((slot, i) => {
    const values = regions.map((_, k) => invented(29, i, k).replace('-', ''));
    // The end of five minutes at the begin of the slot.
    const end = slot.start;
    return {
      cells: [`${slot.date} ${slot.wall}`, ...values, 'N'],
      expected: regions.map((location, k) => ({
        location,
        start: utc(end - 300_000),
        end: utc(end),
        field,
        value: values[k] ?? '',
        unit: 'MW',
      })),
    };
  });
  return { header, records };
}
