/**
 * The keys and values of one raw tick as JSON, found as bytes: where each value that has a meaning stands, and what kind it
 * is, without a string or an object per record. The next record is mostly spelled as the one before, so its keys are
 * compared with those (`record-template.ts`) and read one by one only where they differ.
 */

import { sameBytes, textOf, utf8 } from '../bytes.ts';
import { IsoTimes } from './iso-times.ts';
import { JsonCursor, Kind, QUOTE } from './json-cursor.ts';
import {
  ENTERED,
  ENVELOPE,
  ENVELOPE_KEYS,
  IGNORED,
  IN_PAYLOAD,
  KEYS,
  LEFT,
  MEANINGS,
  OCCURRED,
  PAYLOAD,
  RAW_DATA,
  ROOT,
  TS,
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

/** Finds the slots of one record after another. It keeps what it learns of the spelling. */
export class SlotScan extends JsonCursor {
  /** Where the value of each slot begins and ends, and its {@link Kind}. */
  protected readonly from = new Int32Array(KEYS.length);
  protected readonly to = new Int32Array(KEYS.length);
  protected readonly kind = new Uint8Array(KEYS.length);
  protected readonly times = new IsoTimes();
  /** Event time and known time of the record, and how long their texts were in the one before. */
  protected readonly at = new Float64Array(2);
  protected readonly timeLength = new Int32Array(2);
  private readonly seen: (SeenKey | undefined)[] = [];
  private readonly places = new ValuePlaces();
  /** The spelling of the last record first; `filled` is the one by which all slots stand as they are. */
  private readonly templates: RecordTemplate[] = [];
  private filled: RecordTemplate | null = null;
  private keyNumber = 0;
  /** Objects that were entered, and slots filled outside of them, as bits. */
  private nested = 0;
  private rootKeys = 0;

  /** Fills the slots from the record in `bytes[from, to)`; false when the other reader has to say what it is. */
  protected scan(bytes: Uint8Array, from: number, to: number): boolean {
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
