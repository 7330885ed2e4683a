/**
 * When each alert of `ingestion_red.yaml` fires and when it does not: series as promtool writes them (`0+2x30` is 0, 2, 4 …
 * thirty times further; `_` is no sample), and moments with what fires then.
 */

/** What a world of series makes of an alert. */
export interface AlertCase {
  readonly alert: string;
  readonly what: string;
  /** Between two samples, and between two looks of the rules. */
  readonly interval: '10s' | '1m';
  readonly series: Readonly<Record<string, string>>;
  /** By moment since the beginning: the labels of what fires, without those that every one of it has. */
  readonly firing: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
}

/** `up` of a service, or another series of its port. */
export function at(service: string, metric = 'up', labels = ''): string {
  return `${metric}{job="carbon",instance="${service}:1",service="${service}"${labels === '' ? '' : `,${labels}`}}`;
}

/** Buckets of a histogram of which `share` percent are not above `bound` and all are not above `next`, in every interval. */
export function buckets(
  service: string,
  metric: string,
  labels: string,
  bound: number,
  next: number,
  share: number,
): Record<string, string> {
  const bucket = (le: string): string => at(service, `${metric}_bucket`, `${labels},le="${le}"`);
  return {
    [bucket(String(bound))]: `0+${share}x400`,
    [bucket(String(next))]: '0+100x400',
    [bucket('+Inf')]: '0+100x400',
  };
}

const STAGE = 'carbon_stage_duration_seconds';
const SERVICES = ['connector-registry', 'normalization', 'enrichment', 'aggregation', 'projection'];
const SHOWN = Object.fromEntries(SERVICES.map((service) => [at(service), '1x30']));
const target = (service: string): Record<string, string> => ({
  job: 'carbon',
  instance: `${service}:1`,
  service,
});
/** Watched for longer than any window, in looks of a minute. */
const watched = (service: string): Record<string, string> => ({ [at(service)]: '1x200' });

const registry = 'connector-registry';
const runs = (status: string): string =>
  at(registry, 'connector_runs_total', `connector="miso",status="${status}"`);
const fates = (fate: string, stage = 'normalization'): string =>
  at(stage, 'carbon_stage_values_total', `stage="${stage}",fate="${fate}"`);
const anomalies = at('normalization', 'data_quality_anomalies_total', 'type="REJECTED_VALUES"');
const failures = (code: string): string =>
  at('enrichment', 'carbon_plan_failures_total', `stage="enrichment",code="${code}"`);
const reads = (status: string): string =>
  at('projection', 'carbon_http_requests_total', `route="/v1/latest",method="GET",status="${status}"`);
const lag = at('normalization', 'connector_consumer_lag', 'topic="ingestion.miso.raw.v1",group="pipeline"');
const lagLabels = { ...target('normalization'), topic: 'ingestion.miso.raw.v1', group: 'pipeline' };

