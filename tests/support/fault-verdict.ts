/** Checks of a fault run: ledger, dead letters, silver, bars and latest prices against what the simulators say. */

import assert from 'node:assert/strict';
import { PartitionCursor, RecordDecoder } from '../../app/read/log-records.ts';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import { marketZone } from '../../core/time/market-day.ts';
import type { FaultName } from '../../simulators/catalog.ts';
import { type Exchange, FAULT_MARKETS, type FaultWorld, type PassReport } from './fault-world.ts';
import { type PlainPrice, plainBars, scaled } from './plain-bars.ts';
import { type Brought, broughtBy, type Values, valueKey } from './published-values.ts';
import { isBar, servedBars, textOf } from './served-bars.ts';

/** What an attempt that a fault of the exchange has struck must say: outcome, code, status. */
const FATES: Readonly<
  Partial<Record<FaultName, readonly [outcome: string, code: string, status: number | null]>>
> = {
  'too-many-requests': ['retried', 'SOURCE_BUSY', 429],
  'server-error': ['retried', 'SOURCE_UNREACHABLE', 500],
  unavailable: ['retried', 'SOURCE_UNREACHABLE', 503],
  overloaded: ['retried', 'SOURCE_BUSY', 503],
  'truncated-gzip': ['retried', 'SOURCE_UNREACHABLE', null],
  'cut-body': ['retried', 'SOURCE_UNREACHABLE', null],
  'truncated-zip': ['rejected', 'SOURCE_CONTAINER_DAMAGED', 200],
  'empty-zip': ['rejected', 'SOURCE_CONTAINER_DAMAGED', 200],
  'empty-body': ['rejected', 'SOURCE_EMPTY', 200],
  'html-page': ['rejected', 'SOURCE_NOT_DATA', 200],
  'oasis-busy': ['retried', 'SOURCE_BUSY', 200],
  'wrong-charset': ['rejected', 'SOURCE_MALFORMED', 200],
};

const FINAL = ['published', 'unchanged', 'no_data', 'rejected'];
/** Values in one row of a market's reports, as they are decoded. */
const VALUES_PER_ROW: Readonly<Record<string, number>> = { caiso: 1, miso: 1, nyiso: 3 };

type Letter = Readonly<Record<string, unknown>>;

/** Every planned request has one final outcome, and every attempt before it says why it was not the last. */
export function checkPasses(passes: readonly PassReport[], ledger: readonly FetchRecord[]): void {
  const attempts = Map.groupBy(ledger, (row) =>
    [row.runId, row.connector, row.dataset, row.request].join('|'),
  );
  let asked = 0;
  for (const { report, planned } of passes)
    for (const { dataset, results, left } of report.datasets) {
      assert.equal(left, 0);
      assert.deepEqual(
        results.map(({ request }) => request),
        planned,
        `${report.connector} ${dataset}`,
      );
      for (const request of planned) {
        asked++;
        const rows = attempts.get([report.runId, report.connector, dataset, request].join('|')) ?? [];
        const name = `${report.runId} ${report.connector} ${request}`;
        assert.deepEqual(
          rows.map(({ attempt }) => attempt),
          rows.map((_, i) => i + 1),
          name,
        );
        const last = rows.at(-1);
        assert.ok(last !== undefined && FINAL.includes(last.outcome), `${name}: ${last?.outcome}`);
        for (const row of rows.slice(0, -1)) {
          assert.equal(row.outcome, 'retried', name);
          assert.ok(row.code !== null && row.message !== null && row.endedAt >= row.startedAt, name);
        }
      }
    }
  assert.equal(attempts.size, asked, 'the ledger has requests that nobody planned');
}

/** Each fault left the trace that it must; what came is in the archive, byte for byte. Returns the faults that struck. */
export async function checkExchanges(
  world: FaultWorld,
  exchanges: readonly Exchange[],
): Promise<Set<FaultName>> {
  const struck = new Set<FaultName>();
  for (const { row, told } of exchanges) {
    const name = `${row.connector} ${row.request} attempt ${row.attempt}, fault ${told.fault}`;
    // A body that ends before its time is no body.
    const isCut = told.fault === 'cut-body' || told.fault === 'truncated-gzip';
    const isWhole = !isCut || told.status === 304;
    assert.equal(row.status, isWhole ? told.status : null, name);
    assert.equal(row.bytes, isWhole ? told.bytes : 0, name);
    if (row.bytes > 0) {
      assert.ok(row.sha256 !== null, name);
      assert.equal(row.knownAt !== null, row.outcome !== 'retried', name);
      assert.equal((await world.stores.archive.get(row.sha256)).length, row.bytes, name);
    }
    // Who has the body already is told so, whatever would have happened to it on the way.
    if (told.fault === null || told.status === 304) continue;
    struck.add(told.fault);
    const fate = FATES[told.fault];
    if (fate !== undefined) assert.deepEqual([row.outcome, row.code, row.status], fate, name);
    else assert.ok(['published', 'unchanged', 'rejected'].includes(row.outcome), `${name}: ${row.outcome}`);
  }
  return struck;
}

