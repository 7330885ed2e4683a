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
import { sameBytes, textOf, utf8 } from '../bytes.ts';
import { IsoTimes } from './iso-times.ts';
import { JsonCursor, Kind, QUOTE } from './json-cursor.ts';
import { RAW_DATA_UNITS } from './raw-json.ts';
import {
  ARCHIVE,
  ARCHIVE_ROW,
  CANCELS,
  ENTERED,
  ENVELOPE,
  ENVELOPE_KEYS,
  IGNORED,
  IN_PAYLOAD,
  INSTRUMENT,
  KEYS,
  LEFT,
  LOCATION,
  MARKET,
  MEANINGS,
  OCCURRED,
  PAYLOAD,
  PRICE,
  RAW_DATA,
  ROOT,
  SEQUENCE,
  SOURCE,
  TENANT,
  TRACE,
  TRADE_ID,
  TS,
  UNIT,
} from './raw-json-keys.ts';
import { RecordTemplate, ValuePlaces } from './record-template.ts';

/** A key as it was last seen at its place in the order of the keys: the next record mostly has it there again. */
interface SeenKey {
  readonly bytes: Uint8Array;
  readonly context: number;
  readonly meaning: number;
  readonly entered: number;
}

/** How many spellings are known at a time. */
const TEMPLATES = 4;

/** Reads ticks of one process into its batches. Reused for every record; it keeps what it learns of the spelling. */
export class TickScan extends JsonCursor {
  private readonly names: ReadNames;
  private readonly rule: number;
  private readonly trade: number;
  private readonly fieldIds: readonly number[];
  private readonly unitIds: readonly number[];
  private readonly genericSource: number;
  private readonly defaultTenant: number;
  private readonly times = new IsoTimes();
  private readonly markets = new PairIds();
  private readonly targets = new PairIds();
  private readonly from = new Int32Array(KEYS.length);
  private readonly to = new Int32Array(KEYS.length);
  private readonly kind = new Uint8Array(KEYS.length);
  private readonly seen: (SeenKey | undefined)[] = [];
  /** Event time and known time of the record, and how long their texts were in the one before. */
  private readonly at = new Float64Array(2);
  private readonly timeLength = new Int32Array(2);
  private readonly places = new ValuePlaces();
  /** The spelling of the last record first; `filled` is the one by which all slots stand as they are. */
  private readonly templates: RecordTemplate[] = [];
  private filled: RecordTemplate | null = null;
  private keyNumber = 0;
  /** Objects that were entered, and slots filled outside of them, as bits. */
  private nested = 0;
  private rootKeys = 0;

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

  /** Fills the slots from the record in `bytes[from, to)`; false when the other reader has to say what it is. */
  private scan(bytes: Uint8Array, from: number, to: number): boolean {
    const { templates } = this;
    for (let t = 0; t < templates.length; t++) {
      this.open(bytes, from, to);
      if (!this.fits(templates[t])) continue;
      if (t > 0) templates.unshift(...templates.splice(t, 1));
      return true;
    }
    this.open(bytes, from, to);
    if (!this.scanKeys()) return false;
    if (this.places.count <= this.places.slot.length) {
      templates.unshift(new RecordTemplate(bytes, from, to, this.places));
      templates.splice(TEMPLATES);
    }
    return true;
  }

  /**
   * Fills the slots of a record that is spelled as the template is. Keys, and with them the form, are those of the
   * record that it was learnt from.
   */
  private fits(template: RecordTemplate): boolean {
    const { bytes, view, end, kind } = this;
    if (this.filled !== template) kind.fill(Kind.absent);
    this.filled = null;
    for (let k = 0; k < template.count; k++) {
      if (!template.standsAt(k, bytes, view, this.p, end)) return false;
      this.p += template.length[k];
      const slot = template.slot[k];
      const from = this.p;
      let is: number = Kind.text;
      if (template.quoted[k] === 0) is = this.bare();
      else if (this.timeAt(slot, from)) is = Kind.time;
      else if (this.string()) this.p--;
      else return false;
      if (is === Kind.absent) return false;
      if (slot === IGNORED) continue;
      kind[slot] = is;
      this.from[slot] = from;
      this.to[slot] = this.p;
    }
    if (!template.standsAt(template.count, bytes, view, this.p, end)) return false;
    if (this.p + template.length[template.count] !== end) return false;
    this.filled = template;
    return true;
  }

  /** Reads the record key by key, whatever its spelling, and notes the places of its values. */
  private scanKeys(): boolean {
    this.keyNumber = 0;
    this.nested = 0;
    this.rootKeys = 0;
    this.places.count = 0;
    this.filled = null;
    this.kind.fill(Kind.absent);
    this.space();
    if (this.bytes[this.p] !== 0x7b || !this.object(ROOT)) return false;
    this.space();
    return this.p === this.end && this.isOfOneForm();
  }

