/** The two boards of ingestion: whether the connectors are well, and how long a value takes from raw to silver. */

import type { Board, Panel } from './board.ts';
import { middleAndHigh, quantileOf, rateOf } from './expressions.ts';

const FAILED = 'status=~"failed|rejected"';
const RUNS = 'service_connector_status:connector_runs:increase1h';
const LAST_RUN = 'carbon_connector_last_run_timestamp_seconds';
const VALUES = 'service_stage_fate:carbon_stage_values:increase1h{stage="normalization", fate="in"}';

/** What normalization has still to read, as a number. */
const waiting = (title: string): Panel => ({
  title,
  what: 'Records on the raw topics that normalization has still to read.',
  unit: 'short',
  queries: [
    {
      expr: 'sum(max by (topic, group) (connector_consumer_lag{topic=~"ingestion[.].*"}))',
      legend: 'records',
    },
  ],
  isNumber: true,
});

const CONNECTORS_HEALTH: Board = {
  file: 'ingestion/connectors_health.json',
  uid: 'carbon-connectors-health',
  title: '254Carbon: health of the connectors',
  what: 'Runs of connectors, what they bring, and whether what they bring is taken in.',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Failed runs, last hour',
          what: 'Share of the runs that failed or had a body refused. Red above 5 %: alert ConnectorRunsFailing.',
          unit: 'percentunit',
          queries: [{ expr: `(sum(${RUNS}{${FAILED}}) or vector(0)) / sum(${RUNS})`, legend: 'failed' }],
          limit: 0.05,
          isNumber: true,
        },
        {
          title: 'Runs, last hour',
          what: 'By how they ended.',
          unit: 'short',
          queries: [{ expr: `sum by (status) (${RUNS})`, legend: '{{status}}' }],
          isNumber: true,
        },
        waiting('Waiting to be taken in'),
        {
          title: 'Anomalies, last hour',
          what: 'Share of the values. Red above 1 %: alert AnomaliesHigh.',
          unit: 'percentunit',
          queries: [
            {
              expr: `sum(service_type:data_quality_anomalies:increase1h) / sum(${VALUES})`,
              legend: 'anomalies',
            },
          ],
          limit: 0.01,
          isNumber: true,
        },
      ],
    },
    {
      title: 'Runs',
      panels: [
        {
          title: 'Runs by connector, last hour',
          what: 'How many ended which way in the hour before each moment.',
          unit: 'short',
          queries: [{ expr: `sum by (connector, status) (${RUNS})`, legend: '{{connector}} {{status}}' }],
        },
        {
          title: 'Duration of a run',
          what: 'P95 from the start to the end. Red above five minutes: alert ConnectorRunSlow.',
          unit: 's',
          queries: [
            {
              expr: quantileOf(0.95, 'carbon_connector_run_duration_seconds', 'connector'),
              legend: '{{connector}}',
            },
          ],
          limit: 300,
        },
        {
          title: 'Since the last good run',
          what: 'Rises while a connector succeeds no more.',
          unit: 's',
          queries: [
            {
              expr: `time() - max by (connector) (${LAST_RUN}{status="success"})`,
              legend: '{{connector}}',
            },
          ],
        },
      ],
    },
    {
      title: 'What they bring',
      panels: [
        {
          title: 'Payloads',
          what: 'By what became of them. Unchanged ones publish nothing.',
          unit: 'ops',
          queries: [
            {
              expr: rateOf('carbon_connector_payloads_total', 'connector, outcome'),
              legend: '{{connector}} {{outcome}}',
            },
          ],
        },
        {
          title: 'Values published',
          what: 'Values onto the raw topics, by dataset.',
          unit: 'ops',
          queries: [
            {
              expr: rateOf('carbon_connector_values_total', 'connector, dataset'),
              legend: '{{connector}} {{dataset}}',
            },
          ],
        },
        {
          title: 'Bytes fetched',
          what: 'Of all bodies.',
          unit: 'Bps',
          queries: [
            { expr: rateOf('carbon_connector_fetched_bytes_total', 'connector'), legend: '{{connector}}' },
          ],
        },
        {
          title: 'Requests repeated',
          what: 'Sources that answer late or not at once.',
          unit: 'ops',
          queries: [
            {
              expr: rateOf('carbon_connector_retries_total', 'connector, dataset'),
              legend: '{{connector}} {{dataset}}',
            },
          ],
        },
        {
          title: 'Circuit breakers opened',
          what: 'In the hour before each moment: alert SourceBreakerOpened.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (connector) (increase(carbon_connector_breaker_opened_total[1h]))',
              legend: '{{connector}}',
            },
          ],
        },
        {
          title: 'Consumer lag',
          what: 'Records of a raw topic that a group has still to read: alert ConsumerStuck.',
          unit: 'short',
          queries: [
            {
              expr: 'max by (topic, group) (connector_consumer_lag{topic=~"ingestion[.].*"})',
              legend: '{{group}} {{topic}}',
            },
          ],
        },
      ],
    },
    {
      title: 'What is refused',
      panels: [
        {
          title: 'Anomalies',
          what: 'Cases per second, by type.',
          unit: 'ops',
          queries: [{ expr: rateOf('data_quality_anomalies_total', 'type'), legend: '{{type}}' }],
        },
        {
          title: 'Dead letters',
          what: 'Values per second that a stage could not take, by code.',
          unit: 'ops',
          queries: [{ expr: rateOf('invalid_records_total', 'stage, code'), legend: '{{stage}} {{code}}' }],
        },
      ],
    },
  ],
};

