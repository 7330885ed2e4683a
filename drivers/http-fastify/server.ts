/** An HTTP server over fastify: limits, routing, streams. What is answered is the routes' business. */

import { Readable } from 'node:stream';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { CarbonError } from '../../core/errors.ts';
import type {
  Answered,
  HttpServer,
  ServerReply,
  ServerRequest,
  ServerRoute,
} from '../../core/ports/http-server.ts';

/** What a server is made with. */
export interface ServeOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Names of the settings that host and port came from, for the error. */
  readonly settings: { readonly host: string; readonly port: string };
  readonly routes: readonly ServerRoute[];
  /** The answer to a request that no route fits; `allowed` lists the methods of the path, empty when it is unknown. */
  readonly refuse: (request: ServerRequest, allowed: readonly string[]) => ServerReply;
  /** The answer to an error that came out of a route, or to a request that is damaged. */
  readonly fail: (request: ServerRequest, error: unknown) => ServerReply;
  readonly onAnswered: (answered: Answered) => void;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** Longest body that a route takes, in bytes. */
const LONGEST_BODY = 65_536;
/** Longest name in a path, in characters. */
const LONGEST_PART = 500;
/** Longest time for the head and body of a request to arrive, and for an idle connection to stay, in milliseconds. */
const RECEIVE_MS = 10_000;
const IDLE_MS = 5_000;
const MOST_CONNECTIONS = 1000;
/** Patience with answers under way when the server is closed. */
const CLOSE_MS = 5_000;
/** Route of what fits none. */
const NO_ROUTE = 'none';

/** Listens. Throws PORT_TAKEN when somebody else does, CONFIG_INVALID for a host that is not this machine's. */
export async function serveHttp(options: ServeOptions): Promise<HttpServer> {
  const app = fastify({
    requestTimeout: RECEIVE_MS,
    keepAliveTimeout: IDLE_MS,
    bodyLimit: LONGEST_BODY,
    routerOptions: { maxParamLength: LONGEST_PART, ignoreTrailingSlash: true },
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => {
      void send(request, reply, options.fail(seen(request), error));
    },
  });
  app.server.maxConnections = MOST_CONNECTIONS;
  for (const [path, routes] of Map.groupBy(options.routes, (route) => route.path)) {
    const taken = routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    for (const { method, answer } of routes)
      app.route({
        method,
        url: path,
        handler: async (request, reply) => send(request, reply, await answer(seen(request))),
      });
    app.route({
      method: METHODS.filter((method) => !taken.includes(method)),
      url: path,
      handler: (request, reply) => send(request, reply, options.refuse(seen(request), taken)),
    });
  }
  // A body is text, whatever it says that it is. Where no route takes one, it is read past: the method is refused.
  const takesBody = new Set(options.routes.filter(({ method }) => method === 'POST').map(({ path }) => path));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request, payload, done) => {
    if (request.method !== 'POST' || !takesBody.has(request.routeOptions.url ?? '')) {
      payload.resume();
      done(null);
      return;
    }
    readText(payload, LONGEST_BODY).then((text) => done(null, text), done);
  });
  app.setNotFoundHandler((request, reply) => send(request, reply, options.refuse(seen(request), [])));
  app.setErrorHandler((error, request, reply) => send(request, reply, options.fail(seen(request), error)));
  app.addHook('onResponse', async (request, reply) => {
    options.onAnswered({
      route: request.routeOptions.url ?? NO_ROUTE,
      method: request.method,
      status: reply.statusCode,
      durationMs: reply.elapsedTime,
    });
  });
  const url = await listen(app, options);
  return { url, close: () => close(app) };
}

async function listen(app: FastifyInstance, options: ServeOptions): Promise<string> {
  const { host, port, settings } = options;
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (code === 'EADDRINUSE')
      throw new CarbonError('PORT_TAKEN', `${settings.port}: port ${port} on ${host} is in use`, {
        position: { field: settings.port, expected: 'a free port, or 0 for any', got: String(port) },
        cause,
      });
    const isPort = code === 'EACCES';
    const message = `cannot listen on ${host}:${port}: ${(cause as Error).message}`;
    const setting = isPort ? settings.port : settings.host;
    throw new CarbonError('CONFIG_INVALID', `${setting}: ${message}`, {
      position: isPort
        ? { field: settings.port, expected: 'a port that this user may open', got: String(port) }
        : { field: settings.host, expected: 'an address of this machine', got: host },
      cause,
    });
  }
}

async function close(app: FastifyInstance): Promise<void> {
  const impatient = setTimeout(() => app.server.closeAllConnections(), CLOSE_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(impatient);
  }
}

/** The text of a body. Throws with the status 413 for one that is longer. */
async function readText(payload: AsyncIterable<Uint8Array>, longest: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of payload) {
    length += chunk.length;
    if (length > longest)
      throw Object.assign(new Error(`a body has at most ${longest} bytes`), { statusCode: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function seen(request: FastifyRequest): ServerRequest {
  return {
    method: request.method,
    url: request.url,
    params: (request.params ?? {}) as Record<string, string>,
    query: (request.query ?? {}) as Record<string, string | string[]>,
    headers: request.headers,
    body: typeof request.body === 'string' ? request.body : '',
  };
}

function send(request: FastifyRequest, reply: FastifyReply, answer: ServerReply): FastifyReply {
  reply.code(answer.status).headers(answer.headers);
  const { body } = answer;
  if (typeof body === 'string') return reply.send(body);
  return request.method === 'HEAD' ? reply.send('') : reply.send(Readable.from(body, { objectMode: false }));
}
