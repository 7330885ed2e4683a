/**
 * Prometheus and Alertmanager of this checkout's configuration beside a pipeline that runs: every port is scraped, what the
 * port says is what Prometheus has, a stopped pipeline is seen, and an alert reaches those who are to hear of it.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { HTTP_SERVICES } from '../../../app/telemetry/http-service.ts';
import { PrometheusQuestions } from '../../../scripts/observability/prometheus-questions.ts';
import { freePort, within } from '../../support/engine-server.ts';
import { newFolder, replay, SPRING, start } from '../cli/carbon.ts';
import { toolNamed } from './prometheus-tools.ts';
import { observability, statusReport } from './status-report.ts';

const promtool = await toolNamed('promtool');
const amtool = await toolNamed('amtool');
const missing = [promtool, amtool].find((tool) => typeof tool === 'string');

/** Two scrapes, two looks of the rules, and a machine that is busy. */
const SOON_MS = 90_000;

if (typeof amtool === 'string' || missing !== undefined)
  test(`Prometheus beside a pipeline: skipped, ${missing}`, { skip: true }, () => {});
else
  test('Prometheus sees every service, what they count, and that they are gone; alerts find their receivers', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'carbon-observability-'));
    const heard: { url: string; alerts: { labels: Record<string, string> }[] }[] = [];
    const receiver = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      request.on('end', () => {
        heard.push({ url: String(request.url), ...(JSON.parse(text) as { alerts: [] }) });
        response.end();
      });
    });
    await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
    const ports: Record<string, string> = {};
    for (const service of HTTP_SERVICES)
      ports[`DATA_PROC_${service.toUpperCase().replace('-', '_')}_PORT`] = String(await freePort());
    const variables = {
      ...ports,
      CARBON_INFRA_DIR: folder,
      CARBON_PROMETHEUS_PORT: String(await freePort()),
      CARBON_ALERTMANAGER_PORT: String(await freePort()),
      CARBON_ALERT_WEBHOOK_URL: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`,
    };
    after(async () => {
      receiver.close();
      await observability('down', variables);
      rmSync(folder, { recursive: true, force: true });
    });

    const data = newFolder();
    const pipeline = start(['--data', data, 'up'], ports);
    await pipeline.shown('service.started');
    await replay(data, SPRING);
    const up = await observability('up', variables);
    assert.equal(up.exit, 0, up.text);
    const prometheus = new PrometheusQuestions(`http://127.0.0.1:${variables.CARBON_PROMETHEUS_PORT}`);
    const amtoolUrl = `--alertmanager.url=http://127.0.0.1:${variables.CARBON_ALERTMANAGER_PORT}`;
    // Told by hand, and heard while Prometheus is looked at.
    const told = await amtool(amtoolUrl, 'alert', 'add', 'alertname=Told', 'severity=warning', 'service=x');
    assert.equal(told.exit, 0, told.text);

    await within(SOON_MS, async () =>
      (await prometheus.targets('carbon')).every(({ health }) => health === 'up') ? true : null,
    );
    const well = await within(SOON_MS, async () => {
      const report = await statusReport(variables);
      const isDated = HTTP_SERVICES.every((service) => report.lineOf(service).includes(' since '));
      return report.exit === 0 && isDated ? report : null;
    });
    assert.match(well.lineOf('prometheus'), /healthy +since \S+Z .*sends its alerts to 1 Alertmanager/);
    assert.match(well.lineOf('alertmanager'), /healthy +since \S+Z /);
    for (const service of HTTP_SERVICES) assert.match(well.lineOf(service), /healthy +since \S+Z /);
    assert.match(well.lineOf('alerts'), /none firing/);

    for (const service of HTTP_SERVICES)
      assert.equal(await prometheus.value(`carbon_build_info{service="${service}"}`), 1, service);
    const port = ports['DATA_PROC_NORMALIZATION_PORT'];
    const shown = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const [, counted] =
      /^normalization_records_processed_total\{market="NYISO".*\} (\d+)$/m.exec(shown) ?? [];
    assert.ok(Number(counted) > 0, 'the file that was replayed went through the pipeline');
    await within(SOON_MS, async () => {
      const found = await prometheus.value('normalization_records_processed_total{market="NYISO"}');
      return found === Number(counted) ? true : null;
    });

    pipeline.child.kill('SIGTERM');
    assert.equal((await pipeline.ended).exit, 0);
    await within(SOON_MS, async () => {
      const alerts = (await prometheus.alerts()).filter(({ name }) => name === 'ServiceDown');
      return alerts.length === HTTP_SERVICES.length ? true : null;
    });
    const gone = await statusReport(variables);
    assert.equal(gone.exit, 1, gone.text);
    for (const service of HTTP_SERVICES)
      assert.match(gone.lineOf(service), /down +since \S+Z .*nothing listens/);
    assert.match(
      gone.text,
      /critical +(pending|firing) +since \S+Z +ServiceDown \(projection\): projection is down/,
    );
    assert.match(gone.lineOf('prometheus'), /healthy/);

    const [message] = await within(SOON_MS, async () => (heard.length > 0 ? heard : null));
    assert.equal(message.url, '/hook/warning');
    assert.equal(message.alerts[0]?.labels['alertname'], 'Told');

    const down = await observability('down', variables);
    assert.equal(down.exit, 0, down.text);
    assert.equal((await statusReport(variables)).exit, 3);
  });