/** The payloads of a topic: dead letters, anomalies. */
export async function lettersOf({ stores }: Pick<FaultWorld, 'stores'>, topic: string): Promise<Letter[]> {
  const decoder = new RecordDecoder(stores.registry);
  const found: Letter[] = [];
  for (let partition = 0; partition < (stores.partitions.get(topic) ?? 0); partition++) {
    const cursor = new PartitionCursor(partition, 0);
    for (;;) {
      const next = await cursor.peek(stores.log, topic, decoder);
      if (next === null) break;
      found.push((next.record.value as { readonly payload: Letter }).payload);
      cursor.take();
    }
  }
  return found;
}

/** Letters of ingestion by body, each with its code and place; none is missing and none too many. */
export async function checkLetters(
  world: FaultWorld,
  ledger: readonly FetchRecord[],
): Promise<Map<string, Letter[]>> {
  const letters = await lettersOf(world, 'processing.deadletter.ingestion.v1');
  const byBody = Map.groupBy(letters, (letter) => {
    const about = JSON.parse(String(letter['raw'])) as Record<string, unknown>;
    return [about['connector'], about['dataset'], about['request'], about['archive_sha256']].join('|');
  });
  const due = new Map<string, FetchRecord>();
  for (const row of ledger) if (row.outcome === 'rejected' || row.rejected > 0) due.set(bodyKey(row), row);
  for (const [key, row] of due) {
    const found = byBody.get(key) ?? [];
    if (row.outcome === 'rejected') {
      assert.deepEqual(
        found.map((letter) => [letter['code'], Number(letter['source_offset'])]),
        [[row.code, 0]],
        key,
      );
      continue;
    }
    assert.equal(found.length, row.rejected, key);
    for (const letter of found) {
      assert.ok(Number(letter['source_offset']) > 0, `${key}: no line`);
      for (const part of ['code', 'message', 'field', 'expected', 'got'])
        assert.ok(String(letter[part] ?? '') !== '', `${key}: no ${part}`);
    }
  }
  assert.deepEqual([...byBody.keys()].toSorted(), [...due.keys()].toSorted(), 'letters about other bodies');
  return byBody;
}

/** Identifies a body of a request. */
export const bodyKey = (row: FetchRecord): string =>
  [row.connector, row.dataset, row.request, row.sha256].join('|');

/** What the published bodies brought, in their order. */
export function broughtByAll(
  world: FaultWorld,
  exchanges: readonly Exchange[],
  letters: ReadonlyMap<string, readonly Letter[]>,
): Brought[] {
  return exchanges
    .filter(({ row }) => row.outcome === 'published')
    .map((exchange) => {
      const { row } = exchange;
      const aside = new Map<string, number>();
      for (const letter of letters.get(bodyKey(row)) ?? []) {
        const { location } = JSON.parse(String(letter['raw'])) as { location: string };
        // One value of such a row is the one that the fault took.
        const taken = letter['code'] === 'VALUE_NOT_NUMERIC' ? 1 : 0;
        const lost = (VALUES_PER_ROW[row.connector] ?? 0) - taken;
        aside.set(location, (aside.get(location) ?? 0) + lost);
      }
      return broughtBy(exchange, world.market(row.connector), world.evening, aside);
    });
}

