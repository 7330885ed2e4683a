/** Where the store answers: the servers of a list, one of them in use, and what makes the driver go on to the next. */

import { Agent } from 'node:http';
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { CarbonError } from '../../core/errors.ts';
import { storeError } from '../../core/store/store-error.ts';

/** A user of the store. */
export interface Account {
  readonly username: string;
  readonly password: string;
}

/** Servers reached over the network: replicas of each other, tried in order. */
export interface ClickHouseServers {
  /** `http://host:8123` or `https://…`, one or more. */
  readonly urls: readonly string[];
  readonly database?: string;
  /** Who inserts and makes tables, and who only asks; the same where one is left out. */
  readonly writer?: Account;
  readonly reader?: Account;
  /** Certificates of authorities for `https`, as PEM text. */
  readonly ca?: string;
}

/** Where the store listens: servers, or the local socket of the process that owns the directory. */
export type ClickHouseAddress = { readonly socketPath: string } | ClickHouseServers;

/** One server, with a client for each of the two users. */
export interface Endpoint {
  readonly place: string;
  readonly writer: ClickHouseClient;
  readonly reader: ClickHouseClient;
}

/** TABLE_IS_READ_ONLY, ALL_CONNECTION_TRIES_FAILED, KEEPER_EXCEPTION: this replica cannot, another one may. */
const REPLICA_TROUBLE: ReadonlySet<number> = new Set([242, 279, 999]);
/** The request never left: it may be sent elsewhere, whatever it was. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);

/** The list, and which of it is in use. */
export class Endpoints {
  private readonly list: readonly Endpoint[];
  private readonly agent: Agent | null;
  private at = 0;
  private isClosed = false;

  constructor(address: ClickHouseAddress, timeoutMs: number) {
    this.agent =
      'socketPath' in address
        ? new Agent({ keepAlive: true, socketPath: address.socketPath } as ConstructorParameters<
            typeof Agent
          >[0])
        : null;
    this.list =
      'socketPath' in address
        ? [localEndpoint(address.socketPath, timeoutMs, this.agent as Agent)]
        : address.urls.map((url) => remoteEndpoint(url, address, timeoutMs));
  }

  /**
   * Works with the server in use. When it does not answer, the next one takes its place: for this call too when it may
   * be repeated or never left, else for those that follow. Throws STORE_UNREACHABLE or STORE_REFUSED.
   */
  async use<T>(isRepeatable: boolean, work: (endpoint: Endpoint) => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried++) {
      const endpoint = this.list[this.at];
      try {
        return await work(endpoint);
      } catch (error) {
        // What closing breaks off is not begun anew at the next server.
        const goesOn = !this.isClosed && (isRepeatable || NEVER_SENT.has(codeOf(error)));
        if (isTrouble(error)) this.leave(endpoint);
        else throw inWords(error, endpoint);
        if (!goesOn || tried >= this.list.length) throw inWords(error, endpoint);
      }
    }
  }

  /** True when the server in use answers. */
  async answers(): Promise<boolean> {
    return (await this.list[this.at].reader.ping()).success;
  }

  /** Breaks off what is under way. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const { writer, reader } of this.list) {
      await writer.close();
      if (reader !== writer) await reader.close();
    }
    this.agent?.destroy();
  }

  /** Of several calls that fail together the first one turns the list. */
  private leave(endpoint: Endpoint): void {
    if (this.list[this.at] === endpoint) this.at = (this.at + 1) % this.list.length;
  }
}

function settingsOf(timeoutMs: number) {
  return {
    request_timeout: timeoutMs,
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
}

function localEndpoint(socketPath: string, timeoutMs: number, agent: Agent): Endpoint {
  const client = createClient({ ...settingsOf(timeoutMs), url: 'http://localhost', http_agent: agent });
  return { place: socketPath, writer: client, reader: client };
}

function remoteEndpoint(url: string, servers: ClickHouseServers, timeoutMs: number): Endpoint {
  const clientOf = (account: Account | undefined): ClickHouseClient =>
    createClient({
      ...settingsOf(timeoutMs),
      url,
      ...(servers.database === undefined ? {} : { database: servers.database }),
      ...(account === undefined ? {} : account),
      ...(servers.ca === undefined ? {} : { tls: { ca_cert: Buffer.from(servers.ca) } }),
    });
  const writer = clientOf(servers.writer ?? servers.reader);
  const reader = servers.reader === undefined ? writer : clientOf(servers.reader);
  return { place: url, writer, reader };
}

function isTrouble(error: unknown): boolean {
  if (error instanceof ClickHouseError) return REPLICA_TROUBLE.has(Number(error.code));
  return !(error instanceof CarbonError);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function inWords(error: unknown, { place }: Endpoint): CarbonError {
  if (error instanceof CarbonError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ClickHouseError) return storeError(Number(error.code), message, error);
  const why = message === '' ? codeOf(error) : message;
  return new CarbonError('STORE_UNREACHABLE', `the store at ${place} does not answer: ${why}`, {
    cause: error,
  });
}
