/**
 * Warehouse: the analytical store, one SQL dialect (ClickHouse), blocks of columns in and out.
 */

import type { NativeColumns } from '../codec/native/columns.ts';

/** A typed query parameter, bound by the server as `{name:Type}`. */
export type SqlParameter = string | number | boolean | null | readonly string[] | readonly number[];

/** Query parameters by name. */
export type SqlParameters = Readonly<Record<string, SqlParameter>>;

/** A row as JSON gives it; decimals, 64-bit integers and times arrive as strings, exactly. */
export type Row = Record<string, unknown>;

/** The store of silver, bars and served rows. Blocks and columns are bytes in the Native format. */
export interface Warehouse {
  /**
   * Inserts one block of bytes in ClickHouse's Native format, all or nothing, and resolves when it is durable.
   * The block touches at most 100 partitions (`core/stage/blocks.ts` cuts them). A second insert with the same token
   * into the same table does nothing within the deduplication window; null inserts without a token.
   * Throws STORE_UNREACHABLE (retry with the same token) or STORE_REFUSED. Once it resolves, the block may change.
   */
  insertBlock(table: string, block: Uint8Array, token: string | null): Promise<void>;
  /** Runs a query and returns its columns, without an object per row: for stages. */
  queryColumns(sql: string, parameters?: SqlParameters): Promise<NativeColumns>;
  /** Runs a query and returns rows: for edges (CLI, API, tests). */
  queryRows(sql: string, parameters?: SqlParameters): Promise<Row[]>;
  /** Runs a query and returns its answer in a ClickHouse format (`TSVWithNames`, `JSONEachRow` …) as bytes. */
  queryText(sql: string, format: string, parameters?: SqlParameters): Promise<Uint8Array>;
  /** Runs a statement without an answer (DDL). */
  execute(sql: string, parameters?: SqlParameters): Promise<void>;
  close(): Promise<void>;
}

/** The part of a warehouse that only reads. */
export type Queries = Pick<Warehouse, 'queryColumns' | 'queryRows' | 'queryText'>;