/** Silver holds exactly what was brought, and stamps in the future are refused. Returns what must be served. */
export async function checkSilver(world: FaultWorld, brought: readonly Brought[]): Promise<Values> {
  const silver = await silverOf(world);
  const must: Values = new Map(brought.flatMap(({ certain }) => [...certain]));
  const certain = new Set(must.keys());
  for (const { doubtful } of brought)
    for (const [place, { values, lost }] of doubtful) {
      const open = [...values].filter(([key]) => !certain.has(key));
      const absent = open.filter(([key]) => !silver.has(key));
      if (open.length === values.size)
        assert.equal(absent.length, lost, `${place}: values of rows set aside`);
      assert.ok(absent.length <= lost, `${place}: more is missing than was set aside`);
      for (const [key, price] of open) if (silver.has(key)) must.set(key, price);
    }
  const wrong: string[] = [];
  for (const [key, { value }] of must)
    if (silver.get(key) !== scaled(value)) wrong.push(`${key}: ${silver.get(key)}, published ${value}`);
  for (const key of silver.keys()) if (!must.has(key)) wrong.push(`${key}: nobody published it`);
  assert.deepEqual(wrong.slice(0, 10), [], `${wrong.length} values of ${must.size} are wrong`);
  const refused = await lettersOf(world, 'processing.deadletter.normalization.v1');
  for (const letter of refused) assert.equal(letter['code'], 'TIME_OUT_OF_RANGE');
  return must;
}

async function silverOf({ stores }: FaultWorld): Promise<Map<string, bigint>> {
  const rows = await stores.warehouse.queryRows(
    'SELECT instrument_id, toString(toUnixTimestamp64Micro(ts)) AS start, toString(price) AS price FROM silver_current',
  );
  return new Map(
    rows.map((row) => [
      valueKey({ instrument: String(row['instrument_id']), start: Number(row['start']) }),
      scaled(String(row['price'])),
    ]),
  );
}

/** Bars and latest prices are those of the values, column by column, none missing and none too many. */
export async function checkServed(
  world: Pick<FaultWorld, 'stores'>,
  values: Iterable<PlainPrice>,
): Promise<number> {
  const prices = [...values];
  const served = await servedBars(world.stores.warehouse);
  const wrong: string[] = [];
  let count = 0;
  for (const [key, bar] of plainBars(prices, (instrument) =>
    temporalZone(instrument.split('.', 1)[0] as string),
  )) {
    count++;
    const found = served.get(key);
    if (found === undefined || !isBar(found, bar)) wrong.push(`${key}: ${found}, made anew ${textOf(bar)}`);
    served.delete(key);
  }
  for (const key of served.keys()) wrong.push(`${key}: no value is in it`);
  assert.deepEqual(wrong.slice(0, 10), [], `${wrong.length} bars of ${count} are wrong`);
  await checkLatest(world, prices);
  return count;
}

async function checkLatest(
  { stores }: Pick<FaultWorld, 'stores'>,
  prices: readonly PlainPrice[],
): Promise<void> {
  const newest = new Map<string, PlainPrice>();
  for (const price of prices)
    if (price.start >= (newest.get(price.instrument)?.start ?? 0)) newest.set(price.instrument, price);
  const rows = await stores.warehouse.queryRows(
    `SELECT instrument_id, toString(toUnixTimestamp64Micro(l.ts)) AS start, toString(l.price) AS price
FROM served_latest_prices AS l`,
  );
  assert.deepEqual(
    new Map(rows.map((row) => [row['instrument_id'], [Number(row['start']), scaled(String(row['price']))]])),
    new Map([...newest].sort().map(([instrument, { start, value }]) => [instrument, [start, scaled(value)]])),
  );
}

/** The zone of a market's days as the calendar knows it. */
const temporalZone = (market: string): string => marketZone(market);

/** Everything that the raw topics hold was published by a body of the ledger: nothing of a refused one. */
export async function checkRawTopics({ stores }: FaultWorld, ledger: readonly FetchRecord[]): Promise<void> {
  for (const name of FAULT_MARKETS) {
    const topic = `ingestion.${name}.raw.v1`;
    let records = 0;
    for (let partition = 0; partition < (stores.partitions.get(topic) ?? 0); partition++)
      records += (await stores.log.bounds(topic, partition)).end;
    const own = ledger.filter(({ connector, outcome }) => connector === name && outcome === 'published');
    assert.equal(
      records,
      own.reduce((sum, { rows }) => sum + rows, 0),
      topic,
    );
  }
  const published = new Set(
    ledger.flatMap(({ outcome, sha256 }) => (outcome === 'published' && sha256 !== null ? [sha256] : [])),
  );
  const rows = await stores.warehouse.queryRows('SELECT DISTINCT archive_sha256 AS sha FROM silver_ticks');
  for (const { sha } of rows) assert.ok(published.has(String(sha)), `${sha} was not published`);
}
