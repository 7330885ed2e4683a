/** Checks of a week: outcomes, interval ledger, balances, silver, flags and anomalies against what the markets said. */

import assert from 'node:assert/strict';
import { totalsOf } from '../../app/ingest/run-report.ts';
import { calendarOf } from '../../app/ledger/calendar.ts';
import { ledgerDatasets } from '../../app/ledger/datasets.ts';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import { formatInstant, type Micros } from '../../core/time/instant.ts';
import type { Withheld } from '../../simulators/catalog.ts';
import { lettersOf } from './fault-verdict.ts';
import { type PlainPrice, scaled } from './plain-bars.ts';
import { valueKey } from './published-values.ts';
import { tabRows } from './tab-rows.ts';
import type { WeekPull } from './week-pulls.ts';
import type { ToldValue, WeekTruth } from './week-truth.ts';
import type { WeekWorld } from './week-world.ts';

/** What the operators never published, by market. */
export type AllWithheld = Readonly<Record<string, readonly Withheld[]>>;

/** Every planned request has one outcome, each of one attempt; nothing was left, refused or unreachable. */
export async function checkOutcomes(world: WeekWorld): Promise<number> {
  const { reference, runtime } = world.stores;
  let asked = 0;
  for (const { report, planned } of world.runs)
    for (const { results, left } of report.datasets) {
      assert.equal(left, 0);
      assert.deepEqual(
        results.filter(({ url }) => !isDocument(url)).map(({ request }) => request),
        planned,
      );
      asked += results.length;
      for (const row of results) {
        const { url, outcome, code, message, rejected } = row;
        const isGood = outcome === 'published' || outcome === 'unchanged' || outcome === 'no_data';
        assert.ok(isGood || isHole(row), `${url}: ${outcome} ${code} ${message}`);
        assert.equal(rejected, 0, url);
      }
    }
  const ledger = await reference.listFetches({ tenant: runtime.tenant, limit: 1_000_000 });
  assert.equal(ledger.length, asked, 'attempts beside those of the plans');
  const served = [...world.markets.values()].reduce(
    (sum, each) => sum + each.requests().filter(isData).length,
    0,
  );
  assert.equal(served, asked, 'requests that no ledger knows');
  return asked;
}

/** True for what is asked because a listing named it. */
const isDocument = (url: string): boolean => url.includes('/mirDownload?');

/** False for the page of New England that sets the cookie. */
const isData = ({ path }: { readonly path: string }): boolean => !path.startsWith('/isoexpress/');

/** An interval of SPP that never had a file of its own: it comes with the file of its day, days later. */
const isHole = ({ url, code }: FetchRecord): boolean =>
  code === 'SOURCE_MISSING' && url.includes('/By_Interval/');

/**
 * Every day of every dataset has its intervals by the market's clock, all of them landed but those that were withheld, and
 * revised where a later body said something else. Returns how many there were.
 */
export async function checkIntervals(
  world: WeekWorld,
  truth: WeekTruth,
  withheld: AllWithheld,
): Promise<number> {
  const { reference, runtime, clock } = world.stores;
  const wrong: string[] = [];
  let count = 0;
  for (const pull of world.pulls) {
    const name = `${pull.connector}.${pull.dataset}`;
    const [source] = await ledgerDatasets(pull.connector, pull.dataset);
    assert.ok(source !== undefined, name);
    for (const day of world.daysOf(pull)) {
      const [known] = await calendarOf(reference, runtime.tenant, source, day, clock.now());
      const slots = known?.slots ?? [];
      const expected = pull.step === 0 || isClosed(pull, day.start) ? 0 : (day.end - day.start) / pull.step;
      if (slots.length !== expected) wrong.push(`${name}: ${slots.length} of ${expected} intervals`);
      count += slots.length;
      for (const { interval, state } of slots) {
        const must = stateOf(pull, interval.start, interval.end, truth, withheld);
        if (state !== must) wrong.push(`${name} ${formatInstant(interval.start)}: ${state}, not ${must}`);
      }
    }
  }
  assert.deepEqual(wrong.slice(0, 20), [], `${wrong.length} of ${count} intervals`);
  return count;
}

