/**
 * Warehouse over chDB: the ClickHouse engine inside this process.
 *
 * Facts that shape this file, measured with ClickHouse 26.7.2:
 * - one session runs one statement at a time, two sessions of one directory run side by side: inserts have their own;
 * - a setting given beside a statement would stay in force for later ones, one inside its SQL does not;
 * - `FROM INFILE … FORMAT Native` finds columns by name and keeps dictionaries, as an HTTP insert does, and its
 *   token holds per partition: after a kill between two partitions the same block again adds only what is missing.
 */

import { rmSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChdbResult, drainPending, Session } from 'chdb';
import type { NativeColumns } from '../../core/codec/native/columns.ts';
import { readNative } from '../../core/codec/native/native-reader.ts';
import { CarbonError } from '../../core/errors.ts';
import type { Row, SqlParameters, Warehouse } from '../../core/ports/warehouse.ts';
import { bareStatement, EmptyAnswers } from '../../core/store/empty-answer.ts';
import { storeError } from '../../core/store/store-error.ts';
import { openScratch } from './scratch.ts';

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
  let writer: Session | null = null;
  try {
    writer = new Session(directory, { connectionArgs: SESSION_SETTINGS });
    const reader = new Session(directory, { connectionArgs: SESSION_SETTINGS });
    return new ChdbWarehouse(directory, writer, reader);
  } catch (error) {
    writer?.close();
    const message = messageOf(error);
    if (/Cannot lock file|only one active data directory/.test(message))
      throw new CarbonError('STORE_BUSY', `the warehouse ${directory} is in use: ${message.trim()}`, {
        cause: error,
        position: { file: directory },
      });
    throw new CarbonError('STORE_REFUSED', `the warehouse ${directory} does not open: ${message.trim()}`, {
      cause: error,
      position: { file: directory },
    });
  }
}

/** An open directory. Made by {@link openChdb}. */
export class ChdbWarehouse implements Warehouse {
  readonly directory: string;
  private readonly writer: Session;
  private readonly reader: Session;
  private readonly scratch: string;
  private readonly empties = new EmptyAnswers();
  private blocks = 0;
  private closing: Promise<void> | null = null;

  constructor(directory: string, writer: Session, reader: Session) {
    this.directory = directory;
    this.writer = writer;
    this.reader = reader;
    this.scratch = openScratch(directory);
  }

  async insertBlock(table: string, block: Uint8Array, token: string | null): Promise<void> {
    const path = join(this.scratch, `${this.blocks++}.native`);
    const sql = `INSERT INTO ${quoteTable(table)} FROM INFILE ${quote(path)} SETTINGS ${insertSettings(token)} FORMAT Native`;
    try {
      const file = await open(path, 'wx', 0o600);
      try {
        await file.writeFile(block);
      } finally {
        await file.close();
      }
      await this.run(this.writer, sql, 'Null', {});
    } finally {
      await unlink(path).catch(() => undefined);
    }
  }

  async queryColumns(sql: string, parameters: SqlParameters = {}): Promise<NativeColumns> {
    const answer = await this.run(this.reader, sql, 'Native', parameters);
    const columns = readNative(answer.bytes());
    return columns.names.length === 0 ? this.empties.of(this, sql, parameters) : columns;
  }

  async queryRows(sql: string, parameters: SqlParameters = {}): Promise<Row[]> {
    const answer = await this.run(this.reader, sql, 'JSONEachRow', parameters);
    const text = answer.text();
    return text === ''
      ? []
      : text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Row);
  }

  async queryText(sql: string, format: string, parameters: SqlParameters = {}): Promise<Uint8Array> {
    return (await this.run(this.reader, sql, format, parameters)).bytes();
  }

  async execute(sql: string, parameters: SqlParameters = {}): Promise<void> {
    this.empties.clear();
    await this.run(this.writer, sql, 'Null', parameters);
    this.empties.clear();
  }

  close(): Promise<void> {
    this.closing ??= this.shut();
    return this.closing;
  }

  private async shut(): Promise<void> {
    await drainPending();
    this.reader.close();
    this.writer.close();
    await drainPending();
    rmSync(this.scratch, { recursive: true, force: true });
  }

  private async run(
    session: Session,
    sql: string,
    format: string,
    parameters: SqlParameters,
  ): Promise<ChdbResult> {
    if (this.closing !== null) throw new CarbonError('STORE_UNREACHABLE', 'the warehouse is closed');
    const statement = bareStatement(sql);
    try {
      return Object.keys(parameters).length === 0
        ? await session.queryAsync(statement, { format })
        : await session.queryBindAsync(statement, parameters, { format });
    } catch (error) {
      const code = (error as { clickhouseCode?: unknown }).clickhouseCode;
      throw storeError(typeof code === 'number' ? code : null, messageOf(error), error);
    }
  }
}

/** A token makes the store remember the block; without one the store must not drop an equal block either. */
function insertSettings(token: string | null): string {
  return token === null
    ? "deduplicate_insert = 'disable'"
    : `deduplicate_insert = 'enable', insert_deduplication_token = ${quote(token)}`;
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

function quoteTable(table: string): string {
  if (!/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$/.test(table))
    throw new CarbonError('STORE_REFUSED', `no table can be named ${table}`, { position: { got: table } });
  return table;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
