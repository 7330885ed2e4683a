/**
 * What the markets said in a week, body by body, in the order in which they were asked: from the simulators' own tables, by
 * no code of decoders and stages.
 */

import assert from 'node:assert/strict';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import { HOUR, type Micros } from '../../core/time/instant.ts';
import type { TrueValue } from '../../simulators/catalog.ts';
import { valueKey } from './published-values.ts';
import { RuleBook } from './rule-book.ts';
import type { WeekPull } from './week-pulls.ts';
import type { WeekWorld } from './week-world.ts';

/** One value through its versions. */
export interface ToldValue {
  readonly instrument: string;
  readonly market: string;
  readonly dataset: string;
  readonly start: Micros;
  readonly end: Micros;
  /** True where bodies held older statements too, which the simulator does not tell of. */
  readonly hasHistory: boolean;
  /** Every other number that was said, oldest first, with when. */
  readonly versions: { readonly value: TrueValue; readonly at: Micros }[];
}

/** One interval of a dataset over all bodies about it. */
interface ToldInterval {
  readonly start: Micros;
  readonly end: Micros;
  /** Numbers by the places that a body names. */
  readonly numbers: Map<string, string>;
  isRevised: boolean;
}

/** Everything that was said. */
export class WeekTruth {
  readonly rules = new RuleBook();
  /** By `instrument|start`. */
  readonly values = new Map<string, ToldValue>();
  /** By connector and dataset, then by bounds. */
  readonly intervals = new Map<string, Map<string, ToldInterval>>();
  /** What touches an hour, of datasets of which everything was said. */
  private readonly byHour = new Map<Map<string, ToldInterval>, Map<number, ToldInterval[]>>();

  /** What was said of a dataset and touches a span, in the order in which it was said. */
  touching(source: string, start: Micros, end: Micros): ToldInterval[] {
    const told = this.intervals.get(source);
    if (told === undefined) return [];
    const byHour = this.byHour.getOrInsertComputed(told, hoursOf);
    const found = new Set<ToldInterval>();
    for (let hour = Math.floor(start / HOUR); hour <= Math.floor(end / HOUR); hour++)
      for (const each of byHour.get(hour) ?? [])
        if (each.start < end && (each.end > start || each.start >= start)) found.add(each);
    return [...found];
  }

  /** Hears a body that was taken in. */
  hear(market: string, pull: WeekPull, printed: readonly TrueValue[], at: Micros): void {
    for (const value of printed) {
      const { instrument } = this.rules.ruled(market, value, at);
      const { dataset, start, end } = value;
      const key = valueKey({ instrument, start });
      const told = this.values.getOrInsertComputed(key, () => ({
        instrument,
        market,
        dataset,
        start,
        end,
        hasHistory: pull.hasHistory,
        versions: [],
      }));
      assert.equal(end, told.end, `${key}: another end`);
      if (told.versions.at(-1)?.value.value !== value.value) told.versions.push({ value, at });
    }
    const intervals = this.intervals.getOrInsertComputed(
      `${pull.connector}.${pull.dataset}`,
      () => new Map(),
    );
    const byBounds = Map.groupBy(printed, ({ start, end }) => `${start}/${end}`);
    for (const [bounds, values] of byBounds) {
      const placed = values
        .map(({ location, series, field, value }) => [`${location}|${series ?? ''}|${field}`, value] as const)
        .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      const { start, end } = values[0] as TrueValue;
      const interval = intervals.getOrInsertComputed(
        bounds,
        (): ToldInterval => ({ start, end, numbers: new Map(), isRevised: false }),
      );
      const places = placed.map(([place]) => place).join();
      const numbers = placed.map(([, number]) => number).join();
      const before = interval.numbers.get(places);
      // A number where there was none yet is news about the same places.
      const isFilled = pull.hasBlanks && before === undefined && interval.numbers.size > 0;
      if (isFilled || (before !== undefined && before !== numbers)) interval.isRevised = true;
      interval.numbers.set(places, numbers);
    }
  }
}

function hoursOf(told: ReadonlyMap<string, ToldInterval>): Map<number, ToldInterval[]> {
  const hours = new Map<number, ToldInterval[]>();
  for (const each of told.values())
    for (let hour = Math.floor(each.start / HOUR); hour <= Math.floor(each.end / HOUR); hour++)
      hours.getOrInsertComputed(hour, () => []).push(each);
  return hours;
}

/** All that was said to a world. Fails for an answer whose outcome is not that of what it said. */
export async function truthOf(world: WeekWorld): Promise<WeekTruth> {
  const truth = new WeekTruth();
  const numbers = new Map([['isone', await numbersOf(world)]]);
  for (const { pull, report, at } of world.runs)
    for (const { results } of report.datasets)
      for (const row of results) {
        const simulator = world.market(row.connector);
        const url = new URL(row.url);
        // A listing names documents, and has no values.
        if (url.pathname.endsWith('/IceDocListJsonWS')) continue;
        const printed = simulator.printed(url.pathname + url.search, at);
        assert.equal(
          printed.length > 0,
          isTaken(row),
          `${row.url}: ${row.outcome}, ${printed.length} values`,
        );
        if (row.outcome !== 'published') continue;
        const byNumber = url.pathname.includes('/5min-rt-') ? numbers.get(row.connector) : undefined;
        const named = printed.map((value) => ({
          ...value,
          location: byNumber?.get(value.location) ?? value.location,
        }));
        truth.hear(simulator.market, pull, named, at);
      }
  return truth;
}

interface LocationList {
  readonly Locations: { readonly Location: { readonly LocationID: number; readonly LocationName: string }[] };
}

/** The numbers of New England's locations by name: its five-minute files print them alone. */
async function numbersOf(world: WeekWorld): Promise<Map<string, string>> {
  const origin = world.markets.get('isone')?.origin;
  if (origin === undefined) return new Map();
  const response = await fetch(`${origin}/api/v1.1/locations/all.json`);
  const { Locations } = (await response.json()) as LocationList;
  return new Map(
    Locations.Location.map(({ LocationID, LocationName }) => [LocationName, String(LocationID)]),
  );
}

/** True for bodies that brought values, or would have had they not been there already. */
const isTaken = ({ outcome }: FetchRecord): boolean => outcome === 'published' || outcome === 'unchanged';
