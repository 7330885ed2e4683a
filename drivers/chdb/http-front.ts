/**
 * ClickHouse's HTTP interface over an open chDB directory, on a local socket: how every other process of this host
 * reads and writes the one warehouse (DESIGN 5b, "One process owns chDB").
 *
 * Served: `/ping`; statements by GET or POST with `param_*`, `default_format` and settings; `INSERT … FORMAT …` with
 * the data as the body; exceptions with `X-ClickHouse-Exception-Code` and text. Not served: sessions, compression,
 * progress, replication. On the socket its mode 0600 is the only authentication; on a port there are accounts
 * (`front-accounts.ts`).
 */

import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CarbonError } from '../../core/errors.ts';
import { quoteText } from '../../core/store/insert-statement.ts';
import { accountOf, type FrontAccount } from './front-accounts.ts';
import { insertIn, isReading, parametersIn, settingsIn } from './http-statement.ts';
import type { ChdbWarehouse } from './warehouse.ts';

/** Lists of ids travel in the URL; ClickHouse itself takes 1 MiB of it. */
const LONGEST_HEAD = 1_200_000;
const UNKNOWN_SETTING = 115;
const UNKNOWN_TABLE = 60;
const STD_EXCEPTION = 1002;
const ACCESS_DENIED = 497;
const AUTHENTICATION_FAILED = 516;

/** Statuses of exceptions, where it is not 500. */
const STATUS: Readonly<Record<number, number>> = {
  [UNKNOWN_TABLE]: 404,
  [ACCESS_DENIED]: 403,
  [AUTHENTICATION_FAILED]: 403,
};

/** A front that listens on a socket. */
export interface HttpFront {
  readonly socketPath: string;
  /** Stops listening, lets running requests end and removes the socket. The warehouse stays open. */
  close(): Promise<void>;
}

/**
 * Listens on `socketPath`. A socket that is already there belongs to a killed process, since the caller owns the
 * directory: it is replaced. Throws STORE_BUSY when the path cannot be listened on.
 */
export async function serveWarehouse(warehouse: ChdbWarehouse, socketPath: string): Promise<HttpFront> {
  const server = frontOf(warehouse, null);
  rmSync(socketPath, { force: true });
  await listen(server, socketPath);
  return {
    socketPath,
    close: async () => {
      await shut(server);
      rmSync(socketPath, { force: true });
    },
  };
}

/** A front that listens on a port. */
export interface PortFront {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on a port of an address, 0 for any free one. Throws STORE_BUSY when it is taken. */
export async function serveWarehouseOnPort(
  warehouse: ChdbWarehouse,
  host: string,
  port: number,
  accounts: readonly FrontAccount[],
): Promise<PortFront> {
  const server = frontOf(warehouse, accounts);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(`${host}:${port}`, cause)));
    server.listen(port, host, () => resolve());
  });
  const { port: bound } = server.address() as AddressInfo;
  return { port: bound, close: () => shut(server) };
}

/** Without accounts everybody who can connect may do everything. */
function frontOf(warehouse: ChdbWarehouse, accounts: readonly FrontAccount[] | null): Server {
  return createServer(
    { maxHeaderSize: LONGEST_HEAD, keepAliveTimeout: 0, requestTimeout: 0 },
    (request, response) => {
      answer(warehouse, accounts, request, response).catch((error: unknown) => fail(response, error));
    },
  );
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

function cannotListen(place: string, cause: Error): CarbonError {
  return new CarbonError('STORE_BUSY', `cannot listen on ${place}: ${cause.message}`, {
    cause,
    position: { file: place },
  });
}

async function listen(server: Server, socketPath: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(socketPath, cause)));
    // The socket is made inside this call: with this mask it is never open to others, not even for a moment.
    const mask = process.umask(0o177);
    try {
      server.listen(socketPath, () => resolve());
    } finally {
      process.umask(mask);
    }
  });
  chmodSync(socketPath, 0o600);
}

async function answer(
  warehouse: ChdbWarehouse,
  accounts: readonly FrontAccount[] | null,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const given = url.searchParams.get('query') ?? '';
  if (url.pathname === '/ping' || (request.method === 'GET' && given === '')) {
    send(response, Buffer.from('Ok.\n'));
    return;
  }
  const account = accounts === null ? null : accountOf(accounts, request.headers, url.searchParams);
  if (account === undefined) {
    refuse(response, AUTHENTICATION_FAILED, 'Authentication failed: no such user, or another password');
    return;
  }
  const mayWrite = account === null || account.mayWrite;
  const insert = insertIn(given);
  if (insert !== null) {
    if (!mayWrite) {
      refuse(response, ACCESS_DENIED, `${account.username}: Not enough privileges to insert`);
      return;
    }
    const settings = settingsIn(url.searchParams).map(([name, value]) => `${name} = ${quoteText(value)}`);
    if (insert.settings !== '') settings.push(insert.settings);
    await warehouse.insertFrom(insert.target, settings.join(', '), insert.format, request);
    send(response, Buffer.alloc(0));
    return;
  }
  const body = await textOf(request);
  const sql = given === '' ? body : body === '' ? given : `${given}\n${body}`;
  const format = url.searchParams.get('default_format') ?? 'TabSeparated';
  const parameters = parametersIn(url.searchParams, sql);
  const settings = settingsIn(url.searchParams);
  const isQuery = isReading(sql);
  if (!isQuery && !mayWrite) {
    refuse(response, ACCESS_DENIED, `${account.username}: Not enough privileges for a statement that writes`);
    return;
  }
  if (!isQuery && settings.length > 0) {
    const named = settings.map(([name]) => name).join(', ');
    refuse(response, UNKNOWN_SETTING, `settings beside a statement that writes are not served: ${named}`);
    return;
  }
  const statement = settings.length === 0 ? sql : withSettings(sql, format, settings);
  send(response, await warehouse.run(statement, format, parameters, isQuery));
}

/** Settings stand behind the format, where they hold for this statement alone whatever it says itself. */
function withSettings(sql: string, format: string, settings: readonly [string, string][]): string {
  const list = settings.map(([name, value]) => `${name} = ${quoteText(value)}`).join(', ');
  const bare = sql.replace(/[;\s]+$/, '');
  const named = /\bFORMAT\s+\w+$/i.test(bare) ? bare : `${bare}\nFORMAT ${format}`;
  return `${named}\nSETTINGS ${list}`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function send(response: ServerResponse, body: Uint8Array): void {
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': body.length,
    'x-clickhouse-timezone': 'UTC',
  });
  response.end(body);
}

function fail(response: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof CarbonError ? error.context['store_code'] : undefined;
  refuse(response, typeof code === 'number' ? code : STD_EXCEPTION, message);
}

function refuse(response: ServerResponse, code: number, message: string): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const text = message.startsWith('Code: ') ? message : `Code: ${code}. DB::Exception: ${message}. (REFUSED)`;
  response.writeHead(STATUS[code] ?? 500, {
    'content-type': 'text/plain; charset=UTF-8',
    'x-clickhouse-exception-code': String(code),
    // What is left of a body that was not read must not be taken for the next request.
    connection: 'close',
  });
  response.end(`${text}\n`);
}
