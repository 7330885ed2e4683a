/**
 * Http over undici: connections pooled per origin, limits on time and size, redirects followed within the allow-list
 * only. Two pools: one that refuses private addresses when it connects, and one for origins replaced on purpose.
 */

import type { Agent, Dispatcher } from 'undici';
import { CarbonError } from '../../core/errors.ts';
import type { Http, HttpPost, HttpRequest, HttpResponse } from '../../core/ports/http.ts';
import { publicLookup, requireAllowed } from './addresses.ts';
import { readBody, tooLarge } from './body.ts';

/** Connections per origin; the pace of a source is the runner's business. */
const CONNECTIONS = 8;
const CONNECT_MS = 10_000;
const IDLE_MS = 10_000;
const REDIRECTS = 5;

/** Opens nothing before the first exchange. */
export function openUndiciHttp(): Http {
  return new UndiciHttp();
}

/** The library and its pools. */
interface Pools {
  readonly exchange: typeof import('undici').request;
  readonly guarded: Agent;
  readonly unguarded: Agent;
}

/** The library is large, and most processes fetch nothing: it is loaded by the first exchange. */
async function openPools(): Promise<Pools> {
  const { Agent, request: exchange } = await import('undici');
  const options = { connections: CONNECTIONS, keepAliveTimeout: IDLE_MS, pipelining: 1 };
  return {
    exchange,
    guarded: new Agent({ ...options, connect: { timeout: CONNECT_MS, lookup: publicLookup } }),
    unguarded: new Agent({ ...options, connect: { timeout: CONNECT_MS } }),
  };
}

class UndiciHttp implements Http {
  private pools: Promise<Pools> | null = null;

  async prepare(): Promise<void> {
    await (this.pools ??= openPools());
  }

  get(request: HttpRequest): Promise<HttpResponse> {
    return this.timed(request, (signal) => this.follow(request, signal));
  }

  post(request: HttpPost): Promise<HttpResponse> {
    return this.timed(request, async (signal) => {
      const url = parsed(request.url, undefined, request);
      requireAllowed(url, request);
      const headers = { ...request.headers, 'content-type': request.contentType };
      return this.taken(await this.ask(url, request, headers, signal, request.body), url, request);
    });
  }

  /** The time is kept here, whatever the library does when it is told to stop. */
  private async timed(
    request: HttpRequest,
    work: (signal: AbortSignal) => Promise<HttpResponse>,
  ): Promise<HttpResponse> {
    const stop = new AbortController();
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      stop.abort();
      late.reject(stop.signal.reason);
    }, request.timeoutMs);
    try {
      return await Promise.race([work(stop.signal), late.promise]);
    } catch (error) {
      throw failure(error, request, stop.signal.aborted);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    const pools = await this.pools;
    await Promise.all([pools?.guarded.destroy(), pools?.unguarded.destroy()]);
  }

  private async follow(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    let url = parsed(request.url, undefined, request);
    let headers = request.headers ?? {};
    for (let hop = 0; ; hop++) {
      requireAllowed(url, request);
      const answer = await this.ask(url, request, headers, signal);
      const location = answer.headers['location'];
      if (!isRedirect(answer.statusCode) || typeof location !== 'string')
        return await this.taken(answer, url, request);
      await answer.body.dump();
      if (hop >= REDIRECTS)
        throw new CarbonError('SOURCE_UNREACHABLE', `${nameOf(url)} leads on after ${REDIRECTS} redirects`);
      const next = parsed(location, url, request);
      if (url.protocol === 'https:' && next.protocol === 'http:')
        throw new CarbonError('SOURCE_NOT_ALLOWED', `${nameOf(url)} leads to an address without TLS`, {
          position: { field: 'hosts', expected: 'https', got: nameOf(next) },
        });
      // What was meant for one host, a key perhaps, is not told to another.
      if (next.origin !== url.origin) headers = publicPart(headers);
      url = next;
    }
  }

  private async ask(
    url: URL,
    request: HttpRequest,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    body?: string,
  ): Promise<Dispatcher.ResponseData> {
    const { exchange, guarded, unguarded } = await (this.pools ??= openPools());
    return exchange(url, {
      dispatcher: request.allowsPrivate ? unguarded : guarded,
      headers: { 'accept-encoding': 'gzip, deflate, br', ...headers },
      headersTimeout: request.timeoutMs,
      bodyTimeout: request.timeoutMs,
      signal,
      ...(body === undefined ? {} : { method: 'POST' as const, body }),
    });
  }

  private async taken(
    answer: Dispatcher.ResponseData,
    url: URL,
    request: HttpRequest,
  ): Promise<HttpResponse> {
    const headers = Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(', ')]),
    );
    try {
      const announced = Number(headers['content-length'] ?? 0);
      if (announced > request.maxBytes) throw tooLarge(request.maxBytes, nameOf(url), String(announced));
      const encoding = headers['content-encoding'] ?? '';
      const body = await readBody(answer.body, encoding, request.maxBytes, nameOf(url));
      return { url: url.href, status: answer.statusCode, headers, body };
    } catch (error) {
      // Frees the connection; the failure itself is told by what is thrown.
      answer.body.on('error', () => {}).destroy();
      throw error;
    }
  }
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

function publicPart(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = ['user-agent', 'accept'];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => kept.includes(name.toLowerCase())));
}

/** An address as messages show it: a query may be long, or hold what is nobody's business. */
function nameOf(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function parsed(text: string, base: URL | undefined, request: HttpRequest): URL {
  const url = URL.parse(text, base);
  if (url !== null) return url;
  throw new CarbonError('SOURCE_NOT_ALLOWED', 'the address is none', {
    position: { field: 'hosts', expected: request.allowedHosts.join(', '), got: text.slice(0, 200) },
  });
}

/** Failures of the network have codes of the system, of undici, of its parser or of the decoders. */
const NETWORK =
  /^(?:E[A-Z0-9_]+|UND_ERR_\w+|HPE_\w+|Z_\w+|ERR_\w+|CERT_\w+|DEPTH_\w+|SELF_SIGNED_\w+|UNABLE_\w+)$/;

function failure(error: unknown, request: HttpRequest, timedOut: boolean): unknown {
  if (error instanceof CarbonError) return error;
  if (!(error instanceof Error)) return error;
  // Undici and the pipeline wrap what went wrong below them.
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause)
    if (cause instanceof CarbonError) return cause;
  const code = 'code' in error ? String(error.code) : '';
  const isNetwork = NETWORK.test(code) || error.name === 'HTTPParserError' || error.name === 'AbortError';
  if (!timedOut && !isNetwork) return error;
  const url = URL.parse(request.url);
  const name = url === null ? request.url : nameOf(url);
  const what = timedOut ? `no whole answer within ${request.timeoutMs / 1000} s` : reasonOf(error, code);
  return new CarbonError('SOURCE_UNREACHABLE', `${name}: ${what}`, {
    cause: error,
    context: { host: url?.host ?? '', reason: timedOut ? 'TIMEOUT' : code },
  });
}

function reasonOf(error: Error, code: string): string {
  if (code.startsWith('Z_') || code.startsWith('ERR_'))
    return `the body is cut or damaged (${error.message})`;
  // Several addresses failed: their messages are in the parts.
  const message =
    error.message === '' && error instanceof AggregateError ? String(error.errors[0]) : error.message;
  return code === '' ? message : `${message} (${code})`;
}
