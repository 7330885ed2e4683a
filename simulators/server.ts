/** One simulated market on a local socket. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CarbonError } from '../core/errors.ts';
import { type Micros, SECOND } from '../core/time/instant.ts';
import type { Interval } from '../core/time/interval.ts';
import type { Effect } from './content-faults.ts';
import { type Delivery, deliver } from './delivery.ts';
import { FaultDice } from './fault-dice.ts';
import type { FaultName, FaultPlan } from './fault-menu.ts';
import type { Answer, ClientRequest, Example, MarketSimulation, Pace } from './market.ts';
import type { MarketTraits } from './price-process.ts';
import type { TrueValue } from './table.ts';
import type { Withheld } from './withheld.ts';

/** How a simulator runs. */
export interface SimulatorOptions {
  /** 0 or nothing: any free port. */
  readonly port?: number;
  readonly seed: number;
  /** The simulated time, UTC micros. It decides what is published, corrected, archived. */
  readonly clock: () => Micros;
  readonly faults?: FaultPlan;
  readonly traits?: MarketTraits;
  /** Intervals that the operator never publishes. */
  readonly withheld?: readonly Withheld[];
  /** Number of pricing nodes; each market has its own least number. */
  readonly nodes?: number;
  /** True to hold clients to the operator's pace, measured by the clock (CAISO: one request in 5 s). */
  readonly rateLimit?: boolean;
  /** True to want the operator's credentials: an account, a key, a token. Any of the right form will do. */
  readonly credentials?: boolean;
  /** Hears of each request as it is answered. */
  readonly onRequest?: (record: RequestRecord) => void;
}

/** A request that was answered. */
export interface RequestRecord {
  /** Path and query. */
  readonly path: string;
  /** Simulated time, UTC micros. */
  readonly at: Micros;
  readonly status: number;
  readonly fault: FaultName | null;
  /** Bytes of the body as it should have arrived. */
  readonly bytes: number;
  /** What a fault in content did to values. */
  readonly effects: readonly Effect[];
}

/** What a value is asked for by. */
export interface TruthQuestion {
  readonly dataset: string;
  readonly location: string;
  readonly field: string;
  /** UTC micros. */
  readonly start: Micros;
}

/** A running simulator. */
export interface Simulator {
  readonly name: string;
  readonly market: string;
  /** `http://127.0.0.1:PORT`: takes the place of the operators' own origins. */
  readonly origin: string;
  readonly datasets: readonly string[];
  /** Addresses that have data at the simulated time, day-ahead first. */
  examples(): Example[];
  /** All requests so far, in order of their answers. */
  requests(): readonly RequestRecord[];
  /** Faults that should strike once and have not yet found a request that they fit. */
  pendingFaults(): readonly FaultName[];
  /** The value as published until `at` (now, when left out), without any fault; null when there is none. */
  truth(question: TruthQuestion, at?: Micros): string | null;
  /** All values of intervals that begin in the window, as published until `at` (now, when left out). */
  published(dataset: string, window: Interval, at?: Micros): Iterable<TrueValue>;
  /** What the answer to a GET of path and query at an instant prints, row by row, without any fault; a refusal nothing. */
  printed(path: string, at: Micros): TrueValue[];
  /** Ends connections and gives the port back. */
  close(): Promise<void>;
}

