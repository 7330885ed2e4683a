/**
 * Dense ids for pairs of dense ids: (market, dataset), (tenant, instrument) … An open-addressing table over columns:
 * one look-up makes neither a string nor a number on the heap.
 */

import { wider } from './tick-batch.ts';

/** Gives each pair of whole numbers from 0 to 2^31 - 1 an id of its own. */
export class PairIds {
  private firsts = new Int32Array(32);
  private seconds = new Int32Array(32);
  /** Id + 1; 0 for an empty place. The length is a power of two. */
  private places = new Int32Array(64);
  private count = 0;

  /** The id of the pair, given out in order of first sight from 0. */
  idOf(first: number, second: number): number {
    const { places, firsts, seconds } = this;
    const mask = places.length - 1;
    let place = hashOf(first, second) & mask;
    for (; places[place] !== 0; place = (place + 1) & mask) {
      const id = places[place] - 1;
      if (firsts[id] === first && seconds[id] === second) return id;
    }
    return this.add(first, second, place);
  }

  /** The first number of the pair of an id. */
  firstOf(id: number): number {
    return this.firsts[id];
  }

  /** The second one. */
  secondOf(id: number): number {
    return this.seconds[id];
  }

  /** How many pairs have an id. */
  get size(): number {
    return this.count;
  }

  private add(first: number, second: number, place: number): number {
    const id = this.count++;
    if (id === this.firsts.length) {
      this.firsts = wider(this.firsts, new Int32Array(2 * id));
      this.seconds = wider(this.seconds, new Int32Array(2 * id));
    }
    this.firsts[id] = first;
    this.seconds[id] = second;
    this.places[place] = id + 1;
    if (2 * this.count > this.places.length) this.grow();
    return id;
  }

  private grow(): void {
    const places = new Int32Array(2 * this.places.length);
    const mask = places.length - 1;
    for (let id = 0; id < this.count; id++) {
      let place = hashOf(this.firsts[id], this.seconds[id]) & mask;
      while (places[place] !== 0) place = (place + 1) & mask;
      places[place] = id + 1;
    }
    this.places = places;
  }
}

function hashOf(first: number, second: number): number {
  const h = Math.imul(first + 1, 0x9e3779b1) ^ Math.imul(second + 1, 0x85ebca6b);
  return Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) >>> 5;
}
