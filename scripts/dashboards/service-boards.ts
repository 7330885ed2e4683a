/** One board for each service: whether it is there, what it does, what is its own, and the process that it runs in. */

import { HTTP_SERVICES, type HttpService } from '../../app/telemetry/http-service.ts';
import type { Board, Panel, Row } from './board.ts';
import { middleAndHigh, quantileOf, rateOf } from './expressions.ts';

const of = (service: HttpService): string => `{service="${service}"}`;

const now = (service: HttpService): Row => ({
  title: 'Now',
  panels: [
    {
      title: 'Ports that answer',
      what: 'Of those that are scraped: alerts ServiceDown and ServiceMissing.',
      unit: 'short',
      queries: [
        { expr: `sum(up${of(service)})`, legend: 'answer' },
        { expr: `count(up${of(service)})`, legend: 'of' },
      ],
      isNumber: true,
    },
    {
      title: 'Alerts that fire',
      what: 'Of this service.',
      unit: 'short',
      queries: [
        {
          expr: `count(ALERTS{service="${service}", alertstate="firing"}) or vector(0)`,
          legend: 'firing',
        },
      ],
      isNumber: true,
    },
    {
      title: 'Runs for',
      what: 'Since the youngest process was started.',
      unit: 's',
      queries: [{ expr: `time() - max(process_start_time_seconds${of(service)})`, legend: 'runs for' }],
      isNumber: true,
    },
    {
      title: 'Version',
      what: 'What runs; two while one is taking over from the other.',
      unit: 'none',
      queries: [{ expr: `count by (version) (carbon_build_info${of(service)})`, legend: '{{version}}' }],
      isNumber: true,
    },
  ],
});

/** What every stage between the topics has. */
const stage = (service: HttpService): Row => ({
  title: 'Work',
  panels: [
    {
      title: 'Values by fate',
      what: 'Values per second: in and reinstated are out, rejected and dropped; alert ValuesUnaccounted.',
      unit: 'ops',
      queries: [{ expr: rateOf('carbon_stage_values_total', 'fate', of(service)), legend: '{{fate}}' }],
    },
    {
      title: 'Duration of a batch',
      what: 'With the waiting for what it asks of the stores. Red above 1 s: alert ProcessingSlow.',
      unit: 's',
      queries: middleAndHigh('carbon_stage_duration_seconds', '', of(service)),
      limit: 1,
    },
    {
      title: 'Consumer lag',
      what: 'Records that its group has still to read. In `carbon up` the only group reads the raw topics, at normalization.',
      unit: 'short',
      queries: [
        {
          expr: `max by (topic, group) (connector_consumer_lag${of(service)})`,
          legend: '{{group}} {{topic}}',
        },
      ],
    },
    {
      title: 'Batches that failed',
      what: 'In the five minutes before each moment, by code: alert StageFailing.',
      unit: 'short',
      queries: [
        {
          expr: `sum by (code) (service_stage_code:carbon_plan_failures:increase5m${of(service)})`,
          legend: '{{code}}',
        },
      ],
    },
    {
      title: 'Dead letters and anomalies',
      what: 'Values that it could not take, and cases that are told as anomalies, per second.',
      unit: 'ops',
      queries: [
        { expr: rateOf('invalid_records_total', 'code', of(service)), legend: '{{code}}' },
        { expr: rateOf('data_quality_anomalies_total', 'type', of(service)), legend: '{{type}}' },
      ],
    },
    {
      title: 'Held back',
      what: '1 while it waits for the next stage: alert BackpressureHeld.',
      unit: 'none',
      queries: [{ expr: `max(carbon_backpressure_active${of(service)})`, legend: 'held back' }],
    },
  ],
});

