/** The file registry on a port, under the paths that clients of Confluent's registry know. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CarbonError } from '../../core/errors.ts';
import type { HttpServer } from '../../core/ports/http-server.ts';
import type { SchemaFiles } from './registry.ts';
import { answerRest, RestRefusal } from './rest-answers.ts';

/** Where to listen. */
export interface FrontOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';
/** What other registries have before the paths: an address that is written for one of them holds here too. */
const PATH_BEFORE = /^\/apis\/ccompat\/v\d+(?=\/|$)/;
/** Longest body taken, in bytes: a schema with all that it nests. */
const LONGEST_BODY = 4 * 1024 * 1024;

/**
 * Listens. There is no login: anybody who reaches the port may register and delete. Throws PORT_TAKEN when somebody
 * else listens there, CONFIG_INVALID for a host that is not this machine's.
 */
export async function serveSchemaFiles(registry: SchemaFiles, options: FrontOptions): Promise<HttpServer> {
  const server = createServer((request, response) => {
    void respond(registry, request, response);
  });
  server.requestTimeout = 10_000;
  await listen(server, options);
  const { address, family, port } = server.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  return {
    url: `http://${host}:${port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeIdleConnections();
      }),
  };
}

async function respond(
  registry: SchemaFiles,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, body } = await answered(registry, request);
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': MEDIA_TYPE, 'content-length': Buffer.byteLength(text) });
  response.end(request.method === 'HEAD' ? undefined : text);
}

async function answered(
  registry: SchemaFiles,
  request: IncomingMessage,
): Promise<{ status: number; body: unknown }> {
  try {
    const url = new URL(request.url ?? '/', 'http://registry');
    const parts = url.pathname
      .replace(PATH_BEFORE, '')
      .split('/')
      .filter((part) => part !== '');
    return {
      status: 200,
      body: await answerRest(registry, {
        method: request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET'),
        parts: parts.map(decodeURIComponent),
        query: url.searchParams,
        body: await bodyOf(request),
      }),
    };
  } catch (error) {
    if (error instanceof RestRefusal)
      return { status: error.status, body: { error_code: error.errorCode, message: error.message } };
    if (error instanceof URIError)
      return { status: 400, body: { error_code: 400, message: 'HTTP 400 Bad Request' } };
    const message = error instanceof CarbonError ? error.message : 'Error in the backend data store';
    return { status: 500, body: { error_code: 50001, message } };
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > LONGEST_BODY) throw new RestRefusal(413, 413, 'HTTP 413 Request Entity Too Large');
    chunks.push(chunk as Buffer);
  }
  if (size === 0) return null;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new RestRefusal(400, 400, 'HTTP 400 Bad Request');
  }
}

async function listen(server: Server, { host, port }: FrontOptions): Promise<void> {
  try {
    await new Promise<void>((done, fail) => {
      server.once('error', fail);
      server.listen(port, host, done);
    });
  } catch (cause) {
    const isTaken = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE';
    throw new CarbonError(
      isTaken ? 'PORT_TAKEN' : 'CONFIG_INVALID',
      `the schema registry cannot listen on ${host}:${port}: ${(cause as Error).message}`,
      { cause, position: { field: isTaken ? 'port' : 'host', got: isTaken ? String(port) : host } },
    );
  }
}
