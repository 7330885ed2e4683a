/** `carbon up` and `carbon run SERVICE`: a service with its ports until SIGINT or SIGTERM, then a clean stop. */

import { CarbonError } from '../../../core/errors.ts';
import { connectorNamed } from '../../connectors/catalogue.ts';
import { type HttpSide, serveProcess } from '../../http/serve.ts';
import { ConnectorSchedule, scheduledJobs } from '../../ingest/connector-schedule.ts';
import { followStreams, liveStreams } from '../../ingest/live-streams.ts';
import { workBeside } from '../../pipeline/work-beside.ts';
import { SERVICE_NAMES, type ServiceName, startWorker, type Worker } from '../../pipeline/worker.ts';
import type { Stores } from '../../stores/open-stores.ts';
import { httpServicesOf } from '../../telemetry/http-service.ts';
import { ServiceMetrics } from '../../telemetry/service-metrics.ts';
import { CODE_VERSION } from '../../version.ts';
import { CLOSING_MS, endableWhile, endWithin } from '../bounded-end.ts';
import { openWhenThere } from '../late-stores.ts';
import { closedAfter, type GlobalOptions, note, runtimeOf } from '../session.ts';
import { type StopSignals, stopOnSignals } from '../stop-signals.ts';

/**
 * How long a service that was told to stop answers at the least while it is not ready, in milliseconds: whoever sends it
 * requests has to hear of it.
 */
const UNREADY_MS = 250;

/** The service that has ports, and no part of the pipeline. */
const REGISTRY = 'connector-registry';

/** Options of `carbon up`. */
export interface RunOptions {
  /** Ask the markets by their schedules: all connectors, or those named with commas. */
  readonly live?: boolean | string;
}

/** Runs until a signal; a second signal ends the process at once. Names are accepted with `service-` in front. */
export async function run(name: string, globals: GlobalOptions, options: RunOptions = {}): Promise<number> {
  const wanted = name.replace(/^service-/, '');
  const service = [...SERVICE_NAMES, REGISTRY].find((s) => s === wanted);
  if (service === undefined)
    throw new CarbonError('USAGE_INVALID', `no service ${name}`, {
      position: { field: 'service', expected: [...SERVICE_NAMES, REGISTRY].join(', '), got: name },
    });
  const metrics = new ServiceMetrics(httpServicesOf(service), CODE_VERSION, () => Date.now() / 1000);
  const stopping = stopOnSignals((each) => note(`${each}: finishing the work at hand`));
  const opening = { service, serve: true, listeners: [metrics] };
  const stores = await openWhenThere(runtimeOf(globals), opening, stopping.signal);
  if (stores === null) return 0;
  return closedAfter(stores, () => serve(service, stores, metrics, stopping, options));
}

/** Ports first, so that who waits for them sees the work begin; they close last, when the work is done. */
async function serve(
  service: string,
  stores: Stores,
  metrics: ServiceMetrics,
  stopping: StopSignals,
  options: RunOptions,
): Promise<number> {
  const live = await liveSources(stores, options.live);
  const worker =
    service === REGISTRY
      ? null
      : await endableWhile(stopping.signal, service, stores.telemetry, () =>
          startWorker(service as ServiceName, stores, { shared: true }),
        );
  try {
    const pulse = worker === null ? null : () => worker.pulse();
    const http = stores.runtime.http === 'off' ? null : await serveProcess(service, stores, metrics, pulse);
    try {
      await untilToldToStop(service, stores, stopping, worker, http, live);
    } finally {
      await http?.close();
    }
  } finally {
    await worker?.close();
  }
  stores.telemetry.emit({
    name: 'service.stopped',
    level: 'info',
    facts: { service, plans: worker?.totals().plans ?? 0 },
  });
  endWithin(CLOSING_MS, service, stores.telemetry);
  return 0;
}

async function untilToldToStop(
  service: string,
  stores: Stores,
  { signal, received, stop }: StopSignals,
  worker: Worker | null,
  http: HttpSide | null,
  live: LiveSources | null,
): Promise<void> {
  const { telemetry } = stores;
  let toldAt = -Infinity;
  const stopped = new Promise<void>((resolve) => {
    const told = (): void => {
      toldAt = performance.now();
      // Whoever sends requests hears first that no more should come; they are answered until the work is done.
      http?.drain();
      const facts = { service, signal: received() ?? '' };
      if (received() !== null) telemetry.emit({ name: 'service.draining', level: 'info', facts });
      resolve();
    };
    // Before anybody else hears of it; perhaps it was said while the ports were opened.
    if (signal.aborted) told();
    else signal.addEventListener('abort', told);
  });
  for (const [name, url] of http?.urls ?? [])
    telemetry.emit({ name: 'http.listening', level: 'info', facts: { service: name, url } });
  const facts = { service, data_dir: stores.runtime.dataDir, owns_warehouse: stores.warehouse.isOwner };
  telemetry.emit({ name: 'service.started', level: 'info', facts });
  const works = [
    worker === null ? stopped : worker.follow(signal),
    live?.follow(signal),
    workBeside(service, stores, signal),
  ];
  // What fails for good ends the other, too: half a service would go unnoticed.
  const endsAll = (error: unknown): never => {
    stop();
    throw error;
  };
  const ended = await Promise.allSettled(works.map((work) => work?.catch(endsAll)));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  const rest = UNREADY_MS - (performance.now() - toldAt);
  if (http !== null && rest > 0) await stores.clock.sleep(rest);
}

/** What asks the markets, and hears what they tell, until a signal. */
interface LiveSources {
  follow(signal: AbortSignal): Promise<void>;
}

/** Schedule and streams of the markets; null unless live sources are switched on. Throws CONNECTOR_UNKNOWN. */
async function liveSources(stores: Stores, live: boolean | string | undefined): Promise<LiveSources | null> {
  if (live === undefined || live === false) return null;
  const names =
    typeof live === 'string' ? live.split(',').map((name) => connectorNamed(name.trim()).name) : undefined;
  const { env } = stores.runtime;
  const jobs = await scheduledJobs(names, env, (connector, missing) =>
    note(`${connector} is left out: ${missing.join(', ')} is not set`),
  );
  const streams = await liveStreams(names, env);
  const schedule = new ConnectorSchedule(stores, jobs);
  return {
    follow: async (signal) => {
      const { openUndiciStreams } = await import('../../../drivers/http-undici/stream.ts');
      const source = openUndiciStreams();
      try {
        await Promise.all([schedule.follow(signal), followStreams(stores, streams, source, signal)]);
      } finally {
        await source.close();
      }
    },
  };
}
