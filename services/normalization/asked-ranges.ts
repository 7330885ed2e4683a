/**
 * Ranges of event time that silver is asked for: of each tenant one range that holds all that is missing, and the
 * instruments it is missing for.
 */

import type { Question } from '../../core/stage/question.ts';
import type { StageContext } from '../../core/stage/stage.ts';
import type { Micros } from '../../core/time/instant.ts';

/** Half-open. */
interface AskedRange {
  from: Micros;
  to: Micros;
  readonly instruments: Set<number>;
}

/** Collected from the rows of a batch. Tenants and instruments are dense ids. */
export class AskedRanges {
  private readonly tenants = new Map<number, AskedRange>();

  /** Widens the range of the tenant so that it holds [from, to), and asks for the instrument too. */
  add(tenant: number, instrument: number, from: Micros, to: Micros): void {
    let range = this.tenants.get(tenant);
    if (range === undefined) this.tenants.set(tenant, (range = { from, to, instruments: new Set() }));
    if (from < range.from) range.from = from;
    if (to > range.to) range.to = to;
    range.instruments.add(instrument);
  }

  /** Tells of every instrument that is asked for, and from when on. */
  forEach(tell: (tenant: number, instrument: number, from: Micros) => void): void {
    for (const [tenant, { from, instruments }] of this.tenants)
      for (const instrument of instruments) tell(tenant, instrument, from);
  }

  /** One question per tenant and table, the tables of a tenant in the order given: what earlier plans have stored there. */
  questions(tables: readonly ('silver_ticks' | 'silver_repeats')[], context: StageContext): Question[] {
    const { names, plan } = context;
    return [...this.tenants].flatMap(([tenant, { from, to, instruments }]) =>
      tables.map((table) => ({
        kind: 'ticks' as const,
        table,
        tenant: names.tenants.nameOf(tenant),
        instruments: [...instruments].map((id) => names.instruments.nameOf(id)),
        from,
        to,
        before: { partition: plan.partition, positions: plan.since },
      })),
    );
  }
}
