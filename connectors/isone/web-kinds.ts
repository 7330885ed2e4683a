/**
 * The records of ISO New England's web services, https://webservices.iso-ne.com/api/v1.1, and of the charts of its home
 * page: under which name they stand, how long they hold, and what their numbers are.
 */

import { HOUR, MINUTE, type Micros, SECOND } from '../../core/time/instant.ts';
import { MORNING_REPORT, SEVEN_DAY_FORECAST } from './day-kinds.ts';
import type { WebKind } from './web-kind.ts';

const PRICE = 'USD/MWh';
const FIVE: Micros = 5 * MINUTE;
/** Stamps of prices of five minutes are printed a second or two late now and then. */
const LATE: Micros = 30 * SECOND;

const LMP = {
  LmpTotal: 'lmp',
  EnergyComponent: 'energy',
  CongestionComponent: 'congestion',
  LossComponent: 'loss',
} as const;

const RESERVE_PRICES = {
  TmsrClearingPrice: 'mcp_tmsr',
  TmnsrClearingPrice: 'mcp_tmnsr',
  TmorClearingPrice: 'mcp_tmor',
} as const;
const RESERVE_IGNORED: readonly string[] = [
  'ReserveZoneId',
  'TenMinSpinRequirement',
  'Total10MinRequirement',
  'Total30MinRequirement',
  'TmsrDesignatedMw',
  'TmnsrDesignatedMw',
  'TmorDesignatedMw',
];

const FLOWS = {
  Actual: 'interchange',
  ActualFlow: 'interchange',
  ActInterchange: 'interchange',
  Current: 'interchange_scheduled',
  CurrentSchedule: 'interchange_scheduled',
  Purchase: 'purchase',
  Sale: 'sale',
  Import: 'import_limit',
  ImportLimit: 'import_limit',
  Export: 'export_limit',
  ExportLimit: 'export_limit',
  TotalImports: 'total_imports',
  TotalExports: 'total_exports',
} as const;

const FORECAST = { LoadMw: 'load_forecast', NetLoadMw: 'net_load_forecast' } as const;

const HOURLY_PRICES: WebKind = { key: 'HourlyLmp', length: HOUR, unit: PRICE, values: LMP };
const FIVE_MINUTE_PRICES: WebKind = { key: 'FiveMinLmp', length: FIVE, unit: PRICE, values: LMP };

const reserves = (key: string, length: Micros): WebKind => ({
  key,
  length,
  ...(length === FIVE ? { lateBy: LATE } : {}),
  unit: 'USD/MW',
  values: RESERVE_PRICES,
  ignored: RESERVE_IGNORED,
});

/** Until 2015 there was one price of regulation, `HourlyRcp`. */
const regulation = (key: string, length: Micros): WebKind => ({
  key,
  length,
  ...(length === FIVE ? { lateBy: LATE } : {}),
  unit: 'USD/MW',
  values: {
    HourlyRcp: 'mcp_regulation',
    RegServiceClearingPrice: 'mcp_regulation_service',
    RegCapacityClearingPrice: 'mcp_regulation_capacity',
  },
});

/** Forecasts of wind or sun by the hour, under the names that services have given them. */
const renewables = (source: 'Wind' | 'Solar'): WebKind[] =>
  [
    `Hourly${source}Forecast`,
    `${source}Forecast`,
    `${source}PowerForecast`,
    `SevenDay${source}Forecast`,
    `SevenDay${source}PowerForecast`,
    `${source.toLowerCase()}_power_forecast`,
  ].map((key) => ({
    key,
    length: HOUR,
    unit: 'MW',
    values: Object.fromEntries(
      [
        'Mw',
        'ForecastMw',
        `${source}Mw`,
        `${source}ForecastMw`,
        `${source}PowerForecastMw`,
        'forecast_mw',
        'mw',
      ].map((name) => [name, `${source.toLowerCase()}_forecast`]),
    ),
  }));

