/**
 * Makes the EIA samples and golden cases with figures of our own making, the same on every run:
 * `scripts/node scripts/samples/make-eia-samples.ts` writes them. Hours are counted back from their end here.
 */

import { writeFiles } from './case-folder.ts';
import { KEPT_CASES } from './eia-kept-cases.ts';
import { type Body, filesOf, type GoldenCase } from './golden-case.ts';
import { type Figure, HOUR_MS } from './printed-line.ts';

const DAY_MS = 24 * HOUR_MS;

/** How an answer is printed: numbers as numbers or texts, the total likewise. */
interface Print {
  readonly texts: boolean;
  readonly indented: boolean;
}
const SERVED: Print = { texts: true, indented: false };
const OLD: Print = { texts: false, indented: true };

type Value = string | null;
interface Entry {
  readonly record: Readonly<Record<string, string>>;
  readonly value: Value;
  readonly figure: Omit<Figure, 'value'>;
}

function answer(frequency: string, description: string, entries: readonly Entry[], print: Print): Body {
  const data = entries.map(({ record, value }) => ({
    ...record,
    value: value === null || print.texts ? value : Number(value),
  }));
  const total = print.texts ? String(entries.length) : entries.length;
  const body = {
    response: { total, dateFormat: 'YYYY-MM-DD"T"HH24', frequency, data, description },
    request: { command: '/v2/', params: { frequency } },
    apiVersion: '2.1.14',
  };
  const figures = entries.map(({ figure, value }) => ({ ...figure, value: value === 'NA' ? null : value }));
  return { payload: print.indented ? JSON.stringify(body, null, 2) : JSON.stringify(body), figures };
}

/** Hours named by their end, from the first of them on. */
const endings = (first: string, count: number): { period: string; end: number }[] =>
  Array.from({ length: count }, (_, i) => {
    const end = Date.parse(`${first}:00:00Z`) + i * HOUR_MS;
    return { period: new Date(end).toISOString().slice(0, 13), end };
  });

const MWH = { 'value-units': 'megawatthours' };
const hour = (end: number) => ({ start: end - HOUR_MS, end, unit: 'MWh' });

function region(print: Print): Body {
  const types = { D: 'load', DF: 'load_forecast', NG: 'generation', TI: 'interchange' };
  const entries = endings('2025-03-09T09', 3).flatMap(({ period, end }, i) =>
    Object.entries(types).map(
      ([type, field], k): Entry => ({
        record: {
          period,
          respondent: 'CISO',
          'respondent-name': 'California',
          type,
          'type-name': field,
          ...MWH,
        },
        value:
          type === 'TI' ? `-${3_100 + i}` : i === 1 && type === 'D' ? null : String(20_000 + i * 7 - k * 100),
        figure: { location: 'CISO', field, ...hour(end) },
      }),
    ),
  );
  return answer(
    'hourly',
    'Hourly demand, day-ahead demand forecast, net generation, and interchange',
    entries,
    print,
  );
}

function fuel(print: Print): Body {
  const entries = endings('2025-11-02T05', 3).flatMap(({ period, end }, i) =>
    ['COL', 'WND', 'SUN'].map(
      (code, k): Entry => ({
        record: { period, respondent: 'BPAT', fueltype: code, 'type-name': code, ...MWH },
        value: code === 'SUN' ? '-2' : String(900 + i * 11 + k),
        figure: { location: 'BPAT', series: code, field: 'generation', ...hour(end) },
      }),
    ),
  );
  return answer('hourly', 'Hourly net generation by balancing authority and energy source.', entries, print);
}

function interchange(): Body {
  const entries = endings('2025-11-02T23', 3).map(
    ({ period, end }, i): Entry => ({
      record: { period, fromba: 'SWPP', toba: 'MISO', 'fromba-name': 'a', 'toba-name': 'b', ...MWH },
      value: String(i * 40 - 55),
      figure: { location: 'SWPP', series: 'MISO', field: 'interchange', ...hour(end) },
    }),
  );
  return answer('hourly', 'Hourly interchange between neighboring balancing authorities.', entries, SERVED);
}

function parts(): Body {
  const entries = endings('2025-06-01T00', 2).map(
    ({ period, end }, i): Entry => ({
      record: { period, subba: 'PGAE', 'subba-name': 'a', parent: 'CISO', 'parent-name': 'b', ...MWH },
      value: String(9_000 + i),
      figure: { location: 'CISO', series: 'PGAE', field: 'load', ...hour(end) },
    }),
  );
  return answer('hourly', 'Hourly demand by subregion.', entries, SERVED);
}