const OWN: Readonly<Record<HttpService, Row>> = {
  'connector-registry': {
    title: 'Connectors; more of them on the board of their health',
    panels: [
      {
        title: 'Runs',
        what: 'In the hour before each moment, by how they ended.',
        unit: 'short',
        queries: [
          {
            expr: 'sum by (status) (service_connector_status:connector_runs:increase1h)',
            legend: '{{status}}',
          },
        ],
      },
      {
        title: 'Values published',
        what: 'Values per second onto the raw topics.',
        unit: 'ops',
        queries: [{ expr: rateOf('carbon_connector_values_total', 'connector'), legend: '{{connector}}' }],
      },
      {
        title: 'Lag of who reads the raw topics',
        what: 'Records; whoever runs the group.',
        unit: 'short',
        queries: [
          {
            expr: `sum by (group) (connector_consumer_lag${of('connector-registry')})`,
            legend: '{{group}}',
          },
        ],
      },
    ],
  },
  normalization: {
    title: 'Normalization',
    panels: [
      {
        title: 'Records by market',
        what: 'Raw records per second.',
        unit: 'ops',
        queries: [{ expr: rateOf('normalization_records_processed_total', 'market'), legend: '{{market}}' }],
      },
      {
        title: 'Raw to silver',
        what: 'From a batch having been read to its values being stored. Red above 2 s, the objective.',
        unit: 's',
        queries: [
          {
            expr: quantileOf(0.95, 'carbon_normalization_duration_seconds', 'market'),
            legend: 'P95 {{market}}',
          },
        ],
        limit: 2,
      },
      {
        title: 'Late values',
        what: 'Ticks per second that carry LATE_ARRIVAL.',
        unit: 'ops',
        queries: [{ expr: rateOf('carbon_late_values_total', 'market'), legend: '{{market}}' }],
      },
    ],
  },
  enrichment: {
    title: 'Enrichment',
    panels: [
      {
        title: 'Answered by the cache',
        what: 'Share of the look-ups since the start.',
        unit: 'percentunit',
        queries: [{ expr: 'min by (type) (enrichment_cache_hit_ratio)', legend: '{{type}}' }],
      },
      {
        title: 'Look-ups',
        what: 'Per second, by hit or miss.',
        unit: 'ops',
        queries: [{ expr: rateOf('carbon_enrichment_lookups_total', 'result'), legend: '{{result}}' }],
      },
      {
        title: 'Unknown instruments and a store that is away',
        what: 'Ticks per second that nothing knows, batches that failed, and times that the store could not be asked.',
        unit: 'ops',
        queries: [
          { expr: 'sum(rate(enrichment_metadata_miss_total[$__rate_interval]))', legend: 'unknown' },
          { expr: 'sum(rate(enrichment_failures_total[$__rate_interval]))', legend: 'failed' },
          { expr: rateOf('carbon_enrichment_store_failures_total', 'code'), legend: '{{code}}' },
        ],
      },
    ],
  },
  aggregation: {
    title: 'Aggregation',
    panels: [
      {
        title: 'Bars',
        what: 'Stated per second, by interval and status.',
        unit: 'ops',
        queries: [
          {
            expr: rateOf('carbon_aggregation_bars_total', 'interval, status'),
            legend: '{{interval}} {{status}}',
          },
        ],
      },
      {
        title: 'Time to build bars',
        what: 'P95 of a batch, by interval.',
        unit: 's',
        queries: [
          {
            expr: quantileOf(0.95, 'carbon_aggregation_bar_build_duration_seconds', 'interval'),
            legend: '{{interval}}',
          },
        ],
        limit: 30,
      },
      {
        title: 'Rolling metrics',
        what: 'Rows stated per second, by interval of the bars and status, and P95 of the time for a batch in seconds.',
        unit: 'short',
        queries: [
          {
            expr: rateOf('carbon_aggregation_rolling_total', 'interval, status'),
            legend: '{{interval}} {{status}}',
          },
          {
            expr: quantileOf(0.95, 'carbon_aggregation_rolling_build_duration_seconds', 'interval'),
            legend: 'P95 {{interval}}',
          },
        ],
      },
      {
        title: 'Curves',
        what: 'Statements per second by curve, and P95 of the time from a batch of quotes to its statements in seconds (aim: 5 s).',
        unit: 'short',
        queries: [
          { expr: rateOf('carbon_curve_statements_total', 'curve_id'), legend: '{{curve_id}}' },
          { expr: quantileOf(0.95, 'carbon_curve_build_duration_seconds', ''), legend: 'P95' },
        ],
        limit: 5,
      },
      {
        title: 'Windows made anew',
        what: 'Batches per second whose late or corrected values reopened windows, and P95 of the time that took in seconds.',
        unit: 'short',
        queries: [
          { expr: 'sum(rate(recompute_trigger_count[$__rate_interval]))', legend: 'batches' },
          { expr: quantileOf(0.95, 'aggregation_recompute_duration_seconds', ''), legend: 'P95' },
        ],
      },
      {
        title: 'Backfill jobs',
        what: 'Jobs that ended within an hour, by how. What to do about one that does not: docs/observability.md.',
        unit: 'short',
        queries: [
          {
            expr: 'sum by (status) (increase(processing_backfill_jobs_total[1h]))',
            legend: '{{status}}',
          },
        ],
      },
    ],
  },
  projection: {
    title: 'Projection and reads',
    panels: [
      {
        title: 'Time to bring up to date',
        what: 'Red above 3 s, the objective.',
        unit: 's',
        queries: middleAndHigh('carbon_projection_refresh_duration_seconds', 'projection'),
        limit: 3,
      },
      {
        title: 'Made anew or taken back',
        what: 'Instruments per second whose served value was, by reason.',
        unit: 'ops',
        queries: [{ expr: rateOf('projection_invalidations_total', 'reason'), legend: '{{reason}}' }],
      },
      {
        title: 'Keys the cache has not got',
        what: 'Writes given up per second because the hot cache does not answer.',
        unit: 'ops',
        queries: [
          { expr: 'sum(rate(carbon_cache_dropped_writes_total[$__rate_interval]))', legend: 'given up' },
        ],
      },
    ],
  },
};

