/** `observability-status` where nothing runs, with a Grafana that is well or not, and with pods. */

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { HTTP_SERVICES } from '../../../app/telemetry/http-service.ts';
import { freePort } from '../../support/engine-server.ts';
import { statusReport } from './status-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'carbon-status-'));
const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Ports on which nobody listens. */
async function silence(): Promise<Record<string, string>> {
  const names = [
    'CARBON_PROMETHEUS_PORT',
    'CARBON_ALERTMANAGER_PORT',
    ...HTTP_SERVICES.map((service) => `DATA_PROC_${service.toUpperCase().replace('-', '_')}_PORT`),
  ];
  const found: Record<string, string> = {};
  for (const name of names) found[name] = String(await freePort());
  return found;
}

/** A server with one answer for everything. */
async function answering(status: number, body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(body));
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A path on which `kubectl` prints what is given, or fails with it, when it is asked for the namespace. */
function pathWithKubectl(name: string, exit: number, output: string): string {
  const bin = join(folder, name);
  mkdirSync(bin);
  writeFileSync(join(bin, 'output'), output);
  const script = `#!/bin/sh
case "$*" in "get pods --namespace ingestion --output json"*) ;; *) echo "asked for $*" >&2; exit 9 ;; esac
cat '${bin}/output' >&${exit === 0 ? 1 : 2}
exit ${exit}
`;
  writeFileSync(join(bin, 'kubectl'), script);
  chmodSync(join(bin, 'kubectl'), 0o755);
  return `${bin}${delimiter}${process.env['PATH']}`;
}

test('nothing runs: every line says so and what to do, and the code is 3', async () => {
  const ports = await silence();
  const report = await statusReport(ports);
  assert.equal(report.exit, 3, report.text);
  assert.match(report.lineOf('prometheus'), /not running .*nothing listens there; make observability-up/);
  assert.match(report.lineOf('alertmanager'), /not running .*make observability-up/);
  assert.match(report.lineOf('grafana'), /not configured .*CARBON_GRAFANA_URL/);
  for (const service of HTTP_SERVICES) assert.match(report.lineOf(service), /down .*nothing listens/);
  assert.ok(report.lineOf('projection').includes(`:${ports['DATA_PROC_PROJECTION_PORT']}/`));
  assert.match(report.text, /Nothing runs: make observability-up/);
  assert.ok(!report.text.includes('kubernetes'), 'nobody asked for it');
});

test('Grafana is well, or says what is not, or is something else', async () => {
  const ports = await silence();
  const lineWith = async (url: string): Promise<string> =>
    (await statusReport({ ...ports, CARBON_GRAFANA_URL: url })).lineOf('grafana');
  const well = await answering(200, '{"database":"ok","version":"12.0.1"}');
  assert.match(await lineWith(`${well}/`), /grafana +healthy .*12\.0\.1, database ok/);
  const ill = await answering(503, '{"database":"failing","version":"12.0.1"}');
  assert.match(await lineWith(ill), /grafana +unhealthy .*database failing/);
  const half = await answering(200, '{"database":"failing"}');
  assert.match(await lineWith(half), /grafana +unhealthy .*no version, database failing/);
  const other = await answering(404, 'not here');
  assert.match(await lineWith(other), /grafana +not running .*answers with 404 and no JSON/);
});

test('pods are told with CARBON_K8S=1: ready, done, waiting, none, and a cluster that is not reached', async () => {
  const ports = await silence();
  const with_ = (path: string): ReturnType<typeof statusReport> =>
    statusReport({ ...ports, CARBON_K8S: '1', PATH: path });
  const since = '2025-03-09T07:00:00Z';
  const pod = (name: string, phase: string, ready: string, more: object): object => ({
    metadata: { name },
    status: { phase, conditions: [{ type: 'Ready', status: ready, lastTransitionTime: since }], ...more },
  });
  const waiting = [
    { name: 'projection', restartCount: 4, state: { waiting: { reason: 'CrashLoopBackOff' } } },
  ];
  const items = [
    pod('normalization-0', 'Running', 'True', {}),
    pod('migrate-x', 'Succeeded', 'False', {}),
    pod('projection-0', 'Running', 'False', { containerStatuses: waiting }),
  ];
  const found = await with_(pathWithKubectl('pods', 0, JSON.stringify({ items })));
  assert.match(
    found.lineOf('pod normalization-0'),
    /normalization-0 +ready +since 2025-03-09T07:00:00Z +Running$/,
  );
  assert.match(found.lineOf('pod migrate-x'), /migrate-x +ready .*Succeeded/);
  assert.match(
    found.lineOf('pod projection-0'),
    /not ready .*Running, projection: CrashLoopBackOff, restarted 4 times/,
  );
  const none = await with_(pathWithKubectl('none', 0, '{"items":[]}'));
  assert.match(none.lineOf('kubernetes'), /empty +namespace ingestion has no pods/);
  const away = await with_(pathWithKubectl('away', 1, 'E1129 memcache.go\nThe connection was refused\n'));
  assert.match(away.lineOf('kubernetes'), /not reached +The connection was refused$/);
});
