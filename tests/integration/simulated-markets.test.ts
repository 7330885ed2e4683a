/**
 * Connectors against simulators, over sockets: what a connector plans is served, and what it reads is what was
 * published, value by value. The two were written apart, from the same descriptions of the markets.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONNECTORS } from '../../connectors/catalog.ts';
import type { Connector, Dataset, SourceRequest } from '../../connectors/kit/contract.ts';
import { recognise } from '../../connectors/kit/recognise.ts';
import { refine } from '../../connectors/kit/refine.ts';
import { CarbonError } from '../../core/errors.ts';
import { DAY, HOUR, MINUTE, type Micros, parseInstant } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { openContainer } from '../../drivers/containers/container.ts';
import {
  type FaultName,
  type RequestRecord,
  SIMULATORS,
  type Simulator,
  startSimulator,
  type TrueValue,
} from '../../simulators/catalog.ts';
import { CONTENT_FAULTS } from '../../simulators/fault-menu.ts';
import { compactDate, localDay } from '../../simulators/local-time.ts';

/** Simulators whose market has a connector here. */
/** Nodes of a market, besides its hubs and zones. */
const NODES = 6;
const PAIRED = SIMULATORS.filter((name) => CONNECTORS.some((each) => each.name === name));
const TRANSFORMS = ['standardize_timezone', 'sanitize_numeric'];
/** Evenings after the hour that is repeated, after the hour that is missing, and of a plain day. */
const EVENINGS = ['2025-11-03T03:02:00Z', '2025-03-10T03:02:00Z', '2025-07-09T03:02:00Z'];

/** Evenings on which a market had other layouts than in {@link EVENINGS}. */
const OTHER_ERAS: Readonly<Record<string, readonly string[]>> = {
  caiso: ['2019-07-09T03:02:00Z'],
  ercot: ['2026-03-09T03:02:00Z'],
  miso: ['2026-07-09T03:02:00Z'],
  nyiso: ['2014-11-03T03:02:00Z', '2015-03-09T03:02:00Z', '2016-03-14T03:02:00Z'],
};

const eveningsOf = (name: string): string[] => [...EVENINGS, ...(OTHER_ERAS[name] ?? [])];

/** What is published so many days later: it is asked for as many days after its day. */
const LAG_DAYS: Readonly<Record<string, number>> = {
  'eia.gas_price': 6,
  'ieso.fuel_mix': 1,
  'isone.rt_lmp': 1,
  'miso.load_forecast': 1,
  'miso.rt_as_prices_hourly': 1,
  'miso.rt_lmp_hourly': 1,
  'nyiso.solar_generation': 1,
  'pjm.interchange': 1,
  'pjm.load_hourly': 1,
  'pjm.rt_as_prices': 1,
  'pjm.solar_generation': 1,
  'pjm.wind_generation': 1,
  'pjm.rt_lmp_hourly': 5,
  'spp.interchange': 35,
  'spp.load_hourly': 2,
};

/** What is asked for by the day on which it was made, for days to come: what was made so many days before is asked for too. */
const LEAD_DAYS: Readonly<Record<string, number>> = {
  'isone.solar_forecast': 1,
  'isone.wind_forecast': 1,
};

/** Pages without history: what they said before is gone. */
const NOW_ONLY: readonly string[] = ['ercot.system_conditions'];

/** A dataset of the evening of a day: when it is asked for, the day's last twenty hours, and what a plan is made for. */
function askedFor(what: string, evening: Micros): Record<'window' | 'planned', Interval> & { at: Micros } {
  const window = { start: evening - (NOW_ONLY.includes(what) ? MINUTE : 20 * HOUR), end: evening };
  const planned = { ...window, start: window.start - (LEAD_DAYS[what] ?? 0) * DAY };
  return { at: evening + (LAG_DAYS[what] ?? 0) * DAY, window, planned };
}

/** Where the report that is asked for prints less than others of its dataset. */
const PRINTS: Readonly<Record<string, readonly string[]>> = {
  'caiso.renewable_forecast': ['solar_forecast', 'wind_forecast'],
  'ieso.load_hourly': ['load', 'zones_total', 'zones_difference'],
  'isone.load_hourly': ['load'],
};

