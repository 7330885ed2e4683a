/**
 * Bodies in MISO's layouts with prices of our own making, and the rows that they must decode to. The rows are counted
 * from 05:00 UTC of the day here, and do not come from the decoder under test.
 */
import { HOUR_MS, printedLine } from './printed-line.ts';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** A node and its type, in the order of the operator. */
export type Node = readonly [name: string, type: string];

export const NODES: readonly Node[] = [
  ['AEC.SAMPLE', 'Interface'],
  ['ALTW.SAMPLE1', 'Gennode'],
  ['ILLINOIS.HUB', 'Hub'],
  ['INDIANA.HUB', 'Hub'],
  ['MICHIGAN.HUB', 'Hub'],
  ['MINN.HUB', 'Hub'],
  ['NSP.SAMPLE', 'Loadzone'],
];

/** A body and the lines that `carbon decode` must print for it. */
export interface Made {
  readonly payload: string;
  readonly expected: string;
}

/** Numbers of one node and interval, in cents. */
interface Parts {
  readonly LMP: number;
  readonly MCC: number;
  readonly MLC: number;
}

/** Made-up prices: a shape over the day, negative at noon on some nodes, losses and congestion by node. */
export function parts(hour: number, place: number): Parts {
  const shape = [24, 22, 21, 21, 23, 29, 38, 41, 33, 24, 12, 4, 1, 2, 6, 15, 31, 52, 61, 47, 38, 33, 28, 25];
  const wobble = (hour * 6151 + place * 92821) % 89;
  const energy = (shape[hour % 24] ?? 30) * 100 + ((hour * 53) % 83);
  const MLC = Math.round((energy * (place - 3)) / 90) - (wobble % 7);
  const MCC = place % 3 === 1 ? -wobble * 6 : wobble % 5 === 0 ? wobble * 3 : 0;
  return { LMP: energy + MLC + MCC, MCC, MLC };
}

