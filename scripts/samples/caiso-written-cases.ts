/** Written golden cases of CAISO: emissions, workbooks of curtailment, figures of now, and tables that were saved anew. */

import { inTurn, type Written } from './written-case.ts';

const OASIS =
  'INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,OPR_DT,OPR_HR,OPR_INTERVAL,NODE_ID_XML,NODE_ID,NODE,MARKET_RUN_ID,LMP_TYPE,XML_DATA_ITEM,PNODE_RESMRID,GRP_TYPE,POS,MW,GROUP';
const NODE = 'TH_NP15_GEN-APND';

/** Cases by `dataset/case`. */
export const CAISO_WRITTEN: Readonly<Record<string, Written>> = {
  'emissions/autumn-night': {
    what: 'a column Date beside the clock, the repeated hour by order',
    ending: 'csv',
    payload: `Date,Time,Natural Gas CO2,Imports CO2
11/02/2025,01:55,5047,-19.5
11/02/2025,01:00,5048,1902
11/02/2025,01:55,5049,1903
`,
    figures: [
      'CAISO|Natural Gas CO2|2025-11-02T08:55|2025-11-02T09:00|co2|5047|t/h',
      'CAISO|Imports CO2|2025-11-02T08:55|2025-11-02T09:00|co2|-19.5|t/h',
      'CAISO|Natural Gas CO2|2025-11-02T09:00|2025-11-02T09:05|co2|5048|t/h',
      'CAISO|Imports CO2|2025-11-02T09:00|2025-11-02T09:05|co2|1902|t/h',
      'CAISO|Natural Gas CO2|2025-11-02T09:55|2025-11-02T10:00|co2|5049|t/h',
      'CAISO|Imports CO2|2025-11-02T09:55|2025-11-02T10:00|co2|1903|t/h',
    ],
  },
  'emissions/spring-day': {
    what: 'full stamps, the empty hour of spring passed over, and the last line of the next day',
    ending: 'csv',
    sample: 'caiso_20260308_co2.csv',
    payload: `Time,Biogas CO2,Natural Gas CO2
03/08/2026 01:55,82,5047
03/08/2026 02:00,,
03/08/2026 03:00,83,5048
03/09/2026 00:00,84,5049
`,
    figures: [
      'CAISO|Biogas CO2|2026-03-08T09:55|2026-03-08T10:00|co2|82|t/h',
      'CAISO|Natural Gas CO2|2026-03-08T09:55|2026-03-08T10:00|co2|5047|t/h',
      'CAISO|Biogas CO2|2026-03-08T10:00|2026-03-08T10:05|co2|83|t/h',
      'CAISO|Natural Gas CO2|2026-03-08T10:00|2026-03-08T10:05|co2|5048|t/h',
      'CAISO|Biogas CO2|2026-03-09T07:00|2026-03-09T07:05|co2|84|t/h',
      'CAISO|Natural Gas CO2|2026-03-09T07:00|2026-03-09T07:05|co2|5049|t/h',
    ],
  },
  'fuel_mix/date-above': {
    what: 'the date in a line above the table',
    ending: 'csv',
    payload: `Supply trend for 07/15/2025\nTime,Solar,Imports\n00:00,0,-200.5\n00:05,1,200\n`,
    figures: [
      'CAISO|Solar|2025-07-15T07:00|2025-07-15T07:05|generation|0|MW',
      'CAISO|Imports|2025-07-15T07:00|2025-07-15T07:05|generation|-200.5|MW',
      'CAISO|Solar|2025-07-15T07:05|2025-07-15T07:10|generation|1|MW',
      'CAISO|Imports|2025-07-15T07:05|2025-07-15T07:10|generation|200|MW',
    ],
  },
  'figures/words-apart': {
    what: 'an item that no other report has, rows told apart by a column that is not known, a name repeated for XML',
    ending: 'csv',
    payload: `INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,OPR_DT,OPR_HR,OPR_INTERVAL,INTERTIE_XML,INTERTIE,MARKET_RUN_ID,XML_DATA_ITEM,MW,GROUP
2025-11-02T09:00:00-00:00,2025-11-02T10:00:00-00:00,2025-11-02,25,0,NORTH_SAMPLE,NORTH SAMPLE,DAM,TRANSFER_MW,12.5,1
2025-11-02T09:00:00-00:00,2025-11-02T10:00:00-00:00,2025-11-02,25,0,SOUTH_SAMPLE,SOUTH SAMPLE,DAM,TRANSFER_MW,-3,1
`,
    figures: [
      'CAISO|NORTH SAMPLE|2025-11-02T09:00|2025-11-02T10:00|transfer_mw|12.5|MW',
      'CAISO|SOUTH SAMPLE|2025-11-02T09:00|2025-11-02T10:00|transfer_mw|-3|MW',
    ],
  },
  'figures/words-apart-xml': {
    what: 'rows told apart by an element that is not known',
    ending: 'xml',
    payload: `<?xml version="1.0" encoding="UTF-8"?>
<OASISReport xmlns="http://www.caiso.com/soa/OASISReport_v1.xsd"><MessagePayload><RTO><name>CAISO</name>
<REPORT_ITEM><REPORT_HEADER><SYSTEM>OASIS</SYSTEM><TZ>PPT</TZ><REPORT>TRNS_USAGE</REPORT><MKT_TYPE>DAM</MKT_TYPE><UOM>MW</UOM><INTERVAL>ENDING</INTERVAL><SEC_PER_INTERVAL>3600</SEC_PER_INTERVAL></REPORT_HEADER>
<REPORT_DATA><DATA_ITEM>ITC_TTC_MW</DATA_ITEM><RESOURCE_NAME>SAMPLE_ITC</RESOURCE_NAME><TI_DIR>I</TI_DIR><OPR_DATE>2026-03-08</OPR_DATE><INTERVAL_NUM>4</INTERVAL_NUM><INTERVAL_START_GMT>2026-03-08T10:00:00-00:00</INTERVAL_START_GMT><INTERVAL_END_GMT>2026-03-08T11:00:00-00:00</INTERVAL_END_GMT><VALUE>1600</VALUE></REPORT_DATA>
<REPORT_DATA><DATA_ITEM>ITC_TTC_MW</DATA_ITEM><RESOURCE_NAME>SAMPLE_ITC</RESOURCE_NAME><TI_DIR>E</TI_DIR><OPR_DATE>2026-03-08</OPR_DATE><INTERVAL_NUM>4</INTERVAL_NUM><INTERVAL_START_GMT>2026-03-08T10:00:00-00:00</INTERVAL_START_GMT><INTERVAL_END_GMT>2026-03-08T11:00:00-00:00</INTERVAL_END_GMT><VALUE>1700.5</VALUE></REPORT_DATA>
</REPORT_ITEM></RTO></MessagePayload></OASISReport>
`,
    figures: [
      'SAMPLE_ITC|I|2026-03-08T10:00|2026-03-08T11:00|itc_ttc_mw|1600|MW',
      'SAMPLE_ITC|E|2026-03-08T10:00|2026-03-08T11:00|itc_ttc_mw|1700.5|MW',
    ],
  },
  'figures/columns': {
    what: 'figures by their columns, a blank one passed over; a forecast of two days told apart by its publication',
    ending: 'csv',
    payload: `REPORT_DATE_GMT,INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,OPR_DT,OPR_HR,BAA_GRP_ID,PRODUCT_TYPE,REQ_MW,AGG_AWD_MW,GROUP
2026-10-31T20:00:00-00:00,2026-11-01T09:00:00-00:00,2026-11-01T10:00:00-00:00,2026-11-01,25,CISO,IRU,100,90.5,1
2026-10-30T20:00:00-00:00,2026-11-01T09:00:00-00:00,2026-11-01T10:00:00-00:00,2026-11-01,25,CISO,IRU,110,,1
`,
    figures: [
      'CISO|IRU|2026-11-01T09:00|2026-11-01T10:00|req_mw|100|MW|2026-10-31T20:00',
      'CISO|IRU|2026-11-01T09:00|2026-11-01T10:00|agg_awd_mw|90.5|MW|2026-10-31T20:00',
      'CISO|IRU|2026-11-01T09:00|2026-11-01T10:00|req_mw|110|MW|2026-10-30T20:00',
    ],
  },
  'figures/elements': {
    what: 'a document of its own namespace, figures by their elements',
    ending: 'xml',
    payload: `<?xml version="1.0" encoding="UTF-8"?>
<EDAMWindAndSolarForecast xmlns="http://www.caiso.com/soa/EDAMWindAndSolarForecast_v1.xsd"><MessagePayload><RTO><name>CAISO</name><REPORT_ITEM>
<REPORT_DATA><BAA_GRP_ID>PACE</BAA_GRP_ID><INTERVAL_START_GMT>2026-11-01T09:00:00-00:00</INTERVAL_START_GMT><INTERVAL_END_GMT>2026-11-01T10:00:00-00:00</INTERVAL_END_GMT><SOLAR>0</SOLAR><WIND>812.25</WIND></REPORT_DATA>
</REPORT_ITEM></RTO></MessagePayload></EDAMWindAndSolarForecast>
`,
    figures: [
      'PACE||2026-11-01T09:00|2026-11-01T10:00|solar|0|MW',
      'PACE||2026-11-01T09:00|2026-11-01T10:00|wind|812.25|MW',
    ],
  },
  'schedule/other-run': {
    what: 'items of another run, whose direction the column of schedules says',
    ending: 'csv',
    payload: `INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT,OPR_DT,OPR_HR,OPR_INTERVAL,TAC_ZONE_NAME,SCHEDULE,MARKET_RUN_ID,XML_DATA_ITEM,MW,GROUP
2025-11-02T09:00:00-00:00,2025-11-02T10:00:00-00:00,2025-11-02,25,0,Caiso_Totals,Generation,RUC,ISO_RUC_AWARD_MW,812.5,1
2025-11-02T09:00:00-00:00,2025-11-02T10:00:00-00:00,2025-11-02,25,0,Caiso_Totals,Import,RUC,ISO_TOT_IMP_MW,20,1
`,
    figures: [
      'Caiso_Totals|RUC|2025-11-02T09:00|2025-11-02T10:00|generation|812.5|MW',
      'Caiso_Totals|RUC|2025-11-02T09:00|2025-11-02T10:00|import|20|MW',
    ],
  },
  'system_conditions/with-offset': {
    what: 'a list of one object, whose stamp tells the repeated hour by its offset',
    ending: 'json',
    payload: `[{"slotDate":"2025-11-02T01:05:00-08:00","gridstatus":["Normal"],"Current_reserve":5002.5}]
`,
    figures: ['CAISO||2025-11-02T09:05||reserve|5002.5|MW'],
  },
  'fuel_mix_hourly/zeros': {
    what: 'the hour that spring skips, printed as zeros, is passed over',
    ending: 'txt',
    payload:
      '03/11/12\tHourly Breakdown of Renewable Resources (MW)\n\tHour\t\tGEOTHERMAL\t\tSOLAR\n\t2\t\t900\t\t0\n\t3\t\t0\t\t0\n\t4\t\t901\t\t0\n',
    figures: [
      'CAISO|GEOTHERMAL|2012-03-11T09:00|2012-03-11T10:00|generation|900|MW',
      'CAISO|SOLAR|2012-03-11T09:00|2012-03-11T10:00|generation|0|MW',
      'CAISO|GEOTHERMAL|2012-03-11T10:00|2012-03-11T11:00|generation|901|MW',
      'CAISO|SOLAR|2012-03-11T10:00|2012-03-11T11:00|generation|0|MW',
    ],
  },
  'hasp_lmp/hours': {
    what: 'the hourly prices of old reports, the repeated hour of autumn as 25',
    ending: 'csv',
    payload: `${OASIS}
2009-11-01T08:00:00-00:00,2009-11-01T09:00:00-00:00,2009-11-01,02,0,${NODE},${NODE},${NODE},HASP,LMP,LMP_PRC,${NODE},ALL,0,31.5,1
2009-11-01T09:00:00-00:00,2009-11-01T10:00:00-00:00,2009-11-01,25,0,${NODE},${NODE},${NODE},HASP,LMP,LMP_PRC,${NODE},ALL,0,-2,1
`,
    figures: [
      `${NODE}||2009-11-01T08:00|2009-11-01T09:00|lmp|31.5|USD/MWh`,
      `${NODE}||2009-11-01T09:00|2009-11-01T10:00|lmp|-2|USD/MWh`,
    ],
  },
  'load_outlook/excerpt': {
    what: 'a few lines of a day, the last of them of the next one',
    ending: 'csv',
    payload: `Date,Time,Current demand
03/08/2026,01:55,21000
,03:00,21500
,00:00,22000
`,
    figures: [
      'CAISO||2026-03-08T09:55|2026-03-08T10:00|load|21000|MW',
      'CAISO||2026-03-08T10:00|2026-03-08T10:05|load|21500|MW',
      'CAISO||2026-03-09T07:00|2026-03-09T07:05|load|22000|MW',
    ],
  },
  'load_outlook/new-names': {
    what: 'one forecast under two names is the first; demand that was called off',
    ending: 'csv',
    payload: `Time,Day ahead forecast,Day-ahead demand forecast,Hour ahead forecast,Demand response,Current demand\n2024-01-01 00:00:00,1,2,3,,4\n`,
    figures: inTurn('CAISO|', 'load_forecast_day_ahead', 'MW', [
      ['2024-01-01T08:00', '2024-01-01T08:05', '1'],
    ]).concat([
      'CAISO||2024-01-01T08:00|2024-01-01T08:05|load_forecast_hour_ahead|3|MW',
      'CAISO||2024-01-01T08:00|2024-01-01T08:05|load|4|MW',
    ]),
  },
  'system_conditions/now': {
    what: 'the figures of one moment',
    ending: 'json',
    sample: 'caiso_stats.json',
    payload: `{"slotDate":"2025-07-15T10:00:00","gridstatus":["Normal"],"Current_reserve":5000,"CurrentSystemDemand":20000.5}`,
    figures: ['CAISO||2025-07-15T17:00||reserve|5000|MW', 'CAISO||2025-07-15T17:00||load|20000.5|MW'],
  },
  'curtailment/autumn-numbered': {
    what: 'the second pass of the repeated hour is hour 25; the reason as series',
    ending: 'csv',
    sample: 'caiso_curtailment.csv',
    payload: `Date,Hour,Interval,Wind Curtailment,Solar Curtailment,Reason
11/05/2023,2,1,10.5,,Local
11/05/2023,2,1,0,3,System
11/05/2023,25,1,11.5,4,Local
11/05/2023,3,12,12,5,Local
`,
    figures: [
      'CAISO|Local|2023-11-05T08:00|2023-11-05T08:05|wind_curtailment|10.5|MW',
      'CAISO|Local|2023-11-05T08:00|2023-11-05T08:05|solar_curtailment||MW',
      'CAISO|System|2023-11-05T08:00|2023-11-05T08:05|wind_curtailment|0|MW',
      'CAISO|System|2023-11-05T08:00|2023-11-05T08:05|solar_curtailment|3|MW',
      'CAISO|Local|2023-11-05T09:00|2023-11-05T09:05|wind_curtailment|11.5|MW',
      'CAISO|Local|2023-11-05T09:00|2023-11-05T09:05|solar_curtailment|4|MW',
      'CAISO|Local|2023-11-05T10:55|2023-11-05T11:00|wind_curtailment|12|MW',
      'CAISO|Local|2023-11-05T10:55|2023-11-05T11:00|solar_curtailment|5|MW',
    ],
  },
  'production/spring-morning': {
    what: 'resources as series, sums without; hour 3 of spring absent',
    ending: 'csv',
    sample: 'caiso_production.csv',
    payload: `Date,Hour,Interval,Load,Solar,Net Load,Wind,Generation,Load Less (Generation+Imports)
2023-03-12 00:00:00,2,12,20000,0,17000,3000,15000,0.5
2023-03-12 00:00:00,4,1,20001,1,17001,3001,15001,-1
`,
    figures: [
      ['2023-03-12T09:55', '2023-03-12T10:00', '20000', '17000', '15000', '0.5', '0', '3000'],
      ['2023-03-12T10:00', '2023-03-12T10:05', '20001', '17001', '15001', '-1', '1', '3001'],
    ].flatMap(([begin, end, load, net, total, unserved, sun, wind]) => [
      `CAISO||${begin}|${end}|load|${load}|MW`,
      `CAISO||${begin}|${end}|net_load|${net}|MW`,
      `CAISO||${begin}|${end}|generation_total|${total}|MW`,
      `CAISO||${begin}|${end}|load_unserved|${unserved}|MW`,
      `CAISO|Solar|${begin}|${end}|generation|${sun}|MW`,
      `CAISO|Wind|${begin}|${end}|generation|${wind}|MW`,
    ]),
  },
  'da_lmp/spreadsheet': {
    what: 'stamps as a spreadsheet leaves them',
    ending: 'csv',
    payload: `${OASIS}\n3/9/2025 10:00,3/9/2025 11:00,3/9/2025,4,0,${NODE},${NODE},${NODE},DAM,LMP,LMP_PRC,${NODE},ALL,0,20.5,1\n`,
    figures: [`${NODE}||2025-03-09T10:00|2025-03-09T11:00|lmp|20.5|USD/MWh`],
  },
  'rt_lmp/script': {
    what: 'stamps as a script leaves them',
    ending: 'csv',
    payload: `${OASIS}\n2025-11-02 09:00:00+00:00,2025-11-02 09:05:00+00:00,2025-11-02,25,1,${NODE},${NODE},${NODE},RTM,LMP,LMP_PRC,${NODE},ALL,0,-20.5,1\n`,
    figures: [`${NODE}||2025-11-02T09:00|2025-11-02T09:05|lmp|-20.5|USD/MWh`],
  },
};
