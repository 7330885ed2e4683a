/**
 * Makes the NYISO samples and golden cases: the operator's layout with prices of our own making, the same on every run.
 *
 * `scripts/node scripts/samples/make-nyiso-samples.ts` writes them. The expected rows come from the maker, which counts hours
 * from the first instant of the day, and not from the decoder under test.
 */

import { NYISO_ZONES } from '../../simulators/nyiso/locations.ts';
import { caseFolder, writeFiles } from './case-folder.ts';
import { type Made, REAL_TIME_CASES, REAL_TIME_SAMPLES } from './nyiso-sample-bodies.ts';
import { MEGAWATT_CASES, MEGAWATT_SAMPLES } from './nyiso-sample-megawatts.ts';

/** A day: its date, the first instant in UTC, and the clock of each hour as the operator prints it. */
interface Day {
  readonly date: string;
  readonly start: string;
  readonly clocks: readonly string[];
}

const hours = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `${String(from + i).padStart(2, '0')}:00`);

export const NORMAL: Day = { date: '07/16/2025', start: '2025-07-16T04:00:00Z', clocks: hours(0, 24) };
export const SPRING: Day = {
  date: '03/09/2025',
  start: '2025-03-09T05:00:00Z',
  clocks: [...hours(0, 2), ...hours(3, 24)],
};
export const AUTUMN: Day = {
  date: '11/02/2025',
  start: '2025-11-02T04:00:00Z',
  clocks: [...hours(0, 2), ...hours(1, 24)],
};

/** How a body is printed. */
interface Style {
  readonly quoted: boolean;
  readonly lineEnd: '\n' | '\r\n';
  /** Old archives cut the header's last characters. */
  readonly cutHeader: boolean;
  readonly seconds: boolean;
  /** `.74` in place of `0.74`, as some reports print. */
  readonly bareFraction: boolean;
}

const PLAIN: Style = { quoted: false, lineEnd: '\n', cutHeader: false, seconds: false, bareFraction: false };
const SERVED: Style = { ...PLAIN, quoted: true };

/** A price in cents with two digits after the point. */
function cents(value: number, style: Style): string {
  const digits = String(Math.abs(value)).padStart(3, '0');
  const whole = digits.slice(0, -2);
  return `${value < 0 ? '-' : ''}${style.bareFraction && whole === '0' ? '' : whole}.${digits.slice(-2)}`;
}

const exact = (value: number): string => cents(value, PLAIN);

/** Made-up prices in cents: a morning and an evening peak, losses by zone, congestion in the south at the peaks. */
function prices(hour: number, place: number): { lmp: number; loss: number; congestion: number } {
  const shape = [
    31, 29, 28, 27, 28, 32, 41, 52, 49, 44, 41, 38, 36, 35, 36, 41, 53, 68, 72, 66, 55, 46, 39, 34, 32,
  ];
  const wobble = (hour * 7919 + place * 104729) % 97;
  const energy = (shape[hour] ?? 30) * 100 + ((hour * 61) % 89);
  const loss = Math.round((energy * (place - 7)) / 120) + (wobble % 11);
  const constrained = place === 2 || place === 6 || place === 9;
  const congestion = constrained ? -(wobble * (hour > 15 ? 9 : 1)) : hour < 4 ? energy + 150 + wobble : 0;
  return { lmp: energy + loss - congestion, loss, congestion };
}

