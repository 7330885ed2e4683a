/**
 * Golden ids: event ids and natural keys are stored data, so a later change of the hash, of the order of its fields or
 * of what belongs to them has to be noticed here.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setMantissa } from '../../../core/model/decimal.ts';
import { formatUuid } from '../../../core/model/hash128.ts';
import { naturalKeyOf, seriesInstrumentId, setEventId, valuesOf } from '../../../core/model/identity.ts';
import { Names } from '../../../core/model/names.ts';
import { Present, TickBatch } from '../../../core/model/tick-batch.ts';
import { instantFromCivil } from '../../../core/time/instant.ts';

const PARTS = { market: 'NYISO', product: 'DA', location: 'N.Y.C.', field: 'lmp', unit: 'USD/MWh' };

interface Change {
  readonly tenant?: string;
  readonly source?: string;
  readonly dataset?: string;
  readonly instrument?: string;
  readonly start?: number;
  readonly end?: number;
  readonly known?: number;
  readonly sequence?: number;
  readonly tradeId?: string;
  readonly price?: number | null;
  readonly size?: number | null;
  readonly bid?: number | null;
  readonly ask?: number | null;
  readonly cancelled?: boolean;
}

/** Key, values and event id of one row, as texts. Interners are filled in another order each time. */
function idsOf(change: Change, first: readonly string[] = []): [key: string, values: string, id: string] {
  const names = new Names();
  for (const name of first) {
    names.tenants.idOf(name);
    names.sources.idOf(name);
    names.datasets.idOf(name);
    names.instruments.idOf(name, PARTS);
  }
  const ticks = new TickBatch(names, 1);
  ticks.reserve(2);
  const i = 1;
  ticks.tenant[i] = names.tenants.idOf(change.tenant ?? 'default');
  ticks.source[i] = names.sources.idOf(change.source ?? 'nyiso');
  ticks.dataset[i] = names.datasets.idOf(change.dataset ?? 'da_lmp');
  ticks.instrument[i] = names.instruments.idOf(change.instrument ?? 'NYISO.DA.LMP.N.Y.C.', PARTS);
  ticks.eventStart[i] = change.start ?? instantFromCivil(2025, 11, 2, 5);
  ticks.eventEnd[i] = change.end ?? instantFromCivil(2025, 11, 2, 6);
  ticks.knownAt[i] = change.known ?? instantFromCivil(2025, 11, 1, 15);
  ticks.tradeId[i] = change.tradeId ?? '';
  if (change.sequence !== undefined) {
    ticks.present[i] |= Present.SEQUENCE;
    ticks.sequence[i] = change.sequence;
  }
  const put = (column: Int32Array, bit: number, mantissa: number | null | undefined): void => {
    if (mantissa === null || mantissa === undefined) return;
    setMantissa(column, i, mantissa);
    ticks.present[i] |= bit;
  };
  put(ticks.price, Present.PRICE, change.price === undefined ? 5_729_000_000 : change.price);
  put(ticks.size, Present.SIZE, change.size);
  put(ticks.bid, Present.BID, change.bid);
  put(ticks.ask, Present.ASK, change.ask);
  const keys = new Uint32Array(8);
  const values = new Uint32Array(8);
  naturalKeyOf(ticks, i, keys, 1);
  valuesOf(ticks, i, change.cancelled === true, values, 1);
  setEventId(ticks, i, keys, values, 1);
  return [formatUuid(keys, 1), formatUuid(values, 1), formatUuid(ticks.id, i)];
}

