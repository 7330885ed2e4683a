/** CAISO's reports besides prices at nodes: reserves, forecasts, schedules, losses. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caiso } from '../../../connectors/caiso/index.ts';
import { recognise } from '../../../connectors/kit/recognise.ts';
import { type Refined, refine } from '../../../connectors/kit/refine.ts';
import { formatInstant } from '../../../core/time/instant.ts';

const FROM = '2025-07-16T07:00:00-00:00';
const TO = {
  60: '2025-07-16T08:00:00-00:00',
  15: '2025-07-16T07:15:00-00:00',
  5: '2025-07-16T07:05:00-00:00',
};

function read(text: string): Refined {
  const payload = { name: '', bytes: new TextEncoder().encode(text) };
  const { dataset } = recognise([caiso], payload);
  const refined = refine('CAISO', dataset, payload, ['sanitize_numeric', 'standardize_timezone']);
  assert.deepEqual([refined.damage, refined.drift], [null, []]);
  return refined;
}

/** `dataset location series field value unit minutes` of each row. */
const told = (text: string): string[] =>
  read(text).rows.map((row) => {
    const [value] = row.values;
    assert.equal(formatInstant(row.intervalStart), '2025-07-16T07:00:00Z');
    const minutes = (row.intervalEnd - row.intervalStart) / 60_000_000;
    return `${row.dataset} ${row.location} ${row.series} ${value?.field} ${value?.value} ${value?.unit} ${minutes}`;
  });

const table = (header: string, ...rows: readonly string[]): string => `${[header, ...rows].join('\n')}\n`;

const AS =
  'INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,OPR_DT,OPR_HR,OPR_INTERVAL,OPR_TYPE,ANC_TYPE,ANC_REGION,MARKET_RUN_ID,XML_DATA_ITEM,MW,GROUP';

test('reserves by region: the product is a field, the run a dataset', () => {
  const row = (type: string, item: string, run: string, to: string): string =>
    `${FROM},${to},2025-07-16,1,0,ALL,${type},AS_SP26_EXP,${run},${item},.5,1`;
  const products = {
    RU: 'RU_CLR_PRC',
    RD: 'RD_CLR_PRC',
    RMU: 'RMU_CLR_PRC',
    RMD: 'RMD_CLR_PRC',
    SR: 'SP_CLR_PRC',
    NR: 'NS_CLR_PRC',
  };
  const rows = Object.entries(products).map(([type, item]) => row(type, item, 'DAM', TO[60]));
  assert.deepEqual(
    told(table(AS, ...rows)),
    ['regup', 'regdn', 'regup_mileage', 'regdn_mileage', 'spin', 'nspin'].map(
      (product) => `da_as_prices AS_SP26_EXP null mcp_${product} 0.5 USD/MW 60`,
    ),
  );
  assert.deepEqual(told(table(AS, row('RU', 'RU_CLR_PRC', 'HASP', TO[15]))), [
    'hasp_as_prices AS_SP26_EXP null mcp_regup 0.5 USD/MW 15',
  ]);
});

test('forecasts of load: the day-ahead one has no series, every other one has its own', () => {
  const header =
    'INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,LOAD_TYPE,OPR_DT,OPR_HR,OPR_INTERVAL,MARKET_RUN_ID,TAC_AREA_NAME,LABEL,XML_DATA_ITEM,POS,MW,EXECUTION_TYPE,GROUP';
  const row = (run: string, item: string, to: string): string =>
    `${FROM},${to},0,2025-07-16,1,0,${run},CA ISO-TAC,Demand Forecast,${item},1,26127.08,${run},1`;
  const rows = [
    row('DAM', 'SYS_FCST_DA_MW', TO[60]),
    row('2DA', 'SYS_FCST_DA_MW', TO[60]),
    row('RTM', 'SYS_FCST_15MIN_MW', TO[15]),
    row('RTM', 'SYS_FCST_5MIN_MW', TO[5]),
  ];
  assert.deepEqual(told(table(header, ...rows)), [
    'load_forecast CA ISO-TAC null load_forecast 26127.08 MW 60',
    'load_forecast CA ISO-TAC 2DA load_forecast 26127.08 MW 60',
    'load_forecast CA ISO-TAC SYS_FCST_15MIN_MW load_forecast 26127.08 MW 15',
    'load_forecast CA ISO-TAC SYS_FCST_5MIN_MW load_forecast 26127.08 MW 5',
  ]);
  assert.deepEqual(told(table(header, row('ACTUAL', 'SYS_FCST_ACT_MW', TO[60]))), [
    'load CA ISO-TAC null load 26127.08 MW 60',
  ]);
});

