import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { connectorNamed } from '../../../app/connectors/catalogue.ts';
import {
  connectorsFolder,
  loadManifest,
  type Manifest,
  settingsOf,
} from '../../../app/connectors/manifest.ts';
import { followStream, type StreamTotals } from '../../../app/ingest/follow-stream.ts';
import { followStreams, liveStreams } from '../../../app/ingest/live-streams.ts';
import { StreamPosition } from '../../../app/ingest/stream-position.ts';
import type { Dataset } from '../../../connectors/kit/contract.ts';
import type { StreamSource } from '../../../core/ports/stream-source.ts';
import { openUndiciStreams } from '../../../drivers/http-undici/stream.ts';
import { PriceStream } from '../../../simulators/price-stream.ts';
import { type IngestWorld, openIngestWorld } from '../../support/ingest-world.ts';

test('numbers tell what came: the next, a known one, a gap, and that the source counts anew', () => {
  const position = new StreamPosition();
  assert.deepEqual(position.arrivalOf('a', 17), { kind: 'next' });
  position.take('a', 17, 0);
  assert.deepEqual(position.arrivalOf('a', 18), { kind: 'next' });
  assert.deepEqual(position.arrivalOf('a', 17), { kind: 'known' });
  assert.deepEqual(position.arrivalOf('a', 9), { kind: 'known' });
  assert.deepEqual(position.arrivalOf('a', 21), { kind: 'gap', from: 18, to: 20 });
  assert.deepEqual(position.arrivalOf('a', 1), { kind: 'gap', from: null, to: null });
  assert.deepEqual(position.arrivalOf('b', 3), { kind: 'next' }, 'channels count by themselves');
});