const GOLDEN: readonly (readonly [Change, string, string, string])[] = [
  [
    {},
    'c247723f-0bec-a8a4-3512-b5601e624a3b',
    '006909de-57c7-c187-d79d-0ca3fd8f5016',
    '7ae71091-f280-8a31-b3d7-4031fbf771a2',
  ],
  [
    { sequence: 0 },
    '2d1ee930-04fe-2d8b-141d-03a75c270cb6',
    '006909de-57c7-c187-d79d-0ca3fd8f5016',
    '50694f59-5501-8a7e-a2e7-3328f29e9063',
  ],
  [
    { tradeId: 'T-1', sequence: 7, size: 1_000_000_000 },
    '645a2e37-bde5-4dd0-378e-300e07743901',
    '9f782ca2-37b0-bd4d-3002-deeb5c6b12dd',
    '7d2fc3b3-5421-8f8e-9069-9bf75b1dbd2e',
  ],
  [
    { tenant: '東京', instrument: '🙂', price: -1 },
    'ce8834dd-59b0-ac0b-6224-09133a9c9a8f',
    '77326430-0027-241f-e878-d1ed8c9a0466',
    '8744ea3b-454d-8ba0-8e4e-52947b2bba2a',
  ],
  [
    { cancelled: true, price: null },
    'c247723f-0bec-a8a4-3512-b5601e624a3b',
    '7bbd84fc-662d-fc50-a5fa-e1cfe89eb228',
    '437ca58d-c7cd-8aab-931e-1ad2a6b07670',
  ],
  [
    { start: 0, end: 0, known: -1, bid: 1, ask: 2 },
    'a30bd46a-008d-e2b4-b34a-5f0fa72bfdee',
    '17cf2730-5400-2c7e-b785-560929bdd4e4',
    '088d7f4e-87d1-8fc3-b35a-99961b862243',
  ],
];

test('golden keys, values and event ids', () => {
  for (const [change, ...expected] of GOLDEN) assert.deepEqual(idsOf(change), expected);
  assert.equal(GOLDEN.length, 6);
});

test('ids do not depend on what the process has seen before', () => {
  for (const [change] of GOLDEN)
    assert.deepEqual(
      idsOf(change, ['z', 'da_lmp', 'other', ...Array.from({ length: 200 }, String)]),
      idsOf(change),
    );
});

test('every part of the natural key is a part of it, and nothing else is', () => {
  const keys = (changes: readonly Change[]): string[] => changes.map((change) => idsOf(change)[0]);
  const apart = keys([
    {},
    { tenant: 'other' },
    { source: 'other' },
    { dataset: 'other' },
    { instrument: 'other' },
    { start: instantFromCivil(2025, 11, 2, 5) + 1 },
    { sequence: 0 },
    { sequence: 1 },
    { sequence: 2 ** 32 },
    { tradeId: '0' },
    { tradeId: '1' },
  ]);
  assert.equal(new Set(apart).size, apart.length);
  const alike = keys([{}, { end: 2 ** 51 }, { known: 1 }, { price: -1 }, { size: 0 }, { cancelled: true }]);
  assert.equal(new Set(alike).size, 1);
  // The trade id names the trade; its place in a sequence may change.
  assert.equal(idsOf({ tradeId: 'T', sequence: 1 })[0], idsOf({ tradeId: 'T', sequence: 9 })[0]);
});

test('values: what a version says', () => {
  const values = (changes: readonly Change[]): string[] => changes.map((change) => idsOf(change)[1]);
  const apart = values([
    {},
    { price: null },
    { price: 0 },
    { price: -5_729_000_000 },
    { size: 5_729_000_000 },
    { bid: 5_729_000_000 },
    { ask: 5_729_000_000 },
    { price: null, size: 5_729_000_000 },
    { price: null, bid: 5_729_000_000 },
    { end: instantFromCivil(2025, 11, 2, 7) },
    { cancelled: true },
  ]);
  assert.equal(new Set(apart).size, apart.length);
  const cancels = values([
    { cancelled: true },
    { cancelled: true, price: 1 },
    { cancelled: true, end: 2 ** 51 },
  ]);
  assert.equal(new Set(cancels).size, 1);
  assert.equal(idsOf({ sequence: 1 })[1], idsOf({})[1]);
  // The same said at another time is another event.
  assert.notEqual(idsOf({ known: 1 })[2], idsOf({})[2]);
});

test('instrument ids of series', () => {
  assert.equal(seriesInstrumentId('NYISO', 'DA', 'lmp', 'N.Y.C.', ''), 'NYISO.DA.LMP.N.Y.C.');
  assert.equal(
    seriesInstrumentId('EIA', 'RT', 'generation', 'NYIS', 'solar'),
    'EIA.RT.GENERATION.NYIS:solar',
  );
  assert.equal(seriesInstrumentId('EIA', 'RT', 'load', '', ''), 'EIA.RT.LOAD');
  assert.equal(seriesInstrumentId('EIA', 'RT', 'load', '', 's'), 'EIA.RT.LOAD:s');
});
