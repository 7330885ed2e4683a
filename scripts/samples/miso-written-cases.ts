/** Written golden cases of MISO: displays as CSV, and sheets of hours. EST has 24 hours on the days of the change, too. */

import { inTurn, type Written } from './written-case.ts';

const HOURS = Array.from({ length: 24 }, (_, i) => i + 1);
/** The instant of an hour of a day in EST, which begins at 05:00 UTC. */
const hour = (day: string, n: number): string =>
  new Date(Date.parse(`${day}T05:00Z`) + n * 3_600_000).toISOString().slice(0, 16);
const P = '2024-11-03T01:25';
const FIVE = '2024-11-03T01:20|2024-11-03T01:25';
const REFERENCE = 'RefId,02-Nov-2024 - Interval 20:25 EST';

/** Cases by `dataset/case`. */
export const MISO_WRITTEN: Readonly<Record<string, Written>> = {
  'rt_lmp_ex_ante/display': {
    what: 'a display as CSV, whose reference is stamp and publication',
    ending: 'csv',
    sample: 'miso_rt_lmp_ex_ante.csv',
    payload: `${REFERENCE}\n\nName,LMP,Loss,Congestion\nILLINOIS.HUB,20.1,-1,2.25\nMINN.HUB,-.5,,0\n`,
    figures: [
      `ILLINOIS.HUB||${FIVE}|lmp|20.1|USD/MWh|${P}`,
      `ILLINOIS.HUB||${FIVE}|loss|-1|USD/MWh|${P}`,
      `ILLINOIS.HUB||${FIVE}|congestion|2.25|USD/MWh|${P}`,
      `MINN.HUB||${FIVE}|lmp|-0.5|USD/MWh|${P}`,
      `MINN.HUB||${FIVE}|loss||USD/MWh|${P}`,
      `MINN.HUB||${FIVE}|congestion|0|USD/MWh|${P}`,
    ],
  },
  'rt_lmp_ex_ante/spring-sheet': {
    what: 'the sheet of a workbook on the day of the spring change, where 02:00 to 03:00 EST exists',
    ending: 'csv',
    payload: `5 Min Ex-Ante LMP,,,,,
,,,,,
Time (EST),CP Node,RT Ex-Ante LMP,RT Ex-Ante MEC,RT Ex-Ante MLC,RT Ex-Ante MCC
2025-03-09 2:05:00 AM,ILLINOIS.HUB,20.5,19.5,1,0
2025-03-09 3:05:00 AM,ILLINOIS.HUB,21.5,19.5,1,1
`,
    figures: [
      'ILLINOIS.HUB||2025-03-09T07:00|2025-03-09T07:05|lmp|20.5|USD/MWh',
      'ILLINOIS.HUB||2025-03-09T07:00|2025-03-09T07:05|energy|19.5|USD/MWh',
      'ILLINOIS.HUB||2025-03-09T07:00|2025-03-09T07:05|loss|1|USD/MWh',
      'ILLINOIS.HUB||2025-03-09T07:00|2025-03-09T07:05|congestion|0|USD/MWh',
      'ILLINOIS.HUB||2025-03-09T08:00|2025-03-09T08:05|lmp|21.5|USD/MWh',
      'ILLINOIS.HUB||2025-03-09T08:00|2025-03-09T08:05|energy|19.5|USD/MWh',
      'ILLINOIS.HUB||2025-03-09T08:00|2025-03-09T08:05|loss|1|USD/MWh',
      'ILLINOIS.HUB||2025-03-09T08:00|2025-03-09T08:05|congestion|1|USD/MWh',
    ],
  },
  'rt_as_prices/display': {
    what: 'the real-time table of two, by zone',
    ending: 'csv',
    sample: 'miso_rt_as_prices.csv',
    payload: `${REFERENCE}\n\nRealTimeMCP\nnumber, GenRegMCP,GenSpinMCP,GenSuppMCP,StrMcp,RcpUpMcp\n1,10.5,1.5,0.5,0,.25\n\nDayAheadMCP\nnumber, GenRegMCP,GenSpinMCP,GenSuppMCP,StrMcp,RcpUpMcp\n1,11.5,2.5,0.5,0,0\n`,
    figures: [
      `1||${FIVE}|mcp_genreg|10.5|USD/MW|${P}`,
      `1||${FIVE}|mcp_genspin|1.5|USD/MW|${P}`,
      `1||${FIVE}|mcp_gensupp|0.5|USD/MW|${P}`,
      `1||${FIVE}|mcp_str|0|USD/MW|${P}`,
      `1||${FIVE}|mcp_ramp_up|0.25|USD/MW|${P}`,
    ],
  },
  'rt_as_prices/json': {
    what: 'the display as JSON',
    ending: 'json',
    payload: `{"RefId":"02-Nov-2024 - Interval 20:25 EST","RealTimeMCP":{"Zone":[{"number":"Zone 1","GenRegMCP":"10.50","DemandSpinMCP":"1.25"}]},"DayAheadMCP":{"Zone":[{"number":"Zone 1","GenRegMCP":"9"}]}}`,
    figures: [`Zone 1||${FIVE}|mcp_genreg|10.50|USD/MW|${P}`, `Zone 1||${FIVE}|mcp_demspin|1.25|USD/MW|${P}`],
  },
  'renewable_forecast/autumn-day': {
    what: 'wind and sun in one table on the day of the autumn change; hours to come have a forecast alone',
    ending: 'csv',
    sample: 'miso_renewable_forecast.csv',
    payload: `MktDay,11-02-2025
RefId,02-Nov-2025 - Interval 02:25 EST
ForecastDateTimeEST,ForecastHourEndingEST,ForecastWindValue,ForecastSolarValue,ActualDateTimeEST,ActualHourEndingEST,ActualWindValue,ActualSolarValue
2025-11-02 12:00:00 AM,1,9000.1,0,2025-11-02 12:00:00 AM,1,9100.2,0
2025-11-02 1:00:00 AM,2,9001.1,0,2025-11-02 1:00:00 AM,2,9101.2,0
2025-11-02 2:00:00 AM,3,9002.1,0,,,,
`,
    figures: [
      'MISO||2025-11-02T05:00|2025-11-02T06:00|wind_forecast|9000.1|MW|2025-11-02T07:25',
      'MISO||2025-11-02T05:00|2025-11-02T06:00|solar_forecast|0|MW|2025-11-02T07:25',
      'MISO||2025-11-02T05:00|2025-11-02T06:00|wind_generation|9100.2|MW|2025-11-02T07:25',
      'MISO||2025-11-02T05:00|2025-11-02T06:00|solar_generation|0|MW|2025-11-02T07:25',
      'MISO||2025-11-02T06:00|2025-11-02T07:00|wind_forecast|9001.1|MW|2025-11-02T07:25',
      'MISO||2025-11-02T06:00|2025-11-02T07:00|solar_forecast|0|MW|2025-11-02T07:25',
      'MISO||2025-11-02T06:00|2025-11-02T07:00|wind_generation|9101.2|MW|2025-11-02T07:25',
      'MISO||2025-11-02T06:00|2025-11-02T07:00|solar_generation|0|MW|2025-11-02T07:25',
      'MISO||2025-11-02T07:00|2025-11-02T08:00|wind_forecast|9002.1|MW|2025-11-02T07:25',
      'MISO||2025-11-02T07:00|2025-11-02T08:00|solar_forecast|0|MW|2025-11-02T07:25',
    ],
  },
  'renewable_forecast/one-kind': {
    what: 'one kind without its name, told by the night',
    ending: 'json',
    payload: `{"MktDay":"07-15-2026","RefId":"15-Jul-2026 - Interval 05:25 EST","instance":[{"ForecastDateTimeEST":"2026-07-15 12:00:00 AM","ForecastHourEndingEST":"1","ForecastValue":"0","ActualDateTimeEST":"","ActualHourEndingEST":"","ActualValue":""},{"ForecastDateTimeEST":"2026-07-15 1:00:00 AM","ForecastHourEndingEST":"2","ForecastValue":"0.00","ActualDateTimeEST":"","ActualHourEndingEST":"","ActualValue":""},{"ForecastDateTimeEST":"2026-07-15 12:00:00 PM","ForecastHourEndingEST":"13","ForecastValue":"8000.5","ActualDateTimeEST":"","ActualHourEndingEST":"","ActualValue":""}]}`,
    figures: [
      'MISO||2026-07-15T05:00|2026-07-15T06:00|solar_forecast|0|MW|2026-07-15T10:25',
      'MISO||2026-07-15T06:00|2026-07-15T07:00|solar_forecast|0.00|MW|2026-07-15T10:25',
      'MISO||2026-07-15T17:00|2026-07-15T18:00|solar_forecast|8000.5|MW|2026-07-15T10:25',
    ],
  },
  'renewable_forecast/regions': {
    what: 'the hourly sheet of a workbook, whose title names the kind; a day with stars has been',
    ending: 'csv',
    payload: `MISO Operations - Wind,,,
,,,
DAY HE,North,South,MISO
**03/27/2024 1,100,5,105
03/27/2024 24,110,6,116
`,
    figures: [
      'North||2024-03-27T05:00|2024-03-27T06:00|wind_forecast|100|MW',
      'South||2024-03-27T05:00|2024-03-27T06:00|wind_forecast|5|MW',
      'MISO||2024-03-27T05:00|2024-03-27T06:00|wind_forecast|105|MW',
      'North||2024-03-28T04:00|2024-03-28T05:00|wind_forecast|110|MW',
      'South||2024-03-28T04:00|2024-03-28T05:00|wind_forecast|6|MW',
      'MISO||2024-03-28T04:00|2024-03-28T05:00|wind_forecast|116|MW',
    ],
  },
  'renewable_forecast/history': {
    what: 'the history of wind below its title, with a tab in the header',
    ending: 'csv',
    payload: `Historical Hourly Wind Data\n\n\nPublish Date: 10/30/2024\nMarket Day\t,Hour Ending,MWh\n01/01/2024,1,9000.5\n01/01/2024,24,9100.5\n`,
    figures: [
      'MISO||2024-01-01T05:00|2024-01-01T06:00|wind_energy|9000.5|MWh',
      'MISO||2024-01-02T04:00|2024-01-02T05:00|wind_energy|9100.5|MWh',
    ],
  },
  'fuel_mix_hourly/blocks': {
    what: 'fuels of two regions beside each other, on the day of the spring change',
    ending: 'csv',
    sample: 'miso_fuel_mix_hourly.csv',
    payload: `Real-Time State Estimator Generation Fuel Mix,,,,,,
Market Date: 03/09/2025,,,,,,
Publish Date: 03/10/2025,,,,,,
,Central,,,,North,
Market Hour Ending,Coal,Gas,Total MW,,Wind,Total MW
HE 2,5000,6000,11000,,4000,4000
HE 3,5001,6001,11002,,4001,4001
`,
    figures: [2, 3].flatMap((n) => {
      const span = `${hour('2025-03-09', n - 1)}|${hour('2025-03-09', n)}`;
      return [
        `Central|Coal|${span}|generation|${4998 + n}|MW`,
        `Central|Gas|${span}|generation|${5998 + n}|MW`,
        `Central||${span}|generation_total|${10996 + 2 * n}|MW`,
        `North|Wind|${span}|generation|${3998 + n}|MW`,
        `North||${span}|generation_total|${3998 + n}|MW`,
      ];
    }),
  },
  'fuel_mix_hourly/cleared': {
    what: 'what was cleared day-ahead, by the title',
    ending: 'csv',
    payload: `Day-Ahead Cleared Generation Fuel Mix,,
Market Date: 11/02/2025,,
,South,
Market Hour Ending,Coal,Total MW
HE 24,5000.5,5000.5
`,
    figures: [
      'South|Coal|2025-11-03T04:00|2025-11-03T05:00|generation_cleared_day_ahead|5000.5|MW',
      'South||2025-11-03T04:00|2025-11-03T05:00|generation_total_cleared_day_ahead|5000.5|MW',
    ],
  },
  'fuel_mix_hourly/history': {
    what: 'a line for each region and fuel, the header below blank lines and in the second column',
    ending: 'csv',
    payload: `,,,,,,
,Historical Generation Fuel Mix,,,,,
,Market Date,HourEnding,Region,Fuel Type,DA Cleared UDS Generation,[RT Generation State Estimator
,2023-01-01,1,Central,Coal,5000.5,5100.25
,1/1/2023,24,Central,Wind,500.5,
`,
    figures: [
      'Central|Coal|2023-01-01T05:00|2023-01-01T06:00|generation_cleared_day_ahead|5000.5|MW',
      'Central|Coal|2023-01-01T05:00|2023-01-01T06:00|generation|5100.25|MW',
      'Central|Wind|2023-01-02T04:00|2023-01-02T05:00|generation_cleared_day_ahead|500.5|MW',
      'Central|Wind|2023-01-02T04:00|2023-01-02T05:00|generation||MW',
    ],
  },
  'interchange_hourly/history': {
    what: 'hours in columns between bars, on the day of the spring change',
    ending: 'csv',
    sample: 'miso_interchange_hourly.csv',
    payload: `Historical Interchange|\nMKTDAY|INTERFACE|${HOURS.map((n) => `HE${n}`).join('|')}\n03/09/2025|PJM|${HOURS.map((n) => -100 - n).join('|')}\n`,
    figures: inTurn(
      'MISO|PJM',
      'interchange_scheduled',
      'MW',
      HOURS.map((n) => [hour('2025-03-09', n - 1), hour('2025-03-09', n), `${-100 - n}`] as const),
    ),
  },
  'interchange_hourly/day': {
    what: 'a column for each neighbour, their sum without series',
    ending: 'csv',
    payload: `Net Scheduled Interchange,,,\nMarket Date: 10/30/2024,,,\nHour Ending,MHEB,PJM,MISO\n1,100,-200.5,-100.5\n`,
    figures: [
      'MISO|MHEB|2024-10-30T05:00|2024-10-30T06:00|interchange_scheduled|100|MW',
      'MISO|PJM|2024-10-30T05:00|2024-10-30T06:00|interchange_scheduled|-200.5|MW',
      'MISO||2024-10-30T05:00|2024-10-30T06:00|interchange_scheduled|-100.5|MW',
    ],
  },
  'load_forecast/history-sheet': {
    what: 'the history of regions as the sheet of a new workbook',
    ending: 'csv',
    payload: `Historical Regional Forecast and Actual Load,,,,\n,,,,\nMarket Day,HourEnding,Region,MTLF (MWh),Actual Load (MWh)\n11/02/2025,2,Central,30000.5,30100\n2025-11-02,3,Central,30001.5,\n`,
    figures: [
      'Central||2025-11-02T06:00|2025-11-02T07:00|load_forecast|30000.5|MWh',
      'Central||2025-11-02T06:00|2025-11-02T07:00|load|30100|MWh',
      'Central||2025-11-02T07:00|2025-11-02T08:00|load_forecast|30001.5|MWh',
      'Central||2025-11-02T07:00|2025-11-02T08:00|load||MWh',
    ],
  },
  'load/display-csv': {
    what: 'three tables of one display as CSV',
    ending: 'csv',
    payload: `${REFERENCE}\n\nClearedMW\nLoad_Hour,Load_Value\n1,60000\n\nMediumTermLoadForecast\nHour_End,Load_Forecast\n24,60100\n\nFiveMinTotalLoad\nLoad_Time,Load_Value\n00:05,60050\n`,
    figures: [
      `MISO||2024-11-02T05:05|2024-11-02T05:10|load|60050|MW|${P}`,
      `MISO||2024-11-03T04:00|2024-11-03T05:00|load_forecast|60100|MW|${P}`,
      `MISO||2024-11-02T05:00|2024-11-02T06:00|load_cleared_day_ahead|60000|MW|${P}`,
    ],
  },
  'load/demand': {
    what: 'demand of the Data Exchange that was cleared, by its kinds',
    ending: 'json',
    payload: `{"data":[{"interval":"1","timeInterval":{"resolution":"hourly","start":"2025-03-09T02:00:00","end":"2025-03-09T03:00:00","value":"2025-03-09"},"region":"Central","demand":{"fixed":30000.5,"priceSens":5,"virtual":100}}],"page":{"lastPage":true}}`,
    figures: [
      'Central||2025-03-09T07:00|2025-03-09T08:00|demand_cleared_fixed|30000.5|MWh',
      'Central||2025-03-09T07:00|2025-03-09T08:00|demand_cleared_price_sensitive|5|MWh',
      'Central||2025-03-09T07:00|2025-03-09T08:00|demand_cleared_virtual|100|MWh',
    ],
  },
  'interchange/exchange': {
    what: 'scheduled and actual interchange of the Data Exchange',
    ending: 'json',
    payload: `{"data":[{"interval":"1","timeInterval":{"resolution":"hourly","start":"2024-11-01T00:00:00","end":"2024-11-01T01:00:00"},"adjacentBa":"PJM","nsi":-500.5,"nai":-498}],"page":{}}`,
    figures: [
      'MISO|PJM|2024-11-01T05:00|2024-11-01T06:00|interchange_scheduled|-500.5|MW',
      'MISO|PJM|2024-11-01T05:00|2024-11-01T06:00|interchange|-498|MW',
    ],
  },
  'interchange/display-csv': {
    what: 'the schedule as CSV below its reference',
    ending: 'csv',
    payload: `${REFERENCE}\n\ntimestamp,MISO,PJM\n2024-11-02 20:25:00,-1000,5\n`,
    figures: [`MISO||${FIVE}|interchange_scheduled|-1000|MW`, `MISO|PJM|${FIVE}|interchange_scheduled|5|MW`],
  },
  'fuel_mix/xml': {
    what: 'the display as XML of the old broker, a category alone',
    ending: 'xml',
    payload: `<?xml version="1.0" encoding="utf-8"?><FuelMix><TotalMW>70000</TotalMW><RefId>25-Jan-2018 - Interval 04:30 EST</RefId><Fuel><Type><INTERVALEST>2018-01-25 4:30:00 AM</INTERVALEST><CATEGORY>Coal</CATEGORY><ACT>38033</ACT></Type></Fuel></FuelMix>\n`,
    figures: ['MISO|Coal|2018-01-25T09:30|2018-01-25T09:35|generation|38033|MW'],
  },
  'load/xml': {
    what: 'three lists as XML',
    ending: 'xml',
    payload: `<LoadInfo><RefId>25-Jan-2018 - Interval 04:30 EST</RefId><ClearedMW><ClearedMWHourly><Hour>1</Hour><Value>60000</Value></ClearedMWHourly></ClearedMW><FiveMinTotalLoad><Load><Time>00:05</Time><Value>60500</Value></Load></FiveMinTotalLoad></LoadInfo>\n`,
    figures: [
      'MISO||2018-01-25T05:05|2018-01-25T05:10|load|60500|MW|2018-01-25T09:30',
      'MISO||2018-01-25T05:00|2018-01-25T06:00|load_cleared_day_ahead|60000|MW|2018-01-25T09:30',
    ],
  },
  'fuel_mix/called': {
    what: 'the display as the argument of a call',
    ending: 'json',
    payload: `angular.callbacks._0({"TotalMW":"70000","RefId":"25-Jan-2018 - Interval 04:30 EST","Fuel":{"Type":[{"INTERVALEST":"2018-01-25 4:30:00 AM","CATEGORY":"Wind","ACT":"8033"}]}});\n`,
    figures: ['MISO|Wind|2018-01-25T09:30|2018-01-25T09:35|generation|8033|MW'],
  },
  'rt_lmp/current-csv': {
    what: 'the interval of now as CSV',
    ending: 'csv',
    payload:
      'INTERVAL,CPNODE,LMP,MLC,MCC\n2024-11-02T20:25:00,ILLINOIS.HUB,20.10,-0.5,.25\n2024-11-02T20:25:00,MINN.HUB,-3,0,0\n',
    figures: [
      `ILLINOIS.HUB||${FIVE}|lmp|20.10|USD/MWh`,
      `ILLINOIS.HUB||${FIVE}|loss|-0.5|USD/MWh`,
      `ILLINOIS.HUB||${FIVE}|congestion|0.25|USD/MWh`,
      `MINN.HUB||${FIVE}|lmp|-3|USD/MWh`,
      `MINN.HUB||${FIVE}|loss|0|USD/MWh`,
      `MINN.HUB||${FIVE}|congestion|0|USD/MWh`,
    ],
  },
};
