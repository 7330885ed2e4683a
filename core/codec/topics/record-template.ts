/**
 * Templates: how the records of a feed are spelled. From one record to the next only the values change; everything
 * between them (keys, colons, gaps) is the same bytes, which are compared and not read again.
 */

/** Where the values of a record lie, in their order: the slot that each fills, and its span. */
export class ValuePlaces {
  count = 0;
  readonly slot = new Int32Array(64);
  readonly from = new Int32Array(64);
  readonly to = new Int32Array(64);

  /** Notes a value; records with more of them than there are places have no template. */
  add(slot: number, from: number, to: number): void {
    const k = this.count++;
    if (k >= this.slot.length) return;
    this.slot[k] = slot;
    this.from[k] = from;
    this.to[k] = to;
  }
}

/** The bytes around the values of a record. */
export class RecordTemplate {
  readonly count: number;
  /** Slot of each value, and whether it stands in quotes. */
  readonly slot: Int32Array;
  readonly quoted: Uint8Array;
  /** Length of the bytes before each value, and of those after the last one. */
  readonly length: Int32Array;
  private readonly start: Int32Array;
  private readonly bytes: Uint8Array;
  private readonly words: DataView;

  /** Learns from the record in `bytes[from, to)`. */
  constructor(bytes: Uint8Array, from: number, to: number, places: ValuePlaces) {
    const n = places.count;
    this.count = n;
    this.slot = places.slot.slice(0, n);
    this.quoted = new Uint8Array(n);
    this.length = new Int32Array(n + 1);
    this.start = new Int32Array(n + 1);
    this.bytes = bytes.slice(from, to);
    this.words = new DataView(this.bytes.buffer);
    for (let k = 0; k <= n; k++) {
      const begin = k === 0 ? from : places.to[k - 1];
      this.start[k] = begin - from;
      this.length[k] = (k === n ? to : places.from[k]) - begin;
      if (k < n) this.quoted[k] = bytes[places.from[k] - 1] === 0x22 ? 1 : 0;
    }
  }

  /** True when the bytes before value `k` stand at `p`; `end` is where the record ends. */
  standsAt(k: number, bytes: Uint8Array, view: DataView, p: number, end: number): boolean {
    const length = this.length[k];
    const start = this.start[k];
    if (p + length > end) return false;
    if (length < 4) {
      for (let b = 0; b < length; b++) if (bytes[p + b] !== this.bytes[start + b]) return false;
      return true;
    }
    const { words } = this;
    const last = length - 4;
    for (let b = 0; b < last; b += 4) if (view.getInt32(p + b) !== words.getInt32(start + b)) return false;
    return view.getInt32(p + last) === words.getInt32(start + last);
  }
}
