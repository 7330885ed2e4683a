/**
 * Prices of reserves and regulation of the simulated ISO New England: day-ahead since 1 March 2025, when that market of
 * ancillary services began, and in real time by five minutes. Stamps of real time are a second or two late now and then.
 */

import { daysFromCivil, HOUR, MINUTE, type Micros, SECOND } from '../../core/time/instant.ts';
import { draw } from '../draw.ts';
import type { Feed, Place } from '../feed.ts';
import type { PriceProcess } from '../price-process.ts';
import { reservePriceOf } from '../reserve-process.ts';
import { delayOf, regularIntervals } from '../series.ts';
import { isoneDay, isoneDayOf } from './market-day.ts';
import { type PlainService, plainRecords, stampText, type Wanted } from './service-request.ts';

/** A reserve zone with its number. */
interface ReserveZone extends Place {
  readonly id: number;
}

/** All markets of reserves. */
export interface IsoneReserves {
  readonly process: PriceProcess;
  readonly dayAhead: Feed;
  readonly zones: Feed<ReserveZone>;
  readonly regulation: Feed;
}

const FIVE = 5 * MINUTE;
const SYSTEM: Place = { name: 'ISONE' };
/** First operating day of the day-ahead market of reserves. */
const DAY_AHEAD_SINCE = daysFromCivil(2025, 3, 1);

const ZONES: readonly ReserveZone[] = [
  { name: 'ROS', id: 7000 },
  { name: 'SWCT', id: 7001 },
  { name: 'CT', id: 7002 },
  { name: 'NEMABSTN', id: 7003 },
];

/** Reserve markets from one price process. */
export function isoneReserves(process: PriceProcess): IsoneReserves {
  const feed = <P extends Place>(
    rest: Pick<Feed, 'dataset' | 'step' | 'fields' | 'publishedAt'>,
    run: string,
    places: readonly P[],
  ): Feed<P> => ({
    ...rest,
    decimals: process.decimals,
    intervals: (window) => regularIntervals(window, rest.step),
    entries: ({ start }) =>
      places.map((place) => ({
        place,
        numbers: rest.fields.map((field) => reservePriceOf(process, run, `${place.name}/${field}`, start)),
      })),
  });
  const afterwards: Feed['publishedAt'] = ({ start, end }) =>
    end + delayOf(process, 'rt/reserves', start, 60, 120);
  return {
    process,
    dayAhead: feed(
      {
        dataset: 'da_as_prices',
        step: HOUR,
        fields: ['mcp_tmsr', 'mcp_tmnsr', 'mcp_tmor', 'mcp_fer'],
        publishedAt: ({ start }) => {
          const day = isoneDayOf(start);
          if (day < DAY_AHEAD_SINCE) return Number.POSITIVE_INFINITY;
          return isoneDay(day - 1).end - 11 * HOUR + delayOf(process, 'da/reserves', day, -900, 600);
        },
      },
      'da',
      [SYSTEM],
    ),
    zones: feed(
      {
        dataset: 'rt_as_prices',
        step: FIVE,
        fields: ['mcp_tmsr', 'mcp_tmnsr', 'mcp_tmor'],
        publishedAt: afterwards,
      },
      'rt',
      ZONES,
    ),
    regulation: feed(
      {
        dataset: 'rt_as_prices',
        step: FIVE,
        fields: ['mcp_regulation_service', 'mcp_regulation_capacity'],
        publishedAt: afterwards,
      },
      'rt',
      [SYSTEM],
    ),
  };
}

const REQUIREMENTS = [
  ['ten_min_spin_req_mw', '820'],
  ['total_ten_min_req_mw', '1650'],
  ['total_thirty_min_req_mw', '2475'],
  ['forecasted_energy_req_mw', '14210'],
  ['eir_designation_mw', '96.5'],
  ['tmsr_designation_mw', '820.1'],
  ['tmnsr_designation_mw', '910'],
  ['tmor_designation_mw', '845.25'],
] as const;

/** One service by its name in paths; null for another. */
export function reserveService(
  reserves: IsoneReserves,
  service: string,
  parts: readonly string[],
  at: Micros,
): Wanted | null {
  const { process, dayAhead, zones, regulation } = reserves;
  const late = (start: Micros): string => {
    const chance = draw(process.seed, 121, start);
    return stampText(start + (chance < 0.01 ? 1 : chance < 0.015 ? 2 : 0) * SECOND);
  };
  const dayAheadRecords: PlainService<Place> = {
    feed: dayAhead,
    tags: { container: 'isone_web_services/day_ahead_reserves', record: 'day_ahead_reserve' },
    head: ['market_hour/local_day'],
    headOf: ({ start }) => [stampText(start)],
    numbers: ['tmsr_clearing_price', 'tmnsr_clearing_price', 'tmor_clearing_price', 'fer_clearing_price'],
    rest: REQUIREMENTS,
  };
  const zoneRecords: PlainService<ReserveZone> = {
    feed: zones,
    tags: { container: 'FiveMinReservePrices', record: 'FiveMinReservePrice' },
    head: ['BeginDate', 'ReserveZoneId', 'ReserveZoneName'],
    headOf: ({ start }, { id, name }) => [late(start), String(id), name],
    numbers: ['TmsrClearingPrice', 'TmnsrClearingPrice', 'TmorClearingPrice'],
    rest: [
      ['TenMinSpinRequirement', '815.5'],
      ['Total10MinRequirement', '1640'],
      ['Total30MinRequirement', '2440'],
      ['TmsrDesignatedMw', '1204.75'],
      ['TmnsrDesignatedMw', '1310'],
      ['TmorDesignatedMw', '780'],
    ],
  };
  const regulationRecords: PlainService<Place> = {
    feed: regulation,
    tags: { container: 'FiveMinRcps', record: 'FiveMinRcp' },
    head: ['BeginDate'],
    headOf: ({ start }) => [late(start)],
    numbers: ['RegServiceClearingPrice', 'RegCapacityClearingPrice'],
  };
  if (service === 'daasreservedata') return plainRecords(dayAheadRecords, parts, at);
  if (service === 'fiveminutereserveprice') return plainRecords(zoneRecords, parts, at);
  return service === 'fiveminutercp' ? plainRecords(regulationRecords, parts, at) : null;
}
