/**
 * Raw ticks as JSON, read as bytes: the plain tick and the nested trade of `raw-json.ts`, in the spellings that feeds
 * really use, without a string or an object per record.
 *
 * Whatever is uncommon (escapes, bytes beyond ASCII, a key given twice, a number or time in another form, anything
 * that is wrong) is left to `readRawJson`, which says the same of all that is read here: a property test holds them
 * together.
 */

import type { Names } from '../../model/names.ts';
import { PairIds } from '../../model/pair-ids.ts';
import type { RawBatch } from '../../model/raw-batch.ts';
import { type ReadNames, readNamesOf } from '../avro/dictionaries.ts';
import { textOf } from '../bytes.ts';
import { Kind } from './json-cursor.ts';
import { RAW_DATA_UNITS } from './raw-json.ts';
import {
  ARCHIVE,
  ARCHIVE_ROW,
  CANCELS,
  INSTRUMENT,
  LOCATION,
  MARKET,
  OCCURRED,
  PRICE,
  SEQUENCE,
  SOURCE,
  TENANT,
  TRACE,
  TRADE_ID,
  TS,
  UNIT,
} from './raw-json-keys.ts';
import { SlotScan } from './raw-json-slots.ts';

/** Reads ticks of one process into its batches. Reused for every record. */
export class TickScan extends SlotScan {
  private readonly names: ReadNames;
  private readonly rule: number;
  private readonly trade: number;
  private readonly fieldIds: readonly number[];
  private readonly unitIds: readonly number[];
  private readonly genericSource: number;
  private readonly defaultTenant: number;
  private readonly markets = new PairIds();
  private readonly targets = new PairIds();

  constructor(names: Names) {
    super();
    this.names = readNamesOf(names);
    this.rule = names.rules.idOf('utc');
    this.trade = names.datasets.idOf('trade');
    this.fieldIds = RAW_DATA_UNITS.map(([field]) => names.fields.idOf(field));
    this.unitIds = RAW_DATA_UNITS.map(([, unit]) => names.units.idOf(unit));
    this.genericSource = names.sources.idOf('generic');
    this.defaultTenant = names.tenants.idOf('default');
  }

  /**
   * Adds the tick in `bytes[from, to)` to the batch, whose value spans then point into `bytes`. The known time is that
   * of the record, or `logMs` (milliseconds since the epoch, at `k`) when it has none. False: nothing was added, and
   * the other reader has to say what it is.
   */
  add(batch: RawBatch, bytes: Uint8Array, from: number, to: number, logMs: Float64Array, k: number): boolean {
    return this.scan(bytes, from, to) && this.readTimes(logMs, k) && this.addRow(batch);
  }

  /**
   * A number that stands for the topic key of the record in `bytes[from, to)`: the same for the same tenant, market and
   * place. -1 when the other reader has to say.
   */
  keyOf(bytes: Uint8Array, from: number, to: number): number {
    if (!this.scan(bytes, from, to)) return -1;
    const { kind, names } = this;
    if (kind[MARKET] !== Kind.text || kind[INSTRUMENT] !== Kind.text) return -1;
    if (kind[LOCATION] !== Kind.absent || (kind[TENANT] !== Kind.text && kind[TENANT] !== Kind.absent))
      return -1;
    const tenant = this.idOr(TENANT, names.tenants, this.defaultTenant);
    const market = names.markets.idOf(bytes, this.from[MARKET], this.to[MARKET]);
    const series = names.series.idOf(bytes, this.from[INSTRUMENT], this.to[INSTRUMENT]);
    return this.targets.idOf(this.markets.idOf(tenant, market), series);
  }

  private readTimes(logMs: Float64Array, k: number): boolean {
    if (!this.hasTime(TS, 0)) return false;
    if (this.kind[OCCURRED] !== Kind.absent && this.kind[OCCURRED] !== Kind.null)
      return this.hasTime(OCCURRED, 1);
    this.at[1] = logMs[k] * 1000;
    return true;
  }

  private hasTime(key: number, which: number): boolean {
    if (this.kind[key] === Kind.time) return true;
    const { bytes, from, to } = this;
    if (this.kind[key] !== Kind.text || !this.times.read(bytes, from[key], to[key], this.at, which))
      return false;
    this.timeLength[which] = to[key] - from[key];
    return true;
  }

