/** Tally: what became of the values of one batch, counted in columns per tenant, market and dataset. */

import type { Names } from '../../core/model/names.ts';
import type { TelemetryEvent } from '../../core/ports/telemetry.ts';

/** What is counted: rows, the values in them, and their fates. `revised` and `late` are among `ticks`. */
export const Counted = {
  records: 0,
  values: 1,
  ticks: 2,
  revised: 3,
  late: 4,
  duplicates: 5,
  unchanged: 6,
  nulls: 7,
  missing: 8,
  rejected: 9,
} as const;
export type Counted = (typeof Counted)[keyof typeof Counted];

const WIDTH = Object.keys(Counted).length;

/** Counts of one batch. Rows mostly follow others of their group, so the group is found by comparing with the last. */
export class Tally {
  private readonly tenants: number[] = [];
  private readonly markets: number[] = [];
  private readonly datasets: number[] = [];
  private readonly counts: number[] = [];
  /** Greatest lateness of a late tick per group, in micros. */
  private readonly latest: number[] = [];
  private last = 0;

  /** The group of a tenant's market and dataset, all three dense ids. */
  groupOf(tenant: number, market: number, dataset: number): number {
    const { tenants, markets, datasets, last } = this;
    if (tenants[last] === tenant && markets[last] === market && datasets[last] === dataset) return last;
    let group = 0;
    while (
      group < tenants.length &&
      (tenants[group] !== tenant || markets[group] !== market || datasets[group] !== dataset)
    )
      group++;
    if (group === tenants.length) {
      tenants.push(tenant);
      markets.push(market);
      datasets.push(dataset);
      this.latest.push(0);
      for (let k = 0; k < WIDTH; k++) this.counts.push(0);
    }
    this.last = group;
    return group;
  }

  add(group: number, what: Counted, count: number): void {
    this.counts[group * WIDTH + what] += count;
  }

  /** Counts a late tick by how long after the end of its interval it became known, in micros. */
  addLate(group: number, lateness: number): void {
    this.counts[group * WIDTH + Counted.late]++;
    if (lateness > this.latest[group]) this.latest[group] = lateness;
  }

  /**
   * One event `normalization.counted` per group, with facts tenant_id, market, dataset, every count by its name, and
   * late_seconds_max.
   */
  events(names: Names): TelemetryEvent[] {
    return this.tenants.map((tenant, group) => {
      const counts = Object.entries(Counted).map(([name, k]) => [name, this.counts[group * WIDTH + k]]);
      return {
        name: 'normalization.counted',
        level: 'debug',
        facts: {
          tenant_id: names.tenants.nameOf(tenant),
          market: names.markets.nameOf(this.markets[group]),
          dataset: names.datasets.nameOf(this.datasets[group]),
          ...Object.fromEntries(counts),
          late_seconds_max: this.latest[group] / 1e6,
        },
      };
    });
  }
}
