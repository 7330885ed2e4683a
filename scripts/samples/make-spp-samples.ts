/**
 * Makes the SPP samples and golden cases: the operator's layouts with numbers of our own making, the same on every run.
 *
 * `scripts/node scripts/samples/make-spp-samples.ts` writes them. The expected rows come from the maker, which counts from the
 * first instant of a case, and not from the decoder under test.
 */

import { writeFiles } from './case-folder.ts';
import { decimal, drawn, type GoldenCase, goldenFiles } from './golden-cases.ts';
import { type Figure, HOUR_MS } from './printed-line.ts';
import { BY_AREA, ENDING, FIVE, mw, NIGHT, SPRING, tableCase } from './spp-megawatt-bodies.ts';
import { SPP_MEGAWATT_CASES } from './spp-megawatt-cases.ts';
import { SPP_PRICE_CASES, stampsAt } from './spp-price-cases.ts';

function constraints(
  about: Pick<GoldenCase, 'dataset' | 'name' | 'what' | 'sample'>,
  header: string,
  ends: readonly number[],
  length: number,
): GoldenCase {
  const lines = [header];
  const values: Figure[] = [];
  for (const end of ends)
    for (const [name, series] of [
      ['TMP123_45678', 'LINE A - B'],
      ['WDWFPLTATNOW', 'LINE C - D'],
    ] as const) {
      const value = decimal(drawn(-900_000, 0, end, name), 4);
      const { central, gmt } = stampsAt(end);
      const tlr = header.includes('TLR') ? '0,' : '';
      const last = header.includes('Contingency Name') ? ',CTG' : '';
      lines.push(`${central},${gmt},${name},FLOWGATE,1234,${tlr}BINDING,${value},XFMR E,${series}${last}`);
      values.push({
        location: name,
        series,
        start: end - length,
        end,
        field: 'shadow_price',
        value,
        unit: 'USD/MWh',
      });
    }
  return { ...about, extension: 'csv', payload: `${lines.join('\n')}\n`, values };
}

const SYSTEM_CASES: readonly GoldenCase[] = [
  tableCase(
    {
      dataset: 'curtailment',
      name: 'autumn-night',
      what: 'five minutes over the repeated hour',
      sample: 'spp_VER-Curtailments-20251102.csv',
    },
    { ...ENDING, lead: ['LocalIntervalEnding', 'GMTIntervalEnding'] },
    [
      mw('WindRedispatchCurtailments', 'wind_curtailment_redispatch'),
      mw('WindManualCurtailments', 'wind_curtailment_manual'),
      mw('WindCurtailedForEnergy', 'wind_curtailment_energy'),
      mw('SolarRedispatchCurtailments', 'solar_curtailment_redispatch'),
    ],
    { ends: NIGHT, length: FIVE },
  ),
  tableCase(
    {
      dataset: 'outages',
      name: 'spring-day',
      what: '23 hours, fuels as columns',
      sample: 'spp_Capacity-Gen-Outage-20260308.csv',
    },
    {
      lead: ['Market Hour'],
      leads: (end) => [stampsAt(end).gmt],
      places: ['SPP'],
      stamp: 'end',
    },
    [
      mw(' Outaged MW', 'outage'),
      mw(' Coal MW', 'outage', { series: 'Coal' }),
      mw(' Diesel Fuel Oil MW', 'outage', { series: 'Diesel Fuel Oil' }),
    ],
    { ends: SPRING, length: HOUR_MS },
  ),
  tableCase(
    {
      dataset: 'totals',
      name: 'spring-day',
      what: '23 hours of both areas',
      sample: 'spp_DA-MC-202603080100.csv',
    },
    {
      ...BY_AREA,
      lead: ['Interval', 'GMTIntervalEnd', 'BAA'],
      leads: (end, place) => [stampsAt(end).central, stampsAt(end).gmt, place],
      trail: [],
    },
    [
      mw('Generation', 'generation_cleared', { decimals: 3 }),
      mw('Cleared Demand Bid', 'demand_bid_cleared', { decimals: 3 }),
      mw('Total Demand', 'demand_cleared', { decimals: 1 }),
    ],
    { ends: SPRING, length: HOUR_MS },
  ),
  tableCase(
    {
      dataset: 'totals_5min',
      name: 'reserves',
      what: 'reserves that real time cleared',
      sample: 'spp_RTBM-OR-20251102.csv',
    },
    ENDING,
    [mw('RegUP_Clr', 'regup_cleared'), mw('RegDN_Clr', 'regdn_cleared'), mw('Spin_Clr', 'spin_cleared')],
    { ends: NIGHT, length: FIVE },
  ),
  constraints(
    {
      dataset: 'da_constraints',
      name: 'spring-day',
      what: '23 hours',
      sample: 'spp_DA-BC-202603080100.csv',
    },
    'Interval,GMTIntervalEnd,Constraint Name,Constraint Type,NERCID,State,Shadow Price,Monitored Facility,Contingent Facility,Contingency Name',
    SPRING,
    HOUR_MS,
  ),
  constraints(
    {
      dataset: 'rt_constraints',
      name: 'autumn-night',
      what: 'five minutes over the repeated hour',
      sample: 'spp_RTBM-DAILY-BC-20251102.csv',
    },
    'Interval,GMTIntervalEnd,Constraint Name,Constraint Type,NERCID,TLR Level,State,Shadow Price,Monitored Facility,Contingent Facility',
    NIGHT,
    FIVE,
  ),
];

/** Path → content of all samples and cases. */
export function samples(): Map<string, string> {
  const cases = [...SPP_PRICE_CASES, ...SPP_MEGAWATT_CASES, ...SYSTEM_CASES];
  return goldenFiles('SPP', 'make-spp-samples.ts', cases);
}

if (import.meta.main) writeFiles(samples());