const AGE = 'time() - max by (market) (carbon_newest_known_timestamp_seconds)';
const RAW_TO_SILVER = 'carbon_normalization_duration_seconds';

const BRONZE_TO_SILVER: Board = {
  file: 'ingestion/bronze_to_silver_latency.json',
  uid: 'carbon-bronze-to-silver',
  title: '254Carbon: from bronze to silver',
  what: 'How long raw records take until their values are stored, how new they are, and what waits.',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Raw to silver, P95',
          what: 'From a batch having been read to its values being stored. Red above 2 s, the objective.',
          unit: 's',
          queries: [{ expr: quantileOf(0.95, RAW_TO_SILVER, ''), legend: 'P95' }],
          limit: 2,
          isNumber: true,
        },
        {
          title: 'Normalization of a batch, P95',
          what: 'The stage alone. Red above 500 ms, the objective.',
          unit: 's',
          queries: [
            {
              expr: quantileOf(0.95, 'carbon_stage_duration_seconds', '', '{stage="normalization"}'),
              legend: 'P95',
            },
          ],
          limit: 0.5,
          isNumber: true,
        },
        {
          title: 'Records a second',
          what: 'Raw records taken through normalization.',
          unit: 'ops',
          queries: [
            { expr: 'sum(rate(normalization_records_processed_total[$__rate_interval]))', legend: 'records' },
          ],
          isNumber: true,
        },
        waiting('Waiting'),
      ],
    },
    {
      title: 'Latency',
      panels: [
        {
          title: 'Raw to silver by market, P50 and P95',
          what: 'Red above 2 s: alert NormalizationEndToEndOverObjective.',
          unit: 's',
          queries: middleAndHigh(RAW_TO_SILVER, 'market'),
          limit: 2,
        },
        {
          title: 'Raw to silver by market, P99',
          what: 'The slowest of a hundred batches.',
          unit: 's',
          queries: [{ expr: quantileOf(0.99, RAW_TO_SILVER, 'market'), legend: '{{market}}' }],
        },
        {
          title: 'Normalization of a batch',
          what: 'The stage alone, with the waiting for what it asks of the stores.',
          unit: 's',
          queries: middleAndHigh('carbon_stage_duration_seconds', '', '{stage="normalization"}'),
          limit: 0.5,
        },
      ],
    },
    {
      title: 'How new it is',
      panels: [
        {
          title: 'Age of the newest value',
          what: 'Since the known time of the newest record of a market. Rises between publications.',
          unit: 's',
          queries: [{ expr: AGE, legend: '{{market}}' }],
        },
        {
          title: 'Late values',
          what: 'Ticks per second that carry LATE_ARRIVAL.',
          unit: 'ops',
          queries: [{ expr: rateOf('carbon_late_values_total', 'market'), legend: '{{market}}' }],
        },
        {
          title: 'How late, P95',
          what: 'Per batch with late values: from the end of an interval to its value being known.',
          unit: 's',
          queries: [{ expr: quantileOf(0.95, 'late_arrival_seconds', 'market'), legend: '{{market}}' }],
        },
      ],
    },
    {
      title: 'Throughput',
      panels: [
        {
          title: 'Records by market',
          what: 'Raw records per second, by tenant.',
          unit: 'ops',
          queries: [
            {
              expr: rateOf('normalization_records_processed_total', 'market, tenant_id'),
              legend: '{{market}} {{tenant_id}}',
            },
          ],
        },
        {
          title: 'Values by fate',
          what: 'Values per second: all that go in come out, are rejected or dropped.',
          unit: 'ops',
          queries: [
            {
              expr: rateOf('carbon_stage_values_total', 'fate', '{stage="normalization"}'),
              legend: '{{fate}}',
            },
          ],
        },
        {
          title: 'Consumer lag by topic',
          what: 'Records that normalization has still to read.',
          unit: 'short',
          queries: [
            {
              expr: 'max by (topic) (connector_consumer_lag{topic=~"ingestion[.].*"})',
              legend: '{{topic}}',
            },
          ],
        },
      ],
    },
  ],
};

export const INGESTION_BOARDS: readonly Board[] = [CONNECTORS_HEALTH, BRONZE_TO_SILVER];
