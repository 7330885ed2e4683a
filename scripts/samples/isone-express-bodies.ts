/** Makes reports of ISO Express, lines of comments, headings, data and a trailer, and the rows that they stand for. */

import { clockAt, decimal, drawn, type GoldenCase } from './golden-cases.ts';
import { type Figure, HOUR_MS, MINUTE_MS } from './printed-line.ts';

export const FIVE = 5 * MINUTE_MS;
type About = Pick<GoldenCase, 'dataset' | 'name' | 'what' | 'sample'>;
const PUBLISHED = '2026-03-07T18:07:54Z';

/** The frame of a report; the hour of its publication is Eastern. */
function framed(title: string, headings: readonly string[], data: readonly string[], closed = true): string {
  const lines = [
    `"C","${title}"`,
    '"C","Filename: report.csv"',
    '"C","Report for: 11/02/2025 - 11/02/2025"',
    '"C","Report generated: 03/07/2026 13:07:54 EST"',
    ...headings.map((heading) => `"H",${heading}`),
    ...data.map((line) => `"D",${line}`),
    ...(closed ? [`"T","${data.length} lines"`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** Date and hour ending of the hour that begins at an instant: `02X` is the second 01:00 to 02:00. */
export function hourEnding(begin: number): { date: string; hour: string } {
  const { date, time, offset } = clockAt(begin, -5);
  const before = clockAt(begin - HOUR_MS, -5);
  const repeated = before.time === time && before.offset !== offset;
  const hour = String(Number(time.slice(0, 2)) + 1).padStart(2, '0');
  return { date, hour: repeated ? `${hour}X` : hour };
}

interface Column {
  readonly heading: string;
  readonly field: string;
  readonly decimals?: number;
}

interface Layout {
  readonly title: string;
  /** Headings before the columns of numbers, with their second line. */
  readonly lead: readonly (readonly [heading: string, type: string])[];
  leads(begin: number, place: string): readonly string[];
  readonly places: readonly string[];
  readonly columns: readonly Column[];
  readonly unit: string;
  readonly printedUnit?: string;
  readonly length: number;
  readonly series?: boolean;
  readonly closed?: boolean;
}

export function reportCase(about: About, layout: Layout, begins: readonly number[]): GoldenCase {
  const quoted = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(',');
  const { lead, columns, printedUnit = 'Number' } = layout;
  const headings = [
    quoted([...lead.map(([heading]) => heading), ...columns.map(({ heading }) => heading)]),
    quoted([...lead.map(([, type]) => type), ...columns.map(() => printedUnit)]),
  ];
  const data: string[] = [];
  const values: Figure[] = [];
  for (const begin of begins)
    for (const place of layout.places) {
      const numbers = columns.map(({ field, decimals = 2 }) =>
        decimal(drawn(-500, 90_000, begin, place, field), decimals),
      );
      data.push([quoted(layout.leads(begin, place)), ...numbers].join(','));
      for (const [i, { field }] of columns.entries())
        values.push({
          location: layout.series === true || place === '' ? 'ISONE' : place,
          ...(layout.series === true ? { series: place } : {}),
          start: begin,
          end: begin + layout.length,
          field,
          value: numbers[i] ?? '',
          unit: layout.unit,
          published: PUBLISHED,
        });
    }
  return { ...about, extension: 'csv', payload: framed(layout.title, headings, data, layout.closed), values };
}

const PRICES: readonly Column[] = [
  { heading: 'Locational Marginal Price', field: 'lmp' },
  { heading: 'Energy Component', field: 'energy' },
  { heading: 'Congestion Component', field: 'congestion', decimals: 1 },
  { heading: 'Marginal Loss Component', field: 'loss' },
];

export const HOURLY_PRICES: Layout = {
  title: 'Day-Ahead Energy Market Hourly LMP Report',
  lead: [
    ['Date', 'Date'],
    ['Hour Ending', 'HE'],
    ['Location ID', 'String'],
    ['Location Name', 'String'],
    ['Location Type', 'String'],
  ],
  leads(begin, place) {
    const { date, hour } = hourEnding(begin);
    return [date, hour, '4000', place, 'HUB'];
  },
  places: ['.H.INTERNAL_HUB', '.Z.MAINE'],
  columns: PRICES,
  unit: 'USD/MWh',
  length: HOUR_MS,
};

export const BY_HOUR: Layout = {
  ...HOURLY_PRICES,
  title: 'Real-Time Hourly System Load Report',
  lead: [
    ['Date', 'Date'],
    ['Hour Ending', 'HE'],
  ],
  leads(begin) {
    const { date, hour } = hourEnding(begin);
    return [date, hour];
  },
  places: [''],
  columns: [{ heading: 'Total Load', field: 'load', decimals: 3 }],
  unit: 'MWh',
  printedUnit: 'MWh',
};

export const BY_CLOCK: Layout = {
  ...BY_HOUR,
  title: 'Five-Minute System Demand',
  lead: [['Date/Time', 'Date/Time']],
  leads(begin) {
    const { date, time } = clockAt(begin, -5);
    return [`${date} ${time}`];
  },
  columns: [
    { heading: 'Total Load', field: 'load', decimals: 3 },
    { heading: 'Native Load', field: 'load_native', decimals: 3 },
    { heading: 'Asset Related Load', field: 'load_asset_related', decimals: 3 },
  ],
  unit: 'MW',
  printedUnit: 'MW',
  length: FIVE,
};

/** A forecast with a column for each day, as the seven-day forecasts have it. */
export function weekCase(
  about: About,
  kind: 'Wind' | 'Solar',
  days: readonly string[],
  hours: readonly string[],
): GoldenCase {
  const columns = days.map((day) => ({ day, start: Date.parse(`${day}T00:00:00Z`) }));
  const values: Figure[] = [];
  const field = `${kind.toLowerCase()}_forecast`;
  const cells = new Map<string, string>();
  for (const { day } of columns) {
    const midnight = midnightOf(day);
    for (let begin = midnight; clockAt(begin, -5).date === clockAt(midnight, -5).date; begin += HOUR_MS) {
      const { hour } = hourEnding(begin);
      // Hours of the first day that are past are blank.
      if (day === days[0] && begin < midnight + 10 * HOUR_MS) continue;
      const value = decimal(drawn(0, 2_000, begin, kind), 0);
      cells.set(`${day} ${hour}`, value);
      values.push({
        location: 'ISONE',
        start: begin,
        end: begin + HOUR_MS,
        field,
        value,
        unit: 'MW',
        published: PUBLISHED,
      });
    }
  }
  const slashed = (day: string): string => `${day.slice(5, 7)}/${day.slice(8)}/${day.slice(0, 4)}`;
  const lines = [
    `"C","ISO New England Inc. Seven Day ${kind} Power Forecast Report"`,
    '"C","Filename: report.csv"',
    `"C","Report for ${slashed(days[0] ?? '')}"`,
    '"C","Report generated 03/07/2026 13:07:54 EST"',
    `"H","",,${days.map((_, i) => `"Day ${i + 1}"`).join(',')}`,
    `"D","Day",,${days.map(() => '"Sun"').join(',')}`,
    `"D","Date","Hour Ending",${days.map((day) => `"${slashed(day)}"`).join(',')}`,
    ...hours.map((hour) => `"D",,${hour},${days.map((day) => cells.get(`${day} ${hour}`) ?? '').join(',')}`),
    `"T","${hours.length} lines"`,
  ];
  return { ...about, extension: 'csv', payload: `${lines.join('\n')}\n`, values };
}

const midnightOf = (day: string): number => {
  const standard = Date.parse(`${day}T05:00:00Z`);
  return clockAt(standard, -5).time === '00:00:00' ? standard : standard - HOUR_MS;
};
