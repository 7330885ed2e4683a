/**
 * IESO's adequacy report (`Adequacy`, `Adequacy2`, `Adequacy3`; XML of a day, up to 34 days ahead): the forecast of
 * Ontario's demand, and what is expected to meet it, by the hour.
 *
 * Every figure is a list of hours at some depth; the path of names above it says what it is. Each has a field of its
 * own, so that a peak or an offer passes for no forecast of demand.
 */

import type {
  Dataset,
  Decoded,
  Drift,
  Payload,
  PayloadHead,
  Recognition,
  SourceRow,
} from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf } from '../kit/payload.ts';
import type { XmlElement } from '../kit/readers/xml.ts';
import { sourceRow } from '../kit/source-row.ts';
import { decodedRows, readDocument, reportHead, textIn } from './document.ts';
import { EST_HOURS, hourOf } from './est-time.ts';
import { fetchedBy } from './folder-index.ts';
import { ONTARIO } from './price-documents.ts';
import { isZonalForecast, readZonalForecast } from './zonal-forecast.ts';

const UNIT = 'MW';

/** What a list of hours is: its field, its unit, and by what it is told from its like. */
interface Figure {
  readonly path: RegExp;
  readonly field: string;
  readonly unit: string;
  readonly what: string;
}

const figure = (path: RegExp, field: string, what: string, unit = UNIT): Figure => ({
  path,
  field,
  unit,
  what,
});

/** The first that fits counts. Paths are names of elements joined by a slash, the list of hours last. */
const FIGURES: readonly Figure[] = [
  figure(/OntarioDemand\/ForecastOntDemand$/, 'load_forecast', 'forecast demand of Ontario'),
  figure(/OntarioDemand\/PeakDemand$/, 'load_forecast_peak', 'forecast peak within the hour'),
  figure(/OntarioDemand\/AverageDemand$/, 'load_forecast_average', 'forecast average of the hour'),
  figure(/AreaPeakDemand\/\w+$/, 'area_demand_peak', 'forecast peak of an area'),
  figure(/AreaAverageDemand\/\w+$/, 'area_demand_average', 'forecast average of an area'),
  figure(/WindEmbedded$/, 'wind_embedded_forecast', 'forecast output of wind within the distribution'),
  figure(/SolarEmbedded$/, 'solar_embedded_forecast', 'forecast output of sun within the distribution'),
  figure(/InternalResource\/Wind\/Forecasts$/, 'wind_forecast', 'forecast output of wind'),
  figure(/InternalResource\/Solar\/Forecasts$/, 'solar_forecast', 'forecast output of sun'),
  figure(/DispatchableLoad\/Capacities$/, 'dispatchable_load_capacity', 'capacity of dispatchable load'),
  figure(/DispatchableLoad\/(?:BidForecasts|Bids)$/, 'dispatchable_load_bid', 'bids of dispatchable load'),
  figure(/DispatchableLoad\/ScheduledON$/, 'dispatchable_load_on', 'dispatchable load scheduled on'),
  figure(/DispatchableLoad\/ScheduledOFF$/, 'dispatchable_load_off', 'dispatchable load scheduled off'),
  figure(/DemandResponse\/(?:BidForecasts|Bids)$/, 'demand_response_bid', 'bids of hourly demand response'),
  figure(/DemandResponse\/Schedules$/, 'demand_response_scheduled', 'demand response scheduled'),
  figure(/DemandResponse\/Curtailed$/, 'demand_response_curtailed', 'demand response curtailed'),
  figure(/Resource\w*(?:\/[^/]+)?\/ForecastEnergies$/, 'energy_forecast', 'forecast energy of a fuel', 'MWh'),
  figure(/Resource\w*(?:\/[^/]+)?\/Capacities$/, 'capacity', 'capacity of a fuel'),
  figure(/Resource\w*(?:\/[^/]+)?\/Outages$/, 'outage', 'capacity of a fuel that is out'),
  figure(/Resource\w*(?:\/[^/]+)?\/(?:Offers|OfferForecasts)$/, 'offered', 'offers of a fuel'),
  figure(/Resource\w*(?:\/[^/]+)?\/Schedules$/, 'scheduled', 'schedule of a fuel'),
  figure(/Import\w*(?:\/[^/]+)?\/(?:Offers|OfferForecasts)$/, 'import_offered', 'imports offered'),
  figure(/Import\w*(?:\/[^/]+)?\/Schedules$/, 'import_scheduled', 'imports scheduled'),
  figure(/Import\w*(?:\/[^/]+)?\/Estimates$/, 'import_estimated', 'imports estimated'),
  figure(/Import\w*(?:\/[^/]+)?\/Capacities$/, 'import_capacity', 'capacity of imports'),
  figure(/Export\w*(?:\/[^/]+)?\/Capacities$/, 'export_capacity', 'capacity of exports'),
  figure(/Export\w*(?:\/[^/]+)?\/(?:Bids|Offers|BidForecasts)$/, 'export_bid', 'exports bid for'),
  figure(/Export\w*(?:\/[^/]+)?\/Schedules$/, 'export_scheduled', 'exports scheduled'),
  figure(/ForecastSupply\/Capacities$/, 'supply_capacity', 'capacity of all supply'),
  figure(/ForecastSupply\/Energies$/, 'supply_energy', 'energy of all supply', 'MWh'),
  figure(/ForecastSupply\/BottledCapacities$/, 'bottled_capacity', 'capacity that cannot be delivered'),
  figure(/ForecastSupply\/Regulations$/, 'regulation', 'supply held for regulation'),
  figure(/TotalSuppl(?:y|ies)$/, 'supply_total', 'all supply'),
  figure(/TotalRequirements?$/, 'requirement_total', 'all that has to be met'),
  figure(/ExcessCapacit(?:y|ies)$/, 'excess_capacity', 'capacity beyond what is required'),
  figure(/ExcessEnerg(?:y|ies)$/, 'excess_energy', 'energy beyond what is required', 'MWh'),
  figure(/ExcessOfferedCapacit(?:y|ies)$/, 'excess_offered_capacity', 'offers beyond what is required'),
  figure(/UnscheduledResources$/, 'unscheduled_resources', 'resources that are not scheduled'),
  figure(/UnscheduledImports$/, 'unscheduled_imports', 'imports that are not scheduled'),
  figure(/TotalORReserve$/, 'operating_reserve', 'operating reserve that is held back'),
  figure(/Min10MinOR$/, 'operating_reserve_10', 'its least within ten minutes'),
  figure(/Min10MinSpinOR$/, 'operating_reserve_10_spin', 'its least within ten minutes, spinning'),
  figure(/LoadForecastUncertainties$/, 'load_forecast_uncertainty', 'allowance for the forecast of demand'),
  figure(/ContingencyAllowances$/, 'contingency_allowance', 'further allowances'),
];