/** The Outlook prints the repeated hour of autumn once, and nothing says which of the two: nobody may guess its time. */
const PRINTS_HOUR_ONCE: ReadonlySet<string> = new Set([
  'caiso.load_forecast_outlook',
  'caiso.load_outlook',
  'caiso.fuel_mix',
  'caiso.storage',
  'caiso.emissions',
]);

/** How many rows of a body with so many places must be set aside. */
const asideOf = (what: string, evening: string, places: number): number =>
  evening === EVENINGS[0] && PRINTS_HOUR_ONCE.has(what) ? 12 * places : 0;

/** `20250708`, on the West Coast. */
function dateAt(at: Micros): string {
  return compactDate(localDay('America/Los_Angeles', at));
}

function utc(text: string): Micros {
  const at = parseInstant(text);
  assert.ok(at !== null);
  return at;
}

/** A value by what identifies it. */
type Keyed = Pick<TrueValue, 'field' | 'start' | 'end'> & {
  readonly location: string | null;
  readonly series?: string | null | undefined;
};

const keyOf = (value: Keyed): string => keyAt(placeOf(value), value.field, value.start, value.end);

const keyAt = (place: string, field: string, start: Micros, end: Micros): string =>
  `${place}|${field}|${start}|${end}`;

const placeOf = ({ location, series }: Pick<Keyed, 'location' | 'series'>): string =>
  `${location}|${series ?? ''}`;

/** What a connector reads of one answer: values by key, and how many rows it set aside. */
interface Reading {
  readonly values: Map<string, string | null>;
  /** The places of the values, as {@link placeOf} writes them. */
  readonly places: Set<string>;
  /** From the first begin to after the last one. */
  readonly span: Interval;
  readonly rejected: number;
}

interface LocationList {
  readonly Locations: { readonly Location: { readonly LocationID: number; readonly LocationName: string }[] };
}

/** Other names of locations: five-minute reports of ISO New England print their numbers alone. */
const names = new WeakMap<Simulator, Map<string, string>>();

async function namesOf(simulator: Simulator): Promise<Map<string, string>> {
  let found = names.get(simulator);
  if (found === undefined) {
    found = new Map<string, string>();
    if (simulator.name === 'isone') {
      const response = await fetch(`${simulator.origin}/api/v1.1/locations/all.json`);
      const { Locations } = (await response.json()) as LocationList;
      for (const { LocationID, LocationName } of Locations.Location)
        found.set(String(LocationID), LocationName);
      found.set('NEPOOL AREA', 'ISONE');
    }
    names.set(simulator, found);
  }
  return found;
}

/** What came for a request. */
interface Fetched {
  readonly request: Pick<SourceRequest, 'url' | 'name'>;
  readonly status: number;
  readonly bytes: Uint8Array;
}

