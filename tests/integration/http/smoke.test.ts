/** `make smoke`: says of a deployed service whether it works, and what does not. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { CODE_VERSION } from '../../../app/version.ts';
import { openServed, type Served } from './served-sample.ts';

const SCRIPT = join(resolve(import.meta.dirname, '../../..'), 'scripts/smoke.ts');

let served: Served;
const servers: Server[] = [];
before(async () => {
  served = await openServed();
});
after(async () => {
  for (const server of servers) server.close();
  await served.close();
});

const urlOf = (service: 'projection' | 'normalization'): string => served.http.urls.get(service) ?? '';

function smoke(...args: string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    execFile(process.execPath, [SCRIPT, ...args], (error, stdout, stderr) =>
      done({ exit: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

/** A server that answers some paths with a status and a body, and others with 404. */
async function pretending(answers: Record<string, [number, unknown]>): Promise<string> {
  const server = createServer((request, reply) => {
    const [status, body] = answers[(request.url ?? '').split('?')[0] ?? ''] ?? [404, {}];
    reply.writeHead(status, { 'content-type': 'application/json' });
    reply.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Words and names of the checks, in the order in which they were printed. */
const linesOf = (stdout: string): string[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/).slice(0, 2).join(' '));

test('projection: health, metrics, and reads down to a tick', async () => {
  const { exit, stdout } = await smoke(urlOf('projection'), '--expect', CODE_VERSION);
  assert.equal(exit, 0, stdout);
  assert.deepEqual(linesOf(stdout), [
    'ok live',
    'ok ready',
    'ok metrics',
    'ok openapi',
    'ok latest',
    'ok ticks',
  ]);
  assert.match(stdout, /latest\s+NYISO\.DA\.\S+ -?\d/);
});

test('another service: health and metrics alone', async () => {
  const { exit, stdout } = await smoke(urlOf('normalization'));
  assert.equal(exit, 0, stdout);
  assert.deepEqual(linesOf(stdout), ['ok live', 'ok ready', 'ok metrics']);
});

test('another version, a tenant without data, and nobody there', async () => {
  const old = await smoke(urlOf('normalization'), '--expect', '9.9.9');
  assert.equal(old.exit, 1);
  assert.match(old.stdout, /FAIL live\s+is version \S+, and not 9\.9\.9/);
  const empty = await smoke(urlOf('projection'), '--tenant', 'nobody');
  assert.equal(empty.exit, 1);
  assert.match(empty.stdout, /FAIL latest\s+serves no value yet/);
  const none = await smoke('http://127.0.0.1:1');
  assert.equal(none.exit, 1);
  assert.deepEqual(linesOf(none.stdout), ['FAIL live']);
});

test('what is not ready, has no metrics, or serves without ticks, is told', async () => {
  const url = await pretending({
    '/livez': [200, { service: 'projection', version: '1' }],
    '/readyz': [503, { failed: ['warehouse'] }],
    '/metrics': [200, '# nothing\n'],
    '/openapi.json': [200, { openapi: '3.1.0', paths: {} }],
    '/v1/latest': [200, { data: [{ instrument_id: 'A', price: '1', ts: 'now' }] }],
    '/v1/ticks/A': [200, { data: [] }],
  });
  const { exit, stdout } = await smoke(url);
  assert.equal(exit, 1);
  assert.deepEqual(linesOf(stdout), [
    'ok live',
    'FAIL ready',
    'FAIL metrics',
    'ok openapi',
    'ok latest',
    'FAIL ticks',
  ]);
  assert.match(stdout, /503: warehouse/);
  assert.equal((await smoke(await pretending({ '/livez': [500, { service: 'x' }] }))).exit, 1);
});

test('an address that is none is refused', async () => {
  for (const args of [[], ['here'], ['file:///etc/passwd'], ['http://a', 'http://b']]) {
    const { exit, stderr } = await smoke(...args);
    assert.equal(exit, 2);
    assert.match(stderr, /^usage/);
  }
});