/** Nothing is published on days without business. */
const isClosed = ({ dataset, step }: WeekPull, start: Micros): boolean =>
  dataset === 'gas_price' && [0, 6].includes(new Date((start + step / 2) / 1000).getUTCDay());

function stateOf(
  { connector, dataset }: WeekPull,
  start: Micros,
  end: Micros,
  truth: WeekTruth,
  withheld: AllWithheld,
): string {
  const isGone = withheld[connector]?.some((each) => each.dataset === dataset && each.start === start);
  if (isGone === true) return 'missing';
  const touching = truth.touching(`${connector}.${dataset}`, start, end);
  if (touching.length === 0) return 'missing';
  return touching.some(({ isRevised }) => isRevised) ? 'revised' : 'landed';
}

/** What goes into a stage comes out of it, or is counted with a reason; what one lets out is what the next takes in. */
export async function checkBalances(world: WeekWorld, truth: WeekTruth): Promise<void> {
  const { stores, worker, runs } = world;
  const fetched = totalsOf(runs.flatMap(({ report }) => report.datasets));
  const { stages, records } = worker.totals();
  assert.equal(records, fetched.rows, 'rows of the raw topics that were worked off');
  for (const [stage, { in: into, out, rejected, reinstated, dropped }] of stages) {
    const gone = Object.values(dropped).reduce((sum, n) => sum + n, 0);
    assert.equal(into + reinstated, out + rejected + gone, stage);
    assert.equal(rejected, 0, stage);
  }
  const normalized = stages.get('normalization');
  assert.equal(normalized?.in, fetched.values);
  assert.deepEqual(await versionsStored(world, truth), versionsTold(truth), 'versions');
  for (const next of ['enrichment', 'aggregation', 'projection'] as const)
    assert.equal(stages.get(next)?.in, normalized?.out, next);
  const [silver] = await stores.warehouse.queryRows('SELECT toString(count()) AS n FROM silver_ticks');
  assert.equal(Number(silver?.['n']), normalized?.out, 'silver');
  for (const topic of ['ingestion', 'normalization', 'enrichment', 'aggregation', 'projection'])
    assert.deepEqual(await lettersOf(world, `processing.deadletter.${topic}.v1`), []);
}

/** Versions by market and dataset, without those of datasets whose older statements the simulator does not tell. */
async function versionsStored({ stores }: WeekWorld, truth: WeekTruth): Promise<Map<string, number>> {
  const rows = await stores.warehouse.queryRows(
    `SELECT splitByChar('.', instrument_id)[1] AS market, dataset, toString(count()) AS n FROM silver_ticks
GROUP BY market, dataset ORDER BY market, dataset`,
  );
  const all = new Map(rows.map((row) => [`${row['market']} ${row['dataset']}`, Number(row['n'])]));
  for (const { market, dataset, hasHistory } of truth.values.values())
    if (hasHistory) all.delete(`${market} ${dataset}`);
  return all;
}

function versionsTold(truth: WeekTruth): Map<string, number> {
  const all = new Map<string, number>();
  for (const { market, dataset, hasHistory, versions } of truth.values.values()) {
    const key = `${market} ${dataset}`;
    if (!hasHistory) all.set(key, (all.get(key) ?? 0) + versions.length);
  }
  return new Map([...all].sort());
}

/** Silver holds the last word about every value, to the last digit, with the flags that follow from it, and no other. */
export async function checkValues(world: WeekWorld, truth: WeekTruth): Promise<PlainPrice[]> {
  const rows = await tabRows(
    world.stores.warehouse,
    `SELECT instrument_id, toUnixTimestamp64Micro(ts), ifNull(toString(price), 'null'),
  toUnixTimestamp64Micro(known_at), arrayStringConcat(quality_flags, ',') FROM silver_current`,
  );
  const wrong: string[] = [];
  const left = new Set(truth.values.keys());
  for (const [instrument = '', start, price = '', knownAt, rowFlags = ''] of rows) {
    const key = valueKey({ instrument, start: Number(start) });
    const told = truth.values.get(key);
    if (told === undefined) {
      wrong.push(`${key}: nobody said so`);
      continue;
    }
    if (!left.delete(key)) wrong.push(`${key}: twice`);
    const last = lastOf(told);
    if (price === 'null' || scaled(price) !== scaled(last.value.value))
      wrong.push(`${key}: ${price}, said ${last.value.value}`);
    const { flags } = truth.rules.ruled(told.market, last.value, Number(knownAt));
    const must = [...flags, ...(told.versions.length > 1 ? ['REVISED'] : [])].join();
    const known = rowFlags.replace('VALID', '');
    const has = told.hasHistory && told.versions.length === 1 ? known.replace(/,?REVISED/, '') : known;
    if (has !== must) wrong.push(`${key}: flags ${has}, not ${must}`);
  }
  for (const key of left) wrong.push(`${key}: is not there`);
  assert.deepEqual(wrong.slice(0, 20), [], `${wrong.length} values of ${truth.values.size} are wrong`);
  return [...truth.values.values()].map((told) => ({
    instrument: told.instrument,
    start: told.start,
    end: told.end,
    value: lastOf(told).value.value,
  }));
}