/** Days of two zones around both changes of the clock: 23, 24 and 25 hours. */
const DAYS: readonly (readonly [date: string, zone: string, start: string, end: string])[] = [
  ['2025-03-09', 'Eastern', '2025-03-09T05:00:00Z', '2025-03-10T04:00:00Z'],
  ['2025-03-09', 'Arizona', '2025-03-09T07:00:00Z', '2025-03-10T07:00:00Z'],
  ['2025-11-02', 'Pacific', '2025-11-02T07:00:00Z', '2025-11-03T08:00:00Z'],
];

function daily(
  record: Readonly<Record<string, string>>,
  label: string,
  field: string,
  location: string,
): Body {
  const entries = DAYS.map(
    ([period, zone, start, end], i): Entry => ({
      record: { period, ...record, timezone: zone, 'timezone-description': zone, ...MWH },
      value: String(480_000 + i * 13),
      figure: {
        location,
        series: [label, zone].filter((word) => word !== '').join(' '),
        field,
        start: Date.parse(start),
        end: Date.parse(end),
        unit: 'MWh',
      },
    }),
  );
  return answer('daily', 'Daily figures.', entries, SERVED);
}

function gas(series: string, dates: readonly string[], print: Print): Body {
  const entries = dates.map((period, i): Entry => {
    const start = Date.parse(`${period}T00:00:00Z`);
    return {
      record: {
        period,
        duoarea: 'RGC',
        'area-name': 'NA',
        product: 'EPG0',
        process: 'PS0',
        series,
        'series-description': 'invented',
        units: '$/MMBTU',
      },
      value: i === 1 ? 'NA' : `2.${90 + i}5`,
      figure: { location: series, field: 'gas_price', start, end: start + DAY_MS, unit: 'USD/MMBtu' },
    };
  });
  return answer('daily', 'Natural gas prices.', entries, print);
}

