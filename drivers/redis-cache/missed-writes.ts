/**
 * Keys whose writes Redis did not get. What it holds under them is out of date, and must not be served when it comes
 * back: they are removed first.
 */

export class MissedWrites {
  private readonly most: number;
  private readonly keys = new Set<string>();
  /** Until when nothing that Redis holds may be trusted, because the keys were too many to remember; milliseconds. */
  private blindUntil = 0;

  constructor(most: number) {
    this.most = most;
  }

  /** Notes keys. `longestMs` is how long a value can live: after that no old one is left. */
  add(keys: Iterable<string>, now: number, longestMs: number): void {
    for (const key of keys) this.keys.add(key);
    if (this.keys.size <= this.most) return;
    this.keys.clear();
    this.blindUntil = now + longestMs;
  }

  /** True while what Redis holds may be older than what was written. */
  isBlind(now: number): boolean {
    return now < this.blindUntil;
  }

  /** The keys to be removed; `done` forgets those that were. */
  get pending(): string[] {
    return [...this.keys];
  }

  done(keys: readonly string[]): void {
    for (const key of keys) this.keys.delete(key);
  }
}
