/** HotCache in the process: the least recently used value goes first, and none lives past its time. */

import type { Clock } from '../../core/ports/clock.ts';
import type { HotCache } from '../../core/ports/hot-cache.ts';
import { type Micros, SECOND } from '../../core/time/instant.ts';

export interface MemoryCacheOptions {
  /** Values kept at most, 1 or more. */
  readonly maxEntries: number;
  readonly clock: Pick<Clock, 'now'>;
}

interface Entry {
  readonly value: string;
  /** The value is gone from this moment on. */
  readonly expires: Micros;
}

/** An empty cache. A value set for no time, or less, is not kept. */
export function openMemoryCache(options: MemoryCacheOptions): HotCache {
  return new MemoryCache(options);
}

class MemoryCache implements HotCache {
  /** A map keeps the order of insertion; a value that is used is put in again, so the first is the oldest used. */
  private readonly entries = new Map<string, Entry>();
  private readonly maxEntries: number;
  private readonly clock: Pick<Clock, 'now'>;
  private hits = 0;
  private misses = 0;

  constructor(options: MemoryCacheOptions) {
    this.maxEntries = Math.max(1, options.maxEntries);
    this.clock = options.clock;
  }

  async getMany(keys: readonly string[]): Promise<(string | null)[]> {
    const now = this.clock.now();
    return keys.map((key) => this.get(key, now));
  }

  async setMany(
    entries: readonly (readonly [key: string, value: string])[],
    ttlSeconds: number,
  ): Promise<void> {
    const now = this.clock.now();
    const expires = now + ttlSeconds * SECOND;
    for (const [key, value] of entries) {
      this.entries.delete(key);
      if (expires > now) this.entries.set(key, { value, expires });
    }
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.maxEntries) break;
      this.entries.delete(oldest);
    }
  }

  async deleteMany(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.entries.delete(key);
  }

  stats(): { hits: number; misses: number; dropped: number } {
    return { hits: this.hits, misses: this.misses, dropped: 0 };
  }

  async close(): Promise<void> {
    this.entries.clear();
  }

  private get(key: string, now: Micros): string | null {
    const entry = this.entries.get(key);
    if (entry === undefined) {
      this.misses++;
      return null;
    }
    this.entries.delete(key);
    if (entry.expires <= now) {
      this.misses++;
      return null;
    }
    this.entries.set(key, entry);
    this.hits++;
    return entry.value;
  }
}
