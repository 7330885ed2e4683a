/**
 * Makes the IESO samples and golden cases, the same on every run: `scripts/node scripts/samples/make-ieso-samples.ts` writes
 * them. The bodies and their figures are those of `ieso-price-bodies.ts` and `ieso-system-bodies.ts`.
 */

import { writeFiles } from './case-folder.ts';
import { filesOf, type GoldenCase } from './golden-case.ts';
import { demandYear, limitHours, limitMinutes, surplus, withoutHeader } from './ieso-limit-bodies.ts';
import {
  clearingPrices,
  hoepYear,
  intertieFiveMinutes,
  nodesCsv,
  ontarioFiveMinutes,
  ontarioHours,
  ontarioSections,
  PLAIN,
  reservesCsv,
  zoneHours,
} from './ieso-price-bodies.ts';
import {
  adequacy,
  demand,
  fuels,
  interties,
  intertiesYear,
  preDispatchTotals,
  renewables,
  shadowPrices,
  totals,
  units,
} from './ieso-system-bodies.ts';
import { zonalCsv, zonalDocument } from './ieso-zonal-bodies.ts';

const SPRING = '2026-03-08';
const AUTUMN = '2025-11-02';
const DA = 'DAHourlyOntarioZonalPrice';

const CASES: Readonly<Record<string, GoldenCase>> = {
  'da_lmp/spring-day': {
    what: '24 hours where others have 23; a price without its congestion part',
    ending: 'xml',
    body: ontarioHours(DA, SPRING),
    sample: `ieso_PUB_${DA}_20260308.xml`,
  },
  'da_lmp/autumn-day': {
    what: '24 hours where others have 25; a document type elsewhere, no line ends, no namespace',
    ending: 'xml',
    body: ontarioHours(DA, AUTUMN, { namespace: '', doctype: true, gap: '' }),
  },
  'da_lmp/nodes': {
    what: 'nodes as CSV, the last hours of a day',
    ending: 'csv',
    body: nodesCsv(AUTUMN, false, '2025-11-01T12:31:16'),
  },
  'da_lmp/zones': {
    what: 'zones of virtual transactions',
    ending: 'xml',
    body: zoneHours('DAHourlyZonal', SPRING, false),
  },
  'predispatch_lmp/zones': {
    what: 'the same of pre-dispatch, with other names of elements',
    ending: 'xml',
    body: zoneHours('PredispHourlyZonal', SPRING, true),
    sample: 'ieso_PUB_PredispHourlyZonal_20260308.xml',
  },
  'predispatch_lmp/ontario': {
    what: 'Ontario in pre-dispatch',
    ending: 'xml',
    body: ontarioHours('PredispHourlyOntarioZonalPrice', AUTUMN),
  },
  'rt_lmp/ontario': {
    what: 'an element for each five minutes',
    ending: 'xml',
    body: ontarioFiveMinutes(SPRING, 10),
    sample: 'ieso_PUB_RealtimeOntarioZonalPrice_2026030810.xml',
  },
  'rt_lmp/ontario-until-2026': {
    what: 'a section for each part of the price, the hour in the words of the date',
    ending: 'xml',
    body: ontarioSections(AUTUMN, 2),
  },
  'rt_lmp/interties': { what: 'two parts more', ending: 'xml', body: intertieFiveMinutes(SPRING, 3) },
  'rt_lmp/nodes': {
    what: 'nodes as CSV, the last minutes of a day',
    ending: 'csv',
    body: nodesCsv(SPRING, true),
  },
  'rt_lmp_hourly/year': {
    what: 'HOEP, pre-dispatch prices and reserves',
    ending: 'csv',
    body: hoepYear('2024-11-03'),
    sample: 'ieso_PUB_PriceHOEPPredispOR_2024.csv',
  },
  'rt_mcp/year': {
    what: 'a header of two lines',
    ending: 'csv',
    body: clearingPrices('2024-03-10'),
    sample: 'ieso_PUB_RealtimeMktPriceYear_2024.csv',
  },
  'rt_mcp/zones': { what: 'the zones of an hour', ending: 'xml', body: zonalDocument('2024-03-10', 3) },
  'rt_mcp/no-header': { what: 'the same as CSV', ending: 'csv', body: zonalCsv('2024-03-10', 3) },
  'predispatch_mcp/zones': {
    what: 'the zones by the hour, a price that is not printed',
    ending: 'xml',
    body: zonalDocument('2024-11-03', null),
    sample: 'ieso_PUB_PredispMktPrice_20241103.xml',
  },
  'predispatch_mcp/no-header': { what: 'the same as CSV', ending: 'csv', body: zonalCsv('2024-11-03', null) },
  'da_as_prices/nodes': {
    what: 'reserves by the hour',
    ending: 'csv',
    body: reservesCsv(SPRING, false, '2026-03-07T12:35:40'),
    sample: 'ieso_PUB_DAHourlyORLMP_20260308.csv',
  },
  'predispatch_as_prices/nodes': {
    what: 'reserves of pre-dispatch: made after midnight of their day',
    ending: 'csv',
    body: reservesCsv(AUTUMN, false),
    sample: 'ieso_PUB_PredispHourlyORLMP_20251102.csv',
  },
  'rt_as_prices/nodes': {
    what: 'reserves by five minutes',
    ending: 'csv',
    body: reservesCsv(SPRING, true),
    sample: 'ieso_PUB_RealtimeORLMP_2026030801.csv',
  },
  'load/zones': {
    what: 'zones by five minutes',
    ending: 'csv',
    body: demand(SPRING, true),
    sample: 'ieso_PUB_RealtimeDemandZonal_2026.csv',
  },
  'load_hourly/zones': {
    what: 'zones by the hour',
    ending: 'csv',
    body: demand(AUTUMN, false),
    sample: 'ieso_PUB_DemandZonal_2025.csv',
  },
  'load_forecast/day': {
    what: 'lists of hours told by their path, one of them unknown',
    ending: 'xml',
    body: adequacy(SPRING),
    sample: 'ieso_PUB_Adequacy3_20260308.xml',
  },
  'totals/hour': {
    what: 'three intervals of an hour',
    ending: 'xml',
    body: totals(SPRING, 1),
    sample: 'ieso_PUB_RealtimeTotals_2026030801.xml',
  },
  'intertie_limits/hours': {
    what: 'day-ahead, 24 hours of a zone in each direction',
    ending: 'xml',
    body: limitHours(AUTUMN),
    sample: 'ieso_PUB_DAIntertieSchedLimits2_20251102.xml',
  },
  'intertie_limits/five-minutes': {
    what: 'real time, the five minutes of an hour, one without a limit',
    ending: 'xml',
    body: limitMinutes(SPRING, 3),
  },
  'surplus_forecast/days': {
    what: 'two days with their exports',
    ending: 'xml',
    body: surplus(SPRING),
    sample: 'ieso_PUB_SurplusBaseloadGen_20260307.xml',
  },
  'rt_lmp_hourly/no-header': {
    what: 'the rows of a year without their header',
    ending: 'csv',
    body: withoutHeader(hoepYear('2024-11-03')),
  },
  'load_hourly/no-header': {
    what: 'market and Ontario without their header',
    ending: 'csv',
    body: withoutHeader(demandYear('2025-03-09')),
  },
  'totals_predispatch/day': {
    what: 'hours of a day',
    ending: 'xml',
    body: preDispatchTotals(AUTUMN),
    sample: 'ieso_PUB_PredispConstTotals_20251102.xml',
  },
  'fuel_mix/year': {
    what: 'both days on which others change their clock; outputs that are absent',
    ending: 'xml',
    body: fuels(['2025-03-09', AUTUMN]),
    sample: 'ieso_PUB_GenOutputbyFuelHourly_2025.xml',
  },
  'generation_by_unit/day': {
    what: 'the old root and namespace, an output that is absent',
    ending: 'xml',
    body: units(SPRING),
    sample: 'ieso_PUB_GenOutputCapability_20260308.xml',
  },
  'generation_by_unit/bare': {
    what: 'no namespace, no line ends',
    ending: 'xml',
    body: units(AUTUMN, { ...PLAIN, namespace: '', gap: '' }),
  },
  'renewable_forecast/day': {
    what: 'organisations as series, an interval without its hour',
    ending: 'xml',
    body: renewables(SPRING),
    sample: 'ieso_PUB_VGForecastSummary_20260308.xml',
  },
  'interchange/day': {
    what: 'hours and five minutes in one body',
    ending: 'xml',
    body: interties(AUTUMN),
    sample: 'ieso_PUB_IntertieScheduleFlow_20251102.xml',
  },
  'interchange/year': { what: 'a header of two lines', ending: 'csv', body: intertiesYear(AUTUMN) },
  'da_shadow_prices/day': {
    what: 'numbers of hours beside their prices',
    ending: 'xml',
    body: shadowPrices('DAConstrShadowPrices', SPRING, false),
    sample: 'ieso_PUB_DAConstrShadowPrices_20260308.xml',
  },
  'rt_shadow_prices/hour': {
    what: 'numbers of five minutes beside their prices',
    ending: 'xml',
    body: shadowPrices('RealtimeConstrShadowPrices', SPRING, true),
    sample: 'ieso_PUB_RealtimeConstrShadowPrices_2026030805.xml',
  },
};

/** Every file that this script makes: path from the root of the project → content. */
export function samples(): Map<string, string | Uint8Array> {
  return filesOf('ieso', 'make-ieso-samples.ts', CASES);
}

if (import.meta.main) writeFiles(samples());
