/** SlotSet: small numbers in the order in which they were added, such as the slots that a batch has touched. */

import { wider } from './tick-batch.ts';

/** A set of small integers that is filled and emptied once per batch. */
export class SlotSet {
  /** Place of a slot in `order`, counted from 1; 0 when it is not in the set. */
  private placeOf = new Int32Array(64);
  private order = new Int32Array(64);
  private added = 0;

  /** Adds a slot; does nothing when it is in the set. */
  add(slot: number): void {
    if (slot >= this.placeOf.length)
      this.placeOf = wider(this.placeOf, new Int32Array(Math.max(slot + 1, 2 * this.placeOf.length)));
    if (this.placeOf[slot] !== 0) return;
    if (this.added === this.order.length) this.order = wider(this.order, new Int32Array(2 * this.added));
    this.order[this.added++] = slot;
    this.placeOf[slot] = this.added;
  }

  /** True when the slot is in the set. */
  has(slot: number): boolean {
    return slot < this.placeOf.length && this.placeOf[slot] !== 0;
  }

  /** Takes a slot out. */
  delete(slot: number): void {
    if (slot < this.placeOf.length) this.placeOf[slot] = 0;
  }

  /** How many places `at` has to be asked for. */
  get length(): number {
    return this.added;
  }

  /** The slot at a place counted from 0, or -1 when it was taken out, or added again later. */
  at(place: number): number {
    const slot = this.order[place];
    return this.placeOf[slot] === place + 1 ? slot : -1;
  }

  /** Empties the set for the next batch. */
  clear(): void {
    for (let n = 0; n < this.added; n++) this.placeOf[this.order[n]] = 0;
    this.added = 0;
  }
}
