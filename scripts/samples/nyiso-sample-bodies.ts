/**
 * Bodies of NYISO's real-time and reserve prices with numbers of our own making, and the rows that they must decode to.
 * Times are counted from the first instant of the day here, and do not come from the decoder under test.
 */
import { MINUTE_MS, printedLine } from './printed-line.ts';

/** A body and the lines that `carbon decode` must print for it. */
export interface Made {
  readonly payload: string;
  readonly expected: string;
}

/** A stamp as it is printed, its zone, and the interval that it stands for, in milliseconds of UTC. */
export interface Stamp {
  readonly text: string;
  readonly zone: 'EST' | 'EDT';
  readonly start: number;
  readonly end: number;
}

const ZONES: readonly (readonly [name: string, id: number])[] = [
  ['CAPITL', 61757],
  ['MHK VL', 61756],
  ['N.Y.C.', 61761],
];
const HEADER = [
  'Time Stamp',
  'Name',
  'PTID',
  'LBMP ($/MWHr)',
  'Marginal Cost Losses ($/MWHr)',
  'Marginal Cost Congestion ($/MWHr)',
];

/** The clock of New York at an instant of 2025, by the two days on which it moves. */
function clockOf(ms: number): { text: string; zone: 'EST' | 'EDT' } {
  const summer = ms >= Date.parse('2025-03-09T07:00:00Z') && ms < Date.parse('2025-11-02T06:00:00Z');
  const iso = new Date(ms - (summer ? 4 : 5) * 60 * MINUTE_MS).toISOString();
  const date = `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)}`;
  return { text: `${date} ${iso.slice(11, 19)}`, zone: summer ? 'EDT' : 'EST' };
}

/** Stamps at the end of five minutes each: `count` of them from an instant, and further ends in between or ahead. */
export function endings(from: string, count: number, more: readonly string[] = []): Stamp[] {
  const first = Date.parse(from);
  const ends = Array.from({ length: count }, (_, i) => first + (i + 1) * 5 * MINUTE_MS);
  ends.push(...more.map((end) => Date.parse(end)));
  return ends.toSorted((a, b) => a - b).map((end) => ({ ...clockOf(end), start: end - 5 * MINUTE_MS, end }));
}

/** Stamps at the begin of an hour each, printed without seconds. */
export function hours(from: string, count: number): Stamp[] {
  return Array.from({ length: count }, (_, i) => {
    const start = Date.parse(from) + i * 60 * MINUTE_MS;
    const clock = clockOf(start);
    return { ...clock, text: clock.text.slice(0, -3), start, end: start + 60 * MINUTE_MS };
  });
}

