/** Warehouse over ClickHouse's HTTP interface: a server, or the local socket of the process that owns chDB. */

import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { NativeColumns } from '../../core/codec/native/columns.ts';
import { readNative } from '../../core/codec/native/native-reader.ts';
import { CarbonError } from '../../core/errors.ts';
import type { Row, SqlParameters, Warehouse } from '../../core/ports/warehouse.ts';
import { bareStatement, EmptyAnswers } from '../../core/store/empty-answer.ts';
import { insertSettings, tableName } from '../../core/store/insert-statement.ts';
import { storeError } from '../../core/store/store-error.ts';

/** Where the store listens. */
export type ClickHouseAddress =
  | { readonly socketPath: string }
  | {
      /** `http://host:8123` */
      readonly url: string;
      readonly database?: string;
      readonly username?: string;
      readonly password?: string;
    };

export type ClickHouseOptions = ClickHouseAddress & {
  /** Longest wait for an answer, in milliseconds. */
  readonly timeoutMs?: number;
};

const TEN_MINUTES = 600_000;

/** Makes the driver; nothing is sent before the first call. */
export function openClickHouse(options: ClickHouseOptions): ClickHouseWarehouse {
  const common = {
    request_timeout: options.timeoutMs ?? TEN_MINUTES,
    // What goes wrong is thrown; a second voice on standard error would break machine-readable output.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: {
      // The whole answer before its status: a failure half way is an error and never a short answer.
      wait_end_of_query: 1,
      output_format_json_quote_decimals: 1,
      output_format_json_quote_64bit_integers: 1,
      output_format_json_quote_denormals: 1,
    },
  } as const;
  if ('socketPath' in options) {
    const agent = new Agent({ keepAlive: true, socketPath: options.socketPath } as ConstructorParameters<
      typeof Agent
    >[0]);
    const client = createClient({ ...common, url: 'http://localhost', http_agent: agent });
    return new ClickHouseWarehouse(client, options.socketPath, agent);
  }
  const client = createClient({
    ...common,
    url: options.url,
    ...(options.database === undefined ? {} : { database: options.database }),
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
  });
  return new ClickHouseWarehouse(client, options.url, null);
}

/** Made by {@link openClickHouse}. */
export class ClickHouseWarehouse implements Warehouse {
  private readonly client: ClickHouseClient;
  private readonly address: string;
  private readonly agent: Agent | null;
  private readonly empties = new EmptyAnswers();

  constructor(client: ClickHouseClient, address: string, agent: Agent | null) {
    this.client = client;
    this.address = address;
    this.agent = agent;
  }

  /** True when the store answers within the time. */
  async answers(): Promise<boolean> {
    return (await this.client.ping()).success;
  }

  async insertBlock(table: string, block: Uint8Array, token: string | null): Promise<void> {
    const query = `INSERT INTO ${tableName(table)} SETTINGS ${insertSettings(token)} FORMAT Native`;
    await this.attempt(async () => {
      const { stream } = await this.client.exec({
        query,
        values: Readable.from([block], { objectMode: false }),
      });
      await bytesOf(stream);
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
    return this.attempt(async () => {
      const { stream } = await this.client.exec({ query, query_params: parameters });
      return bytesOf(stream);
    });
  }

  async execute(sql: string, parameters: SqlParameters = {}): Promise<void> {
    await this.attempt(() => this.client.command({ query: bareStatement(sql), query_params: parameters }));
    this.empties.clear();
  }

  async close(): Promise<void> {
    await this.client.close();
    this.agent?.destroy();
  }

  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ClickHouseError) throw storeError(Number(error.code), error.message, error);
      if (error instanceof CarbonError) throw error;
      const message = error instanceof Error ? error.message : String(error);
      throw new CarbonError('STORE_UNREACHABLE', `the store at ${this.address} does not answer: ${message}`, {
        cause: error,
      });
    }
  }
}

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return parts.length === 1 ? parts[0] : Buffer.concat(parts);
}