  /** A plain tick, or a payload with numbers beside an envelope or in one; keys of the other forms are not mixed in. */
  private isOfOneForm(): boolean {
    if (this.nested === 0) return true;
    if (this.nested === IN_PAYLOAD) return (this.rootKeys & ~ENVELOPE_KEYS) === 0;
    return this.nested === (IN_PAYLOAD | (1 << ENVELOPE)) && this.rootKeys === 0;
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

  /** Reads the object whose brace is at `p`; false when the other reader has to. */
  private object(context: number): boolean {
    const { bytes } = this;
    this.nested |= context === ROOT ? 0 : 1 << context;
    this.p++;
    if (bytes[this.p] <= 0x20) this.space();
    if (bytes[this.p] === 0x7d) {
      this.p++;
      return true;
    }
    for (;;) {
      if (bytes[this.p] !== QUOTE) return false;
      this.p++;
      const key = this.key(context);
      if (key === null) return false;
      if (bytes[this.p] <= 0x20) this.space();
      if (bytes[this.p] !== 0x3a) return false;
      this.p++;
      if (bytes[this.p] <= 0x20) this.space();
      if (key.meaning === LEFT) return false;
      if (key.meaning === ENTERED) {
        if (bytes[this.p] !== 0x7b || (this.nested & (1 << key.entered)) !== 0) return false;
        if (!this.object(key.entered)) return false;
      } else if (!this.time(key.meaning) && !this.scalar(key.meaning)) return false;
      if (context === ROOT && key.meaning >= 0) this.rootKeys |= 1 << key.meaning;
      if (bytes[this.p] <= 0x20) this.space();
      const next = bytes[this.p++];
      if (next === 0x7d) return true;
      if (next !== 0x2c) return false;
      if (bytes[this.p] <= 0x20) this.space();
    }
  }

  /** Passes the key that begins at `p`, and its quote: mostly the same one as at this place of the record before. */
  private key(context: number): SeenKey | null {
    const place = this.keyNumber++;
    const { bytes } = this;
    const before = this.seen[place];
    if (before !== undefined && before.context === context) {
      const { length } = before.bytes;
      if (bytes[this.p + length] === QUOTE && sameBytes(before.bytes, 0, bytes, this.p, length)) {
        this.p += length + 1;
        return before;
      }
    }
    const from = this.p;
    if (!this.string()) return null;
    const text = textOf(bytes, from, this.p - 1) ?? '';
    const meaning = MEANINGS[context].get(text) ?? IGNORED;
    const entered = text === 'envelope' ? ENVELOPE : text === 'payload' ? PAYLOAD : RAW_DATA;
    const key = { bytes: utf8(text), context, meaning, entered };
    while (this.seen.length < place) this.seen.push(undefined);
    this.seen[place] = key;
    return key;
  }

  /** Reads a time whose text is as long as the one before, without looking for its end; false: it is read as a text. */
  private time(key: number): boolean {
    if (this.bytes[this.p] !== QUOTE || (key >= 0 && this.kind[key] !== Kind.absent)) return false;
    const from = this.p + 1;
    if (!this.timeAt(key, from)) return false;
    this.kind[key] = Kind.time;
    this.places.add(key, from, this.p);
    this.p++;
    return true;
  }

  /** Passes the text of a time that begins at `from`, up to its quote. */
  private timeAt(key: number, from: number): boolean {
    const which = key === TS ? 0 : key === OCCURRED ? 1 : -1;
    if (which === -1) return false;
    const to = from + this.timeLength[which];
    if (to >= this.end || this.bytes[to] !== QUOTE) return false;
    if (!this.times.read(this.bytes, from, to, this.at, which)) return false;
    this.p = to;
    return true;
  }

  /** Reads a string, number or word into a slot; a slot that is filled already is for the other reader. */
  private scalar(key: number): boolean {
    let from = this.p;
    let is: number = Kind.text;
    let to: number;
    if (this.bytes[from] === QUOTE) {
      from = ++this.p;
      if (!this.string()) return false;
      to = this.p - 1;
    } else {
      is = this.bare();
      if (is === Kind.absent) return false;
      to = this.p;
    }
    this.places.add(key, from, to);
    if (key === IGNORED) return true;
    if (this.kind[key] !== Kind.absent) return false;
    this.kind[key] = is;
    this.from[key] = from;
    this.to[key] = to;
    return true;
  }
}

/** Slots that hold a text or nothing. */
const TEXTS: readonly number[] = [TENANT, TRACE, SOURCE, LOCATION, UNIT, TRADE_ID, ARCHIVE];
