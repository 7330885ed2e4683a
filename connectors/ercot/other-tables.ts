/**
 * ERCOT's tables beside prices, load and renewables: capacity of resources on outage by the hour (NP3-233), forecast
 * temperature of the weather zones (NP4-722), the plan of ancillary services (NP4-33), energy that was bought and sold
 * day-ahead at settlement points (NP4-192, NP4-193), and the capacity that there will be (NP3-763, short-term adequacy).
 */

import type { PublishedField } from '../kit/contract.ts';
import { type Cells, FORWARD, labelOf, type Measure, ofFiles } from '../kit/tables/layout.ts';
import type { TableView } from '../kit/tables/table-dataset.ts';
import { hourlyClock } from './clock.ts';
import { ercotShape, SYSTEM } from './shapes.ts';

const MW = 'MW';
const MWH = 'MWh';
const FAHRENHEIT = '°F';
const DAYS = ['deliverydate', 'operday', 'operatingdate', 'operatingday', 'date'];
const HOURS = ['hourending'];

/** Fields of `outages_hourly`. */
export const OUTAGE_FIELDS: readonly PublishedField[] = [
  {
    field: 'outage',
    unit: MW,
    what: 'capacity on outage, the kind of resources as series (Resource, IRR, NewEquipResource)',
  },
];
/** Fields of `temperature_forecast`. */
export const TEMPERATURE_FIELDS: readonly PublishedField[] = [
  { field: 'temperature', unit: FAHRENHEIT, what: 'forecast temperature of a weather zone' },
];
/** Fields of `as_plan`. */
export const PLAN_FIELDS: readonly PublishedField[] = [
  {
    field: 'as_quantity',
    unit: MW,
    what: 'quantity of an ancillary service that is planned, its name as series',
  },
];
/** Fields of `da_energy`. */
export const ENERGY_FIELDS: readonly PublishedField[] = [
  { field: 'energy_bought', unit: MWH, what: 'energy bought day-ahead at a settlement point' },
  { field: 'energy_sold', unit: MWH, what: 'energy sold day-ahead at a settlement point' },
];

/** `TotalResourceMWZoneSouth` is the capacity of all resources in the zone South; without a zone, of the system. */
const OUTAGE_COLUMN = /^Total_?(Resource|IRR|NewEquipResource)_?MW_?(?:Zone_?)?(\w*)$/i;

/** A column for each kind of resources and zone. */
function outageCells(view: TableView): Cells | null {
  const taken = view.columns.take((_name, printed) => OUTAGE_COLUMN.exec(printed));
  return {
    measures: taken.map(({ at, of }) => ({
      at,
      field: 'outage',
      unit: MW,
      location: of[2] || 'ERCOT',
      series: of[1] ?? '',
    })),
    place: () => SYSTEM,
  };
}

/** Shapes of `outages_hourly`. */
export const OUTAGES_HOURLY = [
  {
    title: 'Date, HourEnding, TotalResourceMW…, TotalIRRMW…, TotalNewEquipResourceMW…',
    needs: [
      DAYS,
      HOURS,
      ['totalresourcemw', 'totalresourcemwzonesouth', 'totalresourcemwzonenorth', 'totalresourcemwzonewest'],
    ],
    clock: hourlyClock,
    cells: outageCells,
    coverage: ofFiles(FORWARD),
  },
].map(ercotShape);

const WEATHER_ZONES: ReadonlyMap<string, string> = new Map(
  ['Coast', 'East', 'FarWest', 'North', 'NorthCentral', 'SouthCentral', 'Southern', 'West'].map((zone) => [
    zone.toLowerCase(),
    zone,
  ]),
);

/** Shapes of `temperature_forecast`. */
export const TEMPERATURES = [
  {
    title: 'DeliveryDate, HourEnding, Coast, East, FarWest, …, DSTFlag',
    needs: [DAYS, HOURS, ['coast'], ['farwest'], ['southern']],
    lacks: ['systemtotal', 'total', 'model', 'ercot'],
    clock: hourlyClock,
    cells: (view: TableView): Cells => ({
      measures: view.columns
        .take((name) => WEATHER_ZONES.get(name) ?? null)
        .map(({ at, of }) => ({ at, field: 'temperature', unit: FAHRENHEIT, location: of })),
      place: () => SYSTEM,
    }),
    coverage: ofFiles(FORWARD),
  },
].map(ercotShape);

const TYPES = ['ancillarytype', 'ancillaryservicetype'];

