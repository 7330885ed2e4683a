/**
 * HotCache on Redis, with values near at hand in this process that Redis itself invalidates (RESP3, CLIENT TRACKING).
 *
 * Redis is a convenience. While it is away, or answers too slowly, reads are misses and writes are dropped and counted:
 * no call fails, and none waits longer than its time. When it is back, keys whose writes were dropped are removed before
 * anything is read, so that no value comes back from before.
 */

import { createClient } from '@redis/client';
import { CarbonError } from '../../core/errors.ts';
import type { HotCache } from '../../core/ports/hot-cache.ts';
import { MissedWrites } from './missed-writes.ts';
import { NearCache } from './near-cache.ts';

export interface RedisCacheOptions {
  /** `redis://user:password@host:6379/0`, or `rediss://` for TLS. */
  readonly url: string;
  /** In place of the one in the URL. */
  readonly password?: string;
  /** Certificates of authorities for `rediss://`, as PEM text. */
  readonly ca?: string;
  /** Longest wait for an answer, in milliseconds; 250 by default. */
  readonly timeoutMs?: number;
  /** Values kept near at hand; 10,000 by default, 0 for none. */
  readonly nearEntries?: number;
}

const TIMEOUT_MS = 250;
const CONNECT_MS = 2_000;
const NEAR_ENTRIES = 10_000;
/** Absent values are not looked for again for this long, unless they are set: Redis says so. */
const ABSENT_MS = 5_000;
/** Keys of dropped writes that are remembered. */
const MOST_MISSED = 100_000;
/** The longest life of a value by the policy (300 s), for keys that are not remembered. */
const LONGEST_MS = 300_000;
const RECONNECT_MS = [50, 100, 250, 500, 1000];
/** A server that did not answer in time is left alone for a while: each further wait would cost as much. */
const REST_MS = 1_000;
/** Keys per command. */
const PART = 1_000;

/** Makes the cache and begins to connect. Throws CONFIG_INVALID for a URL that is none. */
export function openRedisCache(options: RedisCacheOptions): HotCache {
  return new RedisCache(options);
}

class RedisCache implements HotCache {
  private readonly client;
  private readonly near: NearCache;
  private readonly missed = new MissedWrites(MOST_MISSED);
  private readonly timeoutMs: number;
  private readonly keepsNear: boolean;
  private restUntil = 0;
  private healing: Promise<void> | null = null;
  private hits = 0;
  private misses = 0;
  private dropped = 0;

  constructor(options: RedisCacheOptions) {
    const { url, password } = options;
    this.near = new NearCache(options.nearEntries ?? NEAR_ENTRIES);
    this.keepsNear = options.nearEntries !== 0;
    this.timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    const socket = {
      connectTimeout: CONNECT_MS,
      reconnectStrategy: (tries: number) => RECONNECT_MS[Math.min(tries, RECONNECT_MS.length - 1)],
    };
    const { ca } = options;
    try {
      this.client = createClient({
        url,
        RESP: 3,
        emitInvalidate: true,
        // What cannot be sent now is dropped now: a queue would grow, and send old values later.
        disableOfflineQueue: true,
        name: '254carbon',
        ...(password === undefined ? {} : { password }),
        socket: ca === undefined ? socket : { ...socket, tls: true, ca },
      });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new CarbonError('CONFIG_INVALID', `the address of Redis is refused: ${message}`, {
        position: { field: 'DATA_PROC_REDIS_URL', expected: 'redis://host:6379/0' },
      });
    }
    // A connection that is made anew has no invalidations of the time before.
    this.client.on('error', () => this.near.clear());
    this.client.on('reconnecting', () => this.near.clear());
    this.client.on('end', () => this.near.clear());
    this.client.on('invalidate', (key: unknown) => {
      if (key === null) this.near.clear();
      else this.near.invalidate(String(key));
    });
    void this.client.connect().catch(() => {});
  }