const cents = (value: number): string => {
  const digits = String(Math.abs(value)).padStart(3, '0');
  return `${value < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

/** One line of `carbon decode`. */
export function expectedLine(
  dataset: string,
  location: string,
  stamp: Stamp,
  value: readonly [field: string, value: string, unit: string],
): string {
  const [field, number, unit] = value;
  const { start, end } = stamp;
  return printedLine('NYISO', dataset, { location, start, end, field, value: number, unit });
}

/** A price file: all zones of a stamp, then those of the next. Old archives cut the header's last characters. */
export function priceFile(
  dataset: string,
  stamps: readonly Stamp[],
  style: { quoted: boolean; lineEnd: '\n' | '\r\n'; cutHeader?: boolean },
): Made {
  const q = (text: string): string => (style.quoted ? `"${text}"` : text);
  const header = HEADER.map((name, i) => (style.cutHeader === true && i === 5 ? name.slice(0, -2) : name));
  const lines = [header.map(q).join(',')];
  const expected: string[] = [];
  for (const [k, stamp] of stamps.entries())
    for (const [place, [name, id]] of ZONES.entries()) {
      const wobble = (k * 7919 + place * 104_729) % 193;
      const loss = (place - 1) * 40 + (wobble % 13);
      const congestion = place === 2 ? -wobble * 4 : 0;
      const lmp = (k % 37 === 5 ? -1200 : 2600) + wobble * 3 + loss - congestion;
      lines.push([q(stamp.text), q(name), id, cents(lmp), cents(loss), cents(congestion)].join(','));
      for (const [field, value] of Object.entries({ lmp, loss, congestion }))
        expected.push(expectedLine(dataset, name, stamp, [field, cents(value), 'USD/MWh']));
    }
  return { payload: lines.join(style.lineEnd) + style.lineEnd, expected: `${expected.join('\n')}\n` };
}

const PRODUCTS: readonly (readonly [header: string, field: string])[] = [
  ['10 Min Spinning Reserve ($/MWHr)', 'mcp_spin_10'],
  ['10 Min Non-Synchronous Reserve ($/MWHr)', 'mcp_nonspin_10'],
  ['30 Min Operating Reserve ($/MWHr)', 'mcp_operating_30'],
  ['NYCA Regulation Capacity ($/MWHr)', 'mcp_regulation_capacity'],
  ['NYCA Regulation Movement ($/MW)', 'mcp_regulation_movement'],
];

/** A reserve price file: day-ahead with four products, real-time with movement as the fifth. */
export function reserveFile(dataset: string, stamps: readonly Stamp[], products: 4 | 5): Made {
  const printed = PRODUCTS.slice(0, products);
  const names = ['Time Stamp', 'Time Zone', 'Name', 'PTID', ...printed.map(([header]) => header)];
  const lines = [names.map((name) => `"${name}"`).join(',')];
  const expected: string[] = [];
  for (const [k, stamp] of stamps.entries())
    for (const [place, [name, id]] of ZONES.entries()) {
      const numbers = printed.map((_, product) =>
        cents(350 + ((k * 31 + place * 17 + product * 11) % 97) * 5),
      );
      lines.push([`"${stamp.text}"`, `"${stamp.zone}"`, `"${name}"`, id, ...numbers].join(','));
      for (const [product, [, field]] of printed.entries())
        expected.push(expectedLine(dataset, name, stamp, [field, numbers[product] ?? '', 'USD/MW']));
    }
  return { payload: `${lines.join('\n')}\n`, expected: `${expected.join('\n')}\n` };
}

const SERVED = { quoted: true, lineEnd: '\n' } as const;
/** First instants of the days on which the clock moves, and of a day between. */
const SPRING = '2025-03-09T05:00:00Z';
const AUTUMN = '2025-11-02T04:00:00Z';
const SUMMER = '2025-07-16T04:00:00Z';

/** Golden cases: `dataset/case` → what it shows, and the bodies. */
export const REAL_TIME_CASES: Readonly<Record<string, readonly [what: string, made: Made]>> = {
  'rt_lmp/growing-day': [
    'first hours of a day, an extra run off the grid, advisory quarter hours ahead',
    priceFile(
      'rt_lmp',
      endings(SUMMER, 30, ['2025-07-16T04:07:34Z', '2025-07-16T06:45:00Z', '2025-07-16T07:00:00Z']),
      SERVED,
    ),
  ],
  'rt_lmp/spring-day': [
    'a whole day of 23 hours: 03:00:00 follows 01:55:00',
    priceFile('rt_lmp', endings(SPRING, 276), SERVED),
  ],
  'rt_lmp/autumn-day': [
    'a whole day of 25 hours: 01:00:00 to 01:55:00 twice, CRLF, nothing quoted',
    priceFile('rt_lmp', endings(AUTUMN, 300), { quoted: false, lineEnd: '\r\n' }),
  ],
  'rt_lmp/last-interval': [
    'the file of the last interval at a full hour',
    priceFile('rt_lmp', endings('2025-07-16T13:55:00Z', 1), SERVED),
  ],
  'rt_lmp/old-header': [
    'the cut header of old archives',
    priceFile('rt_lmp', endings(SUMMER, 6), { ...SERVED, cutHeader: true }),
  ],
  'rt_lmp_hourly/autumn-day': [
    '25 hours, 01:00 as two blocks',
    priceFile('rt_lmp_hourly', hours(AUTUMN, 25), SERVED),
  ],
  'rt_lmp_hourly/spring-day': ['23 hours', priceFile('rt_lmp_hourly', hours(SPRING, 23), SERVED)],
  'da_as_prices/autumn-day': [
    'the zone column tells the repeated hour',
    reserveFile('da_as_prices', hours(AUTUMN, 25), 4),
  ],
  'da_as_prices/spring-day': ['23 hours', reserveFile('da_as_prices', hours(SPRING, 23), 4)],
  'rt_as_prices/autumn-night': [
    'three hours around the repeated one',
    reserveFile('rt_as_prices', endings(AUTUMN, 36), 5),
  ],
};

/** Samples by file name. */
export const REAL_TIME_SAMPLES: Readonly<Record<string, Made>> = {
  'nyiso_20250309realtime_zone.csv': priceFile('rt_lmp', endings(SPRING, 48), SERVED),
  'nyiso_20251102rtlbmp_zone.csv': priceFile('rt_lmp_hourly', hours(AUTUMN, 25), SERVED),
  'nyiso_20250309damasp.csv': reserveFile('da_as_prices', hours(SPRING, 23), 4),
  'nyiso_20250716rtasp.csv': reserveFile('rt_as_prices', endings(SUMMER, 12), 5),
};
