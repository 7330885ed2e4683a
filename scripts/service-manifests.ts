/**
 * `service-manifest.yaml` of each service, and the index of them at the root (M6): what a service reads and writes, where
 * it listens, what it needs, and what is promised of it. Made from the tables that the program itself goes by.
 */

import { stringify } from 'yaml';
import { RUNTIME_SETTINGS } from '../app/config/runtime.ts';
import { type ServiceName, WORK } from '../app/pipeline/services.ts';
import { HTTP_SERVICES, type HttpService } from '../app/telemetry/http-service.ts';
import { barsTopic, deadLetterTopic, rawTopic, Topic } from '../core/codec/topics/topic-names.ts';

/** What cannot be read from a table of the program. */
interface Described {
  readonly what: string;
  readonly port: keyof typeof RUNTIME_SETTINGS;
  readonly produces: readonly string[];
  readonly tables: { readonly reads: readonly string[]; readonly writes: readonly string[] };
  readonly needs: readonly string[];
  readonly policy: string | null;
  /** What its state is made from after a start. */
  readonly state: string;
  readonly targets: Readonly<Record<string, string>>;
}

const BAR_TOPICS = [Topic.ohlcBars, ...['1m', '5m', '1h', '1d'].map(barsTopic)];
const STORES = ['event-log', 'warehouse', 'reference-store', 'schema-registry'];

const SERVICES: Readonly<Record<HttpService, Described>> = {
  'connector-registry': {
    what: 'Connectors with their datasets, schedules and last fetches; pulls from the markets when it is told to.',
    port: 'connectorRegistryPort',
    produces: [rawTopic('<market>'), deadLetterTopic('ingestion'), Topic.anomalies],
    tables: { reads: [], writes: [] },
    needs: ['event-log', 'reference-store', 'payload-archive', 'schema-registry'],
    policy: null,
    state: 'none: cursors and ledger lie in the reference store',
    targets: { run: 'under 5 minutes', failed_runs: 'under 5 % a day' },
  },
  normalization: {
    what: 'Raw events to ticks: instrument, exact number, version, quality flags (bronze to silver).',
    port: 'normalizationPort',
    produces: [Topic.normalizedTicks, deadLetterTopic('normalization'), Topic.anomalies],
    tables: { reads: ['silver_ticks', 'silver_repeats'], writes: ['silver_ticks', 'silver_repeats'] },
    needs: STORES,
    policy: 'configs/normalization_rules.yaml',
    state: 'versions known lately, looked up in silver when they are not in memory',
    targets: { batch_p95: 'under 500 ms', raw_to_silver_p95: 'under 2 s' },
  },
  enrichment: {
    what: 'What each instrument is: taxonomy, aliases, tags, confidence.',
    port: 'enrichmentPort',
    produces: [Topic.enrichedTicks, deadLetterTopic('enrichment'), Topic.anomalies],
    tables: { reads: [], writes: ['taxonomy'] },
    needs: STORES,
    policy: 'configs/enrichment_taxonomy.yaml',
    state: 'a cache of the reference data, warmed at the start',
    targets: { record_p95: 'under 15 ms' },
  },
  aggregation: {
    what: 'Ticks to bars of every interval, rolling metrics of these, and forward curves, revised when late or corrected values come (gold).',
    port: 'aggregationPort',
    produces: [
      ...BAR_TOPICS,
      Topic.rollingMetrics,
      Topic.curvePrestage,
      Topic.curveUpdates,
      deadLetterTopic('aggregation'),
      Topic.anomalies,
    ],
    tables: {
      reads: ['silver_ticks', 'bars', 'curves_base'],
      writes: ['bars', 'rolling_metrics', 'curves_base', 'curves_computed', 'served_curve_snapshots'],
    },
    needs: [...STORES, 'hot-cache'],
    policy: 'configs/aggregation_policies.yaml',
    state:
      'open windows, made from stored bars and the silver ticks of unclosed windows; bars of rolling windows and inputs of curves, asked for when they are not in memory',
    targets: { bar_5m_after_window: 'under 30 s', curve_recompute: 'under 5 s' },
  },
  projection: {
    what: 'The latest value of each instrument: table, topic, cache and read API (served).',
    port: 'projectionPort',
    produces: [
      Topic.latestPrices,
      Topic.latestPricesV2,
      deadLetterTopic('projection'),
      Topic.deprecateNotice,
    ],
    tables: {
      reads: [
        'silver_ticks',
        'served_latest',
        'bars',
        'rolling_metrics',
        'curves_computed',
        'served_curve_snapshots',
      ],
      writes: ['served_latest'],
    },
    needs: [...STORES, 'hot-cache', 'payload-archive'],
    policy: 'configs/projection_policies.yaml',
    state: 'latest values, looked up in served_latest when they are not in memory',
    targets: { latest_price_lag: 'under 3 s', availability: '99.5 %' },
  },
};

const NOTE = '# Made by scripts/service-manifests.ts (make docs). Change the code it is made from.\n';

const pathOf = (service: HttpService): string => `services/${service}/service-manifest.yaml`;

const consumedBy = (service: HttpService): string[] => {
  if (!(service in WORK)) return [];
  const { topics: own, beside } = WORK[service as ServiceName];
  const topics = [...own(), ...(beside === null ? [] : WORK[beside].topics())];
  // All markets' raw topics: one line says it, and stays true when a market is added.
  return service === 'normalization' ? [rawTopic('<market>')] : topics;
};

function manifestOf(service: HttpService): object {
  const { what, port, produces, tables, needs, policy, state, targets } = SERVICES[service];
  const { variable, fallback } = RUNTIME_SETTINGS[port];
  const isWorker = service in WORK;
  return {
    name: `service-${service}`,
    description: what,
    owner: 'platform',
    language: 'typescript',
    command: `carbon run ${service}`,
    port: { variable, default: Number(fallback) },
    http: { liveness: '/livez', readiness: '/readyz', health: '/health', metrics: '/metrics' },
    consumes: consumedBy(service),
    ...(isWorker ? { consumer_group: service } : {}),
    produces,
    tables,
    needs,
    ...(policy === null ? {} : { policy }),
    scaling: isWorker ? 'by partitions: instances share them, none is worked on twice' : 'one instance pulls',
    state,
    stop: 'SIGTERM: readiness off, the plan at hand finished, then exit 0',
    targets,
  };
}

/** All manifests, as they should be, by their path from the root. */
export function serviceManifests(): { readonly path: string; readonly text: string }[] {
  const options = { lineWidth: 118, flowCollectionPadding: false };
  const index = {
    platform: '254carbon',
    services: HTTP_SERVICES.map((service) => ({
      name: `service-${service}`,
      manifest: pathOf(service),
      port: Number(RUNTIME_SETTINGS[SERVICES[service].port].fallback),
    })),
  };
  return [
    { path: 'service-manifest.yaml', text: NOTE + stringify(index, options) },
    ...HTTP_SERVICES.map((service) => ({
      path: pathOf(service),
      text: NOTE + stringify(manifestOf(service), options),
    })),
  ];
}
