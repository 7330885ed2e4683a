/**
 * Warehouse over chDB: the ClickHouse engine inside this process.
 *
 * Facts that shape this file, measured with ClickHouse 26.7.2:
 * - one session runs one statement at a time, sessions of one directory run side by side: inserts have theirs,
 *   and so have the questions of guests (the API, other processes), which the pipeline's own never wait for;
 * - a setting given beside a statement would stay in force for later ones, one inside its SQL does not;
 * - `FROM INFILE … FORMAT Native` finds columns by name and keeps dictionaries, as an HTTP insert does, and its
 *   token holds per partition: after a kill between two partitions the same block again adds only what is missing
 *   (`insert-tokens.ts` takes back a token whose partition a kill kept from its place).
 */

import { rmSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChdbResult, drainPending } from 'chdb';
import type { NativeColumns } from '../../core/codec/native/columns.ts';
import { readNative } from '../../core/codec/native/native-reader.ts';
import { CarbonError } from '../../core/errors.ts';
import type { Queries, Row, SqlParameters, Warehouse } from '../../core/ports/warehouse.ts';
import { bareStatement, EmptyAnswers } from '../../core/store/empty-answer.ts';
import { insertSettings, quoteText, tableName } from '../../core/store/insert-statement.ts';
import { storeError } from '../../core/store/store-error.ts';
import { forgetLostInserts } from './insert-tokens.ts';
import { ownerOf } from './owner.ts';
import { openScratch } from './scratch.ts';
import { SerialSession } from './serial-session.ts';

/** Constant for the life of a session, so that rows carry decimals and large integers exactly. */
const SESSION_SETTINGS = [
  '--output_format_json_quote_decimals=1',
  '--output_format_json_quote_64bit_integers=1',
  '--output_format_json_quote_denormals=1',
];

/**
 * Opens the directory, making it when absent. Takes about 0.2 s, blocking.
 * Throws STORE_BUSY when another process, or another directory in this process, is open.
 */
export function openChdb(directory: string): ChdbWarehouse {
  try {
    if (ownerOf(directory) === null) forgetLostInserts(directory);
    const writer = new SerialSession(directory, SESSION_SETTINGS);
    return new ChdbWarehouse(directory, writer, new SerialSession(directory, SESSION_SETTINGS));
  } catch (error) {
    const message = messageOf(error).trim();
    const owner = ownerOf(directory);
    // The engine says why on standard error only; the lock file names its holder.
    if (owner !== null || message.includes('only one active data directory'))
      throw new CarbonError(
        'STORE_BUSY',
        owner === null
          ? `the warehouse ${directory} does not open: ${message}`
          : `the warehouse ${directory} is in use by process ${owner}`,
        { cause: error, position: { file: directory } },
      );
    throw new CarbonError('STORE_REFUSED', `the warehouse ${directory} does not open: ${message}`, {
      cause: error,
      position: { file: directory },
    });
  }
}

/** Inserts that run side by side: those of one plan go to as many tables. */
const INSERTS_AT_ONCE = 4;

/** An open directory. Made by {@link openChdb}. */
export class ChdbWarehouse implements Warehouse {
  readonly directory: string;
  private readonly writer: SerialSession;
  private readonly inserters: SerialSession[] = [];
  private readonly reader: SerialSession;
  private readonly guestSessions: SerialSession[] = [];
  /** What other processes ask over the socket. */
  private readonly visitors = this.openGuests();
  private readonly scratch: string;
  private readonly empties = new EmptyAnswers();
  private blocks = 0;
  private closing: Promise<void> | null = null;

  constructor(directory: string, writer: SerialSession, reader: SerialSession) {
    this.directory = directory;
    this.writer = writer;
    this.reader = reader;
    this.scratch = openScratch(directory);
  }

  async insertBlock(table: string, block: Uint8Array, token: string | null): Promise<void> {
    await this.insertFrom(tableName(table), insertSettings(token), 'Native', block);
  }

