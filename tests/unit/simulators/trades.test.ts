/** Made-up trades: their form, their shares, and what the raw topic's reader makes of them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../../core/codec/bytes.ts';
import { readRawJson } from '../../../core/codec/topics/raw-json.ts';
import { HOUR, SECOND } from '../../../core/time/instant.ts';
import { type TradePlan, tradeEvents, tradeInstruments } from '../../../simulators/trades.ts';
import { utc } from './ask.ts';

const PLAN: TradePlan = {
  seed: 9,
  market: 'MISO',
  tenant: 'default',
  count: 2000,
  start: utc('2025-07-08T16:00:00Z'),
  spacing: SECOND,
};

test('the form is the nested one, with prices that trade', () => {
  const events = [...tradeEvents(PLAN)];
  assert.equal(events.length, 2000);
  assert.equal(events.filter(({ instrument }) => instrument === 'NG_HH_BALMO').length, 1000);
  assert.deepEqual(
    new Set(events.map(({ instrument }) => instrument)),
    new Set(tradeInstruments('MISO', PLAN.start)),
  );
  const ids = new Set<string>();
  for (const [k, { json, instrument, knownAt }] of events.entries()) {
    const { envelope, payload } = JSON.parse(json);
    assert.deepEqual(Object.keys(envelope), [
      'event_type',
      'event_id',
      'timestamp',
      'tenant_id',
      'source',
      'version',
    ]);
    assert.deepEqual(Object.keys(payload), ['market', 'instrument_id', 'raw_data']);
    assert.deepEqual(Object.keys(payload.raw_data), ['timestamp', 'price', 'volume', 'bid', 'ask']);
    assert.match(envelope.event_id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    ids.add(envelope.event_id);
    assert.equal(payload.instrument_id, instrument);
    assert.equal(knownAt, PLAN.start + k * SECOND);
    const { price, volume, bid, ask } = payload.raw_data;
    assert.ok(bid < ask && price > 0 && Math.abs(price - (bid + ask) / 2) < price * 0.01 && volume > 0, json);
  }
  assert.equal(ids.size, 2000);
});

test('the reader of raw events takes the good ones and says what is wrong with the others', () => {
  const plan = { ...PLAN, duplicates: 0.05, late: 0.05, invalid: 0.05 };
  const events = [...tradeEvents(plan)];
  const count = (kind: string): number => events.filter((each) => each.kind === kind).length;
  for (const kind of ['duplicate', 'late', 'invalid']) assert.ok(count(kind) > 60 && count(kind) < 150, kind);
  let last = '';
  for (const { json, kind, knownAt } of events) {
    const bytes = utf8(json);
    const read = readRawJson(bytes, 0, bytes.length, 0);
    if (kind === 'duplicate') assert.equal(json, last);
    // A spoilt price is read here and refused by normalization, as is the repetition of a spoilt event.
    else if (kind === 'invalid') assert.ok('expected' in read || read.row.values[0].value === 'n/a', json);
    else {
      assert.ok('row' in read, json);
      assert.equal(read.row.market, 'MISO');
      assert.equal(read.context.archivedAt, knownAt);
      assert.equal(read.row.intervalStart, kind === 'late' ? knownAt - 2 * HOUR : knownAt);
      assert.deepEqual(
        read.row.values.map(({ field }) => field),
        ['price', 'volume', 'bid', 'ask'],
      );
    }
    last = json;
  }
});

test('the same plan gives the same lines, another seed others', () => {
  const lines = (seed: number): string[] =>
    [...tradeEvents({ ...PLAN, seed, count: 50 })].map(({ json }) => json);
  assert.deepEqual(lines(1), lines(1));
  assert.notDeepEqual(lines(1), lines(2));
});

test('no two markets trade under one name', () => {
  const names = ['MISO', 'CAISO', 'ERCOT'].flatMap((market) => {
    const told = new Set([...tradeEvents({ ...PLAN, market })].map(({ instrument }) => instrument));
    assert.deepEqual(told, new Set(tradeInstruments(market, PLAN.start)));
    return [...told];
  });
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.includes('NG_HH_BALMO') && names.includes('CAISO.NG_HH_BALMO'));
});

test('beside the balance of the month, the months, the quarter and the year that follow trade', () => {
  const strip = (at: string): string[] => tradeInstruments('MISO', utc(at)).slice(4);
  assert.deepEqual(strip('2025-07-08T16:00:00Z'), [
    'NG_HH_2025-08',
    'NG_HH_2025-09',
    'NG_HH_Q4-2025',
    'NG_HH_CAL-2026',
  ]);
  assert.deepEqual(strip('2025-11-30T23:00:00Z'), [
    'NG_HH_2025-12',
    'NG_HH_2026-01',
    'NG_HH_Q1-2026',
    'NG_HH_CAL-2026',
  ]);
});