/** Shapes of `as_plan`. */
export const PLANS = [
  {
    title: 'DeliveryDate, HourEnding, AncillaryType, Quantity, DSTFlag',
    needs: [DAYS, HOURS, TYPES, ['quantity']],
    // Offers print the price of a quantity, supplementary markets their number.
    lacks: ['price', 'sasmid'],
    clock: hourlyClock,
    cells: (view: TableView): Cells => {
      const typeAt = view.columns.find(...TYPES);
      return {
        measures: [{ at: view.columns.find('quantity'), field: 'as_quantity', unit: MW }],
        place: (record) => ({ location: SYSTEM.location, series: labelOf(record, typeAt) }),
      };
    },
    coverage: ofFiles(FORWARD),
  },
].map(ercotShape);

const ENERGY: ReadonlyMap<string, string> = new Map([
  ['totaldamenergybought', 'energy_bought'],
  ['totaldamenergypurchased', 'energy_bought'],
  ['totaldamenergysold', 'energy_sold'],
]);

/** Shapes of `da_energy`. */
export const ENERGIES = [
  {
    title: 'DeliveryDate, HourEnding, Settlement_Point, Total_DAM_Energy_Bought',
    needs: [DAYS, HOURS, ['settlementpoint'], [...ENERGY.keys()]],
    clock: hourlyClock,
    cells: (view: TableView): Cells => {
      const pointAt = view.columns.find('settlementpoint');
      return {
        measures: view.columns
          .take((name) => ENERGY.get(name) ?? null)
          .map(({ at, of }) => ({ at, field: of, unit: MWH })),
        place: (record) => ({ location: labelOf(record, pointAt), series: null }),
      };
    },
    coverage: ofFiles(FORWARD),
  },
].map(ercotShape);

/** Fields of `adequacy`. */
export const ADEQUACY_FIELDS: readonly PublishedField[] = [
  { field: 'capacity_generation', unit: MW, what: 'capacity of generation in the operating plans of a zone' },
  { field: 'capacity_load', unit: MW, what: 'capacity of loads that can respond' },
  { field: 'capacity_offline', unit: MW, what: 'capacity that is off and could be on' },
  { field: 'available_capacity', unit: MW, what: 'generation available in all' },
  { field: 'available_capacity_reserve', unit: MW, what: 'reserve available in all' },
  { field: 'capacity_as', unit: MW, what: 'capacity for ancillary services, their names as series' },
];

const KINDS: ReadonlyMap<string, string> = new Map([
  ['capgenres', 'capacity_generation'],
  ['caploadres', 'capacity_load'],
  ['offlineavailablemw', 'capacity_offline'],
]);
/** `CapGenResSouth`, `OfflineAvailableMWTotal`: the total is that of the system. */
const ADEQUACY_COLUMN = /^(CapGenRes|CapLoadRes|OfflineAvailableMW)_?(South|North|West|Houston|Total)$/i;
/** `CapREGUP_RRSTotal`: services that the same capacity could serve. */
const SERVICE_COLUMN = /^Cap_?((?:REGUP|REGDN|RRS|ECRS|NSPIN)(?:_(?:REGUP|REGDN|RRS|ECRS|NSPIN))*)_?Total$/i;
const AVAILABLE: ReadonlyMap<string, string> = new Map([
  ['availcapgen', 'available_capacity'],
  ['availcapreserve', 'available_capacity_reserve'],
]);

function adequacyMeasure(name: string, printed: string): Omit<Measure, 'at'> | null {
  const [, kind = '', zone = ''] = ADEQUACY_COLUMN.exec(printed) ?? [];
  const field = KINDS.get(kind.toLowerCase()) ?? AVAILABLE.get(name);
  if (field !== undefined)
    return { field, unit: MW, location: /^(?:Total)?$/i.test(zone) ? (SYSTEM.location ?? '') : zone };
  const service = SERVICE_COLUMN.exec(printed)?.[1];
  return service === undefined
    ? null
    : { field: 'capacity_as', unit: MW, location: SYSTEM.location ?? '', series: service.toUpperCase() };
}

/** Shapes of `adequacy`. */
export const ADEQUACY = [
  {
    title: 'DeliveryDate, HourEnding, CapGenResSouth, …, CapLoadResSouth, …, OfflineAvailableMWSouth, …',
    needs: [DAYS, HOURS, ['capgenressouth', 'capgenrestotal']],
    clock: hourlyClock,
    cells: (view: TableView): Cells => ({
      measures: view.columns.take(adequacyMeasure).map(({ at, of }) => ({ at, ...of })),
      place: () => SYSTEM,
    }),
    coverage: ofFiles(FORWARD),
  },
].map(ercotShape);