/** Version 1, newest first, the key's place filled with words. */
function gasVersionOne(): Body {
  const data = [
    ['20190103', 2.61],
    ['20190102', 2.66],
  ] as const;
  const payload = JSON.stringify({
    request: { command: 'series', series_id: 'NG.RNGWHHD.D' },
    series: [{ series_id: 'NG.RNGWHHD.D', units: 'Dollars per Million Btu', f: 'D', data }],
  });
  const figures = data.map(([date, value]): Figure => {
    const start = Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T00:00:00Z`);
    return {
      location: 'RNGWHHD',
      start,
      end: start + DAY_MS,
      field: 'gas_price',
      value: String(value),
      unit: 'USD/MMBtu',
    };
  });
  return { payload, figures };
}

function gridVersionOne(id: string, field: string, series: string | null, location: string): Body {
  const ends = endings('2018-03-11T09', 3).toReversed();
  const data = ends.map(({ period }, i) => [`${period.replaceAll('-', '')}Z`, i === 1 ? null : 700 + i]);
  const payload = JSON.stringify({
    request: { command: 'series', series_id: id },
    series: [{ series_id: id, name: 'invented', units: 'megawatthours', f: 'H', data }],
  });
  const figures = ends.map(
    ({ end }, i): Figure => ({
      location,
      series,
      field,
      value: i === 1 ? null : String(700 + i),
      ...hour(end),
    }),
  );
  return { payload, figures };
}

/** A clock of 12 hours in UTC, as the six-month files print it. */
function clockOf(end: number): string {
  const at = new Date(end);
  const hours = at.getUTCHours();
  return `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()} ${hours % 12 || 12}:00:00 ${hours < 12 ? 'AM' : 'PM'}`;
}

function balance(): Body {
  const figureColumns = [
    ['Demand Forecast (MW)', 'load_forecast', null],
    ['Demand (MW)', 'load', null],
    ['Net Generation (MW)', 'generation', null],
    ['Total Interchange (MW)', 'interchange', null],
    ['Sum(Valid DIBAs) (MW)', 'interchange_of_neighbours', null],
    ['Demand (MW) (Imputed)', 'load_imputed', null],
    ['Demand (MW) (Adjusted)', 'load_adjusted', null],
    ['Net Generation (MW) from Coal', 'generation', 'Coal'],
    ['Net Generation (MW) from Coal (Imputed)', 'generation_imputed', 'Coal'],
  ] as const;
  const head = [
    'Balancing Authority',
    'Data Date',
    'Hour Number',
    'Local Time at End of Hour',
    'UTC Time at End of Hour',
  ];
  const lines = [
    [...head, ...figureColumns.map(([name]) => name), 'Region'].map((name) => `"${name}"`).join(','),
  ];
  const figures: Figure[] = [];
  for (const [i, { end }] of endings('2024-01-01T12', 2).entries()) {
    const values = figureColumns.map(([name], k) =>
      name.includes('Imputed') ? '' : `"1,${String(100 + i * 20 + k)}"`,
    );
    lines.push(['PSCO', '01/01/2024', i + 1, '"x"', `"${clockOf(end)}"`, ...values, 'NW'].join(','));
    for (const [k, [name, field, series]] of figureColumns.entries())
      figures.push({
        location: 'PSCO',
        series,
        start: end - HOUR_MS,
        end,
        field,
        value: name.includes('Imputed') ? null : `1${100 + i * 20 + k}`,
        unit: 'MW',
      });
  }
  return { payload: `\uFEFF${lines.join('\r\n')}\r\n`, figures };
}

function neighbours(): Body {
  const lines = [
    'Balancing Authority,Data Date,Hour Number,Directly Interconnected Balancing Authority,Interchange (MW),Local Time at End of Hour,UTC Time at End of Hour,Region,DIBA_Region',
  ];
  const figures: Figure[] = [];
  for (const [i, { end }] of endings('2024-07-01T00', 2).entries()) {
    lines.push(`AEC,07/01/2024,${i + 1},MISO,${-50 - i},x,${clockOf(end)},SE,MIDW`);
    figures.push({
      location: 'AEC',
      series: 'MISO',
      start: end - HOUR_MS,
      end,
      field: 'interchange',
      value: String(-50 - i),
      unit: 'MW',
    });
  }
  return { payload: `${lines.join('\n')}\n`, figures };
}

const json = (what: string, body: Body, sample?: string): GoldenCase => ({
  what,
  ending: 'json',
  body,
  ...(sample === undefined ? {} : { sample }),
});

const CASES: Readonly<Record<string, GoldenCase>> = {
  'gas_price/henry-hub': json(
    'texts for numbers, a value that is NA',
    gas('RNGWHHD', ['2024-03-27', '2024-03-28', '2024-04-01'], SERVED),
    'eia_natural-gas_pri_fut_RNGWHHD.json',
  ),
  'gas_price/futures': json('numbers for numbers', gas('RNGC1', ['2019-01-02', '2019-01-03'], OLD)),
  'gas_price/version-1': json('the old interface, newest first', gasVersionOne()),
  'load_hourly/spring-night': json('four types, a null', region(SERVED), 'eia_region-data.json'),
  'load_hourly/numbers': json('numbers for numbers, indented', region(OLD)),
  'load_hourly/version-1': json(
    'the old interface',
    gridVersionOne('EBA.BPAT-ALL.D.H', 'load', null, 'BPAT'),
  ),
  'load_daily/both-changes': json(
    'days of 23, 24 and 25 hours',
    daily({ respondent: 'CISO', type: 'D' }, '', 'load', 'CISO'),
    'eia_daily-region-data.json',
  ),
  'fuel_mix/autumn-night': json('three fuels', fuel(SERVED), 'eia_fuel-type-data.json'),
  'fuel_mix/version-1': json(
    'the old interface',
    gridVersionOne('EBA.BPAT-ALL.NG.WND.H', 'generation', 'WND', 'BPAT'),
  ),
  'fuel_mix_daily/both-changes': json(
    'days of 23, 24 and 25 hours',
    daily({ respondent: 'MISO', fueltype: 'NG' }, 'NG', 'generation', 'MISO'),
    'eia_daily-fuel-type-data.json',
  ),
  'interchange/midnight': json('hours around midnight', interchange(), 'eia_interchange-data.json'),
  'interchange/six-months': { what: 'the file of six months', ending: 'csv', body: neighbours() },
  'interchange_daily/both-changes': json(
    'days of 23, 24 and 25 hours',
    daily({ fromba: 'PJM', toba: 'NYIS' }, 'NYIS', 'interchange', 'PJM'),
    'eia_daily-interchange-data.json',
  ),
  'load_by_part/hours': json('a part of an authority', parts(), 'eia_region-sub-ba-data.json'),
  'load_by_part_daily/both-changes': json(
    'days of 23, 24 and 25 hours',
    daily({ parent: 'CISO', subba: 'SCE' }, 'SCE', 'load', 'CISO'),
    'eia_daily-region-sub-ba-data.json',
  ),
  'balance/noon': {
    what: 'a mark of byte order, CRLF, thousands with commas, a clock of twelve hours',
    ending: 'csv',
    body: balance(),
    sample: 'eia_EIA930_BALANCE_2024_Jan_Jun.csv',
  },
  ...KEPT_CASES,
};

/** Every file that this script makes: path from the root of the project → content. */
export function samples(): Map<string, string | Uint8Array> {
  return filesOf('eia', 'make-eia-samples.ts', CASES);
}

if (import.meta.main) writeFiles(samples());
