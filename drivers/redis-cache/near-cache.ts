/**
 * Values near at hand: what was read from Redis a moment ago, for as long as Redis promises to say when it changes
 * (CLIENT TRACKING). The least recently used goes first.
 *
 * A value may change between its being read and its being kept here. So each read is noted before it is sent, and what
 * becomes invalid while it is under way is not kept.
 */

interface Entry {
  readonly value: string | null;
  /** Kept until this moment, in milliseconds. */
  readonly until: number;
}

/** A read that was sent and not yet answered. */
export interface Reading {
  readonly keys: readonly string[];
  readonly invalid: Set<string>;
  isWorthless: boolean;
}

export class NearCache {
  private readonly maxEntries: number;
  private readonly entries = new Map<string, Entry>();
  private readonly readings = new Set<Reading>();

  constructor(maxEntries: number) {
    this.maxEntries = maxEntries;
  }

  /** The value at hand, null when it is known to be absent, undefined when nothing is known. */
  get(key: string, now: number): string | null | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    this.entries.delete(key);
    if (entry.until <= now) return undefined;
    this.entries.set(key, entry);
    return entry.value;
  }

  /** To be called before a read is sent. */
  begin(keys: readonly string[]): Reading {
    const reading = { keys, invalid: new Set<string>(), isWorthless: false };
    this.readings.add(reading);
    return reading;
  }

  /** Keeps what a read brought, each value until its own moment; null when the read failed. */
  end(
    reading: Reading,
    values: readonly { readonly value: string | null; readonly until: number }[] | null,
  ): void {
    this.readings.delete(reading);
    if (values === null || reading.isWorthless) return;
    reading.keys.forEach((key, i) => {
      if (reading.invalid.has(key)) return;
      this.entries.delete(key);
      this.entries.set(key, values[i]);
    });
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.maxEntries) break;
      this.entries.delete(oldest);
    }
  }

  /** The value of a key changed. */
  invalidate(key: string): void {
    this.entries.delete(key);
    for (const reading of this.readings) reading.invalid.add(key);
  }

  /** Nothing that is kept can be relied on: the server forgot everything, or can no longer be heard. */
  clear(): void {
    this.entries.clear();
    for (const reading of this.readings) reading.isWorthless = true;
  }
}
