/**
 * The clocks of one partition: for each dataset of a source the known time that it has reached, and with it which
 * windows are past their closing.
 */

import { PairIds } from '../../core/model/pair-ids.ts';
import type { Micros } from '../../core/time/instant.ts';
import { Deadlines } from './deadlines.ts';

/** Clocks by dense ids. Times are UTC micros. */
export class DatasetClocks {
  /** The clock asked for last: tenant, source, dataset, and its id. */
  private readonly asked = new Int32Array(4).fill(-1);
  private readonly sources = new PairIds();
  private readonly ids = new PairIds();
  private readonly deadlines: Deadlines[] = [];
  private readonly clocksOfTenant = new Map<number, number[]>();
  private readonly latenessOf: (dataset: number) => Micros;

  /** `latenessOf` gives the lateness of a dataset by its dense id. */
  constructor(latenessOf: (dataset: number) => Micros) {
    this.latenessOf = latenessOf;
  }

  /** How many there are: their ids are below this. */
  get count(): number {
    return this.deadlines.length;
  }

  /** The deadlines of the slots that close by a clock. */
  deadlinesOf(clock: number): Deadlines {
    return this.deadlines[clock];
  }

  /** Dense id of the clock of (tenant, source, dataset). */
  idOf(tenant: number, source: number, dataset: number): number {
    const { asked } = this;
    if (asked[0] === tenant && asked[1] === source && asked[2] === dataset) return asked[3];
    const id = this.newIdOf(tenant, source, dataset);
    asked[0] = tenant;
    asked[1] = source;
    asked[2] = dataset;
    asked[3] = id;
    return id;
  }

  private newIdOf(tenant: number, source: number, dataset: number): number {
    const id = this.ids.idOf(this.sources.idOf(tenant, source), dataset);
    if (id < this.deadlines.length) return id;
    this.deadlines.push(new Deadlines(this.latenessOf(dataset)));
    const others = this.clocksOfTenant.get(tenant);
    if (others === undefined) this.clocksOfTenant.set(tenant, [id]);
    else others.push(id);
    return id;
  }

  /** The known time at which a window that ends at `end` closes by a clock. */
  closingBy(clock: number, end: Micros): Micros {
    return end + this.deadlines[clock].lateness;
  }

  /**
   * True when a window without a slot that ends at `end` may have values that only the store knows: its slot was let go,
   * or another dataset of the tenant is past its closing, and had values of the same instrument there.
   */
  mayHaveValues(tenant: number, clock: number, end: Micros): boolean {
    if (this.closingBy(clock, end) <= this.deadlines[clock].letGoUntil) return true;
    for (const other of this.clocksOfTenant.get(tenant) ?? [])
      if (other !== clock && this.knownAt(other) >= this.closingBy(other, end)) return true;
    return false;
  }

  /** True when `knownAt[i]` is later than all that a clock has seen. */
  isAhead(clock: number, knownAt: Float64Array, i: number): boolean {
    return knownAt[i] > this.deadlines[clock].knownAt;
  }

  /** The greatest known time that a clock has seen. */
  knownAt(clock: number): Micros {
    return this.deadlines[clock].knownAt;
  }

  /** The earliest known time at which a slot closes; Infinity for none. */
  nextDeadline(): Micros {
    let next = Infinity;
    for (const deadlines of this.deadlines) next = Math.min(next, deadlines.next);
    return next;
  }
}
