/** Written golden cases of NYISO: old layouts, reports of limits, bids, weather and flows, and bodies that were saved anew. */

import { inTurn, type Written } from './written-case.ts';

/** Cases by `dataset/case`. */
export const NYISO_WRITTEN: Readonly<Record<string, Written>> = {
  'transfer_limits/spring-night': {
    what: 'hour-ahead limits of the quarters as series, 02:00 absent',
    ending: 'csv',
    sample: 'nyiso_20250309atc_ttc.csv',
    payload: `Interface Name, Time Stamp, TTC (DAM), ATC (DAM), TTC (HAM) xx:00, ATC (HAM) xx:00, TTC (HAM) xx:15, ATC (HAM) xx:15
CENTRAL EAST - VC,03/09/2025 01:00,2850,100,2840,90.5,2830,80
CENTRAL EAST - VC,03/09/2025 03:00,2851,101,2841,91,2831,-81
`,
    figures: [
      'CENTRAL EAST - VC||2025-03-09T06:00|2025-03-09T07:00|ttc_day_ahead|2850|MW',
      'CENTRAL EAST - VC||2025-03-09T06:00|2025-03-09T07:00|atc_day_ahead|100|MW',
      'CENTRAL EAST - VC|xx:00|2025-03-09T06:00|2025-03-09T07:00|ttc_hour_ahead|2840|MW',
      'CENTRAL EAST - VC|xx:00|2025-03-09T06:00|2025-03-09T07:00|atc_hour_ahead|90.5|MW',
      'CENTRAL EAST - VC|xx:15|2025-03-09T06:00|2025-03-09T07:00|ttc_hour_ahead|2830|MW',
      'CENTRAL EAST - VC|xx:15|2025-03-09T06:00|2025-03-09T07:00|atc_hour_ahead|80|MW',
      'CENTRAL EAST - VC||2025-03-09T07:00|2025-03-09T08:00|ttc_day_ahead|2851|MW',
      'CENTRAL EAST - VC||2025-03-09T07:00|2025-03-09T08:00|atc_day_ahead|101|MW',
      'CENTRAL EAST - VC|xx:00|2025-03-09T07:00|2025-03-09T08:00|ttc_hour_ahead|2841|MW',
      'CENTRAL EAST - VC|xx:00|2025-03-09T07:00|2025-03-09T08:00|atc_hour_ahead|91|MW',
      'CENTRAL EAST - VC|xx:15|2025-03-09T07:00|2025-03-09T08:00|ttc_hour_ahead|2831|MW',
      'CENTRAL EAST - VC|xx:15|2025-03-09T07:00|2025-03-09T08:00|atc_hour_ahead|-81|MW',
    ],
  },
  'transfer_limits/old-header': {
    what: 'the hour-ahead limits of old years, without quarters',
    ending: 'csv',
    payload:
      'Interface Name,Time Stamp,TTC (DAM),ATC (DAM),TTC (HAM),ATC (HAM)\nCENTRAL EAST,07/15/2005 00:00,2850,100,2840,90\n',
    figures: [
      'CENTRAL EAST||2005-07-15T04:00|2005-07-15T05:00|ttc_day_ahead|2850|MW',
      'CENTRAL EAST||2005-07-15T04:00|2005-07-15T05:00|atc_day_ahead|100|MW',
      'CENTRAL EAST||2005-07-15T04:00|2005-07-15T05:00|ttc_hour_ahead|2840|MW',
      'CENTRAL EAST||2005-07-15T04:00|2005-07-15T05:00|atc_hour_ahead|90|MW',
    ],
  },
  'weather_forecast/both-days': {
    what: 'days of 25 and of 23 hours, the vintage as series',
    ending: 'csv',
    sample: 'nyiso_20251102lfweather.csv',
    payload: `Forecast Date,Vintage Date,Vintage,Station ID,Max Temp,Min Temp,Max Wet Bulb,Min Wet Bulb
11/02/2025,11/02/2025,Forecast,ALB,55,41,48,39
03/09/2025,03/09/2025,Actual,ALB,40,-3,38,
`,
    figures: [
      'ALB|Forecast|2025-11-02T04:00|2025-11-03T05:00|temperature_max|55|°F',
      'ALB|Forecast|2025-11-02T04:00|2025-11-03T05:00|temperature_min|41|°F',
      'ALB|Forecast|2025-11-02T04:00|2025-11-03T05:00|wet_bulb_max|48|°F',
      'ALB|Forecast|2025-11-02T04:00|2025-11-03T05:00|wet_bulb_min|39|°F',
      'ALB|Actual|2025-03-09T05:00|2025-03-10T04:00|temperature_max|40|°F',
      'ALB|Actual|2025-03-09T05:00|2025-03-10T04:00|temperature_min|-3|°F',
      'ALB|Actual|2025-03-09T05:00|2025-03-10T04:00|wet_bulb_max|38|°F',
      'ALB|Actual|2025-03-09T05:00|2025-03-10T04:00|wet_bulb_min||°F',
    ],
  },
  'da_loop_flow/autumn-night': {
    what: 'full hours are the day-ahead report; the repeated one by order',
    ending: 'csv',
    sample: 'nyiso_20251102ErieCirculationDA.csv',
    payload:
      'Timestamp,Lake Erie Circulation (MWH)\n11/02/2025 00:00,-100\n11/02/2025 01:00,-110\n11/02/2025 01:00,120.5\n11/02/2025 02:00,-130\n',
    figures: inTurn('LAKE ERIE|', 'circulation', 'MW', [
      ['2025-11-02T04:00', '2025-11-02T05:00', '-100'],
      ['2025-11-02T05:00', '2025-11-02T06:00', '-110'],
      ['2025-11-02T06:00', '2025-11-02T07:00', '120.5'],
      ['2025-11-02T07:00', '2025-11-02T08:00', '-130'],
    ]),
  },
  'rt_loop_flow/spring-night': {
    what: 'readings over the spring change',
    ending: 'csv',
    payload:
      'Timestamp,Lake Erie Circulation (MWH)\n03/09/2025 01:55,-100\n03/09/2025 03:00,-110\n03/09/2025 03:05,120.5\n',
    figures: inTurn('LAKE ERIE|', 'circulation', 'MW', [
      ['2025-03-09T06:55', '', '-100'],
      ['2025-03-09T07:00', '', '-110'],
      ['2025-03-09T07:05', '', '120.5'],
    ]),
  },
  'rt_loop_flow/autumn-night': {
    what: 'readings of the repeated hour by order',
    ending: 'csv',
    sample: 'nyiso_20251102ErieCirculationRT.csv',
    payload:
      'Timestamp,Lake Erie Circulation (MWH)\n11/02/2025 01:25,-100\n11/02/2025 01:55,-110\n11/02/2025 01:25,120.5\n11/02/2025 01:55,130\n',
    figures: inTurn('LAKE ERIE|', 'circulation', 'MW', [
      ['2025-11-02T05:25', '', '-100'],
      ['2025-11-02T05:55', '', '-110'],
      ['2025-11-02T06:25', '', '120.5'],
      ['2025-11-02T06:55', '', '130'],
    ]),
  },
  'par_flow/autumn-night': {
    what: 'points by their numbers, the repeated hour by order',
    ending: 'csv',
    sample: 'nyiso_20251102ParFlows.csv',
    payload:
      'Timestamp,Point ID,Flow (MWH)\n11/02/2025 01:05:00,25028,12.3\n11/02/2025 01:05:00,25029,-1\n11/02/2025 01:05:00,25028,12.4\n11/02/2025 01:05:00,25029,-2\n',
    figures: [
      '25028||2025-11-02T05:05||flow|12.3|MW',
      '25029||2025-11-02T05:05||flow|-1|MW',
      '25028||2025-11-02T06:05||flow|12.4|MW',
      '25029||2025-11-02T06:05||flow|-2|MW',
    ],
  },
  'interchange/limits': {
    what: 'limits beside the flow, none where ±9999 stands',
    ending: 'csv',
    payload: `Timestamp,Interface Name,Point ID,Flow (MWH),Positive Limit (MWH),Negative Limit (MWH)
07/15/2025 00:05,CENTRAL EAST - VC,23330,1834.87,2850,-9999
07/15/2025 00:05,SCH - HQ - NY,23324,-12,9999,-1400.5
`,
    figures: [
      'CENTRAL EAST - VC||2025-07-15T04:05||interchange|1834.87|MW',
      'CENTRAL EAST - VC||2025-07-15T04:05||limit_positive|2850|MW',
      'SCH - HQ - NY||2025-07-15T04:05||interchange|-12|MW',
      'SCH - HQ - NY||2025-07-15T04:05||limit_negative|-1400.5|MW',
    ],
  },
  'fuel_mix/blank-line': {
    what: 'a blank first line above the old header',
    ending: 'csv',
    payload: `\nTime Stamp,Time Zone,Fuel Category,Gen MWh\n11/01/2015 01:05,EDT,Hydro,2500\n11/01/2015 01:05,EST,Hydro,2501\n`,
    figures: [
      'NYISO|Hydro|2015-11-01T05:05||generation|2500|MW',
      'NYISO|Hydro|2015-11-01T06:05||generation|2501|MW',
    ],
  },
  'fuel_mix/no-zone': {
    what: 'no zone beside the stamps: the order tells the repeated hour',
    ending: 'csv',
    payload: `Time Stamp,Fuel Category,Gen MW\n11/02/2025 01:05:00,Wind,500\n11/02/2025 01:05:00,Wind,501\n11/02/2025 02:05:00,Wind,502\n`,
    figures: [
      'NYISO|Wind|2025-11-02T05:05||generation|500|MW',
      'NYISO|Wind|2025-11-02T06:05||generation|501|MW',
      'NYISO|Wind|2025-11-02T07:05||generation|502|MW',
    ],
  },
  'load/no-zone': {
    what: 'no zone beside the stamps over the spring change',
    ending: 'csv',
    payload: `"Time Stamp","Name","PTID","Load"\n"03/09/2025 01:55:00","CAPITL",61757,1259.1\n"03/09/2025 03:00:00","CAPITL",61757,1260\n`,
    figures: ['CAPITL||2025-03-09T06:55||load|1259.1|MW', 'CAPITL||2025-03-09T07:00||load|1260|MW'],
  },
  'load_hourly/no-zone': {
    what: 'hours of old years without zone, the repeated one by order',
    ending: 'csv',
    payload: `Time Stamp,Name,PTID,Integrated Load\n10/28/2001 01:00:00,CAPITL,61757,1259.1\n10/28/2001 01:00:00,CAPITL,61757,1260\n10/28/2001 02:00:00,CAPITL,61757,1261\n`,
    figures: inTurn('CAPITL|', 'load', 'MW', [
      ['2001-10-28T05:00', '2001-10-28T06:00', '1259.1'],
      ['2001-10-28T06:00', '2001-10-28T07:00', '1260'],
      ['2001-10-28T07:00', '2001-10-28T08:00', '1261'],
    ]),
  },
  'da_as_prices/first-years': {
    what: 'one price for the whole market, without names and areas',
    ending: 'csv',
    payload: `"Time Stamp","Time Zone","10 Min Spinning Reserve ($/MWHr)","10 Min Non-Synchronous Reserve ($/MWHr)","30 Min Operating Reserve ($/MWHr)","Regulation ($/MWHr)"\n"03/01/2000 00:00:00","EST",1.5,1.0,0.5,7\n`,
    figures: [
      'NYCA||2000-03-01T05:00|2000-03-01T06:00|mcp_spin_10|1.5|USD/MW',
      'NYCA||2000-03-01T05:00|2000-03-01T06:00|mcp_nonspin_10|1.0|USD/MW',
      'NYCA||2000-03-01T05:00|2000-03-01T06:00|mcp_operating_30|0.5|USD/MW',
      'NYCA||2000-03-01T05:00|2000-03-01T06:00|mcp_regulation_capacity|7|USD/MW',
    ],
  },
  'da_lmp/saved-page': {
    what: 'the table of a page that was saved from a browser',
    ending: 'csv',
    payload: `<html><body><h1>LBMP</h1>
<table><tr><th>Time Stamp</th><th>Name</th><th>PTID</th><th>LBMP ($/MWHr)</th><th>Marginal Cost Losses ($/MWHr)</th><th>Marginal Cost Congestion ($/MWHr)</th></tr>
<tr><td>03/09/2025 01:00</td><td>CAPITL</td><td>61757</td><td>30.5</td><td>1</td><td>-2</td></tr>
<tr><td>03/09/2025 03:00</td><td>CAPITL</td><td>61757</td><td>31.5</td><td>1.25</td><td>0</td></tr></table></body></html>
`,
    figures: [
      'CAPITL||2025-03-09T06:00|2025-03-09T07:00|lmp|30.5|USD/MWh',
      'CAPITL||2025-03-09T06:00|2025-03-09T07:00|loss|1|USD/MWh',
      'CAPITL||2025-03-09T06:00|2025-03-09T07:00|congestion|-2|USD/MWh',
      'CAPITL||2025-03-09T07:00|2025-03-09T08:00|lmp|31.5|USD/MWh',
      'CAPITL||2025-03-09T07:00|2025-03-09T08:00|loss|1.25|USD/MWh',
      'CAPITL||2025-03-09T07:00|2025-03-09T08:00|congestion|0|USD/MWh',
    ],
  },
  'da_lmp/words-above': {
    what: 'lines of words above the header',
    ending: 'csv',
    payload: `NYISO Day Ahead Market LBMP

"Time Stamp","Name","PTID","LBMP ($/MWHr)","Marginal Cost Losses ($/MWHr)","Marginal Cost Congestion ($/MWHr)"
"07/15/2025 00:00","CAPITL",61757,30.5,1,-2
`,
    figures: [
      'CAPITL||2025-07-15T04:00|2025-07-15T05:00|lmp|30.5|USD/MWh',
      'CAPITL||2025-07-15T04:00|2025-07-15T05:00|loss|1|USD/MWh',
      'CAPITL||2025-07-15T04:00|2025-07-15T05:00|congestion|-2|USD/MWh',
    ],
  },
};
