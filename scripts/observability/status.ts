/**
 * Whether what watches and what is watched is well (`make observability-status`): Prometheus, Alertmanager, Grafana where
 * CARBON_GRAFANA_URL names one, every service, the alerts that fire, and with CARBON_K8S=1 the pods of a namespace.
 *
 * Exit codes: 0 all that is expected is healthy and no critical alert fires, 1 something is not, 3 nothing of it
 * runs.
 */

import { HTTP_SERVICES } from '../../app/telemetry/http-service.ts';
import { podsOf } from './kubernetes-pods.ts';
import { type Alert, askJson, PrometheusQuestions, type Target } from './prometheus-questions.ts';

/** One line of the report. */
interface Finding {
  readonly name: string;
  /** null: not expected to be there. */
  readonly isWell: boolean | null;
  readonly state: string;
  readonly since?: string | number | null;
  readonly says: string;
}

const { env } = process;
const JOB = 'carbon';
const NAMESPACE = env['CARBON_K8S_NAMESPACE'] ?? 'ingestion';
const DEFAULT_PORTS: Readonly<Record<string, string>> = {
  'connector-registry': '8500',
  normalization: '8510',
  enrichment: '8511',
  aggregation: '8512',
  projection: '8513',
};

const prometheusUrl = `http://127.0.0.1:${env['CARBON_PROMETHEUS_PORT'] || '9090'}`;
const alertmanagerUrl = `http://127.0.0.1:${env['CARBON_ALERTMANAGER_PORT'] || '9093'}`;
const prometheus = new PrometheusQuestions(prometheusUrl);

/** A finding, or that the thing does not run and what to do about it. */
async function orNotRunning(name: string, remedy: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    const says = `${(error as Error).message}${remedy === '' ? '' : `; ${remedy}`}`;
    return { name, isWell: false, state: 'not running', says };
  }
}

const findPrometheus = (): Promise<Finding> =>
  orNotRunning('prometheus', 'make observability-up starts it', async () => {
    const { startedAt, version } = await prometheus.identity();
    const sends = await prometheus.alertmanagers();
    const to = sends === 0 ? 'sends its alerts to nobody' : `sends its alerts to ${sends} Alertmanager`;
    const state = sends === 0 ? 'alone' : 'healthy';
    return {
      name: 'prometheus',
      isWell: sends > 0,
      state,
      since: startedAt,
      says: `${prometheusUrl}/, ${version}, ${to}`,
    };
  });

const findAlertmanager = (): Promise<Finding> =>
  orNotRunning('alertmanager', 'make observability-up starts it', async () => {
    const { body } = await askJson(`${alertmanagerUrl}/api/v2/status`);
    const { uptime, versionInfo } = body as { uptime: string; versionInfo: { version: string } };
    return {
      name: 'alertmanager',
      isWell: true,
      state: 'healthy',
      since: uptime,
      says: `${alertmanagerUrl}/, ${versionInfo.version}`,
    };
  });

async function findGrafana(): Promise<Finding> {
  const url = (env['CARBON_GRAFANA_URL'] ?? '').replace(/\/+$/, '');
  if (url === '')
    return {
      name: 'grafana',
      isWell: null,
      state: 'not configured',
      says: 'CARBON_GRAFANA_URL names one, such as http://127.0.0.1:3000',
    };
  return orNotRunning('grafana', '', async () => {
    const { status, body } = await askJson(`${url}/api/health`);
    const { database, version } = body as { database?: string; version?: string };
    const isWell = status === 200 && database === 'ok';
    const says = `${url}/, ${version ?? 'no version'}, database ${database ?? 'unknown'}`;
    return { name: 'grafana', isWell, state: isWell ? 'healthy' : 'unhealthy', says };
  });
}

/** What Prometheus scrapes; without one, the ports that the services would have. */
async function targets(isWatched: boolean): Promise<Target[]> {
  const byPort = HTTP_SERVICES.map((service): Target => {
    const variable = `DATA_PROC_${service.toUpperCase().replaceAll('-', '_')}_PORT`;
    const port = env[variable] || DEFAULT_PORTS[service];
    return { service, scrapeUrl: `http://127.0.0.1:${port}/metrics`, health: 'unknown', lastError: '' };
  });
  if (!isWatched) return byPort;
  const scraped = await prometheus.targets(JOB);
  const missing = byPort.filter(({ service }) => !scraped.some((target) => target.service === service));
  const place = ({ service }: Target): number => byPort.findIndex((target) => target.service === service);
  return [...scraped, ...missing.map((target) => ({ ...target, lastError: 'is not scraped' }))].sort(
    (a, b) => place(a) - place(b),
  );
}

