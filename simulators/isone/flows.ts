/** Flows over the external interfaces of the simulated ISO New England by five minutes, imports below zero. */

import { MINUTE, type Micros } from '../../core/time/instant.ts';
import { type DemandProcess, flowOf, scheduleOf } from '../demand-process.ts';
import type { Feed, Place } from '../feed.ts';
import { rounded } from '../price-process.ts';
import { regularIntervals } from '../series.ts';
import { plainRecords, stampText, type Wanted } from './service-request.ts';

/** An interface by its node, and how much it carries, MW. */
export interface Interface extends Place {
  readonly id: number;
  readonly capacity: number;
}

const INTERFACES: readonly Interface[] = [
  { name: '.I.SALBRYNB345 1', id: 4010, capacity: 900 },
  { name: '.I.ROSETON 345 1', id: 4011, capacity: 1400 },
  { name: '.I.HQ_P1_P2345 5', id: 4012, capacity: 1800 },
  { name: '.I.HQHIGATE120 2', id: 4013, capacity: 220 },
  { name: '.I.SHOREHAM138 99', id: 4014, capacity: 330 },
  { name: '.I.NRTHPORT138 5', id: 4017, capacity: 200 },
];

const FIVE = 5 * MINUTE;
const DELAY = 3 * MINUTE;

/** The columns of a record with the platform's fields, in the order of the service. */
const COLUMNS: readonly (readonly [column: string, field: string])[] = [
  ['ActualFlow', 'interchange'],
  ['ImportLimit', 'import_limit'],
  ['ExportLimit', 'export_limit'],
  ['CurrentSchedule', 'interchange_scheduled'],
  ['Purchase', 'purchase'],
  ['Sale', 'sale'],
  ['TotalExports', 'total_exports'],
  ['TotalImports', 'total_imports'],
];

/** Flows from one demand process. */
export function flowFeed(demand: DemandProcess): Feed<Interface> {
  return {
    dataset: 'interchange',
    step: FIVE,
    decimals: 3,
    fields: COLUMNS.map(([, field]) => field),
    intervals: (window) => regularIntervals(window, FIVE),
    publishedAt: ({ end }) => end + DELAY,
    entries: ({ start, end }, at) =>
      at < end + DELAY
        ? []
        : INTERFACES.map((place) => ({ place, numbers: numbersOf(demand, place, start) })),
  };
}

function numbersOf(demand: DemandProcess, { name, capacity }: Interface, start: Micros): number[] {
  const whole = (amount: number): number => rounded(amount) * 1000;
  const flow = rounded(flowOf(demand, name, capacity, start) * 1000);
  const planned = whole(scheduleOf(demand, name, capacity, start));
  const [bought, sold] = planned < 0 ? [planned, 0] : [0, planned];
  const limit = whole(capacity);
  return [flow, -limit, limit, planned, bought, sold, sold + 5000, bought - 5000];
}

/** `fiveminuteexternalflow`. */
export function flowService(feed: Feed<Interface>, parts: readonly string[], at: Micros): Wanted | null {
  return plainRecords(
    {
      feed,
      tags: { container: 'ExternalFlows', record: 'ExternalFlow' },
      head: ['BeginDate', 'Location/@LocId', 'Location/$'],
      headOf: ({ start }, { id, name }) => [stampText(start), String(id), name],
      numbers: COLUMNS.map(([column]) => column),
    },
    parts,
    at,
  );
}