const VALUES = ['EnergyMW', 'EnergyMWhr', 'PkDemand', 'AvgDemand'] as const;

function recognise(head: PayloadHead): Recognition {
  if (isZonalForecast(head)) return /ZonalDemand/i.test(head.name) ? 3 : 2;
  const report = reportHead(head);
  if (report === null) return 0;
  if (!report.has('ForecastSupply') && !report.has('ForecastDemand') && !report.has('ForecastOntDemand'))
    return 0;
  return /Adequacy/i.test(head.name) ? 3 : 2;
}

/** An hour of a list: the element that has the number of the hour and a figure beside it. */
const isHour = (element: XmlElement): boolean =>
  textIn(element, 'DeliveryHour', 'Hour') !== null && textIn(element, ...VALUES) !== null;

function decode(payload: Payload): Decoded {
  if (isZonalForecast(headOf(payload))) return readZonalForecast(payload);
  const { body, date, publishedAt } = readDocument(payload);
  const rows: SourceRow[] = [];
  const drift = new Map<string, Drift>();
  const look = (element: XmlElement, path: string, label: string): void => {
    for (const child of element.children) {
      if (isHour(child)) {
        const known = FIGURES.find((candidate) => candidate.path.test(path));
        if (known === undefined) {
          drift.set(path, { column: path.slice(0, 120), at: child.line });
          continue;
        }
        const { words, bounds } = hourOf(date, textIn(child, 'DeliveryHour', 'Hour') ?? '');
        const values = [{ field: known.field, value: textIn(child, ...VALUES), unit: known.unit }];
        const { location, series } = placeIn(known.field, path, label);
        rows.push(sourceRow(child.line, location, words, values, { series, bounds, publishedAt }));
        continue;
      }
      const own = textIn(child, 'FuelType', 'ZoneName', 'IntertieZoneName') ?? '';
      const below = own === '' ? `${path}/${child.name}` : `${path}/${child.name}/${own}`;
      look(child, below, own === '' ? label : own);
    }
  };
  look(body, '', '');
  return { ...decodedRows(payload, rows), drift: [...drift.values()] };
}

/** A fuel is a series, a zone of an intertie or an area is a place; the forecasts of wind and sun name theirs by field. */
function placeIn(field: string, path: string, label: string): { location: string; series: string | null } {
  if (/_forecast$|^load_|_uncertainty$/.test(field) && field !== 'energy_forecast')
    return { location: ONTARIO, series: null };
  if (/^area_/.test(field)) return { location: path.slice(path.lastIndexOf('/') + 1), series: null };
  if (/^(?:import|export)_/.test(field)) return { location: label === '' ? ONTARIO : label, series: null };
  return { location: ONTARIO, series: label === '' ? null : label };
}

/** The dataset `load_forecast`. */
export const loadForecast: Dataset = {
  name: 'load_forecast',
  title: 'Forecast of demand and of what meets it, by the hour',
  time: EST_HOURS,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: FIGURES.map(({ field, unit, what }) => ({ field, unit, what })),
  recognise,
  ...fetchedBy({
    usual: 'Adequacy3',
    known: { Adequacy3: 'xml', Adequacy2: 'xml', OntarioZonalDemand: 'xml' },
    each: 'day',
    isVersioned: true,
    publishedAfter: -24,
  }),
  decode,
};
