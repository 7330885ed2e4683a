/**
 * InstrumentCells: which instrument each place of a published table is, by dense ids. An open-addressing table over
 * columns: one look-up makes neither a string nor a number on the heap.
 */

import { wider } from '../../core/model/tick-batch.ts';

/** Numbers of a key. */
const WIDTH = 5;

/** Instruments by market, dataset, location, series and field, all of them dense ids. */
export class InstrumentCells {
  private keys = new Int32Array(WIDTH * 64);
  private instruments = new Int32Array(64);
  /** Entry + 1; 0 for an empty place. The length is a power of two. */
  private places = new Int32Array(128);
  private count = 0;

  /** The instrument of a cell; -1 when none was set. */
  get(market: number, dataset: number, location: number, series: number, field: number): number {
    const { places, keys } = this;
    const mask = places.length - 1;
    let place = hashOf(market, dataset, location, series, field) & mask;
    for (; places[place] !== 0; place = (place + 1) & mask) {
      const at = WIDTH * (places[place] - 1);
      if (
        keys[at + 2] === location &&
        keys[at + 3] === series &&
        keys[at + 4] === field &&
        keys[at] === market &&
        keys[at + 1] === dataset
      )
        return this.instruments[places[place] - 1];
    }
    return -1;
  }

  /** Says which instrument a cell is that had none. */
  set(
    market: number,
    dataset: number,
    location: number,
    series: number,
    field: number,
    instrument: number,
  ): void {
    const entry = this.count++;
    if (entry === this.instruments.length) {
      this.keys = wider(this.keys, new Int32Array(2 * WIDTH * entry));
      this.instruments = wider(this.instruments, new Int32Array(2 * entry));
      this.places = new Int32Array(4 * entry);
      for (let k = 0; k < entry; k++) this.putInPlace(k);
    }
    this.keys.set([market, dataset, location, series, field], WIDTH * entry);
    this.instruments[entry] = instrument;
    this.putInPlace(entry);
  }

  private putInPlace(entry: number): void {
    const { places, keys } = this;
    const mask = places.length - 1;
    const at = WIDTH * entry;
    let place = hashOf(keys[at], keys[at + 1], keys[at + 2], keys[at + 3], keys[at + 4]) & mask;
    while (places[place] !== 0) place = (place + 1) & mask;
    places[place] = entry + 1;
  }
}

function hashOf(market: number, dataset: number, location: number, series: number, field: number): number {
  let h = Math.imul(location + 1, 0x9e3779b1) ^ Math.imul(series + 1, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) ^ Math.imul(field + 1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 13), 0x27d4eb2f) ^ Math.imul((market << 10) ^ dataset, 0x165667b1);
  return (h ^ (h >>> 15)) >>> 1;
}
