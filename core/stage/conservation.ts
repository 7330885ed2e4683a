/**
 * Conservation: every value has one fate, and the runner checks it (DESIGN 1). Counted in values, not in rows: a row
 * of three prices counts three.
 */

import { CarbonError } from '../errors.ts';
import type { StageName } from '../model/dead-letter.ts';

/** Why a stage may drop a value on purpose. */
export type DropReason =
  /** Same natural key, known time and values: delivered twice. */
  | 'DUPLICATE'
  /** Same natural key and values as the version known just before: published again unchanged. */
  | 'UNCHANGED'
  /** The source prints nothing here. */
  | 'NULL_VALUE'
  /** Delivered again after a restart of the stage before; the state had it. */
  | 'REDELIVERED'
  /** The stage has no product for it: no interval fits, or a newer value is served. */
  | 'SUPERSEDED'
  | 'NOT_AGGREGATED';

/** The fates of the values of one batch. */
export interface Balance {
  readonly in: number;
  readonly out: number;
  readonly rejected: number;
  readonly held: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /**
   * Values of earlier batches that were dropped as UNCHANGED and come out now, because an older version between
   * them and their predecessor arrived late. They are on both sides of no other batch.
   */
  readonly reinstated: number;
}

/** Sum of the drops of all reasons. */
export function droppedTotal(balance: Balance): number {
  let total = 0;
  for (const count of Object.values(balance.dropped)) total += count;
  return total;
}

/** Adds one to the count of a reason in a tally that a stage keeps while it loops. */
export function countDrop(
  tally: Partial<Record<DropReason, number>>,
  reason: DropReason,
  values: number,
): void {
  tally[reason] = (tally[reason] ?? 0) + values;
}

/**
 * Throws BALANCE_BROKEN unless in + reinstated = out + rejected + dropped + held; the batch must not be written then.
 */
export function checkBalance(stage: StageName, balance: Balance): void {
  const dropped = droppedTotal(balance);
  const fates = balance.out + balance.rejected + dropped + balance.held;
  if (balance.in + balance.reinstated === fates) return;
  throw new CarbonError(
    'BALANCE_BROKEN',
    `${stage}: ${balance.in} values in and ${balance.reinstated} reinstated, but ${fates} have a fate`,
    {
      context: {
        stage,
        in: balance.in,
        reinstated: balance.reinstated,
        out: balance.out,
        rejected: balance.rejected,
        dropped,
        held: balance.held,
      },
    },
  );
}