/** Cents as the reports print them: no zero before the point, no trailing zero (`.74`, `-.3`, `16`). */
export function bare(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  const fraction = digits.slice(-2).replace(/0+$/, '');
  const whole = digits.slice(0, -2).replace(/^0$/, fraction === '' ? '0' : '');
  return `${cents < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** What a bare number means exactly. */
export function exact(text: string): string {
  return text.replace(/^(-?)\./, '$10.');
}

const dollars = (cents: number): string => {
  const text = `$${Math.floor(Math.abs(cents) / 100).toLocaleString('en-US')}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;
  return cents < 0 ? `($${text.slice(1)})` : text;
};
const plainCents = (cents: number): string =>
  `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;

const FIELD_OF = { LMP: 'lmp', MCC: 'congestion', MLC: 'loss' } as const;
/** First instant of an operating day. */
export const dayStart = (date: string): number => Date.parse(`${date}T05:00:00Z`);
const american = (date: string, padded = true): string => {
  const [year = '', month = '', day = ''] = date.split('-');
  return padded ? `${month}/${day}/${year}` : `${Number(month)}/${Number(day)}/${year}`;
};
const cell = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** One line of `carbon decode`. */
export function printed(
  dataset: string,
  location: string,
  start: number,
  minutes: number,
  value: readonly [field: string, value: string | null, unit: string],
  publishedAt: string | null = null,
): string {
  const [field, number, unit] = value;
  return printedLine('MISO', dataset, {
    location,
    start,
    end: start + minutes * 60_000,
    field,
    value: number,
    unit,
    ...(publishedAt === null ? {} : { published: publishedAt }),
  });
}

/** How a daily report is printed. */
export interface Style {
  readonly title: string;
  readonly date: string;
  readonly paddedDate: boolean;
  /** The blank third line, which row subsets lose. */
  readonly blankLine: boolean;
  readonly lineEnd: '\n' | '\r\n';
  readonly money: boolean;
}

export const SERVED: Style = {
  title: 'Day Ahead Market ExPost LMPs',
  date: '2026-03-08',
  paddedDate: true,
  blankLine: true,
  lineEnd: '\n',
  money: false,
};

const HEADER = ['Node', 'Type', 'Value', ...HOURS.map((hour) => `HE ${hour + 1}`)].join(',');

/** A daily report: all LMP lines, then all MCC, then all MLC. `partial` leaves the parts of the last node out. */
export function dailyReport(
  dataset: string,
  style: Style,
  nodes: readonly Node[] = NODES,
  partial = false,
): Made {
  const lines = [style.title, american(style.date, style.paddedDate)];
  if (style.blankLine) lines.push('');
  lines.push(',,,All Hours-Ending are Eastern Standard Time (EST)', HEADER);
  const expected: string[] = [];
  for (const kind of ['LMP', 'MCC', 'MLC'] as const)
    for (const [place, [name, type]] of nodes.entries()) {
      if (partial && kind !== 'LMP' && place === nodes.length - 1) continue;
      const cents = HOURS.map((hour) => parts(hour, place)[kind]);
      const numbers = cents.map(style.money ? dollars : bare);
      lines.push([cell(name), type, kind, ...numbers.map(cell)].join(','));
      for (const hour of HOURS) {
        const value = style.money ? plainCents(cents[hour] ?? 0) : exact(numbers[hour] ?? '');
        const start = dayStart(style.date) + hour * HOUR_MS;
        expected.push(printed(dataset, name, start, 60, [FIELD_OF[kind], value, 'USD/MWh']));
      }
    }
  return { payload: lines.join(style.lineEnd) + style.lineEnd, expected: `${expected.join('\n')}\n` };
}

/** Some days of a quarter in one file: a line of its own date for each day, node and kind; thousands with commas. */
export function quarter(dataset: string, dates: readonly string[], nodes = NODES.slice(1, 4)): Made {
  const lines = [['MARKET_DAY', 'NODE', 'TYPE', 'VALUE', ...HOURS.map((hour) => `HE${hour + 1}`)].join(',')];
  const expected: string[] = [];
  for (const date of dates)
    for (const [place, [name, type]] of nodes.entries())
      for (const kind of ['LMP', 'MCC', 'MLC'] as const) {
        const cents = HOURS.map((hour) => parts(hour, place)[kind] * (hour === 18 ? 40 : 1));
        const numbers = cents.map((value) =>
          dollars(value)
            .replace(/^\(\$(.*)\)$/, '-$1')
            .replace('$', ''),
        );
        lines.push([american(date, false), name, type, kind, ...numbers.map(cell)].join(','));
        for (const hour of HOURS)
          expected.push(
            printed(dataset, name, dayStart(date) + hour * HOUR_MS, 60, [
              FIELD_OF[kind],
              plainCents(cents[hour] ?? 0),
              'USD/MWh',
            ]),
          );
      }
  return { payload: `${lines.join('\n')}\n`, expected: `${expected.join('\n')}\n` };
}

/** Rows of five minutes of some nodes: start of the interval and its prices as texts. */
function fiveMinutes(date: string, from: number, count: number) {
  return Array.from({ length: count }, (_, i) => from + i).flatMap((interval) =>
    NODES.map(([name], place) => {
      const { LMP, MCC, MLC } = parts(Math.floor(interval / 12), place + (interval % 12));
      return { name, start: dayStart(date) + interval * 300_000, LMP, MCC, MLC };
    }),
  );
}

const PRICE_ORDER = ['LMP', 'MLC', 'MCC'] as const;
/** The clock of EST at an instant, as ISO text without offset. */
const est = (ms: number): string => new Date(ms - 5 * HOUR_MS).toISOString().slice(0, 19);

const priced = (row: Parts, text: (cents: number) => string) =>
  PRICE_ORDER.map((kind) => [FIELD_OF[kind], exact(text(row[kind])), 'USD/MWh'] as const);

/** The display `GetRealTimeFiveMinExPost/*`: texts, and stamps at the end of the interval. */
export function display(date: string, from: number, count: number): Made {
  const rows = fiveMinutes(date, from, count);
  const data = rows.map((row) => [
    est(row.start + 300_000),
    row.name,
    ...PRICE_ORDER.map((k) => plainCents(row[k])),
  ]);
  const expected = rows.flatMap((row) =>
    priced(row, plainCents).map((value) => printed('rt_lmp', row.name, row.start, 5, value)),
  );
  const headers = ['INTERVAL', 'CPNODE', 'LMP', 'MLC', 'MCC'];
  return { payload: JSON.stringify({ headers, data }), expected: `${expected.join('\n')}\n` };
}