  private addRow(batch: RawBatch): boolean {
    const { bytes, from, to, kind, names } = this;
    if (kind[MARKET] !== Kind.text || from[MARKET] === to[MARKET]) return false;
    if (kind[INSTRUMENT] !== Kind.text || from[INSTRUMENT] === to[INSTRUMENT]) return false;
    let values = 0;
    for (let v = 0; v < 4; v++) {
      const is = kind[PRICE + v];
      if (is > Kind.null) return false;
      if (is !== Kind.absent) values++;
    }
    if (values === 0 || !this.isInteger(SEQUENCE) || !this.isInteger(ARCHIVE_ROW)) return false;
    if (kind[CANCELS] === Kind.text || kind[CANCELS] === Kind.number) return false;
    for (const text of TEXTS)
      if (kind[text] !== Kind.text && kind[text] !== Kind.null && kind[text] !== 0) return false;
    const i = batch.addRow();
    batch.tenant[i] = this.idOr(TENANT, names.tenants, this.defaultTenant);
    batch.market[i] = names.markets.idOf(bytes, from[MARKET], to[MARKET]);
    batch.source[i] = this.idOr(SOURCE, names.sources, this.genericSource);
    batch.dataset[i] = this.trade;
    batch.location[i] = this.idOr(LOCATION, names.locations, 0);
    batch.series[i] = names.series.idOf(bytes, from[INSTRUMENT], to[INSTRUMENT]);
    batch.rule[i] = this.rule;
    batch.trace[i] = this.idOr(TRACE, names.traces, 0);
    batch.archive[i] = this.idOr(ARCHIVE, names.archives, 0);
    batch.eventStart[i] = batch.eventEnd[i] = this.at[0];
    batch.knownAt[i] = this.at[1];
    batch.hasSequence[i] = kind[SEQUENCE] === Kind.number || kind[SEQUENCE] === Kind.text ? 1 : 0;
    batch.sequence[i] = this.integer(SEQUENCE);
    if (kind[TRADE_ID] === Kind.text) batch.tradeId[i] = textOf(bytes, from[TRADE_ID], to[TRADE_ID]) ?? '';
    batch.cancels[i] = kind[CANCELS] === Kind.true ? 1 : 0;
    batch.row[i] = this.integer(ARCHIVE_ROW);
    const ofUnit = kind[UNIT] === Kind.text ? names.units.idOf(bytes, from[UNIT], to[UNIT]) : -1;
    for (let v = 0; v < 4; v++) {
      const is = kind[PRICE + v];
      if (is === Kind.absent) continue;
      const unit = ofUnit >= 0 && v !== 1 ? ofUnit : this.unitIds[v];
      if (is === Kind.null) batch.addValue(this.fieldIds[v], unit, 0, 0);
      else batch.addValue(this.fieldIds[v], unit, from[PRICE + v], to[PRICE + v]);
    }
    return true;
  }

  private idOr(key: number, table: ReadNames['tenants'], otherwise: number): number {
    if (this.kind[key] !== Kind.text) return otherwise;
    return table.idOf(this.bytes, this.from[key], this.to[key]);
  }

  /** True for no value, null, or up to fifteen digits with a sign. */
  private isInteger(key: number): boolean {
    const is = this.kind[key];
    if (is === Kind.absent || is === Kind.null) return true;
    if (is !== Kind.number && is !== Kind.text) return false;
    let p = this.from[key];
    if (this.bytes[p] === 0x2d) p++;
    const digits = this.to[key] - p;
    if (digits < 1 || digits > 15) return false;
    for (; p < this.to[key]; p++) if (this.bytes[p] < 0x30 || this.bytes[p] > 0x39) return false;
    return true;
  }

  private integer(key: number): number {
    if (this.kind[key] !== Kind.number && this.kind[key] !== Kind.text) return 0;
    let p = this.from[key];
    const negative = this.bytes[p] === 0x2d;
    if (negative) p++;
    let n = 0;
    for (; p < this.to[key]; p++) n = 10 * n + this.bytes[p] - 0x30;
    return negative ? 0 - n : n;
  }
}

/** Slots that hold a text or nothing. */
const TEXTS: readonly number[] = [TENANT, TRACE, SOURCE, LOCATION, UNIT, TRADE_ID, ARCHIVE];
