/** The ports of `up` and `run`: logs that parse, the order of a stop, a port that is taken, services apart. */

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import {
  daemon,
  errorOf,
  linesOf,
  newFolder,
  type Row,
  type Running,
  replay,
  SPRING,
  start,
} from './carbon.ts';

/** Starts services and gives the address of each of their ports. */
async function listening(
  data: string,
  args: readonly string[],
): Promise<{ running: Running; urls: Map<string, string> }> {
  const running = await daemon(data, args);
  const urls = new Map<string, string>();
  for (const line of linesOf(running.stderr()))
    if (line['event'] === 'http.listening') urls.set(String(line['service']), String(line['url']));
  return { running, urls };
}

const status = (url: string | undefined, path: string): Promise<number> =>
  fetch(`${url}${path}`).then(
    (response) => response.status,
    () => 0,
  );

test('up serves five ports; at SIGTERM it is unready first, answers until the work is done, and ends with 0', async () => {
  const data = newFolder();
  const { running, urls } = await listening(data, ['up']);
  assert.deepEqual(
    [...urls.keys()],
    ['connector-registry', 'normalization', 'enrichment', 'aggregation', 'projection'],
  );
  await replay(data, SPRING);
  const projection = urls.get('projection');
  assert.deepEqual([await status(projection, '/readyz'), await status(projection, '/v1/latest')], [200, 200]);
  running.child.kill('SIGTERM');
  const seen: string[] = [];
  for (;;) {
    const [ready, live] = await Promise.all([status(projection, '/readyz'), status(projection, '/livez')]);
    seen.push(`${ready} ${live}`);
    if (live === 0) break;
  }
  const { exit, stderr } = await running.ended;
  assert.equal(exit, 0, stderr);
  const phases = seen.map((pair) => (pair === '200 200' ? 0 : pair === '503 200' ? 1 : 2));
  assert.deepEqual(phases, phases.toSorted(), `never ready again: ${seen.slice(0, 20).join(', ')}`);
  assert.ok(phases.includes(1), 'unready while it still answers');
  const events = linesOf(stderr.replaceAll(/^[^{].*$/gm, '')).map((line) => String(line['event']));
  const at = (event: string): number => events.indexOf(event);
  assert.ok(at('http.listening') < at('service.started') && at('service.started') < at('market.processed'));
  assert.ok(
    at('market.processed') < at('service.draining') && at('service.draining') < at('service.stopped'),
  );
});

test('every log line is JSON with the keys of the documents', async () => {
  const data = newFolder();
  const { running } = await listening(data, ['--log-level', 'debug', 'up']);
  await replay(data, SPRING);
  running.child.kill('SIGTERM');
  const { stderr } = await running.ended;
  const lines = linesOf(stderr.replace(/^SIGTERM.*$/m, ''));
  for (const line of lines) {
    assert.match(String(line['ts']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}(\d{3})?)?Z$/);
    assert.match(String(line['level']), /^(DEBUG|INFO|WARNING|ERROR)$/);
    assert.ok(String(line['service']).length > 0 && String(line['event']).length > 0);
  }
  const of = (event: string): Row => lines.find((line) => line['event'] === event) ?? {};
  const processed = of('market.processed');
  assert.deepEqual(
    [processed['level'], processed['connector'], typeof processed['records']],
    ['INFO', 'nyiso', 'number'],
  );
  assert.match(String(processed['trace_id']), /^[0-9a-f]{32}$/);
  const bars = of('bars.built');
  assert.match(String(bars['interval']), /^1[hd]$/);
  for (const key of ['batch_size', 'duration_ms']) assert.equal(typeof bars[key], 'number', key);
  assert.equal(bars['status'], 'success');
});

test('a port that is taken: code, variable, number, remedy; and nothing else stays open', async () => {
  const other = createServer();
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  const address = other.address();
  const port = String(typeof address === 'object' && address !== null ? address.port : 0);
  const error = await errorOf(6, ['--data', newFolder(), '--log-level', 'error', 'up'], {
    DATA_PROC_AGGREGATION_PORT: port,
  });
  other.close();
  assert.deepEqual(
    [error['code'], error['field'], error['got']],
    ['PORT_TAKEN', 'DATA_PROC_AGGREGATION_PORT', port],
  );
  assert.match(String(error['remedy']), /another port/);
  const host = await errorOf(78, ['--data', newFolder(), '--log-level', 'error', 'up'], {
    DATA_PROC_HTTP_HOST: '203.0.113.7',
  });
  assert.deepEqual([host['code'], host['field']], ['CONFIG_INVALID', 'DATA_PROC_HTTP_HOST']);
});

test('services apart: each its port; the registry has no part in the pipeline', async () => {
  const data = newFolder();
  const owner = await listening(data, ['run', 'connector-registry']);
  const projection = await listening(data, ['run', 'projection']);
  assert.deepEqual([...owner.urls.keys(), ...projection.urls.keys()], ['connector-registry', 'projection']);
  const registry = owner.urls.get('connector-registry');
  const { data: connectors } = (await (await fetch(`${registry}/connectors`)).json()) as { data: Row[] };
  assert.ok(connectors.some(({ name }) => name === 'nyiso'));
  assert.equal(await status(registry, '/connectors/none'), 404);
  assert.equal(await status(registry, '/v1/latest'), 404, 'reads are at the port of projection');
  assert.equal(
    await status(projection.urls.get('projection'), '/v1/latest'),
    200,
    'over the socket of the owner',
  );
  for (const { running } of [projection, owner]) {
    running.child.kill('SIGTERM');
    assert.equal((await running.ended).exit, 0);
  }
});

test('DATA_PROC_HTTP=off opens no port', async () => {
  const data = newFolder();
  const up = start(['--data', data, 'up'], { DATA_PROC_HTTP: 'off' });
  await up.shown('service.started');
  up.child.kill('SIGTERM');
  const { exit, stderr } = await up.ended;
  assert.equal(exit, 0);
  assert.doesNotMatch(stderr, /http\.listening/);
});