  async getMany(keys: readonly string[]): Promise<(string | null)[]> {
    const now = Date.now();
    const found = new Map<string, string | null>();
    const asked: string[] = [];
    for (const key of new Set(keys)) {
      const value = this.near.get(key, now);
      if (value === undefined) asked.push(key);
      else found.set(key, value);
    }
    for (let from = 0; from < asked.length; from += PART) {
      const part = asked.slice(from, from + PART);
      const values = await this.orAway(() => this.read(part));
      if (values === null) break;
      for (let i = 0; i < part.length; i++) found.set(part[i], values[i]);
    }
    return keys.map((key) => {
      const value = found.get(key) ?? null;
      if (value === null) this.misses++;
      else this.hits++;
      return value;
    });
  }

  async setMany(
    entries: readonly (readonly [key: string, value: string])[],
    ttlSeconds: number,
  ): Promise<void> {
    const latest = [...new Map(entries)];
    await this.write(
      latest.map(([key]) => key),
      (part) => {
        const transaction = this.client.multi();
        for (const [key, value] of latest.slice(part, part + PART))
          if (ttlSeconds > 0) transaction.set(key, value, { expiration: { type: 'EX', value: ttlSeconds } });
          else transaction.del(key);
        return transaction.execAsPipeline();
      },
    );
  }

  async deleteMany(keys: readonly string[]): Promise<void> {
    await this.write(keys, (part) => this.client.unlink(keys.slice(part, part + PART)));
  }

  stats(): { hits: number; misses: number; dropped: number } {
    return { hits: this.hits, misses: this.misses, dropped: this.dropped };
  }

  async close(): Promise<void> {
    this.near.clear();
    if (!this.client.isOpen) return;
    // Waits for what was sent, unless nobody will answer.
    const isAnswered = this.client.isReady && Date.now() >= this.restUntil;
    if (isAnswered) await this.inTime(this.client.close()).catch(() => {});
    // A client that waits for what nobody answers counts as closed, and keeps its connection.
    this.client.destroy();
    // A connection that was being made is there only now.
    this.client.on('connect', () => this.client.destroy());
  }

  /** Values with the moments until which they may be kept: their own end of life, where they have one. */
  private async read(keys: readonly string[]): Promise<(string | null)[]> {
    const reading = this.near.begin(keys);
    let kept: { value: string | null; until: number }[] | null = null;
    try {
      const began = Date.now();
      const [values, lives] = await Promise.all([
        this.client.mGet([...keys]),
        this.keepsNear ? Promise.all(keys.map((key) => this.client.pTTL(key))) : [],
      ]);
      if (!this.keepsNear) return values;
      kept = values.map((value, i) => ({ value, until: began + (value === null ? ABSENT_MS : lives[i]) }));
      return values;
    } finally {
      this.near.end(reading, kept);
    }
  }

  private async write(keys: readonly string[], send: (part: number) => Promise<unknown>): Promise<void> {
    for (const key of keys) this.near.invalidate(key);
    for (let part = 0; part < keys.length; part += PART) {
      const answer = await this.orAway(() => send(part));
      if (answer !== null) continue;
      // Whether it arrived is not known: it counts as dropped, and what is there now is removed later.
      this.dropped += keys.length - part;
      this.missed.add(keys.slice(part), Date.now(), LONGEST_MS);
      return;
    }
  }

  /** Null while Redis is away. */
  private async orAway<T>(work: () => Promise<T>): Promise<T | null> {
    const now = Date.now();
    if (!this.client.isReady || now < this.restUntil || this.missed.isBlind(now)) return null;
    try {
      this.healing ??= this.removeMissed();
      await this.healing;
      return await this.inTime(work());
    } catch (error) {
      if (error instanceof TooSlow) {
        this.restUntil = Date.now() + REST_MS;
        this.near.clear();
      }
      return null;
    } finally {
      this.healing = null;
    }
  }

  private async removeMissed(): Promise<void> {
    for (let keys = this.missed.pending.slice(0, PART); keys.length > 0; ) {
      await this.inTime(this.client.unlink(keys));
      this.missed.done(keys);
      keys = this.missed.pending.slice(0, PART);
    }
  }

  private async inTime<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const tooSlow = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new TooSlow()), this.timeoutMs);
    });
    // What comes after its time, answer or failure, is nobody's any more.
    work.catch(() => {});
    try {
      return await Promise.race([work, tooSlow]);
    } finally {
      clearTimeout(timer);
    }
  }
}

class TooSlow extends Error {}
