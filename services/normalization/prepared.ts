/** What is made of one raw batch before its versions are looked at. */

import type { DeadLetter } from '../../core/model/dead-letter.ts';
import type { RawBatch } from '../../core/model/raw-batch.ts';
import type { TickBatch } from '../../core/model/tick-batch.ts';
import { countDrop, type DropReason } from '../../core/stage/conservation.ts';
import type { Findings } from './findings.ts';
import { letter, type Refusal } from './refusals.ts';
import { Counted, type Tally } from './tally.ts';

/** Candidates of one raw batch, with the hashes by which they are judged. */
export interface Prepared {
  readonly input: RawBatch;
  readonly ticks: TickBatch;
  /** Natural key and values of each tick, four words each. */
  readonly keys: Uint32Array;
  readonly values: Uint32Array;
  readonly rejected: DeadLetter[];
  readonly dropped: Partial<Record<DropReason, number>>;
  /** Withdrawals of trades that carry no value at all: each counts as one value in. */
  readonly bareCancels: number;
  /** Index in `tally` of each tick's tenant, market and dataset. */
  readonly groupOf: Uint32Array;
  readonly tally: Tally;
  readonly findings: Findings;
}

/** The same while it is being made. */
export interface Work extends Omit<Prepared, 'keys' | 'values'> {
  bareCancels: number;
  /** Group of the row at hand. */
  group: number;
}

/** Rejects a row or a value of it, with as many values as go with it. */
export function refuse(out: Work, r: number, refusal: Refusal, values: number): void {
  out.rejected.push(letter(out.input, r, refusal, values));
  out.tally.add(out.group, Counted.rejected, values);
  out.findings.ofRow('REJECTED_VALUES', refusal.code, refusal.message, out.input, r);
}

/** Counts values that were published as empty. */
export function dropNulls(out: Work, values: number): void {
  countDrop(out.dropped, 'NULL_VALUE', values);
  out.tally.add(out.group, Counted.nulls, values);
}