/** A service is healthy when it is scraped and says itself that it is ready. */
async function findService(target: Target, isWatched: boolean): Promise<Finding> {
  const { service: name, scrapeUrl, health, lastError } = target;
  const base = scrapeUrl.replace(/\/metrics$/, '');
  const since =
    isWatched && health !== 'unknown' ? await prometheus.unchangedSince(name, health === 'up') : null;
  const said = await readiness(base);
  if (said.state === 'not running' || health === 'down') {
    const says = said.state === 'not running' ? said.says : `${base}/: ${lastError}`;
    return { name, isWell: false, state: said.state === 'not running' ? 'down' : 'not scraped', since, says };
  }
  if (lastError !== '')
    return { name, isWell: false, state: 'not watched', says: `${said.says}, ${lastError}` };
  const isWell = said.state === 'healthy' && (health === 'up' || !isWatched);
  const state = said.state === 'healthy' && !isWell ? 'not scraped yet' : said.state;
  return { name, isWell, state, since, says: said.says };
}

async function readiness(base: string): Promise<{ readonly state: string; readonly says: string }> {
  try {
    const { status, body } = await askJson(`${base}/readyz?verbose`);
    const { version, checks = [] } = body as {
      version?: string;
      checks?: { name: string; ok: boolean; detail: string }[];
    };
    const failed = checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);
    if (status === 200) return { state: 'healthy', says: `${base}/, ${version}` };
    return { state: 'not ready', says: `${base}/, ${failed.join('; ') || `answers with ${status}`}` };
  } catch (error) {
    return { state: 'not running', says: (error as Error).message.replace('/readyz?verbose', '/') };
  }
}

async function findPods(): Promise<Finding[]> {
  if (env['CARBON_K8S'] !== '1') return [];
  try {
    const pods = await podsOf(NAMESPACE);
    if (pods.length === 0)
      return [
        { name: 'kubernetes', isWell: false, state: 'empty', says: `namespace ${NAMESPACE} has no pods` },
      ];
    return pods.map(({ name, isReady, since, says }) => ({
      name: `pod ${name}`,
      isWell: isReady,
      state: isReady ? 'ready' : 'not ready',
      since,
      says,
    }));
  } catch (error) {
    return [{ name: 'kubernetes', isWell: false, state: 'not reached', says: (error as Error).message }];
  }
}

function alertsFinding(alerts: readonly Alert[]): Finding {
  const firing = alerts.filter(({ state }) => state === 'firing');
  const pending = alerts.length - firing.length;
  const critical = firing.filter(({ severity }) => severity === 'critical').length;
  const state = firing.length === 0 ? 'none firing' : `${firing.length} firing`;
  const says = `${critical} critical, ${pending} pending`;
  return { name: 'alerts', isWell: critical === 0, state, says };
}

const alertFinding = ({ name, severity, state, about, summary, activeAt }: Alert): Finding => ({
  name: `  ${severity}`,
  isWell: null,
  state,
  since: activeAt,
  says: `${name} (${about}): ${summary}`,
});

function print(findings: readonly Finding[]): void {
  const moment = (since: string | number): string =>
    `since ${new Date(typeof since === 'number' ? since * 1000 : since).toISOString().replace(/\.\d+Z$/, 'Z')}`;
  const rows = findings.map(({ name, state, since, says }) => [
    name,
    state,
    since === undefined || since === null ? '' : moment(since),
    says,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

const watching = await findPrometheus();
const isWatched = watching.state !== 'not running';
const alerting = await findAlertmanager();
const services = await Promise.all(
  (await targets(isWatched)).map((target) => findService(target, isWatched)),
);
const alerts = isWatched ? await prometheus.alerts() : [];
const findings = [
  watching,
  alerting,
  await findGrafana(),
  ...services,
  ...(await findPods()),
  ...(isWatched ? [alertsFinding(alerts), ...alerts.map(alertFinding)] : []),
];
print(findings);
if ([watching, alerting, ...services].every(({ state }) => state === 'not running' || state === 'down')) {
  console.log('Nothing runs: make observability-up starts what watches, ./bin/carbon up the services.');
  process.exitCode = 3;
} else process.exitCode = findings.some(({ isWell }) => isWell === false) ? 1 : 0;
