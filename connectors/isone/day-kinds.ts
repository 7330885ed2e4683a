/**
 * The reports of a day of ISO New England's web services: the morning report and the seven-day capacity forecast. Their
 * figures stand for a day of the market, 23 to 25 hours long; ties, cities and days are lists inside of a record.
 */

import { DAY } from '../../core/time/instant.ts';
import type { WebKind } from './web-kind.ts';

const WORDS: readonly string[] = ['ReportType', 'GeoMagDistIsoAction', 'GeoMagDistOthCntrAction'];

/** A list of a record whose entries are places. */
const list = (key: string, unit: string, values: Readonly<Record<string, string>>): WebKind => ({
  key,
  length: DAY,
  unit,
  values,
  ignored: ['WeatherConditions', 'WindDirSpeed'],
});

const CITIES = {
  HighTemperature: 'temperature_high',
  HighTempF: 'temperature_high',
  DewPointF: 'dew_point',
} as const;

/** The morning report. */
export const MORNING_REPORT: WebKind = {
  key: 'MorningReport',
  length: DAY,
  unit: 'MW',
  values: {
    CsoMw: 'capacity_obligation',
    CapAdditionsMw: 'capacity_additions',
    NonCommUnitsCapMw: 'capacity_noncommercial',
    NetCapDeliveryMw: 'capacity_deliveries',
    TotAvailCapMw: 'capacity_available',
    CapRequiredMw: 'capacity_required',
    SurplusDeficiencyMw: 'capacity_surplus',
    GenOutagesReductionMW: 'outage',
    GenPlannedOutagesReductionMW: 'outage_planned',
    GenForcedOutagesReductionMW: 'outage_forced',
    UncommittedAvailGenMw: 'generation_uncommitted',
    UncommittedGenBeforePeakMw: 'generation_uncommitted_before_peak',
    DRRCapacityMw: 'demand_response',
    UncommitedAvailDRRMw: 'demand_response_uncommitted',
    PeakLoadTodayMw: 'load_forecast_peak',
    PeakLoadYesterdayMw: 'load_peak_yesterday',
    TotalOperReserveReqMw: 'reserve_requirement',
    ReplReserveRequiredMw: 'reserve_requirement_replacement',
    TenMinReserveReqMw: 'reserve_requirement_10min',
    TenMinReserveEstMw: 'reserve_10min',
    ThirtyMinReserveReqMw: 'reserve_requirement_30min',
    ThirtyMinReserveEstMw: 'reserve_30min',
    ExcessCommitMw: 'commitment_surplus',
    UnitCommMinOrrMw: 'commitment_minimum',
    LargestFirstContMw: 'largest_contingency',
    AmsPeakLoadExpMw: 'maintenance_peak_load',
    ExpActOp4Mw: 'relief_expected',
    AddlCapAvailOp4ActMw: 'relief_available',
  },
  ignored: [
    ...WORDS,
    'PeakLoadTodayHour',
    'PeakLoadYesterdayHour',
    'NyIsoSarAvail',
    'UnitCommMinOrrCount',
    'NonMrktSensComnts',
  ],
  lists: [
    list('InterchangeDetail', 'MW', {
      ScheduledMw: 'interchange_scheduled',
      ImportLimitInMw: 'import_limit',
      ExportLimitOutMw: 'export_limit',
    }),
    list('TieDelivery', 'MW', { TieFlowMw: 'capacity_deliveries' }),
    list('CityForecastDetail', 'F', CITIES),
  ],
};

const CAPACITY_DAY: WebKind = {
  key: 'MarketDay',
  length: DAY,
  unit: 'MW',
  values: {
    CsoMw: 'capacity_obligation',
    ColdWeatherOutagesMw: 'outage_cold_weather',
    OtherGenOutagesMw: 'outage',
    DelistMw: 'capacity_delisted',
    TotAvailGenMw: 'generation_available',
    PeakImportMw: 'import_peak',
    TotAvailGenImportMw: 'capacity_available',
    PeakLoadMw: 'load_forecast_peak',
    ReplReserveReqMw: 'reserve_requirement_replacement',
    ReqdReserveMw: 'reserve_requirement',
    ReqdReserveInclReplMw: 'reserve_requirement_total',
    TotLoadPlusReqdReserveMw: 'capacity_required',
    SurplusDeficiencyMw: 'capacity_surplus',
    DrrMw: 'demand_response',
    RtdrMw: 'demand_response_real_time',
    RtegMw: 'generation_emergency',
  },
  ignored: [
    '@Day',
    'PowerWatch',
    'PowerWarn',
    'ColdWeatherWatch',
    'ColdWeatherWarn',
    'ColdWeatherEvent',
    'EnergyEmergency',
    'Weather',
  ],
  lists: [list('CityWeather', 'F', CITIES)],
};

/** The seven-day capacity forecast: a record of its making, its days inside. */
export const SEVEN_DAY_FORECAST: WebKind = {
  key: 'SevenDayForecast',
  length: DAY,
  unit: 'MW',
  values: {},
  lists: [CAPACITY_DAY],
};

/** Labels of the lines of the seven-day forecast as CSV, in lower case without blanks → field. */
export const CAPACITY_LINES: Readonly<Record<string, string>> = {
  totalcapacitysupplyobligation: 'capacity_obligation',
  totalcapacitysupplyobligationcso: 'capacity_obligation',
  capacitysupplyobligation: 'capacity_obligation',
  anticipatedcoldweatheroutages: 'outage_cold_weather',
  othergenerationoutages: 'outage',
  othergenerationoutagesandreductions: 'outage',
  anticipateddelistmwoffered: 'capacity_delisted',
  anticipateddelistoffered: 'capacity_delisted',
  totalgenerationavailable: 'generation_available',
  importattimeofpeak: 'import_peak',
  importsattimeofpeak: 'import_peak',
  totalavailablegenerationandimports: 'capacity_available',
  totalavailablegenerationimports: 'capacity_available',
  projectedpeakload: 'load_forecast_peak',
  replacementreserverequirement: 'reserve_requirement_replacement',
  requiredreserve: 'reserve_requirement',
  requiredreserveincludingreplacement: 'reserve_requirement_total',
  totalloadplusrequiredreserve: 'capacity_required',
  projectedsurplusdeficiency: 'capacity_surplus',
  projectedsurplusordeficiency: 'capacity_surplus',
  availabledemandresponseresources: 'demand_response',
  availablerealtimedemandresponse: 'demand_response_real_time',
  availablerealtimeemergencygeneration: 'generation_emergency',
};
