/** Written golden cases of ERCOT: dashboards of prices, reserves and outages, the report of fuels, and further tables. */

import type { Written } from './written-case.ts';

const PRICES = {
  lastUpdated: '2025-11-02 02:20:00-0600',
  rtSppData: [
    {
      intervalEnding: '01:00',
      dstFlag: 'N',
      hbHubAvg: 21.5,
      lzWest: -3.25,
      timestamp: '2025-11-02 01:00:00-0500',
      interval: 1762063200000,
    },
    {
      intervalEnding: '01:15',
      dstFlag: 'N',
      hbHubAvg: 22.5,
      lzWest: -4,
      timestamp: '2025-11-02 01:15:00-0500',
      interval: 1762064100000,
    },
    {
      intervalEnding: '01:15',
      dstFlag: 'Y',
      hbHubAvg: 23.5,
      lzWest: null,
      timestamp: '2025-11-02 01:15:00-0600',
      interval: 1762067700000,
    },
    {
      intervalEnding: '24:00',
      dstFlag: 'N',
      hbHubAvg: 24.5,
      lzWest: 1,
      timestamp: '2025-11-03 00:00:00-0600',
      interval: 1762149600000,
    },
  ],
  damSppData: [
    {
      hourEnding: 2,
      dstFlag: 'N',
      hbHubAvg: 31.25,
      timestamp: '2025-11-02 02:00:00-0500',
      interval: 1762066800000,
    },
    {
      hourEnding: 2,
      dstFlag: 'Y',
      hbHubAvg: 32.25,
      timestamp: '2025-11-02 02:00:00-0600',
      interval: 1762070400000,
    },
    {
      hourEnding: 24,
      dstFlag: 'N',
      hbHubAvg: 33.25,
      timestamp: '2025-11-03 00:00:00-0600',
      interval: 1762149600000,
    },
  ],
};
const P = '2025-11-02T08:20';

