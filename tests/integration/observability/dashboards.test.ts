/** Dashboards and alert rules ask for nothing but what the services show, in expressions that Prometheus understands. */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { METRIC_TABLE } from '../../../app/telemetry/metric-table.ts';
import { openProcessMetrics } from '../../../drivers/prometheus/metrics.ts';
import { dashboardFiles } from '../../../scripts/dashboards/dashboard-files.ts';
import { parseExposition } from '../../support/exposition.ts';
import { namesIn } from './expression-names.ts';
import { ROOT, toolNamed } from './prometheus-tools.ts';

interface PanelJson {
  readonly id?: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
}

// Before anything is said to be done after the tests: what waits here would come after it.
const promtool = await toolNamed('promtool');
const folder = mkdtempSync(join(tmpdir(), 'carbon-dashboards-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const BOARDS = dashboardFiles().map(({ path, text }) => ({
  path,
  panels: (JSON.parse(text) as { panels: PanelJson[] }).panels,
}));
const RULES = ['RED', 'SLO'].flatMap((kind) =>
  readdirSync(join(ROOT, 'observability/alerts', kind)).flatMap((file) => {
    const text = readFileSync(join(ROOT, 'observability/alerts', kind, file), 'utf8');
    return (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules);
  }),
);

/** Every expression and where it stands; a range of Grafana's choosing is five minutes. */
const EXPRESSIONS = [
  ...BOARDS.flatMap(({ path, panels }) =>
    panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ where: `${path}: ${title}`, expr })),
    ),
  ),
  ...RULES.map(({ alert, record, expr }) => ({ where: alert ?? String(record), expr })),
].map(({ where, expr }) => ({ where, expr: expr.replaceAll('$__rate_interval', '5m') }));

/** Labels that Prometheus gives to every target and alert, and those of histograms. */
const GIVEN = ['job', 'instance', 'service', 'le', 'severity', 'alertname', 'alertstate'];

test('every expression names metrics that the services show, and labels that those have', async () => {
  const known = new Map<string, readonly string[]>();
  for (const { name, type, labels } of METRIC_TABLE) {
    if (type === 'histogram')
      for (const part of ['bucket', 'sum', 'count']) known.set(`${name}_${part}`, labels);
    else known.set(name, labels);
  }
  const { types } = parseExposition(await openProcessMetrics().exposition());
  for (const name of types.keys()) known.set(name, []);
  for (const name of ['up', 'ALERTS']) known.set(name, []);
  for (const { record, expr } of RULES)
    if (record !== undefined) known.set(record, [...namesIn(expr).labels]);

  for (const { where, expr } of EXPRESSIONS) {
    const { metrics, labels } = namesIn(expr);
    assert.ok(metrics.size > 0, `${where}: names no metric`);
    const allowed = new Set(GIVEN);
    for (const metric of metrics) {
      const has = known.get(metric);
      assert.ok(has !== undefined, `${where}: there is no metric ${metric}`);
      for (const label of has) allowed.add(label);
    }
    for (const label of labels)
      assert.ok(allowed.has(label), `${where}: no metric of it has a label ${label}`);
  }
});

test('a panel has a number of its own, a place of its own, and says what it shows', () => {
  assert.ok(BOARDS.length >= 7);
  for (const { path, panels } of BOARDS) {
    const taken = new Set<string>();
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length, `${path}: ids`);
    for (const { id, type, title, description = '', targets = [], gridPos } of panels) {
      assert.ok(Number.isInteger(id) && Number(id) > 0, `${path}: ${title}: id ${id}`);
      assert.ok(gridPos.x + gridPos.w <= 24, `${path}: ${title}: stands out`);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          assert.ok(!taken.has(`${x},${y}`), `${path}: ${title}: lies on another`);
          taken.add(`${x},${y}`);
        }
      if (type === 'row') continue;
      assert.ok(description !== '' && targets.length > 0, `${path}: ${title}`);
      for (const [alert] of description.matchAll(/(?<=alerts? )[A-Z]\w+/g))
        assert.ok(
          RULES.some((rule) => rule.alert === alert),
          `${path}: ${title}: no alert ${alert}`,
        );
    }
  }
});

test('names are found in expressions of every shape', () => {
  const { metrics, labels } = namesIn(
    'sum by (a, le) (rate(one_bucket{b="x y", c=~"[.]}"}[5m])) / on (d) group_left (e) two:three offset 1h or 4 > bool up',
  );
  assert.deepEqual([...metrics], ['one_bucket', 'two:three', 'up']);
  assert.deepEqual([...labels].sort(), ['a', 'b', 'c', 'd', 'e', 'le']);
});

if (typeof promtool === 'string') test(`expressions: skipped, ${promtool}`, { skip: true }, () => {});
else
  test('Prometheus understands every expression', async () => {
    const file = join(folder, 'expressions.yaml');
    const rules = EXPRESSIONS.map(({ where, expr }, index) => ({
      record: `e${index}`,
      expr,
      labels: { where },
    }));
    writeFileSync(file, stringify({ groups: [{ name: 'expressions', rules }] }));
    const { exit, text } = await promtool('check', 'rules', file);
    assert.equal(exit, 0, text);
    assert.match(text, new RegExp(`SUCCESS: ${EXPRESSIONS.length} rules found`));
    writeFileSync(file, stringify({ groups: [{ name: 'x', rules: [{ record: 'x', expr: 'sum(up' }] }] }));
    assert.notEqual((await promtool('check', 'rules', file)).exit, 0, 'it would tell');
  });
