/** The HTTP side of a process: one server for each service that it runs. */

import { CarbonError } from '../../core/errors.ts';
import type { HttpServer, ServerRequest, ServerRoute } from '../../core/ports/http-server.ts';
import { type ServeOptions, serveHttp } from '../../drivers/http-fastify/server.ts';
import { EXPOSITION_TYPE } from '../../drivers/prometheus/metrics.ts';
import { RUNTIME_SETTINGS } from '../config/runtime.ts';
import type { Pulse } from '../pipeline/work-at-hand.ts';
import type { Stores } from '../stores/open-stores.ts';
import { lagWatchesOf } from '../telemetry/consumer-lag.ts';
import { type HttpService, httpServicesOf } from '../telemetry/http-service.ts';
import type { ServiceMetrics } from '../telemetry/service-metrics.ts';
import { CODE_VERSION } from '../version.ts';
import { operationsOf } from './api/operations.ts';
import { readRoutes } from './api/routes.ts';
import { backfillRoutes } from './backfill-routes.ts';
import type { Origins } from './connector-pull.ts';
import { connectorRoutes } from './connector-routes.ts';
import { healthRoutes, Readiness } from './health.ts';
import { homePage } from './home-page.ts';
import { openApiDocument } from './openapi.ts';
import { jsonReply, noRouteReply, problemReply } from './problem.ts';
import { processChecks } from './process-checks.ts';
import { ReadGate } from './read-gate.ts';
import { reprocessRoute } from './reprocess-route.ts';

/** Reads that wait for their turn before others are sent away. */
const MOST_WAITING = 64;

/** Variable that a service's port comes from. */
const PORT_VARIABLES: Readonly<Record<HttpService, string>> = {
  'connector-registry': RUNTIME_SETTINGS.connectorRegistryPort.variable,
  normalization: RUNTIME_SETTINGS.normalizationPort.variable,
  enrichment: RUNTIME_SETTINGS.enrichmentPort.variable,
  aggregation: RUNTIME_SETTINGS.aggregationPort.variable,
  projection: RUNTIME_SETTINGS.projectionPort.variable,
};

/** The servers of a process. */
export interface HttpSide {
  /** Address of each service. */
  readonly urls: ReadonlyMap<HttpService, string>;
  /** Says on every port that the process is not ready any more. Requests are still answered. */
  drain(): void;
  /** Lets the requests at hand end and stops listening. */
  close(): Promise<void>;
}

/** What a port needs of its process. */
type Host = Pick<Stores, 'runtime' | 'telemetry'>;

/**
 * Listens for each service of the process, `pipeline` meaning all; with `origins`, pulls ask simulators. Throws
 * PORT_TAKEN or CONFIG_INVALID with the variable to change; no port stays open then.
 */
export async function serveProcess(
  process: string,
  stores: Stores,
  metrics: ServiceMetrics,
  pulse: (() => Pulse) | null,
  origins: Origins = null,
): Promise<HttpSide> {
  const { runtime } = stores;
  const readiness = new Readiness(processChecks(stores, pulse));
  const gate = new ReadGate({
    maxQueries: runtime.httpMaxQueries,
    maxWaiting: MOST_WAITING,
    timeoutSeconds: runtime.httpTimeoutSeconds,
  });
  return listenForAll(process, stores, readiness, (service) =>
    routesOf(service, process, stores, metrics, readiness, gate, origins),
  );
}

/**
 * The same ports while the stores cannot be opened yet: the process is live and not ready, `waitingFor` says why, and
 * everything else is answered with 503. Throws as {@link serveProcess}.
 */
export function serveWaiting(process: string, host: Host, waitingFor: () => string): Promise<HttpSide> {
  const check = { name: 'stores', run: async () => ({ ok: false, detail: waitingFor() }) };
  const readiness = new Readiness([check]);
  return listenForAll(
    process,
    host,
    readiness,
    (service) => healthRoutes({ service, version: CODE_VERSION }, readiness),
    () => problemReply(new CarbonError('STORE_UNREACHABLE', waitingFor())).reply,
  );
}

async function listenForAll(
  process: string,
  host: Host,
  readiness: Readiness,
  routes: (service: HttpService) => readonly ServerRoute[],
  refuse?: ServeOptions['refuse'],
): Promise<HttpSide> {
  const servers = new Map<HttpService, HttpServer>();
  const close = async (): Promise<void> => {
    await Promise.all([...servers.values()].map((server) => server.close()));
  };
  try {
    for (const service of httpServicesOf(process))
      servers.set(service, await listen(service, host, routes(service), refuse));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    urls: new Map([...servers].map(([service, { url }]) => [service, url])),
    drain: () => readiness.drain(),
    close,
  };
}

function routesOf(
  service: HttpService,
  process: string,
  stores: Stores,
  metrics: ServiceMetrics,
  readiness: Readiness,
  gate: ReadGate,
  origins: Origins,
): ServerRoute[] {
  const servesReads = service === 'projection';
  const operations = () => (servesReads ? operationsOf(stores.settings.aggregation) : []);
  const get = (path: string, answer: ServerRoute['answer']): ServerRoute => ({ method: 'GET', path, answer });
  return [
    get('/', async () => homePage(service, operations())),
    ...healthRoutes({ service, version: CODE_VERSION }, readiness),
    get('/metrics', async () => ({
      status: 200,
      headers: { 'content-type': EXPOSITION_TYPE, 'cache-control': 'no-store' },
      body: await metrics.exposition(
        service,
        stores.log,
        lagWatchesOf(service, process, stores.runtime.engines),
      ),
    })),
    get('/openapi.json', async () => jsonReply(200, openApiDocument(service, operations()))),
    ...(service === 'connector-registry' ? connectorRoutes(stores, origins) : []),
    ...(service === 'normalization' ? [reprocessRoute(stores)] : []),
    ...(service === 'aggregation' ? backfillRoutes(stores) : []),
    ...(servesReads ? readRoutes(stores, gate) : []),
  ];
}

async function listen(
  service: HttpService,
  { runtime, telemetry }: Host,
  routes: readonly ServerRoute[],
  refuse?: ServeOptions['refuse'],
): Promise<HttpServer> {
  const paths = [...new Set(routes.map(({ path }) => path.replace(/:(\w+)/g, '{$1}')))];
  const fail = (request: ServerRequest, error: unknown) => {
    const { reply, foreseen } = problemReply(error);
    if (!foreseen)
      telemetry.emit({
        name: 'http.failed',
        level: 'error',
        facts: {
          service,
          method: request.method,
          url: request.url,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        },
      });
    return reply;
  };
  return serveHttp({
    host: runtime.httpHost,
    port: runtime.ports[service],
    settings: { host: RUNTIME_SETTINGS.httpHost.variable, port: PORT_VARIABLES[service] },
    // What a route throws is an answer too, so that the server itself only meets what is broken.
    routes: routes.map((route) => ({
      ...route,
      answer: async (request) => route.answer(request).catch((error: unknown) => fail(request, error)),
    })),
    refuse: refuse ?? ((request, allowed) => noRouteReply(request, allowed, paths)),
    fail,
    onAnswered: ({ route, method, status, durationMs }) =>
      telemetry.emit({
        name: 'http.answered',
        level: 'debug',
        facts: { service, route, method, status, duration_ms: Math.round(durationMs * 1000) / 1000 },
      }),
  });
}
