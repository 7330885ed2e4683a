/** Warehouse over ClickHouse's HTTP interface: a server, or the local socket of the process that owns chDB. */

import { Readable } from 'node:stream';
import type { NativeColumns } from '../../core/codec/native/columns.ts';
import { readNative } from '../../core/codec/native/native-reader.ts';
import type { Row, SqlParameters, Warehouse } from '../../core/ports/warehouse.ts';
import { bareStatement, EmptyAnswers } from '../../core/store/empty-answer.ts';
import { insertSettings, quoteName, tableName } from '../../core/store/insert-statement.ts';
import { onCluster } from '../../core/store/replicated-ddl.ts';
import { type ClickHouseAddress, Endpoints } from './endpoints.ts';
import { wholeBody } from './whole-body.ts';

export type ClickHouseOptions = ClickHouseAddress & {
  /** Longest wait for an answer, in milliseconds. */
  readonly timeoutMs?: number;
  /** Replicated tables of this cluster: an insert is durable when most replicas have it. */
  readonly cluster?: string;
};

const TEN_MINUTES = 600_000;

/** Makes the driver; nothing is sent before the first call. */
export function openClickHouse(options: ClickHouseOptions): ClickHouseWarehouse {
  const endpoints = new Endpoints(options, options.timeoutMs ?? TEN_MINUTES);
  return new ClickHouseWarehouse(endpoints, options.cluster ?? null);
}

/**
 * Makes the database that the others will be opened with, where it is missing. Throws as every call of the driver does.
 */
export async function makeDatabase(options: ClickHouseOptions): Promise<void> {
  if ('socketPath' in options || options.database === undefined || options.database === 'default') return;
  const { database, ...rest } = options;
  const warehouse = openClickHouse(rest);
  const cluster = options.cluster === undefined ? '' : ` ON CLUSTER ${quoteName(options.cluster)}`;
  try {
    await warehouse.execute(`CREATE DATABASE IF NOT EXISTS ${quoteName(database)}${cluster}`);
  } finally {
    await warehouse.close();
  }
}

/** Made by {@link openClickHouse}. */
export class ClickHouseWarehouse implements Warehouse {
  private readonly endpoints: Endpoints;
  private readonly cluster: string | null;
  private readonly empties = new EmptyAnswers();

  constructor(endpoints: Endpoints, cluster: string | null) {
    this.endpoints = endpoints;
    this.cluster = cluster;
  }

  /** True when the store answers within the time. */
  answers(): Promise<boolean> {
    return this.endpoints.answers();
  }

  async insertBlock(table: string, block: Uint8Array, token: string | null): Promise<void> {
    const quorum = this.cluster === null ? '' : ", insert_quorum = 'auto'";
    const query = `INSERT INTO ${tableName(table)} SETTINGS ${insertSettings(token)}${quorum} FORMAT Native`;
    // With a token it is the same insert wherever it arrives, and twice is once.
    await this.endpoints.use(token !== null, async ({ writer }) => {
      const values = Readable.from([block], { objectMode: false });
      const { stream, response_headers } = await writer.exec({ query, values });
      await wholeBody(stream, response_headers);
    });
  }

  async queryColumns(sql: string, parameters: SqlParameters = {}): Promise<NativeColumns> {
    const columns = readNative(await this.queryText(sql, 'Native', parameters));
    return columns.names.length === 0 ? this.empties.of(this, sql, parameters) : columns;
  }

  async queryRows(sql: string, parameters: SqlParameters = {}): Promise<Row[]> {
    const text = Buffer.from(await this.queryText(sql, 'JSONEachRow', parameters)).toString('utf8');
    return text === ''
      ? []
      : text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as Row);
  }

  async queryText(sql: string, format: string, parameters: SqlParameters = {}): Promise<Uint8Array> {
    const query = `${bareStatement(sql)}\nFORMAT ${format}`;
    return this.endpoints.use(true, async ({ reader }) => {
      const { stream, response_headers } = await reader.exec({ query, query_params: parameters });
      return wholeBody(stream, response_headers);
    });
  }

  async execute(sql: string, parameters: SqlParameters = {}): Promise<void> {
    const query = this.cluster === null ? bareStatement(sql) : onCluster(bareStatement(sql), this.cluster);
    await this.endpoints.use(false, ({ writer }) => writer.command({ query, query_params: parameters }));
    this.empties.clear();
  }

  close(): Promise<void> {
    return this.endpoints.close();
  }
}