const constraints = (key: string, length: Micros): WebKind => ({
  key,
  length,
  unit: PRICE,
  values: { MarginalValue: 'shadow_price' },
  series: 'ContingencyName',
  ignored: ['InterfaceFlag'],
});

const flows = (key: string, length: Micros): WebKind => ({ key, length, unit: 'MW', values: FLOWS });

/** Kinds by the dataset that reads them. */
export const WEB_KINDS = {
  hourlyPrices: [HOURLY_PRICES],
  fiveMinutePrices: [FIVE_MINUTE_PRICES],
  fiveMinuteReserves: [reserves('FiveMinReservePrice', FIVE), regulation('FiveMinRcp', FIVE)],
  hourlyReserves: [
    reserves('PrelimHourlyReservePrice', HOUR),
    reserves('FinalHourlyReservePrice', HOUR),
    ...['HourlyPrelimRcp', 'HourlyFinalRcp', 'PrelimHourlyRcp', 'FinalHourlyRcp'].map((key) =>
      regulation(key, HOUR),
    ),
  ],
  dayAheadReserves: [
    {
      key: 'day_ahead_reserve',
      length: HOUR,
      unit: 'USD/MW',
      values: {
        tmsr_clearing_price: 'mcp_tmsr',
        tmnsr_clearing_price: 'mcp_tmnsr',
        tmor_clearing_price: 'mcp_tmor',
        fer_clearing_price: 'mcp_fer',
      },
      ignored: [
        'reserve_zone_id',
        'eir_designation_mw',
        'forecasted_energy_req_mw',
        'ten_min_spin_req_mw',
        'tmnsr_designation_mw',
        'tmor_designation_mw',
        'tmsr_designation_mw',
        'total_ten_min_req_mw',
        'total_thirty_min_req_mw',
      ],
    },
  ],
  load: [
    {
      key: 'FiveMinSystemLoad',
      length: FIVE,
      unit: 'MW',
      values: {
        LoadMw: 'load',
        NativeLoad: 'load_native',
        ArdDemand: 'load_asset_related',
        SystemLoadBtmPv: 'load_with_solar',
        NativeLoadBtmPv: 'load_native_with_solar',
      },
    },
    {
      key: 'five_min_estimated_zonal_load',
      length: FIVE,
      unit: 'MW',
      values: { estimated_load_mw: 'load', estimated_btm_pv_mw: 'solar_behind_the_meter' },
      ignored: ['load_zone_id'],
    },
  ],
  hourlyLoad: [
    { key: 'HourlyRtDemand', length: HOUR, unit: 'MW', values: { Load: 'load' } },
    {
      key: 'HourlySystemLoad',
      length: HOUR,
      unit: 'MW',
      values: { Load: 'load', NativeLoad: 'load_native', ArdDemand: 'load_asset_related' },
    },
  ],
  clearedLoad: [{ key: 'HourlyDaDemand', length: HOUR, unit: 'MW', values: { Load: 'load' } }],
  loadForecast: [
    { key: 'HourlyLoadForecast', length: HOUR, unit: 'MW', values: FORECAST },
    {
      key: 'ReliabilityRegionLoadForecast',
      length: HOUR,
      unit: 'MW',
      values: FORECAST,
      ignored: ['ReliabilityRegionLoadPercentage'],
    },
  ],
  zonalForecast: [
    {
      key: 'five_min_zonal_forecast',
      length: FIVE,
      unit: 'MW',
      values: { load_mw: 'load_forecast', btm_pv_mw: 'solar_behind_the_meter_forecast' },
      ignored: ['load_zone_id'],
    },
  ],
  windForecast: renewables('Wind'),
  solarForecast: renewables('Solar'),
  systemLoadChart: [
    {
      key: 'forecast',
      length: HOUR,
      unit: 'MW',
      values: { Mw: 'load_forecast', LoadMw: 'load_forecast', NetLoadMw: 'net_load_forecast' },
    },
    { key: 'cleared', length: HOUR, unit: 'MW', values: { Mw: 'load_cleared_day_ahead' } },
    {
      key: 'actual',
      length: FIVE,
      unit: 'MW',
      values: {
        Mw: 'load',
        LoadMw: 'load',
        NativeLoad: 'load_native',
        ArdDemand: 'load_asset_related',
        SystemLoadBtmPv: 'load_with_solar',
        NativeLoadBtmPv: 'load_native_with_solar',
      },
    },
  ],
  fuelMix: [
    {
      key: 'GenFuelMix',
      length: 0,
      unit: 'MW',
      values: { GenMw: 'generation' },
      series: 'FuelCategory',
      ignored: ['FuelCategoryRollup', 'MarginalFlag'],
    },
    { key: 'fuels', length: 0, unit: 'MW', values: {}, ignored: ['Renewables'] },
  ],
  flows: [flows('ExternalFlow', FIVE), flows('flow', FIVE)],
  quarterFlows: [flows('ActualFifteenMinInterchange', 15 * MINUTE)],
  hourlyFlows: [flows('ActualInterchange', HOUR)],
  morningReport: [MORNING_REPORT],
  sevenDayForecast: [SEVEN_DAY_FORECAST],
  dayAheadConstraints: [constraints('DayAheadConstraint', HOUR)],
  realTimeConstraints: [
    constraints('FifteenMinBc', 15 * MINUTE),
    constraints('RealTimeConstraint', FIVE),
    constraints('FiveMinBc', FIVE),
  ],
  strikePrices: [
    {
      key: 'day_ahead_strike_price',
      length: HOUR,
      unit: PRICE,
      values: {
        strike_price: 'strike_price',
        expected_closeout_charge: 'expected_closeout_charge',
        expected_closeout_charge_override: 'expected_closeout_charge_override',
        expected_rt_hub_lmp: 'expected_lmp',
        percentile_10_rt_hub_lmp: 'expected_lmp_p10',
        percentile_25_rt_hub_lmp: 'expected_lmp_p25',
        percentile_75_rt_hub_lmp: 'expected_lmp_p75',
        percentile_90_rt_hub_lmp: 'expected_lmp_p90',
      },
      ignored: ['spc_load_forecast_mw'],
    },
  ],
} as const satisfies Readonly<Record<string, readonly WebKind[]>>;

