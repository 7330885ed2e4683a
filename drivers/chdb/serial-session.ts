/**
 * A chDB session that runs its statements one after another and never mixes their answers.
 *
 * Measured with chDB 3.4.0: when a statement fails after its first rows, what it had written comes out in front of
 * the next answer of the same session. So after a failure that output is drawn off and thrown away before anything
 * else runs. Order costs nothing: the engine runs one statement of a session at a time anyway.
 */

import { type ChdbResult, Session } from 'chdb';
import type { SqlParameters } from '../../core/ports/warehouse.ts';

export class SerialSession {
  private readonly session: Session;
  private last: Promise<unknown> = Promise.resolve();
  private isSoiled = false;
  private unfinished = 0;

  /** Opens a session; `args` hold for its whole life. Throws what chDB throws. */
  constructor(directory: string, args: readonly string[]) {
    this.session = new Session(directory, { connectionArgs: args });
  }

  /** Statements that run or wait. */
  get load(): number {
    return this.unfinished;
  }

  /** Runs one statement when those before it have ended. Rejects with chDB's error. */
  run(sql: string, format: string, parameters: SqlParameters): Promise<ChdbResult> {
    this.unfinished++;
    const result = this.last
      .then(() => this.start(sql, format, parameters))
      .finally(() => {
        this.unfinished--;
      });
    this.last = result.catch(() => undefined);
    return result;
  }

  /** Waits for what runs, then closes. */
  async close(): Promise<void> {
    await this.last;
    this.session.close();
  }

  private async start(sql: string, format: string, parameters: SqlParameters): Promise<ChdbResult> {
    if (this.isSoiled) {
      await this.session.queryAsync('SELECT 1', { format: 'Null' });
      this.isSoiled = false;
    }
    try {
      return Object.keys(parameters).length === 0
        ? await this.session.queryAsync(sql, { format })
        : await this.session.queryBindAsync(sql, parameters, { format });
    } catch (error) {
      this.isSoiled = true;
      throw error;
    }
  }
}
