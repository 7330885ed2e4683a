/** The server around a simulated market: caching, pace, ports, and its clock. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CarbonError } from '../../../core/errors.ts';
import { SECOND } from '../../../core/time/instant.ts';
import { SIMULATORS, startSimulator } from '../../../simulators/catalog.ts';
import { faultNames } from '../../../simulators/fault-menu.ts';
import { utc } from './ask.ts';

const AT = utc('2025-07-08T16:02:00Z');

test('every simulator serves its own examples', async () => {
  // Texas has real-time prices of reserves since December 2025.
  const at = utc('2026-07-08T16:02:00Z');
  for (const name of SIMULATORS) {
    const simulator = await startSimulator(name, { seed: 1, clock: () => at, nodes: 16 });
    try {
      assert.match(simulator.origin, /^http:\/\/127\.0\.0\.1:\d+$/);
      const examples = simulator.examples();
      for (const { path } of examples) {
        const response = await fetch(simulator.origin + path);
        assert.equal(response.status, 200, path);
        // The shortest is an archive of one interval of prices.
        assert.ok(Number(response.headers.get('content-length')) > 300, path);
        assert.equal(
          (await response.arrayBuffer()).byteLength,
          Number(response.headers.get('content-length')),
        );
      }
      assert.deepEqual(new Set(examples.map(({ dataset }) => dataset)), new Set(simulator.datasets));
      assert.equal(simulator.requests().length, examples.length);
      const head = await fetch(simulator.origin + examples[0].path, { method: 'HEAD' });
      assert.equal(await head.text(), '');
      assert.ok(Number(head.headers.get('content-length')) > 500);
    } finally {
      await simulator.close();
    }
  }
});

test('a client that has the body is told so, by ETag or by date, until it changes', async () => {
  let now = AT;
  const simulator = await startSimulator('nyiso', { seed: 1, clock: () => now });
  const path = '/public/csv/realtime/20250708realtime_zone.csv';
  try {
    const first = await fetch(simulator.origin + path);
    const etag = first.headers.get('etag') ?? '';
    const modified = first.headers.get('last-modified') ?? '';
    const again = async (headers: Record<string, string>): Promise<number> => {
      const response = await fetch(simulator.origin + path, { headers });
      await response.arrayBuffer();
      return response.status;
    };
    assert.equal(await again({ 'if-none-match': etag }), 304);
    assert.equal(await again({ 'if-modified-since': modified }), 304);
    assert.equal(await again({ 'if-none-match': '"other"', 'if-modified-since': modified }), 200);
    now += 600 * SECOND;
    assert.equal(await again({ 'if-none-match': etag }), 200);
  } finally {
    await simulator.close();
  }
});

test('OASIS wants five seconds between two requests, by the simulated clock, when it is asked to', async () => {
  let now = AT;
  const simulator = await startSimulator('caiso', { seed: 1, clock: () => now, rateLimit: true });
  const { path } = simulator.examples()[0];
  const visit = async (): Promise<string> => {
    const response = await fetch(simulator.origin + path);
    const text = await response.text();
    return `${response.status} ${text.startsWith('PK')}`;
  };
  try {
    assert.equal(await visit(), '200 true');
    now += 4 * SECOND;
    const refused = await fetch(simulator.origin + path);
    assert.equal(refused.status, 429);
    assert.equal(
      await refused.text(),
      '<html><body><p>CAISO Acceptable Use Policy Violation. Please retry your request after 5 seconds.</p></body></html>',
    );
    now += 5 * SECOND;
    assert.equal(await visit(), '200 true');
  } finally {
    await simulator.close();
  }
  const patient = await startSimulator('caiso', { seed: 1, clock: () => now });
  try {
    for (let k = 0; k < 3; k++) assert.equal((await fetch(patient.origin + path)).status, 200);
  } finally {
    await patient.close();
  }
});

test('who brings no key is refused and not counted; who comes too often is told how long to wait', async () => {
  let now = AT;
  const options = { seed: 1, clock: () => now, rateLimit: true, credentials: true };
  const simulator = await startSimulator('pjm', options);
  const visit = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${simulator.origin}/api/v1/gen_by_fuel?startRow=1&rowCount=2`, { headers });
  const key = { 'Ocp-Apim-Subscription-Key': 'made-up' };
  try {
    for (let k = 0; k < 8; k++) assert.equal((await visit({})).status, 401);
    for (let k = 0; k < 6; k++) {
      assert.equal((await visit(key)).status, 200);
      now += SECOND;
    }
    const refused = await visit(key);
    assert.equal(refused.status, 429);
    // The oldest of the last six requests, this one among them, was five seconds ago.
    assert.equal(refused.headers.get('retry-after'), '55');
    now += 55 * SECOND;
    assert.equal((await visit(key)).status, 200);
  } finally {
    await simulator.close();
  }
});

test('a port that is taken and a name that is none are told as what they are', async () => {
  const one = await startSimulator('miso', { seed: 1, clock: () => AT });
  try {
    const port = Number(new URL(one.origin).port);
    await assert.rejects(
      startSimulator('miso', { seed: 1, clock: () => AT, port }),
      (error) =>
        error instanceof CarbonError && error.code === 'USAGE_INVALID' && error.position.got === String(port),
    );
  } finally {
    await one.close();
  }
  assert.throws(
    () => startSimulator('aeso', { seed: 1, clock: () => AT }),
    (error) => error instanceof CarbonError && error.code === 'CONNECTOR_UNKNOWN',
  );
  assert.throws(
    () => faultNames('server-error,nonsense'),
    (error) => error instanceof CarbonError && error.position.got === 'nonsense',
  );
  assert.deepEqual(faultNames('none'), []);
  assert.ok(faultNames('all').length > 15);
});
