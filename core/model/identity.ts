/**
 * Identity: instrument ids, natural keys and event ids (DESIGN 5b).
 *
 * Natural key = (tenant, source, dataset, instrument, event start, source sequence or trade id or nothing).
 * Event id = UUIDv8 of natural key, known time and values.
 */

import { FieldHash, markAsUuid8 } from './hash128.ts';
import type { Interner } from './interner.ts';
import { Present, type TickBatch } from './tick-batch.ts';

/**
 * Id of a published series: `NYISO.DA.LMP.N.Y.C.`; the location stands last because it may hold dots. Opaque to
 * everyone: the parts are columns of their own.
 */
export function seriesInstrumentId(
  market: string,
  product: string,
  field: string,
  location: string,
  series: string,
): string {
  let id = `${market}.${product}.${field.toUpperCase()}`;
  if (location !== '') id += `.${location}`;
  if (series !== '') id += `:${series}`;
  return id;
}

const hash = new FieldHash();

function pushName(names: Interner, id: number): void {
  const digests = names.digests;
  for (let w = 0; w < 4; w++) hash.word(digests[4 * id + w]);
}

/** Writes the 128-bit hash of row i's natural key to `out[4 * j]`. */
export function naturalKeyOf(ticks: TickBatch, i: number, out: Uint32Array, j: number): void {
  const names = ticks.names;
  hash.reset();
  pushName(names.tenants, ticks.tenant[i]);
  pushName(names.sources, ticks.source[i]);
  pushName(names.datasets, ticks.dataset[i]);
  pushName(names.instruments.ids, ticks.instrument[i]);
  hash.integerAt(ticks.eventStart, i);
  const tradeId = ticks.tradeId[i];
  if (tradeId !== '') hash.word(2).text(tradeId);
  else if ((ticks.present[i] & Present.SEQUENCE) !== 0) hash.word(1).integerAt(ticks.sequence, i);
  else hash.word(0);
  hash.digest(out, j);
}

/**
 * Writes the 128-bit hash of row i's values to `out[4 * j]`: price, size, bid, ask where present, the end of the
 * interval, and whether the row withdraws the value. Two versions of a key with equal hashes say the same.
 */
export function valuesOf(ticks: TickBatch, i: number, cancelled: boolean, out: Uint32Array, j: number): void {
  const present = ticks.present[i] & ~Present.SEQUENCE;
  hash.reset().word(cancelled ? 256 : present);
  if (!cancelled) {
    if ((present & Present.PRICE) !== 0) hash.word(ticks.price[2 * i]).word(ticks.price[2 * i + 1]);
    if ((present & Present.SIZE) !== 0) hash.word(ticks.size[2 * i]).word(ticks.size[2 * i + 1]);
    if ((present & Present.BID) !== 0) hash.word(ticks.bid[2 * i]).word(ticks.bid[2 * i + 1]);
    if ((present & Present.ASK) !== 0) hash.word(ticks.ask[2 * i]).word(ticks.ask[2 * i + 1]);
    hash.integerAt(ticks.eventEnd, i);
  }
  hash.digest(out, j);
}

/** Writes row i's event id into the batch, from its natural key and values hashes at index `k`. */
export function setEventId(
  ticks: TickBatch,
  i: number,
  keys: Uint32Array,
  values: Uint32Array,
  k: number,
): void {
  hash.reset();
  for (let w = 0; w < 4; w++) hash.word(keys[4 * k + w]);
  hash.integerAt(ticks.knownAt, i);
  for (let w = 0; w < 4; w++) hash.word(values[4 * k + w]);
  hash.digest(ticks.id, i);
  markAsUuid8(ticks.id, i);
}