export const RED_CASES: readonly AlertCase[] = [
  {
    alert: 'ServiceDown',
    what: 'a port that answers no more, after 30 s, until it answers again',
    interval: '10s',
    series: { [at('projection')]: '1x6 0x9 1x9', [at('enrichment')]: '1x30' },
    firing: {
      '60s': [],
      '90s': [],
      '100s': [target('projection')],
      '160s': [target('projection')],
      '170s': [],
    },
  },
  {
    alert: 'ServiceMissing',
    what: 'a service that no target stands for',
    interval: '10s',
    series: { ...SHOWN, [at('aggregation')]: '_x30' },
    firing: { '20s': [], '30s': [{ job: 'carbon', service: 'aggregation' }] },
  },
  {
    alert: 'ServiceMissing',
    what: 'nothing scraped at all; and nothing missing',
    interval: '10s',
    series: {},
    firing: { '30s': SERVICES.map((service) => ({ job: 'carbon', service })) },
  },
  {
    alert: 'ServiceMissing',
    what: 'every service has a target, be it down',
    interval: '10s',
    series: { ...SHOWN, [at('aggregation')]: '0x30' },
    firing: { '5m': [] },
  },
  {
    alert: 'ConnectorRunsStopped',
    what: 'no run for a day (the last ended 22 h 59 min before), however it ended',
    interval: '1m',
    series: {
      [at(registry, 'carbon_connector_last_run_timestamp_seconds', 'connector="miso",status="failed"')]:
        '-82740x100',
      [at(registry, 'carbon_connector_last_run_timestamp_seconds', 'connector="caiso",status="success"')]:
        '-90000x100',
    },
    firing: { '1h1m': [], '1h6m': [], '1h7m': [{ service: registry }] },
  },
  {
    alert: 'ConsumerStuck',
    what: 'a lag that has not become less for ten minutes, ten minutes long',
    interval: '10s',
    series: { [lag]: '5x200' },
    firing: { '19m50s': [], '20m': [lagLabels] },
  },
  {
    alert: 'ConsumerStuck',
    what: 'no lag that shrinks, and none that is gone at times',
    interval: '10s',
    series: {
      [lag]: '90000-10x200',
      [lag.replaceAll('miso', 'spp')]: '0x200',
      [lag.replaceAll('miso', 'pjm')]: `${'7 7 7 7 7 7 7 0 '.repeat(25)}`.trim(),
    },
    firing: { '20m': [], '30m': [] },
  },
  {
    alert: 'BackpressureHeld',
    what: 'held back for ten minutes without a break',
    interval: '10s',
    series: {
      [at('enrichment', 'carbon_backpressure_active', 'stage="enrichment"')]: '1x60 0x10',
      [at('aggregation', 'carbon_backpressure_active', 'stage="aggregation"')]: '1x30 0x1 1x40',
    },
    firing: { '9m50s': [], '10m': [{ ...target('enrichment'), stage: 'enrichment' }], '11m': [] },
  },
  {
    alert: 'ConnectorRunsFailing',
    what: '6 % of the runs of an hour',
    interval: '1m',
    series: { ...watched(registry), [runs('success')]: '0+94x200', [runs('failed')]: '0+6x200' },
    firing: { '2h': [{ service: registry, connector: 'miso' }] },
  },
  {
    alert: 'ConnectorRunsFailing',
    what: 'not 4 %',
    interval: '1m',
    series: { ...watched(registry), [runs('success')]: '0+96x200', [runs('rejected')]: '0+4x200' },
    firing: { '2h': [] },
  },
  {
    alert: 'ConnectorRunsFailing',
    what: 'the first run of all that fails',
    interval: '1m',
    series: { ...watched(registry), [runs('success')]: '20x200', [runs('rejected')]: '_x70 1x130' },
    firing: { '69m': [], '70m': [], '71m': [{ service: registry, connector: 'miso' }], '131m': [] },
  },
  {
    alert: 'ConnectorRunsFailing',
    what: 'not what failed before it was watched',
    interval: '1m',
    series: {
      [at(registry)]: '_x20 1x100',
      [runs('success')]: '_x20 9x100',
      [runs('failed')]: '_x20 50x100',
    },
    firing: { '22m': [], '79m': [], '100m': [] },
  },
  {
    alert: 'SourceBreakerOpened',
    what: 'the first time and each further time, for an hour',
    interval: '1m',
    series: {
      ...watched(registry),
      [at(registry, 'carbon_connector_breaker_opened_total', 'connector="miso"')]: '_x69 1x130',
      [at(registry, 'carbon_connector_breaker_opened_total', 'connector="pjm"')]: '3x89 4x110',
    },
    firing: {
      '68m': [],
      '69m': [{ ...target(registry), connector: 'miso' }],
      '92m': ['miso', 'pjm'].map((connector) => ({ ...target(registry), connector })),
      '152m': [],
    },
  },
  {
    alert: 'ValuesUnaccounted',
    what: 'a value that went in and has no fate',
    interval: '10s',
    series: {
      [fates('in')]: '0+10x30',
      [fates('out')]: '0+9x15 135+10x14',
      [fates('rejected')]: '0+1x15 14+0x14',
    },
    firing: { '140s': [], '180s': [], '190s': [{ service: 'normalization', stage: 'normalization' }] },
  },
  {
    alert: 'ValuesUnaccounted',
    what: 'nothing while every value has one, the reinstated too',
    interval: '10s',
    series: {
      [fates('in')]: '0+10x30',
      [fates('reinstated')]: '0+1x30',
      [fates('out')]: '0+8x30',
      [fates('rejected')]: '0+1x30',
      [fates('dropped_duplicate')]: '0+2x30',
    },
    firing: { '5m': [] },
  },
  {
    alert: 'ValuesUnaccounted',
    what: 'a batch that was stopped because its sums differ',
    interval: '10s',
    series: {
      [at('enrichment')]: '1x100',
      [failures('BALANCE_BROKEN')]: '_x59 1x40',
      [failures('STORE_UNAVAILABLE')]: '_x59 1x40',
    },
    firing: { '610s': [], '620s': [{ service: 'enrichment', stage: 'enrichment' }], '930s': [] },
  },
  {
    alert: 'StageFailing',
    what: 'the first failure, after a minute, for five',
    interval: '10s',
    series: { [at('enrichment')]: '1x150', [failures('STORE_UNAVAILABLE')]: '_x59 1x90' },
    firing: {
      '640s': [],
      '650s': [{ service: 'enrichment', stage: 'enrichment', code: 'STORE_UNAVAILABLE' }],
      '900s': [],
    },
  },
  {
    alert: 'StoreAway',
    what: 'work that waits, for a minute',
    interval: '10s',
    series: {
      [at('projection')]: '1x150',
      [at('projection', 'carbon_store_retries_total', 'code="STORE_UNAVAILABLE"')]: '_x59 1x90',
      [at('enrichment')]: '1x150',
      [at('enrichment', 'carbon_store_retries_total', 'code="STORE_UNAVAILABLE"')]: '4x150',
    },
    firing: { '640s': [], '650s': [{ service: 'projection', code: 'STORE_UNAVAILABLE' }], '900s': [] },
  },
  {
    alert: 'AnomaliesHigh',
    what: '2 % of the values, for five minutes',
    interval: '1m',
    series: { ...watched('normalization'), [fates('in')]: '0+100x200', [anomalies]: '0+0x70 0+20x100' },
    firing: { '76m': [], '80m': [{}] },
  },
  {
    alert: 'AnomaliesHigh',
    what: 'not half a percent',
    interval: '1m',
    series: { ...watched('normalization'), [fates('in')]: '0+200x200', [anomalies]: '0+1x200' },
    firing: { '90m': [], '2h': [] },
  },
  {
    alert: 'ValuesRejected',
    what: '2 % of the values of one stage, not half a percent of another',
    interval: '1m',
    series: {
      ...watched('normalization'),
      ...watched('enrichment'),
      [fates('in')]: '0+100x200',
      [fates('rejected')]: '0+2x200',
      [fates('in', 'enrichment')]: '0+200x200',
      [fates('rejected', 'enrichment')]: '0+1x200',
    },
    firing: {
      '4m': [],
      '7m': [{ service: 'normalization', stage: 'normalization' }],
      '2h': [{ service: 'normalization', stage: 'normalization' }],
    },
  },
  {
    alert: 'ReadsFailing',
    what: 'a tenth of the reads',
    interval: '10s',
    series: { [reads('200')]: '0+9x100', [reads('503')]: '0+1x100' },
    firing: { '5m': [], '6m': [{ service: 'projection' }] },
  },
  {
    alert: 'ReadsFailing',
    what: 'neither 4 % of them nor what the reader did wrong',
    interval: '10s',
    series: { [reads('200')]: '0+48x100', [reads('400')]: '0+48x100', [reads('503')]: '0+4x100' },
    firing: { '10m': [] },
  },
  {
    alert: 'EnrichmentWithoutStore',
    what: 'the first time and each further time, for a quarter of an hour',
    interval: '1m',
    series: {
      ...watched('enrichment'),
      [at('enrichment', 'carbon_enrichment_store_failures_total', 'code="STORE_UNAVAILABLE"')]:
        '_x19 1x40 2x60',
    },
    firing: {
      '18m': [],
      '19m': [{ ...target('enrichment'), code: 'STORE_UNAVAILABLE' }],
      '36m': [],
      '62m': [{ ...target('enrichment'), code: 'STORE_UNAVAILABLE' }],
      '80m': [],
    },
  },
  {
    alert: 'PoliciesRefused',
    what: 'the first refusal and each further one, not what was taken over',
    interval: '1m',
    series: {
      ...watched('enrichment'),
      [at('enrichment', 'carbon_policy_reloads_total', 'status="refused"')]: '_x69 1x70 2x70',
      ...watched('projection'),
      [at('projection', 'carbon_policy_reloads_total', 'status="success"')]: '_x69 1x130',
    },
    firing: {
      '68m': [],
      '69m': [{ ...target('enrichment'), status: 'refused' }],
      '131m': [],
      '142m': [{ ...target('enrichment'), status: 'refused' }],
    },
  },
  {
    alert: 'ProcessingSlow',
    what: 'a tenth of the batches over 1 s, for five minutes; not one in a hundred',
    interval: '10s',
    series: {
      ...buckets('aggregation', STAGE, 'stage="aggregation"', 1, 2.5, 90),
      ...buckets('projection', STAGE, 'stage="projection"', 1, 2.5, 99),
    },
    firing: { '5m': [], '5m10s': [{ service: 'aggregation', stage: 'aggregation' }] },
  },
  {
    alert: 'EnrichmentSlow',
    what: 'a tenth of the batches over 50 ms',
    interval: '10s',
    series: buckets('enrichment', STAGE, 'stage="enrichment"', 0.05, 0.1, 90),
    firing: { '5m': [], '5m10s': [{ service: 'enrichment' }] },
  },
  {
    alert: 'EnrichmentSlow',
    what: 'not one in a hundred, and no other stage',
    interval: '10s',
    series: {
      ...buckets('enrichment', STAGE, 'stage="enrichment"', 0.05, 0.1, 99),
      ...buckets('projection', STAGE, 'stage="projection"', 0.05, 0.1, 50),
    },
    firing: { '10m': [] },
  },
  {
    alert: 'ConnectorRunSlow',
    what: 'a tenth of the runs over five minutes; not one in a hundred',
    interval: '1m',
    series: {
      ...buckets(registry, 'carbon_connector_run_duration_seconds', 'connector="miso"', 300, 600, 90),
      ...buckets(registry, 'carbon_connector_run_duration_seconds', 'connector="pjm"', 300, 600, 99),
    },
    firing: { '5m': [], '6m': [{ service: registry, connector: 'miso' }] },
  },
];