/** Serves a market on 127.0.0.1. Throws USAGE_INVALID when the port is taken. */
export async function serveMarket(market: MarketSimulation, options: SimulatorOptions): Promise<Simulator> {
  const dice = new FaultDice(options.seed, options.faults ?? {});
  const requests: RequestRecord[] = [];
  const gate = options.rateLimit === true && market.pace !== null ? new Gate(market.pace) : null;

  const refusedTo = (
    path: string,
    query: URLSearchParams,
    asked: ClientRequest,
    at: Micros,
  ): Answer | null =>
    options.credentials === true ? (market.authorize?.(path, query, asked, at) ?? null) : null;

  const tooSoon = (path: string, at: Micros): Answer | null => {
    const wait = gate === null ? 0 : gate.waitFor(path, at);
    return wait > 0 ? market.tooSoon(wait) : null;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    const at = options.clock();
    const mark = path.indexOf('?');
    const base = mark < 0 ? path : path.slice(0, mark);
    const query = new URLSearchParams(mark < 0 ? '' : path.slice(mark + 1));
    const asked = await clientRequest(request);
    // Who is not let in does not count against the pace.
    const early = refusedTo(base, query, asked, at) ?? tooSoon(base, at);
    const answer = early ?? market.respond(base, query, at, asked);
    const fault = early === null ? dice.roll(path, answer, at) : null;
    const delivery = unchanged(deliver(answer, fault, options.seed, path, at), request);
    const { status, body, effects } = delivery;
    const record = { path, at, status, fault, bytes: body.length, effects };
    requests.push(record);
    options.onRequest?.(record);
    await send(response, delivery, request.method === 'HEAD', options.faults?.slowBodyMs ?? 1500);
  };
  // A client that is slow to come back finds its connection open.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const message = `cannot listen on port ${options.port ?? 0}: ${cause.code ?? cause.message}`;
      const position = { field: '--port', expected: 'a free port, or 0', got: String(options.port) };
      reject(new CarbonError('USAGE_INVALID', message, { position, cause }));
    });
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const published = (dataset: string, window: Interval, at = options.clock()): Iterable<TrueValue> =>
    market.published(dataset, window, at);
  return {
    name: market.name,
    market: market.market,
    origin: `http://127.0.0.1:${port}`,
    datasets: market.datasets,
    examples: () => market.examples(options.clock()),
    requests: () => requests,
    pendingFaults: () => dice.waiting,
    truth: ({ dataset, location, field, start }, at) => {
      for (const value of published(dataset, { start, end: start + 1 }, at))
        if (value.location === location && value.field === field) return value.value;
      return null;
    },
    published,
    printed: (path, at) => {
      const { pathname, searchParams } = new URL(path, 'http://127.0.0.1');
      const answer = market.respond(pathname, searchParams, at, { method: 'GET', headers: {}, body: '' });
      return answer.kind === 'report'
        ? answer.members.flatMap(({ table }) => table.rows.flatMap((row) => [...row.facts()]))
        : [];
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Holds a client to a pace; requests that came too soon count too. */
class Gate {
  private readonly pace: Pace;
  /** Times of the last requests, as many as the pace allows. */
  private readonly times: Micros[] = [];

  constructor(pace: Pace) {
    this.pace = pace;
  }

  /** Whole seconds that the client has come too soon; 0 lets it through. */
  waitFor(path: string, at: Micros): number {
    const { requests, seconds } = this.pace;
    if (!this.pace.covers(path)) return 0;
    const free = this.times.length < requests ? at : this.times[0] + seconds * SECOND;
    this.times.push(at);
    if (this.times.length > requests) this.times.shift();
    if (free <= at) return 0;
    return Math.max(1, Math.ceil((this.times[0] + seconds * SECOND - at) / SECOND));
  }
}

const MAX_REQUEST_BODY = 1_000_000;

async function clientRequest(request: IncomingMessage): Promise<ClientRequest> {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > MAX_REQUEST_BODY) break;
  }
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return { method: request.method ?? 'GET', headers, body };
}

/** 304 for a body that the client has, by ETag or else by its date; other answers stay as they are. */
function unchanged(delivery: Delivery, request: IncomingMessage): Delivery {
  const { 'content-encoding': _, ...headers } = delivery.headers;
  const { etag, 'last-modified': modified } = headers;
  if (etag === undefined || delivery.status !== 200) return delivery;
  const known = request.headers['if-none-match'];
  const since = request.headers['if-modified-since'];
  const isSame = known === undefined ? since !== undefined && since === modified : known === etag;
  return isSame ? { ...delivery, headers, status: 304, body: new Uint8Array(0), manner: 'whole' } : delivery;
}

const DRIPS = 10;

async function send(
  response: ServerResponse,
  { status, headers, body, manner }: Delivery,
  isHead: boolean,
  slowBodyMs: number,
): Promise<void> {
  const length = status === 304 ? {} : { 'content-length': String(body.length) };
  response.writeHead(status, { ...headers, ...length });
  if (isHead || manner === 'whole') {
    response.end(isHead || body.length === 0 ? undefined : body);
    return;
  }
  if (manner === 'cut') {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
    return;
  }
  for (let k = 0; k < DRIPS && !response.destroyed; k++) {
    const [from, to] = [k, k + 1].map((part) => Math.floor((body.length * part) / DRIPS));
    response.write(body.subarray(from, to));
    await new Promise((resolve) => setTimeout(resolve, slowBodyMs / DRIPS));
  }
  response.end();
}
