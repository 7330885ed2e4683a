/**
 * Makes the MISO samples and golden cases, the same on every run: `scripts/node scripts/samples/make-miso-samples.ts` writes
 * them. The bodies and their rows are those of `miso-sample-bodies.ts`.
 */

import { caseFolder, writeFiles } from './case-folder.ts';
import {
  consolidated,
  dailyReport,
  display,
  type Made,
  NODES,
  type Node,
  quarter,
  reserves,
  SERVED,
  week,
} from './miso-sample-bodies.ts';
import { forecast } from './miso-sample-forecasts.ts';
import { trades } from './miso-sample-trades.ts';

const QUOTED: readonly Node[] = [
  ['AMEREN "WEST", UNIT 1', 'Gennode'],
  ['MS.HUB', 'Hub'],
];
const AUTUMN = { ...SERVED, date: '2025-11-02' };

/** Golden cases: `dataset/case` → what it shows, its file ending, and the bodies. */
const CASES: Readonly<Record<string, readonly [what: string, ending: string, made: Made]>> = {
  'da_lmp/spring-day': ['24 hours where others have 23', 'csv', dailyReport('da_lmp', SERVED)],
  'da_lmp/autumn-day': [
    '24 hours where others have 25, CRLF',
    'csv',
    dailyReport('da_lmp', { ...AUTUMN, lineEnd: '\r\n' }),
  ],
  'da_lmp/old-title': [
    'the title of 2011, names with a comma and quotes',
    'csv',
    dailyReport('da_lmp', { ...SERVED, title: 'Day Ahead Market LMPs', date: '2011-07-16' }, QUOTED),
  ],
  'da_lmp/row-subset': [
    'no blank third line, an unpadded date, one node without its parts',
    'csv',
    dailyReport(
      'da_lmp',
      { ...SERVED, date: '2025-12-01', paddedDate: false, blankLine: false },
      NODES.slice(2, 5),
      true,
    ),
  ],
  'da_lmp/quarter': [
    'days of a quarter, thousands with commas',
    'csv',
    quarter('da_lmp', ['2024-07-01', '2024-07-02']),
  ],
  'da_lmp_ex_ante/normal-day': [
    'the sibling report, told by its title',
    'csv',
    dailyReport('da_lmp_ex_ante', { ...SERVED, title: 'Day Ahead Market ExAnte LMPs' }, NODES.slice(0, 2)),
  ],
  'rt_lmp_hourly/preliminary': [
    'dollar signs, parentheses for negative prices',
    'csv',
    dailyReport(
      'rt_lmp_hourly',
      { ...SERVED, title: 'Realtime Market LMPs', money: true },
      NODES.slice(0, 3),
    ),
  ],
  'rt_lmp_hourly/quarter': ['days of a quarter', 'csv', quarter('rt_lmp_hourly', ['2024-09-30'])],
  'rt_lmp/rolling': ['two hours of the display, stamps at the end', 'json', display('2026-03-08', 0, 24)],
  'rt_lmp/day-end': ['the last interval of a day', 'json', display('2025-11-02', 287, 1)],
  'rt_lmp/consolidated': ['four tables, one of five minutes, time by RefId', 'json', consolidated()],
  'rt_lmp/week': ['lines above and below the rows, stamps at the begin', 'csv', week()],
  'da_as_prices/one-header': [
    'two tables under one header',
    'csv',
    reserves('da_as_prices', 'Dayahead Market MCPs.', '\n', false),
  ],
  'rt_as_prices_hourly/two-headers': [
    'two tables under a header each, CRLF',
    'csv',
    reserves('rt_as_prices_hourly', 'Real Time Market MCPs.,Not settlement quality data.', '\r\n', true),
  ],
  'wind_forecast/two-days': ['a clock of twelve hours, publication by RefId', 'json', forecast('wind')],
  'trade/lines': ['the nested form, one event to a line', 'json', trades()],
};

/** Every file that this script makes: path from the root of the project → content. */
export function samples(): Map<string, string> {
  const files = new Map<string, string>();
  const sample = (name: string, { payload }: Made) => files.set(`samples/miso_${name}`, payload);
  const hubs = NODES.slice(2, 6);
  sample('20260308_da_expost_lmp.csv', dailyReport('da_lmp', SERVED, hubs));
  sample(
    '20260308_da_exante_lmp.csv',
    dailyReport('da_lmp_ex_ante', { ...SERVED, title: 'Day Ahead Market ExAnte LMPs' }, hubs),
  );
  sample(
    '20260308_rt_lmp_prelim.csv',
    dailyReport('rt_lmp_hourly', { ...SERVED, title: 'Realtime Market LMPs' }, hubs),
  );
  sample('GetRealTimeFiveMinExPost_Current.json', display('2026-03-08', 150, 1));
  sample('20260308_asm_expost_damcp.csv', reserves('da_as_prices', 'Dayahead Market MCPs.', '\n', false));
  sample(
    '20260308_asm_rtmcp_prelim.csv',
    reserves('rt_as_prices_hourly', 'Real Time Market MCPs.,Not settlement quality data.', '\r\n', true),
  );
  sample('getWindForecast.json', forecast('wind'));
  sample('getSolarForecast.json', forecast('solar'));
  sample('raw.json', trades());
  for (const [name, [what, ending, { payload, expected }]] of Object.entries(CASES)) {
    const parts = { what, script: 'make-miso-samples.ts', file: `payload.${ending}`, payload, expected };
    for (const [path, content] of caseFolder('miso', name, parts)) files.set(path, content);
  }
  return files;
}

if (import.meta.main) writeFiles(samples());
