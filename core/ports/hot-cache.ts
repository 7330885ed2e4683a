/** HotCache: short-lived values by key, an LRU with expiry in the process or Redis (E2, G1). Losing it loses nothing. */

/** Text values by text key. Every call may fail or forget: callers fall back to the store. */
export interface HotCache {
  /** Values of the keys, null where absent or expired. */
  getMany(keys: readonly string[]): Promise<(string | null)[]>;
  /** Sets values that expire after `ttlSeconds`. */
  setMany(entries: readonly (readonly [key: string, value: string])[], ttlSeconds: number): Promise<void>;
  /** Removes keys. */
  deleteMany(keys: readonly string[]): Promise<void>;
  /** Since the start: keys read and found, read and not found, and those whose writing was given up. */
  stats(): { hits: number; misses: number; dropped: number };
  close(): Promise<void>;
}
