/** The alert rules in Prometheus's own tool: each fires at its threshold and after its time, and not below or before. */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { type AlertCase, RED_CASES } from './alert-cases.ts';
import { SLO_CASES } from './objective-cases.ts';
import { ROOT, toolNamed } from './prometheus-tools.ts';

interface Rule {
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const ALERTS = join(ROOT, 'observability/alerts');
const FILES = ['RED', 'SLO'].flatMap((folder) =>
  readdirSync(join(ALERTS, folder)).map((file) => join(ALERTS, folder, file)),
);
const RULES = FILES.flatMap((file) =>
  (parse(readFileSync(file, 'utf8')) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) =>
    rules.map((rule) => ({ ...rule, file })),
  ),
);
const CASES = [...RED_CASES, ...SLO_CASES];

const severityOf = (alert: string): string =>
  RULES.find((rule) => rule.alert === alert)?.labels?.['severity'] ?? 'none';

const promtool = await toolNamed('promtool');
const amtool = await toolNamed('amtool');
const skipped = [promtool, amtool].find((tool) => typeof tool === 'string');
const folder = mkdtempSync(join(tmpdir(), 'carbon-alerts-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('every alert is shown to fire and not to fire, and tells whom, what and where to read on', () => {
  for (const { alert, annotations = {} } of RULES) {
    if (alert === undefined) continue;
    const moments = CASES.filter((one) => one.alert === alert).flatMap(({ firing }) => Object.values(firing));
    assert.ok(
      moments.some((found) => found.length > 0),
      `${alert}: no case fires`,
    );
    assert.ok(
      moments.some((found) => found.length === 0),
      `${alert}: every case fires`,
    );
    assert.ok(['critical', 'warning', 'info'].includes(severityOf(alert)), `${alert}: its severity`);
    for (const key of ['summary', 'description', 'runbook'])
      assert.ok((annotations[key] ?? '') !== '', `${alert}: has no ${key}`);
    const [page, heading] = annotations['runbook'].split('#');
    const headings = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, text]) =>
      text.toLowerCase().replaceAll(' ', '-').replaceAll('`', ''),
    );
    assert.ok(headings.includes(heading), `${alert}: ${page} has no heading ${heading}`);
  }
});

if (typeof promtool === 'string' || typeof amtool === 'string') {
  test(`alert rules: skipped, ${skipped}`, { skip: true }, () => {});
} else {
  test('Prometheus and Alertmanager take the files of the checkout', async () => {
    const scraped = await promtool('check', 'config', 'configs/prometheus/prometheus.yml');
    assert.equal(scraped.exit, 0, scraped.text);
    assert.match(scraped.text, new RegExp(`${FILES.length} rule files found`));
    const routed = await amtool('check-config', 'configs/prometheus/alertmanager.yml');
    assert.equal(routed.exit, 0, routed.text);
  });

  for (const one of CASES)
    test(`${one.alert}: ${one.what}`, async () => {
      const file = join(folder, `${CASES.indexOf(one)}.yaml`);
      writeFileSync(file, unitTestOf(one));
      const { exit, text } = await promtool('test', 'rules', file);
      assert.equal(exit, 0, text);
    });

  test('an alert goes to those who are told of its severity, and to nobody else', async () => {
    const words = ['config', 'routes', 'test', '--config.file=configs/prometheus/alertmanager.yml'];
    const routeOf = async (receiver: string, ...labels: string[]): Promise<number> =>
      (await amtool(...words, `--verify.receivers=${receiver}`, ...labels)).exit;
    for (const severity of ['critical', 'warning', 'info']) {
      assert.equal(await routeOf(severity, `severity=${severity}`, 'alertname=X'), 0, severity);
      assert.notEqual(await routeOf('unsorted', `severity=${severity}`), 0, severity);
    }
    assert.equal(await routeOf('unsorted', 'alertname=X'), 0);
    assert.notEqual(await routeOf('critical', 'severity=warning'), 0);
  });
}

/** A case in the words of promtool: ALERTS is the series that Prometheus keeps of what fires. */
function unitTestOf({ alert, interval, series, firing }: AlertCase): string {
  const expr = `ALERTS{alertname="${alert}",alertstate="firing"}`;
  const sampleOf = (labels: Readonly<Record<string, string>>): object => {
    const all = { alertname: alert, alertstate: 'firing', severity: severityOf(alert), ...labels };
    const written = Object.entries(all).map(([name, value]) => `${name}="${value}"`);
    return { labels: `ALERTS{${written.join(',')}}`, value: 1 };
  };
  return stringify({
    rule_files: RULES.filter((rule) => rule.alert === alert).map(({ file }) => file),
    evaluation_interval: interval,
    tests: [
      {
        interval,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: Object.entries(firing).map(([moment, found]) => ({
          expr,
          eval_time: moment,
          exp_samples: found.map(sampleOf),
        })),
      },
    ],
  });
}
