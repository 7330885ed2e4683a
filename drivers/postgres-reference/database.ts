/** A pool of connections to one PostgreSQL database: transactions run, failures put into the words of the house. */

import { Pool, type PoolClient, type PoolConfig } from 'pg';
import { CarbonError } from '../../core/errors.ts';
import type { SqlRow, SqlWork } from '../../core/store/reference-queries.ts';
import { connectionOf, type PostgresAddress } from './connection.ts';
import { meansAgain, postgresFailure, stateOf } from './failure.ts';
import { OpenSockets } from './open-sockets.ts';

const POOL = 4;
const IDLE_MS = 30_000;
/** Times that a transaction is run again when it met another one: all of it was rolled back. */
const AGAIN = 5;

/** Where the database is, and how many connections it may take. */
export interface PostgresOptions extends PostgresAddress {
  readonly poolSize?: number;
}

/**
 * Runs transactions as generators of statements. Connections that break are thrown away and made anew at the next call:
 * a server that comes back is found by itself.
 */
export class PostgresDatabase {
  /** Host, port and database, for messages. */
  readonly place: string;
  private readonly pool: Pool;
  private readonly sockets = new OpenSockets();

  constructor(options: PostgresOptions) {
    const connection = connectionOf(options);
    this.place = `${connection.host}:${connection.port}/${connection.database}`;
    const config: PoolConfig = {
      ...connection,
      stream: this.sockets.make,
      max: options.poolSize ?? POOL,
      idleTimeoutMillis: IDLE_MS,
      allowExitOnIdle: true,
    };
    this.pool = new Pool(config);
    // An idle connection that breaks is told of here; who needs one next makes a new one and hears of it himself.
    this.pool.on('error', () => {});
  }

  /**
   * Runs one transaction, from the start again when the server says that it met another. Throws STORE_UNREACHABLE when
   * trying later can help (the outcome is not known then), else STORE_REFUSED; what the work throws passes through.
   */
  async transact<T>(mode: 'read' | 'write', work: () => SqlWork<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(mode, work());
      } catch (error) {
        if (!meansAgain(error) || attempt === AGAIN) throw postgresFailure(error, this.place);
      }
    }
  }

  /** Lets the server answer what was asked, and breaks off after two seconds. */
  close(): Promise<void> {
    return this.sockets.close(this.pool.end());
  }

  private async once<T>(mode: 'read' | 'write', work: SqlWork<T>): Promise<T> {
    const client = await this.pool.connect();
    let isBroken = false;
    const onError = (): void => {
      isBroken = true;
    };
    client.on('error', onError);
    try {
      // A reading transaction sees one state of all tables.
      await client.query(mode === 'write' ? 'begin' : 'begin isolation level repeatable read read only');
      const result = await runIn(client, work);
      await client.query('commit');
      return result;
    } catch (error) {
      // A connection that broke, or still waits for an answer, is of no more use; nor is one that does not roll back.
      if (error instanceof CarbonError || stateOf(error) !== null)
        await client.query('rollback').catch(onError);
      else isBroken = true;
      throw error;
    } finally {
      client.off('error', onError);
      client.release(isBroken);
    }
  }
}

async function runIn<T>(client: PoolClient, work: SqlWork<T>): Promise<T> {
  let step = work.next();
  while (step.done !== true) {
    const { sql, values } = step.value;
    const { rows } = await client.query<SqlRow>(sql, [...values]);
    step = work.next(rows);
  }
  return step.value;
}
