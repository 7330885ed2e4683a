/**
 * RawBatch: raw events of one topic partition as columns. One row is one row of a source; its values lie in a second
 * set of columns, addressed by `firstValue` (row i owns values `firstValue[i] .. firstValue[i + 1]`).
 *
 * Numbers stay the bytes that came in: a value is a span of `bytes`, so nothing is lost and nothing is copied.
 */

import type { Names } from './names.ts';
import { wider } from './tick-batch.ts';

/** Growable columns of raw events. `length` rows and `valueCount` values are valid; the arrays may be longer. */
export class RawBatch {
  readonly names: Names;
  /** The fetched records; value spans point into it. */
  bytes: Uint8Array;
  length = 0;
  valueCount = 0;
  private rowCapacity: number;
  private valueCapacity: number;

  /** Dense ids in `names`. */
  tenant: Uint32Array;
  market: Uint32Array;
  source: Uint32Array;
  dataset: Uint32Array;
  location: Uint32Array;
  /** Second label of the row (fuel, counterparty, or the instrument named by a generic trade); 0 for none. */
  series: Uint32Array;
  rule: Uint32Array;
  trace: Uint32Array;
  archive: Uint32Array;
  /** UTC micros. */
  eventStart: Float64Array;
  eventEnd: Float64Array;
  knownAt: Float64Array;
  /** 1 where the source gave a sequence number. */
  hasSequence: Uint8Array;
  sequence: Float64Array;
  tradeId: string[];
  /** 1 where the event withdraws what its natural key said before. */
  cancels: Uint8Array;
  row: Uint32Array;
  srcTopic: number;
  srcPartition: number;
  srcOffset: Float64Array;
  /** Span of the whole record's value in `bytes`: what a dead letter keeps. */
  recordFrom: Uint32Array;
  recordTo: Uint32Array;
  /** First value of each row; one entry more than rows. */
  firstValue: Uint32Array;

  field: Uint32Array;
  unit: Uint32Array;
  /** Span of the decimal text in `bytes`; an empty span is a null: the source printed nothing. */
  valueFrom: Uint32Array;
  valueTo: Uint32Array;

  constructor(names: Names, bytes: Uint8Array, srcTopic: number, srcPartition: number, rows = 64) {
    const n = Math.max(1, rows);
    const m = 4 * n;
    this.names = names;
    this.bytes = bytes;
    this.srcTopic = srcTopic;
    this.srcPartition = srcPartition;
    this.rowCapacity = n;
    this.valueCapacity = m;
    this.tenant = new Uint32Array(n);
    this.market = new Uint32Array(n);
    this.source = new Uint32Array(n);
    this.dataset = new Uint32Array(n);
    this.location = new Uint32Array(n);
    this.series = new Uint32Array(n);
    this.rule = new Uint32Array(n);
    this.trace = new Uint32Array(n);
    this.archive = new Uint32Array(n);
    this.eventStart = new Float64Array(n);
    this.eventEnd = new Float64Array(n);
    this.knownAt = new Float64Array(n);
    this.hasSequence = new Uint8Array(n);
    this.sequence = new Float64Array(n);
    this.tradeId = [];
    this.cancels = new Uint8Array(n);
    this.row = new Uint32Array(n);
    this.srcOffset = new Float64Array(n);
    this.recordFrom = new Uint32Array(n);
    this.recordTo = new Uint32Array(n);
    this.firstValue = new Uint32Array(n + 1);
    this.field = new Uint32Array(m);
    this.unit = new Uint32Array(m);
    this.valueFrom = new Uint32Array(m);
    this.valueTo = new Uint32Array(m);
  }

  /** Begins again with other records, in the memory of those before. */
  restart(bytes: Uint8Array, srcTopic: number, srcPartition: number): this {
    this.bytes = bytes;
    this.srcTopic = srcTopic;
    this.srcPartition = srcPartition;
    this.length = 0;
    this.valueCount = 0;
    this.firstValue[0] = 0;
    return this;
  }

  /**
   * Opens a row and returns its index; values added next belong to it. Whoever opens it writes every column: in memory
   * used again they hold what stood there before.
   */
  addRow(): number {
    const i = this.length++;
    if (this.length > this.rowCapacity) this.growRows();
    this.tradeId[i] = '';
    this.firstValue[i] = this.valueCount;
    this.firstValue[i + 1] = this.valueCount;
    return i;
  }

  /** Adds a value to the last row: dense ids of field and unit, and the span of its text. */
  addValue(field: number, unit: number, from: number, to: number): void {
    const v = this.valueCount++;
    if (this.valueCount > this.valueCapacity) this.growValues();
    this.field[v] = field;
    this.unit[v] = unit;
    this.valueFrom[v] = from;
    this.valueTo[v] = to;
    this.firstValue[this.length] = this.valueCount;
  }

  /** Takes back the last row with its values: a record that turned out not to be readable. */
  dropLastRow(): void {
    this.length--;
    this.valueCount = this.firstValue[this.length];
  }

  private growRows(): void {
    const n = this.rowCapacity * 2;
    this.rowCapacity = n;
    this.tenant = wider(this.tenant, new Uint32Array(n));
    this.market = wider(this.market, new Uint32Array(n));
    this.source = wider(this.source, new Uint32Array(n));
    this.dataset = wider(this.dataset, new Uint32Array(n));
    this.location = wider(this.location, new Uint32Array(n));
    this.series = wider(this.series, new Uint32Array(n));
    this.rule = wider(this.rule, new Uint32Array(n));
    this.trace = wider(this.trace, new Uint32Array(n));
    this.archive = wider(this.archive, new Uint32Array(n));
    this.eventStart = wider(this.eventStart, new Float64Array(n));
    this.eventEnd = wider(this.eventEnd, new Float64Array(n));
    this.knownAt = wider(this.knownAt, new Float64Array(n));
    this.hasSequence = wider(this.hasSequence, new Uint8Array(n));
    this.sequence = wider(this.sequence, new Float64Array(n));
    this.cancels = wider(this.cancels, new Uint8Array(n));
    this.row = wider(this.row, new Uint32Array(n));
    this.srcOffset = wider(this.srcOffset, new Float64Array(n));
    this.recordFrom = wider(this.recordFrom, new Uint32Array(n));
    this.recordTo = wider(this.recordTo, new Uint32Array(n));
    this.firstValue = wider(this.firstValue, new Uint32Array(n + 1));
  }

  private growValues(): void {
    const m = this.valueCapacity * 2;
    this.valueCapacity = m;
    this.field = wider(this.field, new Uint32Array(m));
    this.unit = wider(this.unit, new Uint32Array(m));
    this.valueFrom = wider(this.valueFrom, new Uint32Array(m));
    this.valueTo = wider(this.valueTo, new Uint32Array(m));
  }
}
