import { FieldHash } from './hash128.ts';

/**
 * Dense ids for strings. Strings are interned once at the edge; stages compare and index by small integers.
 * Dense ids belong to one process and never leave it.
 */
export class Interner {
  private readonly ids = new Map<string, number>();
  private readonly names: string[] = [];
  private readonly hash = new FieldHash();
  /** 128-bit hash of each string, four words at 4 * id: the part of a natural key that does not change per row. */
  digests = new Uint32Array(4 * 64);

  /** Id 0 is always the empty string. */
  constructor() {
    this.idOf('');
  }

  /** The id of a string, given out in order of first sight. */
  idOf(name: string): number {
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    const id = this.names.length;
    this.names.push(name);
    this.ids.set(name, id);
    if (4 * id >= this.digests.length) {
      const grown = new Uint32Array(this.digests.length * 2);
      grown.set(this.digests);
      this.digests = grown;
    }
    this.hash.reset().text(name).digest(this.digests, id);
    return id;
  }

  /** The string of an id that this interner gave out. */
  nameOf(id: number): string {
    return this.names[id];
  }

  /** How many strings are known. */
  get size(): number {
    return this.names.length;
  }
}
