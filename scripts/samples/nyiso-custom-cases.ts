/** Written golden cases of NYISO's custom reports, and of the chart of fuels on its pages. */

import type { Written } from './written-case.ts';

/** Cases by `dataset/case`. */
export const NYISO_CUSTOM: Readonly<Record<string, Written>> = {
  'da_lmp/custom-report': {
    what: 'the custom report, the repeated hour told by its zone',
    ending: 'csv',
    payload: `"Eastern Date Hour","Eastern Date Hour Time Zone","Zone Name","Zone PTID","DAM Zonal LBMP","DAM Zonal Losses","DAM Zonal Congestion","DAM Zonal Price Version"
"2019/11/03 01:00:00","EDT","WEST","61752",-21,1,0,1
"2019/11/03 01:00:00","EST","WEST","61752",22.5,1.25,-0.5,1
`,
    figures: [
      'WEST||2019-11-03T05:00|2019-11-03T06:00|lmp|-21|USD/MWh',
      'WEST||2019-11-03T05:00|2019-11-03T06:00|loss|1|USD/MWh',
      'WEST||2019-11-03T05:00|2019-11-03T06:00|congestion|0|USD/MWh',
      'WEST||2019-11-03T06:00|2019-11-03T07:00|lmp|22.5|USD/MWh',
      'WEST||2019-11-03T06:00|2019-11-03T07:00|loss|1.25|USD/MWh',
      'WEST||2019-11-03T06:00|2019-11-03T07:00|congestion|-0.5|USD/MWh',
    ],
  },
  'hasp_lmp/custom-report': {
    what: 'the custom report of a generator, 02:00 absent',
    ending: 'csv',
    payload: `Eastern Date Hour,Gen Name,Gen PTID,HAM Gen LBMP,HAM Gen Losses,HAM Gen Congestion,HAM Gen Price Version
2019/03/10 01:00:00,SAMPLE___GT_1,24000,20,1,0,1
2019/03/10 03:00:00,SAMPLE___GT_1,24000,21,1,0,1
`,
    figures: [
      'SAMPLE___GT_1||2019-03-10T06:00|2019-03-10T07:00|lmp|20|USD/MWh',
      'SAMPLE___GT_1||2019-03-10T06:00|2019-03-10T07:00|loss|1|USD/MWh',
      'SAMPLE___GT_1||2019-03-10T06:00|2019-03-10T07:00|congestion|0|USD/MWh',
      'SAMPLE___GT_1||2019-03-10T07:00|2019-03-10T08:00|lmp|21|USD/MWh',
      'SAMPLE___GT_1||2019-03-10T07:00|2019-03-10T08:00|loss|1|USD/MWh',
      'SAMPLE___GT_1||2019-03-10T07:00|2019-03-10T08:00|congestion|0|USD/MWh',
    ],
  },
  'rt_lmp_hourly/custom-report': {
    what: 'the custom report of integrated prices',
    ending: 'csv',
    payload: `Eastern Date Hour,Zone Name,Zone PTID,TWI Zonal LBMP,TWI Zonal Losses,TWI Zonal Congestion
2019/05/01 00:00:00,N.Y.C.,61761,20.5,1,-3
`,
    figures: [
      'N.Y.C.||2019-05-01T04:00|2019-05-01T05:00|lmp|20.5|USD/MWh',
      'N.Y.C.||2019-05-01T04:00|2019-05-01T05:00|loss|1|USD/MWh',
      'N.Y.C.||2019-05-01T04:00|2019-05-01T05:00|congestion|-3|USD/MWh',
    ],
  },
  'rt_lmp/custom-report': {
    what: 'the custom report of the dispatch, which is real time at full hours too; stamps end five minutes',
    ending: 'csv',
    payload: `"RTD End Time Stamp","Zone Name","Zone PTID","RTD Zonal LBMP","RTD Zonal Losses","RTD Zonal Congestion","RTD Zonal Price Version"
"2019/05/01 01:00:00","WEST","61752",20.5,1,0,1
"2019/05/01 02:00:00","WEST","61752",21,1,0,1
`,
    figures: [
      'WEST||2019-05-01T04:55|2019-05-01T05:00|lmp|20.5|USD/MWh',
      'WEST||2019-05-01T04:55|2019-05-01T05:00|loss|1|USD/MWh',
      'WEST||2019-05-01T04:55|2019-05-01T05:00|congestion|0|USD/MWh',
      'WEST||2019-05-01T05:55|2019-05-01T06:00|lmp|21|USD/MWh',
      'WEST||2019-05-01T05:55|2019-05-01T06:00|loss|1|USD/MWh',
      'WEST||2019-05-01T05:55|2019-05-01T06:00|congestion|0|USD/MWh',
    ],
  },
  'rt_lmp/selection': {
    what: 'the prices alone of a custom report',
    ending: 'csv',
    payload: `RTD End Time Stamp,Zone Name,RTD Zonal LBMP
2019/05/01 00:05:00,WEST,20.5
`,
    figures: ['WEST||2019-05-01T04:00|2019-05-01T04:05|lmp|20.5|USD/MWh'],
  },
  'da_lmp/selection': {
    what: 'the columns of stamps, names and prices of a daily file',
    ending: 'csv',
    payload: `Time Stamp,Name,LBMP ($/MWHr)
03/09/2025 01:00,WEST,20.5
03/09/2025 03:00,WEST,-1
`,
    figures: [
      'WEST||2025-03-09T06:00|2025-03-09T07:00|lmp|20.5|USD/MWh',
      'WEST||2025-03-09T07:00|2025-03-09T08:00|lmp|-1|USD/MWh',
    ],
  },
  'load/custom-report': {
    what: 'the custom report, the repeated hour by order',
    ending: 'csv',
    payload: `RTD End Time Stamp,Zone Name,Zone PTID,RTD Actual Load
2019/11/03 01:55:00,WEST,61752,1400.25
2019/11/03 01:00:00,WEST,61752,1399
2019/11/03 01:55:00,WEST,61752,1398
`,
    figures: [
      'WEST||2019-11-03T05:55||load|1400.25|MW',
      'WEST||2019-11-03T06:00||load|1399|MW',
      'WEST||2019-11-03T06:55||load|1398|MW',
    ],
  },
  'load_hourly/custom-report': {
    what: 'the custom report of integrated load',
    ending: 'csv',
    payload: `Eastern Date Hour,Eastern Date Hour Time Zone,Zone Name,Zone PTID,TWI Actual Load
2019/05/01 00:00:00,EDT,WEST,61752,1400
`,
    figures: ['WEST||2019-05-01T04:00|2019-05-01T05:00|load|1400|MW'],
  },
  'load_forecast/custom-report': {
    what: 'the custom report, a row for each zone and hour',
    ending: 'csv',
    payload: `Eastern Date Hour,Zone Name,Zone PTID,DAM Forecast Load
2019/05/01 00:00:00,WEST,61752,1400
2019/05/01 00:00:00,N.Y.C.,61761,5000.5
`,
    figures: [
      'WEST||2019-05-01T04:00|2019-05-01T05:00|load_forecast|1400|MW',
      'N.Y.C.||2019-05-01T04:00|2019-05-01T05:00|load_forecast|5000.5|MW',
    ],
  },
  'da_as_prices/custom-report': {
    what: 'the custom report of reserves',
    ending: 'csv',
    payload: `Eastern Date Hour,Zone Name,Zone PTID,DAM 10 Min Spin,DAM 10 Min Non Sync,DAM 30 Min Non Sync,DAM NYCA Regulation Capacity
2019/05/01 00:00:00,WEST,61752,5,4.5,3,12
`,
    figures: [
      'WEST||2019-05-01T04:00|2019-05-01T05:00|mcp_spin_10|5|USD/MW',
      'WEST||2019-05-01T04:00|2019-05-01T05:00|mcp_nonspin_10|4.5|USD/MW',
      'WEST||2019-05-01T04:00|2019-05-01T05:00|mcp_operating_30|3|USD/MW',
      'WEST||2019-05-01T04:00|2019-05-01T05:00|mcp_regulation_capacity|12|USD/MW',
    ],
  },
  'rt_as_prices/custom-report': {
    what: 'the custom report, which has some of the products',
    ending: 'csv',
    payload: `RTD End Time Stamp,Zone Name,Zone PTID,RTD 10 Min Spin,RTD 10 Min Non Sync,RTD 30 Min Non Sync
2019/05/01 00:05:00,WEST,61752,5,4.5,0
`,
    figures: [
      'WEST||2019-05-01T04:00|2019-05-01T04:05|mcp_spin_10|5|USD/MW',
      'WEST||2019-05-01T04:00|2019-05-01T04:05|mcp_nonspin_10|4.5|USD/MW',
      'WEST||2019-05-01T04:00|2019-05-01T04:05|mcp_operating_30|0|USD/MW',
    ],
  },
  'fuel_mix/chart': {
    what: 'the chart of the page, moments with offset and as milliseconds',
    ending: 'json',
    payload: `{"status":"success","data":[
{"timeStamp":"2025-11-02T01:05:00.000-0500","fuelCategory":"Natural Gas","genMWh":5000.5},
{"timeStamp":1762063800000,"fuelCategory":"Wind","genMWh":null}]}
`,
    figures: [
      'NYISO|Natural Gas|2025-11-02T06:05||generation|5000.5|MW',
      'NYISO|Wind|2025-11-02T06:10||generation||MW',
    ],
  },
};