/** `dataset/case` → the case. */
export const ERCOT_WRITTEN: Readonly<Record<string, Written>> = {
  'price_outlook/autumn-day': {
    what: 'quarters and hours of the repeated hour by their flags, and the last ones of the day',
    ending: 'json',
    sample: 'ercot_price_outlook.json',
    payload: JSON.stringify(PRICES, null, 1),
    figures: [
      `HB_HUBAVG||2025-11-02T05:45|2025-11-02T06:00|lmp|21.5|USD/MWh|${P}`,
      `LZ_WEST||2025-11-02T05:45|2025-11-02T06:00|lmp|-3.25|USD/MWh|${P}`,
      `HB_HUBAVG||2025-11-02T06:00|2025-11-02T06:15|lmp|22.5|USD/MWh|${P}`,
      `LZ_WEST||2025-11-02T06:00|2025-11-02T06:15|lmp|-4|USD/MWh|${P}`,
      `HB_HUBAVG||2025-11-02T07:00|2025-11-02T07:15|lmp|23.5|USD/MWh|${P}`,
      `LZ_WEST||2025-11-02T07:00|2025-11-02T07:15|lmp||USD/MWh|${P}`,
      `HB_HUBAVG||2025-11-03T05:45|2025-11-03T06:00|lmp|24.5|USD/MWh|${P}`,
      `LZ_WEST||2025-11-03T05:45|2025-11-03T06:00|lmp|1|USD/MWh|${P}`,
      `HB_HUBAVG||2025-11-02T06:00|2025-11-02T07:00|lmp_day_ahead|31.25|USD/MWh|${P}`,
      `HB_HUBAVG||2025-11-02T07:00|2025-11-02T08:00|lmp_day_ahead|32.25|USD/MWh|${P}`,
      `HB_HUBAVG||2025-11-03T05:00|2025-11-03T06:00|lmp_day_ahead|33.25|USD/MWh|${P}`,
    ],
  },
  'price_outlook/spring-day': {
    what: 'the quarter after the skipped hour',
    ending: 'json',
    payload:
      '{"lastUpdated":"2025-03-09 03:20:00-0500","rtSppData":[{"intervalEnding":"02:00","dstFlag":"N","hbNorth":18.5,"timestamp":"2025-03-09 02:00:00-0600"},{"intervalEnding":"03:15","dstFlag":"N","hbNorth":19.5,"timestamp":"2025-03-09 03:15:00-0500"}],"damSppData":[]}',
    figures: [
      'HB_NORTH||2025-03-09T07:45|2025-03-09T08:00|lmp|18.5|USD/MWh|2025-03-09T08:20',
      'HB_NORTH||2025-03-09T08:00|2025-03-09T08:15|lmp|19.5|USD/MWh|2025-03-09T08:20',
    ],
  },
  'reserves/grid-conditions': {
    what: 'physical responsive capability over the repeated hour, by the offset',
    ending: 'json',
    sample: 'ercot_reserves.json',
    payload:
      '{"lastUpdated":"2025-11-02 01:00:20-0600","current_condition":{"condition_note":"A made-up note.","eea_level":0,"energy_level_value":20,"state":"normal","title":"Normal Conditions","prc_value":"9,005","index":3,"datetime":1762066820},"data":[{"timestamp":"2025-11-02 01:00:08-0500","epoch":1762063208000,"interval":"2025-11-02 01:00:08","dstFlag":"N","prc":9001},{"timestamp":"2025-11-02 01:00:08-0600","epoch":1762066808000,"interval":"2025-11-02 01:00:08","dstFlag":"Y","prc":9005}]}',
    figures: [
      'ERCOT|prc|2025-11-02T06:00:08||reserve|9001|MW|2025-11-02T07:00:20',
      'ERCOT|prc|2025-11-02T07:00:08||reserve|9005|MW|2025-11-02T07:00:20',
    ],
  },
  'reserves/ancillary-services': {
    what: 'frequency, and responsibilities under their names',
    ending: 'json',
    payload:
      '{"lastUpdated":"2026-01-15 12:00:12-0600","data":[{"timestamp":"2026-01-15 12:00:00-0600","interval":1768500000000,"dstFlag":"N","currentFrequency":60.012}],"ascapmon":[{"timestamp":"2026-01-15 12:00:04-0600","interval":1768500004000,"dstFlag":"N","deployedRegUp":11,"undeployedRegUp":301,"deployedRegDown":0,"undeployedRegDown":402,"rrs":2901,"nsrs":1502,"ecrs":1203}],"lastRrs":2901,"lastNsrs":1502}',
    figures: [
      'ERCOT||2026-01-15T18:00||frequency|60.012|Hz|2026-01-15T18:00:12',
      'ERCOT|deployedRegUp|2026-01-15T18:00:04||reserve|11|MW|2026-01-15T18:00:12',
      'ERCOT|undeployedRegUp|2026-01-15T18:00:04||reserve|301|MW|2026-01-15T18:00:12',
      'ERCOT|deployedRegDown|2026-01-15T18:00:04||reserve|0|MW|2026-01-15T18:00:12',
      'ERCOT|undeployedRegDown|2026-01-15T18:00:04||reserve|402|MW|2026-01-15T18:00:12',
      'ERCOT|rrs|2026-01-15T18:00:04||reserve|2901|MW|2026-01-15T18:00:12',
      'ERCOT|nsrs|2026-01-15T18:00:04||reserve|1502|MW|2026-01-15T18:00:12',
      'ERCOT|ecrs|2026-01-15T18:00:04||reserve|1203|MW|2026-01-15T18:00:12',
    ],
  },
  'reserves/monitor': {
    what: 'groups of pairs, read at the time of the dashboard',
    ending: 'json',
    payload:
      '{"lastUpdated":"2026-07-15 12:00:12-0500","epoch":1784134812000,"dstFlag":"N","data":{"responsiveReserveCapabilityGroup":[["key","value"],["rrcCapPfrGenEsr",1301],["rrcCapLr",902]],"regulationAwardsGroup":{"regUpAwd":403.5},"ercotWidePhysicalResponsiveCapabilityGroup":[["key","value"],["prc",9404]]}}',
    figures: [
      'ERCOT|rrcCapPfrGenEsr|2026-07-15T17:00:12||reserve|1301|MW|2026-07-15T17:00:12',
      'ERCOT|rrcCapLr|2026-07-15T17:00:12||reserve|902|MW|2026-07-15T17:00:12',
      'ERCOT|regUpAwd|2026-07-15T17:00:12||reserve|403.5|MW|2026-07-15T17:00:12',
      'ERCOT|prc|2026-07-15T17:00:12||reserve|9404|MW|2026-07-15T17:00:12',
    ],
  },
  'outages/two-days': {
    what: 'entries under milliseconds, yesterday before today',
    ending: 'json',
    sample: 'ercot_outages.json',
    payload:
      '{"lastUpdated":"2026-07-15 00:05:00-0500","currentOutages":9001,"days":{"previous":["2026-07-14"],"current":["2026-07-15"]},"types":["Combined"],"current":{"1784091600000":{"deliveryTime":"2026-07-15 00:00:00-0500","dstFlag":"N","Combined":{"unplanned":5001,"planned":4000,"total":9001},"Renewable":{"unplanned":1001,"planned":0,"total":1001}}},"previous":{"1784091300000":{"deliveryTime":"2026-07-14 23:55:00-0500","dstFlag":"N","Combined":{"unplanned":5003,"planned":4001,"total":9004}}}}',
    figures: [
      'ERCOT|Combined|2026-07-15T04:55||outage_planned|4001|MW|2026-07-15T05:05',
      'ERCOT|Combined|2026-07-15T04:55||outage_unplanned|5003|MW|2026-07-15T05:05',
      'ERCOT|Combined|2026-07-15T04:55||outage_total|9004|MW|2026-07-15T05:05',
      'ERCOT|Combined|2026-07-15T05:00||outage_planned|4000|MW|2026-07-15T05:05',
      'ERCOT|Combined|2026-07-15T05:00||outage_unplanned|5001|MW|2026-07-15T05:05',
      'ERCOT|Combined|2026-07-15T05:00||outage_total|9001|MW|2026-07-15T05:05',
      'ERCOT|Renewable|2026-07-15T05:00||outage_planned|0|MW|2026-07-15T05:05',
      'ERCOT|Renewable|2026-07-15T05:00||outage_unplanned|1001|MW|2026-07-15T05:05',
      'ERCOT|Renewable|2026-07-15T05:00||outage_total|1001|MW|2026-07-15T05:05',
    ],
  },
  'renewable_forecast/day-ahead-names': {
    what: 'entries under milliseconds, the day called date, the day-ahead forecasts by their names',
    ending: 'json',
    payload:
      '{"lastUpdated":"2026-07-15 12:00:12-0500","currentDay":{"date":"2026-07-15 00:00:00-0500","data":{"1784095200000":{"hourEnding":1,"dstFlag":"N","actualWind":8001,"copHslWind":9002,"stwpf":8503,"wgrpp":7004,"copHslWindDayAhead":9105,"stwpfDayAhead":8606,"wgrppDayAhead":7107,"timestamp":"2026-07-15 01:00:00-0500","epoch":1784095200000}}}}',
    figures: [
      ['wind_generation', 8001],
      ['wind_forecast', 8503],
      ['wind_forecast_potential', 7004],
      ['wind_capacity_scheduled', 9002],
      ['wind_forecast_day_ahead', 8606],
      ['wind_forecast_potential_day_ahead', 7107],
      ['wind_capacity_scheduled_day_ahead', 9105],
    ].map(
      ([field, value]) => `ERCOT||2026-07-15T05:00|2026-07-15T06:00|${field}|${value}|MW|2026-07-15T17:00:12`,
    ),
  },
  'fuel_mix_15min/autumn-days': {
    what: 'the second pass of the repeated hour in columns of its own, blank on other days; midnight ends the day',
    ending: 'csv',
    sample: 'ercot_fuel_mix_15min.csv',
    payload:
      'Date,Fuel,Settlement Type,Total,1:00,1:15,2:00,1:15 (DST),2:00 (DST),2:15,0:00\n' +
      '2024-11-03,Wind,FINAL,28,1.5,2.5,3.5,4.5,5.5,6.5,7.5\n' +
      '2024-11-04,Wind,FINAL,15,1,2,3,,,4,5\n',
    figures: [
      'ERCOT|Wind|2024-11-03T05:45|2024-11-03T06:00|generation|1.5|MWh',
      'ERCOT|Wind|2024-11-03T06:00|2024-11-03T06:15|generation|2.5|MWh',
      'ERCOT|Wind|2024-11-03T06:45|2024-11-03T07:00|generation|3.5|MWh',
      'ERCOT|Wind|2024-11-03T07:00|2024-11-03T07:15|generation|4.5|MWh',
      'ERCOT|Wind|2024-11-03T07:45|2024-11-03T08:00|generation|5.5|MWh',
      'ERCOT|Wind|2024-11-03T08:00|2024-11-03T08:15|generation|6.5|MWh',
      'ERCOT|Wind|2024-11-04T05:45|2024-11-04T06:00|generation|7.5|MWh',
      'ERCOT|Wind|2024-11-04T06:45|2024-11-04T07:00|generation|1|MWh',
      'ERCOT|Wind|2024-11-04T07:00|2024-11-04T07:15|generation|2|MWh',
      'ERCOT|Wind|2024-11-04T07:45|2024-11-04T08:00|generation|3|MWh',
      'ERCOT|Wind|2024-11-04T08:00|2024-11-04T08:15|generation|4|MWh',
      'ERCOT|Wind|2024-11-05T05:45|2024-11-05T06:00|generation|5|MWh',
    ],
  },
  'fuel_mix_15min/spring-day': {
    what: 'blank columns of the skipped hour',
    ending: 'csv',
    payload: 'Date,Fuel,Settlement Type,Total,1:45,2:00,2:15,3:00,3:15\n3/10/2024,Gas-CC,INITIAL,6,1,2,,,3\n',
    figures: [
      'ERCOT|Gas-CC|2024-03-10T07:30|2024-03-10T07:45|generation|1|MWh',
      'ERCOT|Gas-CC|2024-03-10T07:45|2024-03-10T08:00|generation|2|MWh',
      'ERCOT|Gas-CC|2024-03-10T08:00|2024-03-10T08:15|generation|3|MWh',
    ],
  },
  'fuel_mix_15min/day-and-fuel': {
    what: 'day and fuel in one column, as until 2016',
    ending: 'csv',
    payload: 'Date-Fuel,Total,0:15,0:30\n01/01/10_Biomass,7,3.25,3.75\n01/01/10_Gas-CC,9,4,5\n',
    figures: [
      'ERCOT|Biomass|2010-01-01T06:00|2010-01-01T06:15|generation|3.25|MWh',
      'ERCOT|Biomass|2010-01-01T06:15|2010-01-01T06:30|generation|3.75|MWh',
      'ERCOT|Gas-CC|2010-01-01T06:00|2010-01-01T06:15|generation|4|MWh',
      'ERCOT|Gas-CC|2010-01-01T06:15|2010-01-01T06:30|generation|5|MWh',
    ],
  },
  'outages_hourly/zones': {
    what: 'a column for each kind of resources and zone',
    ending: 'csv',
    sample: 'ercot_outages_hourly.csv',
    payload:
      'Date,HourEnding,TotalResourceMWZoneSouth,TotalResourceMWZoneNorth,TotalIRRMWZoneSouth,TotalNewEquipResourceMWZoneSouth\n' +
      '03/13/2025,01,1001,2002,303,0\n03/13/2025,02,1004,2005,306,0\n',
    figures: [
      ['2025-03-13T05:00|2025-03-13T06:00', 1001, 2002, 303],
      ['2025-03-13T06:00|2025-03-13T07:00', 1004, 2005, 306],
    ].flatMap(([when, south, north, irr]) => [
      `South|Resource|${when}|outage|${south}|MW`,
      `North|Resource|${when}|outage|${north}|MW`,
      `South|IRR|${when}|outage|${irr}|MW`,
      `South|NewEquipResource|${when}|outage|0|MW`,
    ]),
  },
  'outages_hourly/system': {
    what: 'figures of the system, as before there were zones',
    ending: 'csv',
    payload: 'Date,HourEnding,TotalResourceMW,TotalIRRMW,TotalNewEquipResourceMW\n07/06/2016,02,7001,502,3\n',
    figures: ['Resource|7001', 'IRR|502', 'NewEquipResource|3'].map((said) => {
      const [kind, value] = said.split('|');
      return `ERCOT|${kind}|2016-07-06T06:00|2016-07-06T07:00|outage|${value}|MW`;
    }),
  },
  'temperature_forecast/autumn-night': {
    what: 'weather zones over the repeated hour',
    ending: 'csv',
    sample: 'ercot_temperature_forecast.csv',
    payload:
      'DeliveryDate,HourEnding,Coast,FarWest,Southern,DSTFlag\n11/02/2025,02:00,61,52.5,70,N\n11/02/2025,02:00,60,51.5,69,Y\n11/02/2025,03:00,59,50.5,68,N\n',
    figures: [
      ['2025-11-02T06:00|2025-11-02T07:00', 61, 52.5, 70],
      ['2025-11-02T07:00|2025-11-02T08:00', 60, 51.5, 69],
      ['2025-11-02T08:00|2025-11-02T09:00', 59, 50.5, 68],
    ].flatMap(([when, coast, farWest, southern]) => [
      `Coast||${when}|temperature|${coast}|°F`,
      `FarWest||${when}|temperature|${farWest}|°F`,
      `Southern||${when}|temperature|${southern}|°F`,
    ]),
  },
  'as_plan/spring-morning': {
    what: 'a service per record, over the skipped hour',
    ending: 'csv',
    sample: 'ercot_as_plan.csv',
    payload:
      'DeliveryDate,HourEnding,AncillaryType,Quantity,DSTFlag\n03/09/2025,02:00,ECRS,1501,N\n03/09/2025,02:00,RRS,2802,N\n03/09/2025,04:00,ECRS,1603,N\n03/09/2025,04:00,RRS,2904,N\n',
    figures: [
      'ERCOT|ECRS|2025-03-09T07:00|2025-03-09T08:00|as_quantity|1501|MW',
      'ERCOT|RRS|2025-03-09T07:00|2025-03-09T08:00|as_quantity|2802|MW',
      'ERCOT|ECRS|2025-03-09T08:00|2025-03-09T09:00|as_quantity|1603|MW',
      'ERCOT|RRS|2025-03-09T08:00|2025-03-09T09:00|as_quantity|2904|MW',
    ],
  },
  'da_energy/autumn-night': {
    what: 'energy bought over the repeated hour',
    ending: 'csv',
    sample: 'ercot_da_energy.csv',
    payload:
      'DeliveryDate,HourEnding,Settlement_Point,Total_DAM_Energy_Bought,DSTFlag\n11/02/2025,02:00,HB_NORTH,1001.5,N\n11/02/2025,02:00,HB_NORTH,1002.5,Y\n11/02/2025,03:00,HB_NORTH,1003.5,N\n',
    figures: [
      'HB_NORTH||2025-11-02T06:00|2025-11-02T07:00|energy_bought|1001.5|MWh',
      'HB_NORTH||2025-11-02T07:00|2025-11-02T08:00|energy_bought|1002.5|MWh',
      'HB_NORTH||2025-11-02T08:00|2025-11-02T09:00|energy_bought|1003.5|MWh',
    ],
  },
  'da_energy/sold': {
    what: 'energy sold, in the spelling of the public API',
    ending: 'csv',
    payload:
      'deliveryDate,hourEnding,settlementPoint,totalDAMEnergySold,DSTFlag\n2025-07-15,01:00,LZ_WEST,501.5,false\n',
    figures: ['LZ_WEST||2025-07-15T05:00|2025-07-15T06:00|energy_sold|501.5|MWh'],
  },
  'rt_as_prices_indicative/run': {
    what: 'a run with its intervals, and the time of the run as publication',
    ending: 'csv',
    sample: 'ercot_rt_as_prices_indicative.csv',
    payload:
      'RTDTimestamp,RepeatHourFlag,IntervalId,IntervalEnding,IntervalRepeatHourFlag,ASType,MCPC\n12/06/2025 00:00:12,N,1,12/06/2025 00:05:00,N,REGUP,1.25\n12/06/2025 00:00:12,N,1,12/06/2025 00:05:00,N,ECRS,0.5\n12/06/2025 00:00:12,N,2,12/06/2025 00:10:00,N,REGUP,1.5\n',
    figures: [
      'ERCOT||2025-12-06T06:00|2025-12-06T06:05|mcp_regup|1.25|USD/MW|2025-12-06T06:00:12',
      'ERCOT||2025-12-06T06:00|2025-12-06T06:05|mcp_ecrs|0.5|USD/MW|2025-12-06T06:00:12',
      'ERCOT||2025-12-06T06:05|2025-12-06T06:10|mcp_regup|1.5|USD/MW|2025-12-06T06:00:12',
    ],
  },
};
