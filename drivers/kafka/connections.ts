/**
 * Connections of one purpose, one to each broker: a request that waits at the broker holds up those behind it on its
 * connection, so what waits there has connections of its own.
 *
 * The client's pool makes them, and can lose sight of one: when an attempt fails, and the next one to the same address
 * begins before all have heard of it, the failure strikes the new connection from the list. Such a connection is used and
 * never closed, and a process with an open socket does not end. So every connection is remembered here until it has
 * ended, and all of them are ended together.
 */

import { type Connection, type ConnectionOptions, ConnectionPool } from '@platformatic/kafka';
import type { Address } from './options.ts';

/** What the pool says of a connection. */
interface Told {
  readonly connection: Connection;
}

export class Connections {
  private readonly pool: ConnectionPool;
  private readonly open = new Set<Connection>();

  /** Nothing is sent before the first call. */
  constructor(clientId: string, options: ConnectionOptions) {
    this.pool = new ConnectionPool(clientId, options);
    this.pool.on('connecting', ({ connection }: Told) => this.open.add(connection));
    this.pool.on('disconnect', ({ connection }: Told) => this.open.delete(connection));
    this.pool.on('failed', ({ connection }: Told) => {
      this.open.delete(connection);
      // One that a broker refused is only asked to end.
      connection.socket?.destroy();
    });
  }

  /** The connection to a broker. Rejects when there is none to be had, and after the end. */
  to(address: Address): Promise<Connection> {
    return this.pool.get(address);
  }

  /** A connection to the first of the brokers that takes one. Rejects when none does, and after the end. */
  toFirst(addresses: readonly Address[]): Promise<Connection> {
    const distinct = new Map(addresses.map((address) => [`${address.host}:${address.port}`, address]));
    return this.pool.getFirstAvailable([...distinct.values()]);
  }

  /**
   * Ends all connections at once, whatever the brokers do: requests under way are rejected, and what was not yet sent is
   * not sent any more.
   */
  async close(): Promise<void> {
    const ended = [...this.open].map((connection) => {
      const closed = connection.close();
      connection.socket?.destroy();
      return closed;
    });
    await Promise.allSettled([this.pool.close(), ...ended]);
  }
}