/** A body and the lines that `carbon decode` must print for it. */
export function dayFile(
  day: Day,
  style: Style,
  places: readonly (readonly [string, number])[] = NYISO_ZONES,
): { payload: string; expected: string } {
  const q = (text: string): string => (style.quoted ? `"${text}"` : text);
  const names = ['Time Stamp', 'Name', 'PTID', 'LBMP ($/MWHr)', 'Marginal Cost Losses ($/MWHr)'];
  names.push(style.cutHeader ? 'Marginal Cost Congestion ($/MWH' : 'Marginal Cost Congestion ($/MWHr)');
  const lines = [names.map(q).join(',')];
  const expected: string[] = [];
  const utc = (hour: number): string =>
    new Date(Date.parse(day.start) + hour * 3_600_000).toISOString().replace('.000', '');
  for (const [hour, clock] of day.clocks.entries()) {
    const stamp = `${day.date} ${clock}${style.seconds ? ':00' : ''}`;
    for (const [place, [name, id]] of places.entries()) {
      const made = prices(hour, place);
      const numbers = [made.lmp, made.loss, made.congestion].map((value) => cents(value, style));
      lines.push([q(stamp), q(name), String(id), ...numbers].join(','));
      for (const [field, value] of Object.entries(made))
        expected.push(
          JSON.stringify({
            market: 'NYISO',
            dataset: 'da_lmp',
            location: name,
            interval_start: utc(hour),
            interval_end: utc(hour + 1),
            field,
            value: exact(value),
            unit: 'USD/MWh',
          }),
        );
    }
  }
  return { payload: lines.join(style.lineEnd) + style.lineEnd, expected: `${expected.join('\n')}\n` };
}

const GENERATORS: readonly (readonly [string, number])[] = [
  ['59TH STREET_GT_1', 24138],
  ['NYISO_LBMP_REFERENCE', 24008],
  ['MILL, UPPER "B"', 323601],
];

/** Golden cases by name. */
const CASES: Readonly<Record<string, { what: string; made: { payload: string; expected: string } }>> = {
  'normal-day': { what: '24 hours, quoted text, LF', made: dayFile(NORMAL, SERVED) },
  'spring-day': { what: '23 hours, 02:00 absent, nothing quoted', made: dayFile(SPRING, PLAIN) },
  'autumn-day': { what: '25 hours, 01:00 as two blocks, quoted text', made: dayFile(AUTUMN, SERVED) },
  'autumn-day-crlf': {
    what: 'as autumn-day with CRLF, seconds in the stamps and bare fractions, four zones',
    made: dayFile(
      AUTUMN,
      { ...PLAIN, lineEnd: '\r\n', seconds: true, bareFraction: true },
      NYISO_ZONES.slice(6, 10),
    ),
  },
  'old-header': {
    what: 'the cut header of old archives, two zones',
    made: dayFile(NORMAL, { ...SERVED, cutHeader: true }, NYISO_ZONES.slice(0, 2)),
  },
};

/** Every file that this script makes: path from the root of the project → content. */
export function samples(): Map<string, string> {
  const files = new Map<string, string>();
  files.set('samples/nyiso_20250309damlbmp_zone.csv', dayFile(SPRING, SERVED).payload);
  files.set('samples/nyiso_20251102damlbmp_zone.csv', dayFile(AUTUMN, SERVED).payload);
  const cases = { ...CASES };
  const generators = dayFile(SPRING, SERVED, GENERATORS);
  cases['generators'] = {
    what: 'generator file, a name with a comma and doubled quotes',
    made: {
      ...generators,
      payload: generators.payload.replaceAll('"MILL, UPPER "B""', '"MILL, UPPER ""B"""'),
    },
  };
  for (const [name, made] of Object.entries({ ...REAL_TIME_SAMPLES, ...MEGAWATT_SAMPLES }))
    files.set(`samples/${name}`, made.payload);
  const all = Object.entries(cases).map(([name, { what, made }]): [string, string, Made] => [
    `da_lmp/${name}`,
    what,
    made,
  ]);
  for (const [name, [what, made]] of Object.entries({ ...REAL_TIME_CASES, ...MEGAWATT_CASES }))
    all.push([name, what, made]);
  for (const [name, what, made] of all) {
    const parts = { what, script: 'make-nyiso-samples.ts', file: 'payload.csv', ...made };
    for (const [path, content] of caseFolder('nyiso', name, parts)) files.set(path, content);
  }
  return files;
}

if (import.meta.main) writeFiles(samples());
