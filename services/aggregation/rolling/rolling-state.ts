/** What the rolling stage remembers of a partition: the bars of the series that it has seen, as far as memory is given. */

import { PairIds } from '../../../core/model/pair-ids.ts';
import type { RollingBatch } from '../../../core/model/rolling-batch.ts';
import { KeptBars } from './kept-bars.ts';
import type { SeriesBars } from './series-bars.ts';

/** Statements of bars that are remembered at most: some 30 MB. Beyond it the store is asked again. */
export const KEPT = 200_000;

/** A stretch of ordinals of a series, both ends in it. */
export interface Stretch {
  readonly series: number;
  readonly from: number;
  readonly to: number;
}

/** The state of a partition. */
export class RollingState {
  readonly kept = new KeptBars();
  /** By the number of the series; undefined for one of which nothing is remembered. */
  readonly series: (SeriesBars | undefined)[] = [];
  /** Stretches that were asked for and are not answered yet. */
  asked: readonly Stretch[] = [];
  /** Where the rows of the batch at hand are put: they stand until the next one. */
  readonly output: RollingBatch;
  private readonly pairs = new PairIds();
  private readonly keys = new PairIds();

  private readonly most: number;

  /** `most` is how many statements are remembered between two batches. */
  constructor(output: RollingBatch, most: number) {
    this.output = output;
    this.most = most;
  }

  /** A number for the bars of one interval of one instrument. */
  seriesOf(tenant: number, instrument: number, interval: number): number {
    return this.keys.idOf(this.pairs.idOf(tenant, instrument), interval);
  }

  /** Tenant, instrument and interval of a series. */
  keyOf(series: number): readonly [tenant: number, instrument: number, interval: number] {
    const pair = this.keys.firstOf(series);
    return [this.pairs.firstOf(pair), this.pairs.secondOf(pair), this.keys.secondOf(series)];
  }

  /** Forgets a series. */
  drop(series: number): void {
    const bars = this.series[series];
    if (bars === undefined) return;
    this.kept.release(bars.rows);
    this.series[series] = undefined;
  }

  /** Forgets all bars when there are too many; only between batches. */
  letGo(): void {
    if (this.kept.count <= this.most) return;
    this.series.length = 0;
    this.kept.clear();
  }
}