const requests = (service: HttpService): Panel[] => [
  {
    title: 'Requests',
    what: 'Per second, by route and status. Reads that fail: alert ReadsFailing.',
    unit: 'ops',
    queries: [
      {
        expr: rateOf('carbon_http_requests_total', 'route, status', of(service)),
        legend: '{{route}} {{status}}',
      },
    ],
  },
  {
    title: 'Time to answer',
    what: 'P95, by route.',
    unit: 's',
    queries: [
      {
        expr: quantileOf(0.95, 'carbon_http_request_duration_seconds', 'route', of(service)),
        legend: '{{route}}',
      },
    ],
  },
];

const processRow = (service: HttpService): Row => ({
  title: 'The port and its process; in `carbon up` all services are one process',
  panels: [
    ...requests(service),
    {
      title: 'Work that waits for a store',
      what: 'In the five minutes before each moment, by code: alert StoreAway.',
      unit: 'short',
      queries: [
        {
          expr: `sum by (code) (service_code:carbon_store_retries:increase5m${of(service)})`,
          legend: '{{code}}',
        },
      ],
    },
    {
      title: 'Memory',
      what: 'What the process holds, and what of it is the heap.',
      unit: 'bytes',
      queries: [
        { expr: `max by (instance) (process_resident_memory_bytes${of(service)})`, legend: '{{instance}}' },
        {
          expr: `max by (instance) (nodejs_heap_size_used_bytes${of(service)})`,
          legend: '{{instance}} heap',
        },
      ],
    },
    {
      title: 'Processor',
      what: 'Cores that the process uses.',
      unit: 'short',
      queries: [
        { expr: rateOf('process_cpu_seconds_total', 'instance', of(service)), legend: '{{instance}}' },
      ],
    },
    {
      title: 'Delay of the event loop, P99',
      what: 'While it is long, nothing is answered.',
      unit: 's',
      queries: [
        {
          expr: `max by (instance) (nodejs_eventloop_lag_p99_seconds${of(service)})`,
          legend: '{{instance}}',
        },
      ],
    },
  ],
});

/** In the order of the flow of data. */
export const SERVICE_BOARDS: readonly Board[] = HTTP_SERVICES.map((service) => ({
  file: `services/${service}.json`,
  uid: `carbon-${service}`,
  title: `254Carbon: ${service}`,
  what: `Whether ${service} is there, what it does, and how its process fares.`,
  rows: [
    now(service),
    ...(service === 'connector-registry' ? [] : [stage(service)]),
    OWN[service],
    processRow(service),
  ],
}));