/** The consolidated table: four tables in one document, of which the one of five minutes is read. */
export function consolidated(): Made {
  const rows = fiveMinutes('2026-06-12', 174, 1);
  const node = (row: (typeof rows)[number]) => ({
    name: row.name,
    region: 'Central',
    LMP: plainCents(row.LMP),
    MLC: plainCents(row.MLC),
    MCC: plainCents(row.MCC),
  });
  const body = {
    LMPData: {
      RefId: '12-Jun-2026 - Interval 14:35 EST',
      FiveMinLMP: { HourAndMin: '14:35', PricingNode: rows.map(node) },
      HourlyIntegratedLMP: { HourAndMin: 'HE 14', PricingNode: rows.map(node) },
      DayAheadExAnteLMP: { HourAndMin: 'HE 15', PricingNode: [] },
      DayAheadExPostLMP: { HourAndMin: 'HE 15', PricingNode: [] },
    },
  };
  const expected = rows.flatMap((row) =>
    priced(row, plainCents).map((value) =>
      printed('rt_lmp', row.name, row.start, 5, value, '2026-06-12T19:35:00Z'),
    ),
  );
  return { payload: JSON.stringify(body, null, 1), expected: `${expected.join('\n')}\n` };
}

/** The weekly file: lines above the header, stamps at the begin of the interval, a line below the rows. */
export function week(): Made {
  const rows = [...fiveMinutes('2026-05-04', 286, 2), ...fiveMinutes('2026-05-05', 0, 2)];
  const lines = ['Real-Time 5-Min LMP', 'For week 05/04/2026', '', 'Times are EST'];
  lines.push('MKTHOUR_EST,PNODENAME,LMP,CON_LMP,LOSS_LMP');
  for (const row of rows) {
    const clock = est(row.start);
    const stamp = `${american(clock.slice(0, 10))} ${clock.slice(11, 16)}`;
    lines.push([stamp, row.name, bare(row.LMP), bare(row.MCC), bare(row.MLC)].join(','));
  }
  lines.push(`${rows.length} rows selected.`, '');
  const expected = rows.flatMap((row) =>
    priced(row, bare).map((value) => printed('rt_lmp', row.name, row.start, 5, value)),
  );
  return { payload: lines.join('\r\n'), expected: `${expected.join('\n')}\n` };
}

const RESERVES = ['DEMREGMCP', 'GENREGMCP', 'GENSPINMCP', 'GENSUPPMCP'] as const;

/** Clearing prices of reserves: the whole market, blank lines, then two resources with their zone. */
export function reserves(dataset: string, title: string, lineEnd: '\n' | '\r\n', ownHeader: boolean): Made {
  const date = '2026-03-08';
  const hours = HOURS.map((hour) => `HE ${hour + 1}`).join(',');
  const lines = [title, '', `${american(date)},,All Hours-Ending are Eastern Standard Time (EST)`, ''];
  lines.push(`,,MCP Type, ${hours}`);
  const expected: string[] = [];
  const table = (places: readonly (readonly [name: string, zone: string])[], offset: number): void => {
    for (const [place, [name, zone]] of places.entries())
      for (const [kind, type] of RESERVES.entries()) {
        const cents = HOURS.map((hour) => Math.abs(parts(hour, place + kind + offset).LMP) / 4);
        const numbers = cents.map((value) => bare(Math.round(value)));
        lines.push([name, zone, type, ...numbers.map((number) => ` ${number}`)].join(','));
        const field = `mcp_${type.toLowerCase().replace('mcp', '')}`;
        for (const hour of HOURS)
          expected.push(
            printed(dataset, name, dayStart(date) + hour * HOUR_MS, 60, [
              field,
              exact(numbers[hour] ?? ''),
              'USD/MW',
            ]),
          );
      }
  };
  table([['MISO Wide', '-']], 0);
  lines.push('', '');
  if (ownHeader) lines.push(`Pnode,Zone,MCP Type, ${hours}`);
  table(
    [
      ['ALTW.SAMPLE1', 'Zone 3'],
      ['AMIL.SAMPLE2', 'Zone 4'],
    ],
    2,
  );
  return { payload: lines.join(lineEnd) + lineEnd, expected: `${expected.join('\n')}\n` };
}
