/**
 * PostgreSQL away under load, a real one. While instruments alone cannot be looked up (connections refused, tables locked)
 * work goes on: entries in memory hold, the rest is flagged, and what is owed is made good without a restart and without
 * another tick. While all of it is away the plans wait; nothing is lost, and nothing is counted twice.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { publishJson } from '../../../app/ingest/publish-json.ts';
import { startWorker, type Worker } from '../../../app/pipeline/worker.ts';
import { openStores, type Stores } from '../../../app/stores/open-stores.ts';
import { decodeEnriched } from '../../../core/codec/topics/enriched.ts';
import { Topic } from '../../../core/codec/topics/topic-names.ts';
import { Names } from '../../../core/model/names.ts';
import { Flag } from '../../../core/model/quality-flags.ts';
import type { TelemetryEvent } from '../../../core/ports/telemetry.ts';
import { formatInstant, instantFromCivil, SECOND } from '../../../core/time/instant.ts';
import { freePort, type OwnServer, ownEngine, within } from '../../support/engine-server.ts';
import { newDatabase, openStore } from '../../support/postgres-databases.ts';
import { SeveredProxy } from '../../support/severed-proxy.ts';
import { runtimeIn } from '../crash/runtime.ts';

const MARKET = 'MISO';
const BEGIN = instantFromCivil(2025, 7, 1);
/** Trades per instrument and piece of load, and the time between two pieces. */
const BURST = 20;
const PACE_MS = 30;
const PATIENCE_MS = 60_000;
const LOOK_UP_MS = 300;

const engine = await ownEngine('postgres');
const skip = typeof engine === 'string';
const postgres = engine as OwnServer;
const why = skip ? `, skipped: ${engine}` : '';

const folder = mkdtempSync(join(tmpdir(), 'carbon-reference-away-'));
const told: TelemetryEvent[] = [];
let dsn = '';
let proxy: SeveredProxy;
let base: Stores;
let stores: Stores;
let worker: Worker;
let working: Promise<void>;
const stop = new AbortController();
/** Trades published so far, by instrument. */
const published = new Map<string, number>();

before(async () => {
  if (skip) return;
  dsn = await newDatabase(postgres.port);
  proxy = await SeveredProxy.listen(await freePort(), postgres.port);
  const replica = new URL(dsn);
  replica.port = String(proxy.port);
  const reference = await openStore(dsn, { lookUp: { dsn: replica.href, timeoutMs: LOOK_UP_MS } });
  const variables = { DATA_PROC_FEED_TOPICS: 'all' };
  base = await openStores(runtimeIn(join(folder, 'data'), 1 << 16, variables), {
    service: 'reference-away',
    serve: false,
    listeners: [{ emit: (event) => void told.push(event) }],
  });
  stores = { ...base, reference };
  await reference.upsertInstruments('default', [gas('NG_HH_BALMO')]);
  for (const alias of ['HH_ONE', 'HH_TWO']) await reference.upsertAlias('default', alias, 'NG_HH_BALMO');
  worker = await startWorker('pipeline', stores);
  working = worker.follow(stop.signal);
});
after(async () => {
  if (skip) return;
  stop.abort();
  await working;
  await worker.close();
  await stores.reference.close();
  await base.close();
  await proxy.sever();
  await postgres.remove();
  rmSync(folder, { recursive: true, force: true });
});

const gas = (instrumentId: string) => ({
  instrumentId,
  commodity: 'gas',
  region: 'US Gulf',
  productTier: 'forward',
  tags: [],
  confidence: 1,
});

/** A piece of load: trades of each instrument, each its own event. */
async function trade(...instruments: string[]): Promise<void> {
  const events = instruments.flatMap((place) => {
    const from = published.get(place) ?? 0;
    published.set(place, from + BURST);
    return Array.from({ length: BURST }, (_, k) => {
      const at = BEGIN + (from + k) * SECOND;
      const ts = formatInstant(at);
      const json = { source: 'test', market: MARKET, instrument_id: place, ts, price: 3, occurred_at: ts };
      return { json: JSON.stringify(json), place, at };
    });
  });
  await publishJson(stores, MARKET, events);
}

/** Load until the work is done. */
async function under(instruments: readonly string[], work: Promise<unknown>): Promise<void> {
  let done = false;
  const end = (): void => {
    done = true;
  };
  work.then(end, end);
  while (!done) {
    await trade(...instruments);
    await stores.clock.sleep(PACE_MS);
  }
  await work;
}

