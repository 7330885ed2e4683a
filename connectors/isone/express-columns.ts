/** Columns of the tables of ISO Express, by the names that reports and years have given them. */

const PRICE = 'USD/MWh';
const MEGAWATT = 'MW';
const RESERVE = 'USD/MW';

/** A header as it is compared. */
export function compact(header: string): string {
  return header.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Columns that name the place of a line, the first that is there. */
export const PLACE_COLUMNS: readonly string[] = [
  'locationname',
  'location',
  'reservezonename',
  'loadzonename',
  'loadzone',
  'zonename',
  'zone',
  'reliabilityregionname',
  'reliabilityregion',
  'regionname',
  'region',
  'interfacename',
  'externalinterfacename',
  'externalinterface',
  'externalnodename',
  'externalnode',
  'interface',
  'locationid',
  'reservezoneid',
];

/** Column → field and its unit, where the report does not print another. */
export const COLUMNS: Readonly<Record<string, readonly [field: string, unit: string]>> = {
  locationalmarginalprice: ['lmp', PRICE],
  lmp: ['lmp', PRICE],
  lmptotal: ['lmp', PRICE],
  energycomponent: ['energy', PRICE],
  congestioncomponent: ['congestion', PRICE],
  marginallosscomponent: ['loss', PRICE],
  losscomponent: ['loss', PRICE],
  genmw: ['generation', MEGAWATT],
  generationmw: ['generation', MEGAWATT],
  totalload: ['load', MEGAWATT],
  systemload: ['load', MEGAWATT],
  load: ['load', MEGAWATT],
  loadmw: ['load', MEGAWATT],
  mw: ['load', MEGAWATT],
  demand: ['load', MEGAWATT],
  rtdemand: ['load', MEGAWATT],
  realtimedemand: ['load', MEGAWATT],
  realtimeload: ['load', MEGAWATT],
  hourlydemand: ['load', MEGAWATT],
  nativeload: ['load_native', MEGAWATT],
  assetrelatedload: ['load_asset_related', MEGAWATT],
  assetrelateddemand: ['load_asset_related', MEGAWATT],
  storageload: ['load_asset_related', MEGAWATT],
  totalloadwithsolar: ['load_with_solar', MEGAWATT],
  totalloadwithestimatedsolar: ['load_with_solar', MEGAWATT],
  totalloadincludingestimatedsolar: ['load_with_solar', MEGAWATT],
  nativeloadwithsolar: ['load_native_with_solar', MEGAWATT],
  nativeloadwithestimatedsolar: ['load_native_with_solar', MEGAWATT],
  nativeloadincludingestimatedsolar: ['load_native_with_solar', MEGAWATT],
  dayaheadcleareddemand: ['cleared', MEGAWATT],
  cleareddemand: ['cleared', MEGAWATT],
  dayaheaddemand: ['cleared', MEGAWATT],
  dademand: ['cleared', MEGAWATT],
  forecastload: ['load_forecast', MEGAWATT],
  forecastedload: ['load_forecast', MEGAWATT],
  forecasteddemand: ['load_forecast', MEGAWATT],
  loadforecast: ['load_forecast', MEGAWATT],
  demandforecast: ['load_forecast', MEGAWATT],
  systemloadforecast: ['load_forecast', MEGAWATT],
  netload: ['net_load_forecast', MEGAWATT],
  actualinterchange: ['interchange', MEGAWATT],
  netinterchange: ['interchange', MEGAWATT],
  actualflow: ['interchange', MEGAWATT],
  actual: ['interchange', MEGAWATT],
  currentschedule: ['interchange_scheduled', MEGAWATT],
  scheduledinterchange: ['interchange_scheduled', MEGAWATT],
  current: ['interchange_scheduled', MEGAWATT],
  scheduledpurchase: ['purchase', MEGAWATT],
  scheduledsale: ['sale', MEGAWATT],
  purchase: ['purchase', MEGAWATT],
  sale: ['sale', MEGAWATT],
  importlimit: ['import_limit', MEGAWATT],
  exportlimit: ['export_limit', MEGAWATT],
  totalimports: ['total_imports', MEGAWATT],
  totalexports: ['total_exports', MEGAWATT],
  tenminutespinningreserveclearingprice: ['mcp_tmsr', RESERVE],
  tmsrclearingprice: ['mcp_tmsr', RESERVE],
  tenminutereserveclearingprice: ['mcp_tmr', RESERVE],
  tenminutenonspinningreserveclearingprice: ['mcp_tmnsr', RESERVE],
  tmnsrclearingprice: ['mcp_tmnsr', RESERVE],
  totalreserveclearingprice: ['mcp_reserve_total', RESERVE],
  thirtyminuteoperatingreserveclearingprice: ['mcp_tmor', RESERVE],
  tmorclearingprice: ['mcp_tmor', RESERVE],
  regulationclearingprice: ['mcp_regulation', RESERVE],
  hourlyrcp: ['mcp_regulation', RESERVE],
  rcp: ['mcp_regulation', RESERVE],
  regulationserviceclearingprice: ['mcp_regulation_service', RESERVE],
  regserviceclearingprice: ['mcp_regulation_service', RESERVE],
  regulationcapacityclearingprice: ['mcp_regulation_capacity', RESERVE],
  regcapacityclearingprice: ['mcp_regulation_capacity', RESERVE],
};

/** Columns that are known and not read. */
export const IGNORED_COLUMNS: ReadonlySet<string> = new Set([
  ...PLACE_COLUMNS,
  'date',
  'localdate',
  'marketdate',
  'hourending',
  'hourend',
  'he',
  'hour',
  'datetime',
  'localdatetime',
  'localtime',
  'time',
  'begindate',
  'fuelcategory',
  'fuelcategoryrollup',
  'marginalflag',
  'locationtype',
  'locationid',
  'dayofweek',
  'publisheddate',
  'forecastpublished',
  'creationdate',
  'tenminutespinningrequirement',
  'tenminuterequirement',
  'totalrequirement',
  'tenminutespinningreservedesignatedmw',
  'tenminutenonspinningreservedesignatedmw',
  'thirtyminuteoperatingreservedesignatedmw',
]);

/** Columns that name the day of a line. */
export const DAY_COLUMNS: readonly string[] = ['date', 'day', 'localdate', 'marketdate'];
const FUELS = /^(?:nuclear|naturalgas|gas|coal|oil|hydro|wind|solar|wood|refuse|landfillgas|battery)$/;
const TIMES = ['time', 'hourending', 'hourend', 'he', 'hour', 'datetime', 'localtime', 'begindate'];

/** True for the columns of the report of fuels by the day: a date, several fuels, and no hour or clock. */
export function isDailyGeneration(names: ReadonlySet<string>): boolean {
  const fuels = [...names].filter((name) => FUELS.test(name)).length;
  return fuels >= 3 && DAY_COLUMNS.some((name) => names.has(name)) && !TIMES.some((name) => names.has(name));
}