async function fetched(request: Fetched['request'], simulator: Simulator): Promise<Fetched> {
  const { pathname, search } = new URL(request.url);
  const response = await fetch(simulator.origin + pathname + search);
  return { request, status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
}

/** Fetches and reads one address. Throws the connector's own error for a body that it refuses. */
async function read(
  connector: Connector,
  dataset: string,
  request: Fetched['request'],
  simulator: Simulator,
): Promise<Reading> {
  return readFetched(connector, dataset, await fetched(request, simulator), simulator);
}

async function readFetched(
  connector: Connector,
  dataset: string,
  { request, status, bytes }: Fetched,
  simulator: Simulator,
): Promise<Reading> {
  const aliases = await namesOf(simulator);
  if (status === 404) throw new CarbonError('SOURCE_NO_DATA', `404 for ${request.url}`, {});
  const { members } = await openContainer({ name: request.name, bytes });
  const values = new Map<string, string | null>();
  const places = new Set<string>();
  let rejected = 0;
  const span = { start: Number.POSITIVE_INFINITY, end: 0 };
  for (const payload of members) {
    const refusal = connector.refusal?.(payload) ?? null;
    if (refusal !== null) throw refusal;
    const found = recognise(CONNECTORS, payload, { market: connector.market, dataset });
    const refined = refine(connector.market, found.dataset, payload, TRANSFORMS);
    if (refined.damage !== null) throw refined.damage;
    rejected += refined.rejected.length;
    for (const { location, series, intervalStart: start, intervalEnd: end, values: cells } of refined.rows) {
      const place = placeOf({ location: aliases.get(location ?? '') ?? location, series });
      places.add(place);
      span.start = Math.min(span.start, start);
      span.end = Math.max(span.end, start + 1);
      for (const { field, value } of cells) values.set(keyAt(place, field, start, end), value);
    }
  }
  return { values, places, span, rejected };
}

/** What a plan asks for, with the documents of listings in place of those. */
async function requestsOf(
  dataset: Dataset,
  window: Interval,
  at: Micros,
  simulator: Simulator,
): Promise<SourceRequest[]> {
  const found: SourceRequest[] = [];
  for (const request of dataset.plan(window, { now: at })) {
    if (request.lists !== true) {
      found.push(request);
      continue;
    }
    const { pathname, search } = new URL(request.url);
    const response = await fetch(simulator.origin + pathname + search);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const documents = dataset.documents?.(request, { name: request.name, bytes }) ?? [];
    found.push(...documents);
  }
  return found;
}

/** What is published of a span, of what was read of it, by key. */
function truthOf(
  values: ReadonlyMap<string, string | null>,
  simulator: Simulator,
  dataset: string,
  span: Interval,
  at: Micros,
): Map<string, string> {
  const truth = new Map<string, string>();
  if (span.end === 0) return truth;
  for (const value of simulator.published(dataset, span, at)) {
    const key = keyOf(value);
    if (values.has(key)) truth.set(key, value.value);
  }
  return truth;
}

/** Every value is one that was published, besides those that are excused. */
function checkValues(
  values: ReadonlyMap<string, string | null>,
  span: Interval,
  simulator: Simulator,
  dataset: string,
  at: Micros,
  excused: ReadonlySet<string> = new Set(),
): void {
  const truth = truthOf(values, simulator, dataset, span, at);
  for (const [key, value] of values)
    if (value !== null && !excused.has(key))
      assert.equal(Number(value), Number(truth.get(key)), `${simulator.name} ${dataset} ${key}`);
}

function connectorOf(name: string): Connector {
  const connector = CONNECTORS.find((each) => each.name === name);
  assert.ok(connector !== undefined, name);
  return connector;
}

const simulated = (connector: Connector, simulator: Simulator): Dataset[] =>
  connector.datasets.filter(({ name }) => simulator.datasets.includes(name));

for (const name of PAIRED)
  test(`${name}: what is read is what was published, on days of 23, 24 and 25 hours`, async () => {
    const seenOf = new Map<string, number>();
    for (const evening of eveningsOf(name)) {
      let at = utc(evening);
      const simulator = await startSimulator(name, { seed: 17, clock: () => at, nodes: NODES });
      try {
        const connector = connectorOf(name);
        const datasets = simulated(connector, simulator);
        assert.ok(datasets.length >= 3, name);
        for (const dataset of datasets) {
          const what = `${name}.${dataset.name}`;
          const asked = askedFor(what, utc(evening));
          const { window, planned } = asked;
          at = asked.at;
          // Of several forecasts for an hour the last one counts.
          const seen = new Map<string, string | null>();
          const places = new Set<string>();
          const span = { start: at, end: 0 };
          for (const request of await requestsOf(dataset, planned, at, simulator)) {
            const reading = await read(connector, dataset.name, request, simulator).catch(
              (error: unknown) => {
                assert.ok(error instanceof CarbonError && error.code === 'SOURCE_NO_DATA', String(error));
                // What is not due yet may be absent, and what was never published.
                const isThere = [...simulator.published(dataset.name, request.window, at)].length > 0;
                assert.ok(at < request.expectedAt || !isThere, `${request.url} was due`);
                return null;
              },
            );
            if (reading === null) continue;
            assert.equal(reading.rejected, asideOf(what, evening, reading.places.size), request.url);
            for (const [key, value] of reading.values) seen.set(key, value);
            for (const place of reading.places) places.add(place);
            span.start = Math.min(span.start, reading.span.start);
            span.end = Math.max(span.end, reading.span.end);
          }
          checkValues(seen, span, simulator, dataset.name, at);
          const prints = PRINTS[what];
          const wanted = [...simulator.published(dataset.name, window, at)].filter(
            (value) => places.has(placeOf(value)) && (prints === undefined || prints.includes(value.field)),
          );
          seenOf.set(what, (seenOf.get(what) ?? 0) + wanted.length);
          for (const value of wanted) assert.ok(seen.has(keyOf(value)), `${what} lacks ${keyOf(value)}`);
        }
      } finally {
        await simulator.close();
      }
    }
    for (const [what, count] of seenOf) assert.ok(count > 0, `${what} was never there`);
  });

for (const name of PAIRED)
  test(`${name}: what each address of the simulator serves is read as it was published`, async () => {
    for (const evening of eveningsOf(name)) {
      const at = utc(evening);
      const simulator = await startSimulator(name, { seed: 23, clock: () => at, nodes: NODES });
      try {
        const connector = connectorOf(name);
        for (const { dataset, path } of simulator.examples()) {
          // A listing of documents has no values.
          if (path.includes('IceDocListJsonWS')) continue;
          const url = `https://market.example${path}`;
          const file = (new URL(url).searchParams.get('path') ?? new URL(url).pathname).replace(/\/$/, '');
          const base = file.slice(file.lastIndexOf('/') + 1);
          // Tables of the Outlook bear no date: who asks for them knows it.
          const request = { url, name: file.startsWith('/outlook/') ? `${dateAt(at)}_${base}` : base };
          const reading = await read(connector, dataset, request, simulator);
          assert.ok(reading.values.size > 0, path);
          assert.equal(reading.rejected, asideOf(`${name}.${dataset}`, evening, reading.places.size), path);
          checkValues(reading.values, reading.span, simulator, dataset, at);
        }
      } finally {
        await simulator.close();
      }
    }
  });

function outcomeOf(reading: Reading | CarbonError): string {
  if (reading instanceof CarbonError) return `refused, ${reading.code}`;
  return reading.rejected === 0 ? 'read' : `read, ${reading.rejected} rows set aside`;
}

/** What a reading may lack or add because of a fault. */
function affected(record: RequestRecord): Set<string> {
  return new Set(record.effects.flatMap(({ values }) => values.map(keyOf)));
}

/** Newest first: older forecasts have other values. Of the many requests of five minutes a few will do. */
const MOST_REQUESTS = 12;

/** Listings of documents are planned by nobody: their fault has its test beside the simulators. */
const PLANNED_FAULTS = (Object.keys(CONTENT_FAULTS) as FaultName[]).filter(
  (fault) => fault !== 'wrong-offset',
);

for (const fault of PLANNED_FAULTS)
  test(`fault ${fault}: no market's body is read as something that was not published`, async (t) => {
    let at = utc(EVENINGS[2]);
    let struck = 0;
    for (const name of PAIRED) {
      const connector = connectorOf(name);
      for (let k = 0; ; k++) {
        const simulator = await startSimulator(name, {
          seed: 17,
          clock: () => at,
          nodes: NODES,
          faults: { once: [fault] },
        });
        try {
          const dataset = simulated(connector, simulator)[k];
          if (dataset === undefined) break;
          const asked = askedFor(`${name}.${dataset.name}`, utc(EVENINGS[2]));
          at = asked.at;
          const requests = await requestsOf(dataset, asked.planned, at, simulator);
          for (const request of requests.toReversed().slice(0, MOST_REQUESTS)) {
            const body = await fetched(request, simulator);
            const record = simulator.requests()[simulator.requests().length - 1];
            if (record.fault === null) continue;
            struck++;
            const reading = await readFetched(connector, dataset.name, body, simulator).catch(
              (error: unknown) => {
                assert.ok(error instanceof CarbonError && error.code.startsWith('SOURCE_'), String(error));
                return error;
              },
            );
            t.diagnostic(`${name} ${dataset.name}: ${outcomeOf(reading)}`);
            if (reading instanceof CarbonError) break;
            checkValues(reading.values, reading.span, simulator, dataset.name, at, affected(record));
            for (const { kind, values } of record.effects)
              if (kind === 'no-value' || kind === 'unreadable')
                for (const each of values)
                  assert.equal(reading.values.get(keyOf(each)) ?? null, null, keyOf(each));
            break;
          }
        } finally {
          await simulator.close();
        }
      }
    }
    assert.ok(struck > 0, `${fault} never struck`);
  });
