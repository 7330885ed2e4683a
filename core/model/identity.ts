/**
 * Identity: instrument ids, natural keys and event ids (DESIGN 5b).
 *
 * Natural key = (tenant, source, dataset, instrument, event start, source sequence or trade id or nothing).
 * Event id = UUIDv8 of natural key, known time and values.
 */

import { FieldHash, markAsUuid8 } from './hash128.ts';
import type { Interner } from './interner.ts';
import type { Names } from './names.ts';
import { Present, type TickBatch, wider } from './tick-batch.ts';

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

/** Words of tenant, source, dataset and instrument, whose digests every natural key begins with. */
const PREFIX_WORDS = 16;

/**
 * States of the hash after the beginning of natural keys, by instrument, with the tenant, source and dataset that it was
 * last seen with: row after row they are mostly the same.
 */
class KeyBeginnings {
  private readonly names: Names;
  private states = new Int32Array(4 * 64);
  private owners = new Int32Array(3 * 64).fill(-1);

  constructor(names: Names) {
    this.names = names;
  }

  /** Puts the hash where all words of the beginning of row i's key have been pushed. */
  resume(ticks: TickBatch, i: number): void {
    const tenant = ticks.tenant[i];
    const source = ticks.source[i];
    const dataset = ticks.dataset[i];
    const instrument = ticks.instrument[i];
    while (3 * instrument >= this.owners.length) this.grow();
    const { owners, states } = this;
    const at = 3 * instrument;
    if (owners[at] !== tenant || owners[at + 1] !== source || owners[at + 2] !== dataset) {
      const { tenants, sources, datasets, instruments } = this.names;
      hash.reset();
      pushName(tenants, tenant);
      pushName(sources, source);
      pushName(datasets, dataset);
      pushName(instruments.ids, instrument);
      hash.save(states, instrument);
      owners[at] = tenant;
      owners[at + 1] = source;
      owners[at + 2] = dataset;
    }
    hash.resume(states, instrument, PREFIX_WORDS);
  }

  private grow(): void {
    const n = (2 * this.owners.length) / 3;
    this.states = wider(this.states, new Int32Array(4 * n));
    this.owners = wider(this.owners, new Int32Array(3 * n).fill(-1));
  }
}

const beginnings = new WeakMap<Names, KeyBeginnings>();

function beginningsOf(names: Names): KeyBeginnings {
  let known = beginnings.get(names);
  if (known === undefined) beginnings.set(names, (known = new KeyBeginnings(names)));
  return known;
}

function pushName(names: Interner, id: number): void {
  const digests = names.digests;
  for (let w = 0; w < 4; w++) hash.word(digests[4 * id + w]);
}

/** Writes the 128-bit hash of row i's natural key to `out[4 * j]`. */
export function naturalKeyOf(ticks: TickBatch, i: number, out: Uint32Array, j: number): void {
  beginningsOf(ticks.names).resume(ticks, i);
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