/** Records of the web services that are no series of numbers, or not one that is read: what they are, for messages. */
export const OTHER_KINDS: Readonly<Record<string, string>> = {
  Locations: 'the list of locations, reference data without a time',
  Location: 'a location, reference data without a time',
  PowerSystemCondition: 'the state of the power system, words without numbers',
  FCMRAResult: 'results of capacity auctions, which are not read',
  ServiceInfo: 'what a web service says of itself',
};

/** What records look like whose name is lost: keys that they all have, and the names they may have had. */
export interface NamelessShape {
  readonly keys: readonly string[];
  /** By five minutes or at an instant; absent where there are only hours. */
  readonly fine?: string;
  readonly hourly?: string;
}

/** Shapes of records without a name, as lists have that were taken out of their answer; the first that fits. */
export const NAMELESS: readonly NamelessShape[] = [
  { keys: ['LmpTotal'], fine: 'FiveMinLmp', hourly: 'HourlyLmp' },
  { keys: ['GenMw', 'FuelCategory'], fine: 'GenFuelMix' },
  { keys: ['TmsrClearingPrice'], fine: 'FiveMinReservePrice', hourly: 'PrelimHourlyReservePrice' },
  { keys: ['RegServiceClearingPrice'], fine: 'FiveMinRcp' },
  { keys: ['LoadMw', 'CreationDate'], hourly: 'HourlyLoadForecast' },
  { keys: ['LoadMw'], fine: 'FiveMinSystemLoad' },
  { keys: ['Load', 'Location'], hourly: 'HourlyRtDemand' },
];