describe('a stream', () => {
  const NOW = Date.parse('2026-03-08T10:00:00Z');
  const MINUTES = 300_000;
  /** Longer than a busy machine may stand still. */
  const LONG_SILENCE_MS = 1500;
  let world: IngestWorld;
  let source: PriceStream;
  let streams: StreamSource & { close(): Promise<void> };
  let stop: AbortController;

  beforeEach(async () => {
    world = await openIngestWorld(NOW * 1000);
    source = await new PriceStream().open();
    streams = openUndiciStreams();
    stop = new AbortController();
  });
  afterEach(async () => {
    stop.abort();
    await source.close();
    await streams.close();
    await world.close();
  });

  /** Follows with short times, and gives what the follower counts. */
  const follow = async (
    signal = stop.signal,
    contract: Partial<Manifest['contract']> = {},
    silentMs = LONG_SILENCE_MS,
  ) => {
    const connector = connectorNamed('sim');
    const written = await loadManifest(join(connectorsFolder(), 'sim', 'connector.yaml'));
    const manifest = { ...written, contract: { ...written.contract, ...contract } };
    const [declared] = connector.datasets as [Dataset];
    const stream = declared.stream as NonNullable<Dataset['stream']>;
    const dataset: Dataset = { ...declared, stream: { ...stream, everyMs: 60, silentMs } };
    const seen: { totals: StreamTotals | null } = { totals: null };
    const ended = followStream(
      {
        stores: world.stores,
        connector,
        manifest,
        dataset,
        settings: settingsOf(manifest, dataset.name),
        signedIn: [],
        request: {
          connector: 'sim',
          window: 'due',
          runId: 'follow',
          origin: source.origin,
          patience: { retries: 0, backoffSeconds: 0.02, minIntervalMs: 0 },
        },
        startedAt: NOW * 1000,
        signal,
      },
      streams,
      (totals) => {
        seen.totals = { ...totals };
      },
    );
    return { ended, seen };
  };
  const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
    const end = Date.now() + 30_000;
    while (!(await holds())) {
      assert.ok(
        Date.now() < end,
        `${what}: not within half a minute; ${JSON.stringify(world.events.slice(-4))}`,
      );
      await pause(15);
    }
  };
  const begins = async (): Promise<string[]> => {
    const records = await world.records('ingestion.sim.raw.v1');
    const all = records.map((record) => {
      const { payload } = record['value'] as { payload: { interval_start: string; location: string } };
      return `${payload.location} ${payload.interval_start}`;
    });
    return [...new Set(all)].sort();
  };
  const told = (name: string) => world.events.filter((event) => event.name === name);

  test('snapshot first, then message by message; pings keep it alive', async () => {
    source.publish(NOW - 2 * MINUTES);
    const { ended, seen } = await follow();
    await until('subscribed', () => source.subscribers === 1);
    await until('the snapshot', async () => (await begins()).length === 2);
    source.publish(NOW - MINUTES);
    await until('a message', () => seen.totals?.messages === 1);
    await until('pings', () => source.heard.filter((text) => text.includes('ping')).length >= 30);
    assert.equal(
      told('stream.opened').length,
      1,
      'one connection, although it was quiet for longer than is allowed',
    );
    assert.equal((await begins()).length, 4);
    assert.equal(source.heard[0], '{"action":"subscribe","channel":"rt"}');
    stop.abort();
    assert.equal((await ended).rows, 2);
  });

  test('a lost message is seen by the number, and asked for on the snapshot route', async () => {
    const { seen } = await follow();
    await until('subscribed', () => source.subscribers === 1 && source.snapshots.length === 1);
    source.publish(NOW - 4 * MINUTES);
    await until('the first', () => seen.totals?.messages === 1);
    source.publish(NOW - 3 * MINUTES, true);
    source.publish(NOW - 2 * MINUTES, true);
    source.publish(NOW - MINUTES);
    await until('the gap', () => seen.totals?.messages === 2);
    assert.deepEqual([seen.totals?.gaps, source.snapshots.length], [1, 2]);
    assert.equal((await begins()).length, 8, 'four intervals of two places');
    assert.deepEqual(
      [told('stream.gap_filled')[0]?.facts['from'], told('stream.gap_filled')[0]?.facts['to']],
      [2, 3],
    );
    assert.equal((await world.records('data.quality.anomalies.v1')).length, 0);
  });

  test('a gap that cannot be filled is an anomaly, and the stream goes on', async () => {
    const { seen } = await follow();
    await until('subscribed', () => source.subscribers === 1 && source.snapshots.length === 1);
    source.publish(NOW - 3 * MINUTES);
    await until('the first', () => seen.totals?.messages === 1);
    source.snapshotStatus = 500;
    source.publish(NOW - 2 * MINUTES, true);
    source.publish(NOW - MINUTES);
    await until('the second', () => seen.totals?.messages === 2);
    const [anomaly] = await world.records('data.quality.anomalies.v1');
    assert.ok(anomaly !== undefined);
    const { payload } = anomaly['value'] as { payload: { type: string; count: unknown } };
    assert.deepEqual([payload.type, Number(payload.count)], ['SEQUENCE_GAP', 1]);
  });

  test('a connection that breaks, or falls silent, is opened and subscribed anew, and what was missed is filled', async () => {
    const { seen } = await follow(stop.signal, {}, 600);
    await until('subscribed', () => source.subscribers === 1 && source.snapshots.length === 1);
    source.publish(NOW - 5 * MINUTES);
    await until('the first', () => seen.totals?.messages === 1);
    source.breakOff();
    // Nobody hears it, however soon they are back.
    source.publish(NOW - 4 * MINUTES, true);
    const subscriptions = (): number => source.heard.filter((text) => text.includes('"subscribe"')).length;
    await until('again', () => subscriptions() === 2);
    source.publish(NOW - 3 * MINUTES);
    await until('the gap', () => seen.totals?.messages === 2 && seen.totals.gaps === 1);
    assert.equal((await begins()).length, 6);
    source.answersPings = false;
    await until('silence', () =>
      told('stream.lost').some(({ facts }) => /nothing came/.test(String(facts['error']))),
    );
    source.answersPings = true;
    const openings = told('stream.opened').length;
    assert.ok(openings >= 2);
  });

  test('a restart goes on from the number that was kept; what is told twice is taken once', async () => {
    const first = new AbortController();
    const before = await follow(first.signal);
    await until('subscribed', () => source.subscribers === 1 && source.snapshots.length === 1);
    source.publish(NOW - 4 * MINUTES);
    await until('the first', () => before.seen.totals?.messages === 1);
    first.abort();
    await before.ended;
    source.publish(NOW - 3 * MINUTES, true);
    const after = await follow();
    await until('subscribed again', () => source.subscribers === 1 && source.snapshots.length === 2);
    source.publish(NOW - 2 * MINUTES);
    await until('the next', () => after.seen.totals?.messages === 1);
    assert.equal(after.seen.totals?.gaps, 1, 'the kept number is one short of the message before');
    source.say({ type: 'prices', channel: 'rt', seq: 3, rows: [] });
    await until('the known one', () => after.seen.totals?.known === 1);
    assert.equal((await begins()).length, 6);
  });

  test('what is no message is a dead letter, a refusal is heard, a second follower is kept out', async () => {
    const { seen } = await follow();
    await until('subscribed', () => source.subscribers === 1 && source.snapshots.length === 1);
    source.say({ type: 'prices', channel: 'rt', rows: [] });
    source.say({ type: 'prices', channel: 'rt', seq: 1, rows: [{ begin: 'soon', place: 'A', price: '1' }] });
    await until('both', () => seen.totals?.messages === 1);
    const letters = await world.records('processing.deadletter.ingestion.v1');
    const codes = letters.map((letter) => (letter['value'] as { payload: { code: string } }).payload.code);
    assert.deepEqual(codes.sort(), ['SOURCE_MALFORMED', 'TIME_UNPARSEABLE']);
    await assert.rejects((await follow()).ended, { code: 'PLAN_CONFLICT' });
    source.refuses = 'no such channel';
    source.breakOff();
    await until('the refusal', () =>
      told('stream.lost').some(({ facts }) => /no such channel/.test(String(facts['error']))),
    );
  });

  test('a message of another shape is told with both shapes; where the contract refuses it, no row of it goes on', async () => {
    const { seen } = await follow(stop.signal, { appears: 'freeze' });
    await until('subscribed', () => source.subscribers === 1 && source.snapshots.length === 1);
    source.publish(NOW - 3 * MINUTES);
    await until('the first', () => seen.totals?.messages === 1);
    const row = { begin: '2026-03-08T09:50:00Z', place: 'NORTH', price: '7.5' };
    source.say({ type: 'prices', channel: 'rt', seq: 2, rows: [{ ...row, zone: 'east' }] });
    source.say({ type: 'prices', channel: 'rt', seq: 3, rows: [row] });
    await until('all', () => seen.totals?.messages === 3);
    assert.deepEqual(await begins(), [
      'NORTH 2026-03-08T09:45:00Z',
      'NORTH 2026-03-08T09:50:00Z',
      'SOUTH 2026-03-08T09:45:00Z',
    ]);
    assert.equal(seen.totals?.rows, 3, 'two of the first, none of the refused, one of the last');
    const anomalies = await world.records('data.quality.anomalies.v1');
    const found = anomalies.map(
      (each) => (each['value'] as { payload: { type: string; message: string; context: unknown } }).payload,
    );
    assert.deepEqual(
      found.map(({ type, message }) => [type, message]),
      [['SOURCE_DRIFT', 'zone appears (word)']],
    );
    const letters = await world.records('processing.deadletter.ingestion.v1');
    assert.deepEqual(
      letters.map((letter) => (letter['value'] as { payload: { code: string } }).payload.code),
      ['SOURCE_DRIFT'],
    );
  });

  test('live: streams are followed; of two processes one, and the other when it ends', async () => {
    assert.deepEqual(await liveStreams(['sim'], {}), [], 'this one is off');
    const connector = connectorNamed('sim');
    const manifest = await loadManifest(join(connectorsFolder(), 'sim', 'connector.yaml'));
    const named = connector.datasets.map((dataset) => ({ connector, manifest, dataset }));
    const options = { origins: { sim: source.origin }, patience: { minIntervalMs: 0 }, againMs: 20 };
    const first = new AbortController();
    const one = followStreams(world.stores, named, streams, first.signal, options);
    await until('one follows', () => source.subscribers === 1);
    const other = followStreams(world.stores, named, streams, stop.signal, options);
    await until('the other waits', () => told('stream.elsewhere').length > 0);
    assert.equal(source.subscribers, 1);
    source.publish(NOW - 2 * MINUTES);
    await until('a message', async () => (await begins()).length === 2);
    first.abort();
    await one;
    await until('the other takes over', () => told('stream.opened').length === 2 && source.subscribers === 1);
    source.publish(NOW - MINUTES);
    await until('its message', async () => (await begins()).length === 4);
    stop.abort();
    await other;
  });
});