function lastOf({ instrument, versions }: ToldValue): ToldValue['versions'][number] {
  const last = versions.at(-1);
  assert.ok(last !== undefined, instrument);
  return last;
}

/** Every value that was published of the week's days is among those that were said, where its place and field are. */
export function checkNothingUnasked(world: WeekWorld, truth: WeekTruth): void {
  const places = new Set(
    [...truth.values.values()].map(({ dataset, instrument }) => `${dataset}|${instrument}`),
  );
  const wrong: string[] = [];
  for (const pull of world.pulls) {
    const market = world.market(pull.connector);
    for (const day of world.daysOf(pull))
      for (const value of market.published(pull.dataset, day)) {
        const { instrument } = truth.rules.ruled(market.market, value, world.now);
        const { start } = value;
        // What the last bodies left blank is in those of the days after the week.
        if (pull.hasBlanks && start >= (world.daysOf(pull).at(-1)?.end ?? 0) - 2 * pull.step) continue;
        if (places.has(`${pull.dataset}|${instrument}`) && !truth.values.has(valueKey({ instrument, start })))
          wrong.push(`${instrument} ${formatInstant(start)} was published, and not read`);
      }
  }
  assert.deepEqual(wrong.slice(0, 20), [], `${wrong.length} values`);
}

/** Anomalies are those of the values that lie outside their bounds and of the intervals that were withheld. */
export async function checkAnomalies(
  world: WeekWorld,
  truth: WeekTruth,
  withheld: AllWithheld,
): Promise<Map<string, number>> {
  const expected = new Map<string, number>();
  // An interval of Ontario's price is two elements that bear its number: without it the body has another shape.
  if (
    withheld['ieso']?.some(({ dataset }) => dataset === 'rt_lmp') === true &&
    truth.intervals.has('ieso.rt_lmp')
  )
    expected.set('SOURCE_DRIFT IESO rt_lmp', 2);
  const add = (to: Map<string, number>, key: string, n: number): void => {
    to.set(key, (to.get(key) ?? 0) + n);
  };
  for (const { market, dataset, versions } of truth.values.values())
    for (const { value, at } of versions)
      for (const flag of truth.rules.ruled(market, value, at).flags)
        if (flag === 'OUT_OF_RANGE' || flag === 'VOLUME_SPIKE')
          add(expected, `${flag} ${market} ${dataset}`, 1);
  for (const [name, gone] of Object.entries(withheld))
    for (const { dataset } of gone)
      if (truth.intervals.has(`${name}.${dataset}`))
        add(expected, `INTERVAL_GAP ${world.market(name).market} ${dataset}`, 1);
  for (const { report } of world.runs)
    for (const { results } of report.datasets)
      for (const row of results)
        if (isHole(row)) add(expected, `INTERVAL_GAP ${report.market} ${row.dataset}`, 1);
  const found = new Map<string, number>();
  for (const anomaly of await lettersOf(world, 'data.quality.anomalies.v1'))
    add(
      found,
      `${anomaly['type'] ?? anomaly['anomaly_type']} ${anomaly['market']} ${anomaly['dataset']}`,
      Number(anomaly['count']),
    );
  assert.deepEqual(new Map([...found].sort()), new Map([...expected].sort()));
  return found;
}