/** By instrument: events on the enriched topic, and how many of them bear the flag in their first, and last, copy. */
async function enriched(): Promise<Map<string, { events: number; flagged: number; lastFlagged: boolean }>> {
  const seen = new Map<string, Map<string, boolean>>();
  const names = new Names();
  for (let partition = 0; partition < (stores.partitions.get(Topic.enrichedTicks) ?? 0); partition++) {
    const { earliest, end } = await stores.log.bounds(Topic.enrichedTicks, partition);
    for (let at = earliest; at < end; )
      for (const slice of await stores.log.read(Topic.enrichedTicks, partition, at, 1 << 20)) {
        const { ticks } = decodeEnriched(slice, at, slice.to, names).batch;
        for (let i = 0; i < ticks.length; i++) {
          const events = seen.getOrInsertComputed(
            names.instruments.nameOf(ticks.instrument[i]),
            () => new Map(),
          );
          const id = [0, 1, 2, 3].map((w) => ticks.id[4 * i + w]).join('-');
          if (!events.has(id)) events.set(id, (ticks.flags[i] & Flag.MISSING_METADATA) !== 0);
        }
        at = slice.to;
      }
  }
  return new Map(
    [...seen].map(([instrument, events]) => {
      const flags = [...events.values()];
      const flagged = flags.filter(Boolean).length;
      return [instrument, { events: flags.length, flagged, lastFlagged: flags.at(-1) === true }];
    }),
  );
}

/** Resolves when everything that was published of an instrument is on the enriched topic; what stands there. */
function arrived(instrument: string): Promise<{ events: number; flagged: number; lastFlagged: boolean }> {
  return within(PATIENCE_MS, async () => {
    const found = (await enriched()).get(instrument);
    return found !== undefined && found.events === published.get(instrument) ? found : null;
  });
}

/** What `enriched_ticks` says of the commodity of an instrument: one word when it says the same of all its ticks. */
async function commodityOf(instrument: string): Promise<string> {
  const rows = await stores.warehouse.queryRows(
    'SELECT DISTINCT commodity, confidence FROM enriched_ticks WHERE instrument_id = {id:String}',
    { id: instrument },
  );
  return rows.map((row) => `${row['commodity']} ${row['confidence']}`).join();
}

const count = (name: string): number => told.filter((event) => event.name === name).length;

test(`look-ups refused: memory serves, the rest is flagged, and is made good without a restart or a tick${why}`, {
  skip,
}, async () => {
  await trade('NG_HH_BALMO');
  assert.equal((await arrived('NG_HH_BALMO')).flagged, 0);
  await proxy.sever();
  // Nobody can tell of this entry while look-ups are refused.
  await stores.reference.upsertInstruments('default', [gas('NG_NEW')]).catch(() => {});
  const names = ['NG_HH_BALMO', 'HH_ONE', 'NG_NEW'];
  await under(names, stores.clock.sleep(1500));
  assert.deepEqual((await arrived('NG_HH_BALMO')).flagged, 0, 'served from memory');
  for (const name of ['HH_ONE', 'NG_NEW']) {
    const { events, flagged } = await arrived(name);
    assert.equal(flagged, events, `${name} is flagged`);
    assert.equal(await commodityOf(name), ' 0', `nothing is guessed of ${name} in the table`);
  }
  assert.ok(count('cache.stale') > 0, 'and said');
  assert.equal(count('plan.failed'), 0, 'no plan had to wait');
  await proxy.mend();
  for (const name of ['HH_ONE', 'NG_NEW'])
    await within(PATIENCE_MS, async () => ((await commodityOf(name)) === 'gas 1' ? true : null));
  await trade(...names);
  for (const name of names) assert.equal((await arrived(name)).lastFlagged, false, `${name} is known`);
});

test(`tables locked: a look-up has its time, and then work goes on; unlocked, it is made good${why}`, {
  skip,
}, async () => {
  const holder = new Client(dsn);
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query('lock table instrument_aliases, taxonomy_instruments in access exclusive mode');
    await under(['NG_HH_BALMO', 'HH_TWO'], stores.clock.sleep(1500));
    const { events, flagged } = await arrived('HH_TWO');
    assert.equal(flagged, events);
    const known = await arrived('NG_HH_BALMO');
    assert.equal(known.flagged, 0);
    assert.equal(count('plan.failed'), 0);
    await holder.query('rollback');
  } finally {
    await holder.end();
  }
  await within(PATIENCE_MS, async () => ((await commodityOf('HH_TWO')) === 'gas 1' ? true : null));
  await trade('HH_TWO');
  assert.equal((await arrived('HH_TWO')).lastFlagged, false);
});

test(`killed and started again under load: plans wait, reads go on, nothing is lost or told twice${why}`, {
  skip,
}, async () => {
  const names = ['NG_HH_BALMO', 'HH_ONE', 'HH_TWO', 'NG_NEW'];
  const away = async (): Promise<void> => {
    await stores.clock.sleep(300);
    await postgres.signal('SIGKILL');
    await within(PATIENCE_MS, async () => (worker.pulse().waitingFor === 'STORE_UNREACHABLE' ? true : null));
    // What was stored is there to be read.
    assert.equal(await commodityOf('NG_HH_BALMO'), 'gas 1');
    await stores.clock.sleep(500);
    await postgres.start();
  };
  await under(names, away());
  for (const name of names) assert.equal((await arrived(name)).lastFlagged, false, name);
  const rows = await stores.warehouse.queryRows(
    'SELECT instrument_id, count() AS rows, uniqExact(ts) AS events FROM silver_ticks GROUP BY instrument_id',
  );
  for (const row of rows) {
    const expected = published.get(String(row['instrument_id']));
    assert.deepEqual([Number(row['rows']), Number(row['events'])], [expected, expected]);
  }
  assert.equal(rows.length, names.length);
});