  /**
   * Inserts bytes of any input format: `target` is a table with perhaps a column list, `settings` a list of
   * `name = value`. For the HTTP front; everything else uses {@link insertBlock}.
   */
  async insertFrom(
    target: string,
    settings: string,
    format: string,
    bytes: Uint8Array | AsyncIterable<Uint8Array>,
  ): Promise<void> {
    const path = join(this.scratch, `${this.blocks++}.block`);
    const clause = settings === '' ? '' : `SETTINGS ${settings}`;
    try {
      const file = await open(path, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
      } finally {
        await file.close();
      }
      const sql = `INSERT INTO ${target} FROM INFILE ${quoteText(path)} ${clause} FORMAT ${format}`;
      await this.runOn(this.leastBusyInserter(), sql, 'Null', {});
    } finally {
      await unlink(path).catch(() => undefined);
    }
  }

  /** Inserts wait for each other only when all sessions of theirs are at work. */
  private leastBusyInserter(): SerialSession {
    const free = this.inserters.find((session) => session.load === 0);
    if (free !== undefined) return free;
    if (this.inserters.length < INSERTS_AT_ONCE) {
      const added = new SerialSession(this.directory, SESSION_SETTINGS);
      this.inserters.push(added);
      return added;
    }
    return this.inserters.reduce((least, session) => (session.load < least.load ? session : least));
  }

  queryColumns(sql: string, parameters: SqlParameters = {}): Promise<NativeColumns> {
    return this.columnsOn(this.reader, sql, parameters);
  }

  queryRows(sql: string, parameters: SqlParameters = {}): Promise<Row[]> {
    return this.rowsOn(this.reader, sql, parameters);
  }

  async queryText(sql: string, format: string, parameters: SqlParameters = {}): Promise<Uint8Array> {
    return (await this.runOn(this.reader, sql, format, parameters)).bytes();
  }

  /** Queries beside those of the pipeline, in a session of their own: neither waits for the other. */
  openGuests(): Queries {
    let own: SerialSession | null = null;
    const session = (): SerialSession => {
      if (own === null) this.guestSessions.push((own = new SerialSession(this.directory, SESSION_SETTINGS)));
      return own;
    };
    return {
      queryColumns: (sql, parameters = {}) => this.columnsOn(session(), sql, parameters),
      queryRows: (sql, parameters = {}) => this.rowsOn(session(), sql, parameters),
      queryText: async (sql, format, parameters = {}) =>
        (await this.runOn(session(), sql, format, parameters)).bytes(),
    };
  }

  async execute(sql: string, parameters: SqlParameters = {}): Promise<void> {
    this.empties.clear();
    await this.runOn(this.writer, sql, 'Null', parameters);
    this.empties.clear();
  }

  /**
   * Runs any statement and returns its answer in the format it names, else in `format`. For the HTTP front.
   * `isQuery` says that it only reads: such a statement runs beside an insert.
   */
  async run(sql: string, format: string, parameters: SqlParameters, isQuery: boolean): Promise<Uint8Array> {
    if (isQuery) return this.visitors.queryText(sql, format, parameters);
    const answer = await this.runOn(this.writer, sql, format, parameters);
    this.empties.clear();
    return answer.bytes();
  }

  close(): Promise<void> {
    this.closing ??= this.shut();
    return this.closing;
  }

  private async shut(): Promise<void> {
    for (const session of this.guestSessions) await session.close();
    await this.reader.close();
    for (const session of this.inserters) await session.close();
    await this.writer.close();
    await drainPending();
    rmSync(this.scratch, { recursive: true, force: true });
  }

  private async columnsOn(
    session: SerialSession,
    sql: string,
    parameters: SqlParameters,
  ): Promise<NativeColumns> {
    const columns = readNative((await this.runOn(session, sql, 'Native', parameters)).bytes());
    return columns.names.length === 0 ? this.empties.of(this, sql, parameters) : columns;
  }

  private async rowsOn(session: SerialSession, sql: string, parameters: SqlParameters): Promise<Row[]> {
    const text = (await this.runOn(session, sql, 'JSONEachRow', parameters)).text();
    return text === ''
      ? []
      : text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Row);
  }

  private async runOn(
    session: SerialSession,
    sql: string,
    format: string,
    parameters: SqlParameters,
  ): Promise<ChdbResult> {
    if (this.closing !== null) throw new CarbonError('STORE_UNREACHABLE', 'the warehouse is closed');
    try {
      return await session.run(bareStatement(sql), format, parameters);
    } catch (error) {
      const code = (error as { clickhouseCode?: unknown }).clickhouseCode;
      throw storeError(typeof code === 'number' ? code : null, messageOf(error), error);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
