/**
 * Dictionary and codes of a LowCardinality(String) column, from dense ids. Each id is named once per column, and
 * nothing is made per row.
 */

/** Places by dense id, emptied by a step of a counter: no map entry per id and column. */
class PlaceById {
  private places = new Int32Array(1024);
  private rounds = new Int32Array(1024);
  private round = 0;

  begin(): void {
    this.round++;
  }

  /** The place of an id, or -1. */
  get(id: number): number {
    return id < this.rounds.length && this.rounds[id] === this.round ? this.places[id] : -1;
  }

  set(id: number, place: number): void {
    if (id >= this.rounds.length) {
      const n = Math.max(id + 1, 2 * this.rounds.length);
      const places = new Int32Array(n);
      const rounds = new Int32Array(n);
      places.set(this.places);
      rounds.set(this.rounds);
      this.places = places;
      this.rounds = rounds;
    }
    this.places[id] = place;
    this.rounds[id] = this.round;
  }
}

const placeOfId = new PlaceById();

/**
 * The texts of rows `order` of `ids`, each once, and for each row the place of its text among them, into `codes`.
 * `areDistinct` says that no two ids have the same name.
 */
export function dictionaryOf(
  ids: ArrayLike<number>,
  order: Uint32Array,
  nameOf: (id: number) => string,
  areDistinct: boolean,
  codes: Uint32Array,
): string[] {
  const rows = order.length;
  // Place 0 is the default value, as the store writes it.
  const entries = [''];
  const places = new Map<string, number>([['', 0]]);
  placeOfId.begin();
  let lastId = -1;
  let last = 0;
  for (let k = 0; k < rows; k++) {
    const id = ids[order[k]];
    if (id !== lastId) {
      let place = placeOfId.get(id);
      if (place === -1) {
        const text = nameOf(id);
        place = text === '' ? 0 : areDistinct ? entries.length : (places.get(text) ?? entries.length);
        if (place === entries.length) {
          entries.push(text);
          if (!areDistinct) places.set(text, place);
        }
        placeOfId.set(id, place);
      }
      last = place;
      lastId = id;
    }
    codes[k] = last;
  }
  return entries;
}

/** Bytes of a code as the format has them, by the size of the dictionary: 0 for one, 1 for two, 2 for four. */
export type CodeForm = 0 | 1 | 2;

/** Codes as wide as the form says, where they stand: `codes` begins its buffer, and is not to be read any more. */
export function narrowCodes(codes: Uint32Array, form: CodeForm): Uint8Array | Uint16Array | Uint32Array {
  if (form === 2) return codes;
  // A code is read before anything is written over it.
  const narrow =
    form === 0
      ? new Uint8Array(codes.buffer, 0, codes.length)
      : new Uint16Array(codes.buffer, 0, codes.length);
  for (let k = 0; k < codes.length; k++) narrow[k] = codes[k];
  return narrow;
}