test('forecasts of wind and sun, and what came of them', () => {
  const header =
    'OPR_DT,OPR_HR,OPR_INTERVAL,INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,TRADING_HUB,RENEWABLE_TYPE,LABEL,XML_DATA_ITEM,MARKET_RUN_ID_POS,RENEW_POS,MW,MARKET_RUN_ID,GROUP';
  const row = (run: string, item: string, fuel: string): string =>
    `2025-07-16,1,0,${FROM},${TO[60]},NP15,${fuel},Renewable Forecast,${item},1,2,772.69,${run},1`;
  assert.deepEqual(
    told(
      table(
        header,
        row('DAM', 'RENEW_FCST_DA_MW', 'Solar'),
        row('DAM', 'RENEW_FCST_DA_MW', 'Wind'),
        row('HASP', 'RENEW_FCST_HASP_MW', 'Wind'),
        row('ACTUAL', 'RENEW_FCST_ACT_MW', 'Wind'),
      ),
    ),
    [
      'renewable_forecast NP15 null solar_forecast 772.69 MW 60',
      'renewable_forecast NP15 null wind_forecast 772.69 MW 60',
      'renewable_forecast NP15 HASP wind_forecast 772.69 MW 60',
      'renewable_forecast NP15 null wind_generation 772.69 MW 60',
    ],
  );
  const unknown = read(table(header, row('DAM', 'RENEW_FCST_DA_MW', 'Tide')));
  assert.deepEqual([unknown.rows.length, unknown.rejected[0]?.code], [0, 'FIELD_UNKNOWN']);
});

const xml = (report: string, run: string, item: string, place: string): string =>
  `<OASISReport xmlns="http://www.caiso.com/soa/OASISReport_v1.xsd"><MessagePayload><RTO><name>CAISO</name>
<REPORT_ITEM><REPORT_HEADER><REPORT>${report}</REPORT><MKT_TYPE>${run}</MKT_TYPE><SEC_PER_INTERVAL>3600</SEC_PER_INTERVAL></REPORT_HEADER>
<REPORT_DATA><DATA_ITEM>${item}</DATA_ITEM>${place}<OPR_DATE>2025-07-16</OPR_DATE><INTERVAL_NUM>1</INTERVAL_NUM>
<INTERVAL_START_GMT>${FROM}</INTERVAL_START_GMT><INTERVAL_END_GMT>${TO[60]}</INTERVAL_END_GMT>
<VALUE>169.2</VALUE></REPORT_DATA></REPORT_ITEM></RTO></MessagePayload></OASISReport>`;

test('schedules and losses: a figure without a place is that of the system', () => {
  const totals = '<RESOURCE_NAME>Caiso_Totals</RESOURCE_NAME>';
  for (const [item, field] of [
    ['ISO_TOT_EXP_MW', 'export'],
    ['ISO_TOT_IMP_MW', 'import'],
    ['ISO_TOT_GEN_MW', 'generation'],
    ['ISO_TOT_LOAD_MW', 'load'],
  ] as const)
    assert.deepEqual(told(xml('ENE_SLRS', 'DAM', item, totals)), [
      `schedule Caiso_Totals null ${field} 169.2 MW 60`,
    ]);
  assert.deepEqual(told(xml('ENE_SLRS', 'RUC', 'ISO_TOT_GEN_MW', totals)), [
    'schedule Caiso_Totals RUC generation 169.2 MW 60',
  ]);
  assert.deepEqual(told(xml('ENE_LOSS', 'DAM', 'TOT_LOSS_MW', '')), ['losses CAISO null losses 169.2 MW 60']);
});

test('a number points at its own line', () => {
  assert.equal(read(xml('ENE_LOSS', 'DAM', 'TOT_LOSS_MW', '')).rows[0]?.row, 5);
});
