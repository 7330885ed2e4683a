/**
 * Makes the MISO samples and golden cases besides prices, the same on every run:
 * `scripts/node scripts/samples/make-miso-load-samples.ts` writes them. The bodies are those of `miso-sample-loads.ts`.
 */

import { writeFiles } from './case-folder.ts';
import { filesOf, type GoldenCase } from './golden-case.ts';
import {
  daySummary,
  exchange,
  flows,
  fuelMix,
  loadHistory,
  loadWorkbook,
  produced,
  scheduled,
  totalLoad,
} from './miso-sample-loads.ts';

const json = (what: string, body: GoldenCase['body'], sample?: string): GoldenCase => ({
  what,
  ending: 'json',
  body,
  ...(sample === undefined ? {} : { sample: `miso_${sample}` }),
});

const CASES: Readonly<Record<string, GoldenCase>> = {
  'load_forecast/two-days': {
    what: 'two days, the second without actual load, shared texts over several records',
    ending: 'xls',
    body: loadWorkbook(['2026-03-08', '2026-03-09'], false),
    sample: 'miso_20260309_df_al.xls',
  },
  'load_forecast/since-2026': {
    what: 'a lower header and a column that holds nothing; the day on which others fall back',
    ending: 'xls',
    body: loadWorkbook(['2026-11-01'], true),
  },
  'load_forecast/history': { what: 'a zone to a line, the day as text', ending: 'xls', body: loadHistory() },
  'load_forecast/data-exchange': json('an answer of the Data Exchange', exchange('forecast', false)),
  'da_summary/day': {
    what: 'a line to an hour, a column that is not read',
    ending: 'xls',
    body: daySummary('2018-11-04'),
    sample: 'miso_20181104_da_ex.xls',
  },
  'fuel_mix/today': json('a clock of twelve hours', fuelMix('2026-03-08', false), 'FuelMix_Today.json'),
  'fuel_mix/old-host': {
    what: 'lines above the header, CRLF',
    ending: 'csv',
    body: fuelMix('2018-03-11', true),
  },
  'fuel_mix/data-exchange': json('an answer of the Data Exchange', exchange('fuel', false)),
  'load/display': json('hours and five minutes in one body', totalLoad(), 'RealTimeTotalLoad.json'),
  'load/data-exchange': json('an answer of the Data Exchange', exchange('load', true)),
  'interchange/scheduled': json(
    'a number to a neighbour, EST',
    scheduled(),
    'Interchange_GetNsi_FiveMinute.json',
  ),
  'interchange/actual': json('one number, UTC, newest first', flows()),
  'wind_generation/night': json('told from the sun by the night', produced('wind'), 'getWind.json'),
  'solar_generation/night': json('nothing at night', produced('solar'), 'getSolar.json'),
  'da_lmp/data-exchange': json('an answer of the Data Exchange', exchange('price', false)),
  'rt_lmp/data-exchange': json('an answer of the Data Exchange', exchange('price', true)),
  'da_as_prices/data-exchange': json('an answer of the Data Exchange', exchange('reserve', false)),
};

/** Every file that this script makes: path from the root of the project → content. */
export function samples(): Map<string, string | Uint8Array> {
  return filesOf('miso', 'make-miso-load-samples.ts', CASES);
}

if (import.meta.main) writeFiles(samples());
