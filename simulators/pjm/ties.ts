/** Flows over the ties of the simulated PJM with its neighbours: by five minutes as measured, by the hour as accounted. */

import { HOUR, MINUTE, type Micros, SECOND } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { plainText } from '../decimal-text.ts';
import { type DemandProcess, flowOf, scheduleOf } from '../demand-process.ts';
import type { Feed, Place } from '../feed.ts';
import { rounded } from '../price-process.ts';
import { regularIntervals } from '../series.ts';
import { BEGINNING, type DataFeed, ENDING, figureRows, stamps } from './figure-rows.ts';
import { pjmDay, pjmDayOf } from './market-day.ts';

/** A tie and how much it carries, MW. */
interface Tie extends Place {
  readonly capacity: number;
}

/** Both feeds of flows. */
export interface PjmTies {
  readonly hourly: Feed<Tie>;
  readonly fiveMinute: Feed<Tie>;
}

const FIVE = 5 * MINUTE;

const TIES: readonly Tie[] = [
  { name: 'CPLE', capacity: 900 },
  { name: 'DUK', capacity: 600 },
  { name: 'HUDSON', capacity: 300 },
  { name: 'LINDEN', capacity: 315 },
  { name: 'MISO', capacity: 4200 },
  { name: 'NEPTUNE', capacity: 660 },
  { name: 'NYIS', capacity: 1800 },
  { name: 'TVA', capacity: 700 },
];

/** Ties of the market; imports are above zero. */
export function pjmTies(demand: DemandProcess): PjmTies {
  const amount = (each: (tie: string, capacity: number) => number, { name, capacity }: Tie): number =>
    rounded(each(name, capacity) * 1000);
  const feed = (
    dataset: string,
    fields: readonly string[],
    rest: Pick<Feed, 'step' | 'publishedAt' | 'intervals'>,
  ): Feed<Tie> => ({
    dataset,
    decimals: 3,
    fields,
    ...rest,
    entries: ({ start }) =>
      TIES.map((place) => {
        const actual = amount((name, capacity) => flowOf(demand, name, capacity, start), place);
        const planned = amount((name, capacity) => scheduleOf(demand, name, capacity, start), place);
        return { place, numbers: [actual, planned, actual - planned].slice(0, fields.length) };
      }),
  });
  return {
    hourly: feed('interchange', ['interchange', 'interchange_scheduled', 'interchange_inadvertent'], {
      step: HOUR,
      publishedAt: ({ start }) => pjmDay(pjmDayOf(start)).end + 10 * HOUR,
      intervals: (window) => regularIntervals(window, HOUR),
    }),
    fiveMinute: feed('interchange_5min', ['interchange', 'interchange_scheduled'], {
      step: FIVE,
      publishedAt: ({ start }) => start + 2 * MINUTE,
      intervals: lateBySecond,
    }),
  };
}

/** Stamps of these readings lie a second behind the five minutes. */
function* lateBySecond({ start, end }: Interval): Generator<Interval> {
  for (let at: Micros = Math.ceil((start - SECOND) / FIVE) * FIVE + SECOND; at < end; at += FIVE)
    yield { start: at, end: at + FIVE };
}

/** The feeds of Data Miner. */
export function tieRows({ hourly, fiveMinute }: PjmTies): DataFeed[] {
  const texts = (numbers: readonly (number | null)[]): string[] =>
    numbers.map((number) => plainText(number ?? 0, 3));
  return [
    figureRows({
      name: 'act_sch_interchange',
      feed: hourly,
      columns: [...BEGINNING, ...ENDING, 'tie_line', 'actual_flow', 'sched_flow', 'inadv_flow'],
      printed: ['actual_flow', 'sched_flow', 'inadv_flow'],
      cellsOf: ({ start, end }, { place, numbers }) => [
        ...stamps(start),
        ...stamps(end),
        place.name,
        ...texts(numbers),
      ],
    }),
    figureRows({
      name: 'five_min_tie_flows',
      feed: fiveMinute,
      columns: [...BEGINNING, 'tie_flow_name', 'actual_mw', 'scheduled_mw'],
      printed: ['actual_mw', 'scheduled_mw'],
      cellsOf: ({ start }, { place, numbers }) => [...stamps(start), place.name, ...texts(numbers)],
    }),
  ];
}
