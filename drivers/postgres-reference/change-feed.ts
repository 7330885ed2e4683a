/**
 * Changes of the reference data, as the server tells of them: one connection that listens (E2).
 *
 * A connection that breaks is made anew for as long as anybody listens. What was said meanwhile is lost, so after that
 * every tenant counts as changed.
 */

import { Client } from 'pg';
import { connectionOf, type PostgresAddress } from './connection.ts';
import { OpenSockets } from './open-sockets.ts';

/** Name of the channel; what is sent is the tenant. */
export const CHANGE_CHANNEL = 'carbon_reference';

/** Hears of a tenant whose reference data changed; null: of any, since the last word. */
export type ChangeListener = (tenant: string | null) => void;

const PAUSE_MS = [100, 250, 500, 1000, 2000, 5000];
/** How often a silent connection is asked whether it is still there. */
const PROBE_MS = 15_000;

/** Listens from the first listener on until the last one has gone. */
export class ChangeFeed {
  private readonly address: PostgresAddress;
  private readonly listeners = new Set<ChangeListener>();
  private readonly sockets = new OpenSockets();
  private client: Client | null = null;
  private timer: NodeJS.Timeout | null = null;
  private attempts = 0;
  private heard = false;

  constructor(address: PostgresAddress) {
    this.address = address;
  }

  /** Calls the listener at each change; the function returned ends that. */
  listen(listener: ChangeListener): () => void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) void this.connect();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) void this.close();
    };
  }

  /** Ends the connection, and breaks it off when the server does not hang up within two seconds. */
  async close(): Promise<void> {
    this.listeners.clear();
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const { client } = this;
    this.client = null;
    await this.sockets.close(client?.end().catch(() => {}) ?? Promise.resolve());
  }

  private async connect(): Promise<void> {
    const client = new Client({ ...connectionOf(this.address), stream: this.sockets.make });
    this.client = client;
    const lost = (): void => this.lost(client);
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ payload }) => this.tell(payload ?? null));
    try {
      await client.connect();
      await client.query(`listen ${CHANGE_CHANNEL}`);
    } catch {
      lost();
      return;
    }
    this.attempts = 0;
    if (this.heard) this.tell(null);
    this.heard = true;
    this.probe(client);
  }

  /** A server that is gone without a word is found out by asking. */
  private probe(client: Client): void {
    if (this.client !== client) return;
    this.timer = setTimeout(() => {
      client.query('select 1').then(
        () => this.probe(client),
        () => this.lost(client),
      );
    }, PROBE_MS);
    this.timer.unref();
  }

  private lost(client: Client): void {
    if (this.client !== client) return;
    this.client = null;
    if (this.timer !== null) clearTimeout(this.timer);
    void client.end().catch(() => {});
    if (this.listeners.size === 0) return;
    const pause = PAUSE_MS[Math.min(this.attempts++, PAUSE_MS.length - 1)];
    this.timer = setTimeout(() => void this.connect(), pause);
    this.timer.unref();
  }

  private tell(tenant: string | null): void {
    for (const listener of this.listeners) listener(tenant);
  }
}
