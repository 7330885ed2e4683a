/** `docker-compose.yml` and what it includes: the services of the code, with settings that the program takes. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RUNTIME_SETTINGS, runtimeSettings } from '../../../app/config/runtime.ts';
import type { Setting } from '../../../app/config/setting.ts';
import { HTTP_SERVICES } from '../../../app/telemetry/http-service.ts';
import { CODE_VERSION } from '../../../app/version.ts';
import { type Manifest, missing, run, tool } from './tools.ts';

const ENGINES = ['clickhouse', 'kafka', 'postgres', 'redis', 'schema-registry'];

async function composed(variables: Record<string, string> = {}): Promise<Record<string, Manifest>> {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...variables };
  const { exit, stdout, stderr } = await run(tool('docker-compose'), ['config', '--format', 'json'], env);
  assert.equal(exit, 0, stderr);
  return JSON.parse(stdout).services;
}

test('compose: each service once, with its port on this machine alone', { skip: missing }, async () => {
  const services = await composed();
  assert.deepEqual(Object.keys(services).sort(), [...ENGINES, ...HTTP_SERVICES, 'migrate'].sort());
  const runtime = runtimeSettings({}, {});
  for (const name of HTTP_SERVICES) {
    const { command, ports, depends_on: after, image, read_only: isReadOnly, user } = services[name];
    assert.deepEqual(command, ['run', name]);
    const port = runtime.ports[name];
    assert.deepEqual(
      ports.map((each: Manifest) => [each.host_ip, each.published, each.target]),
      [['127.0.0.1', String(port), port]],
    );
    assert.equal(after.migrate.condition, 'service_completed_successfully');
    assert.equal(image, `254carbon/carbon:${CODE_VERSION}`);
    assert.equal(isReadOnly, true);
    assert.equal(user, undefined, 'that of the image');
    // 45 s: what a service may need, and some more.
    assert.equal(services[name].stop_grace_period, '45s');
  }
  assert.deepEqual(Object.keys(services['migrate'].depends_on).sort(), ENGINES);
  for (const { condition } of Object.values<Manifest>(services['migrate'].depends_on))
    assert.equal(condition, 'service_healthy');
});

test('compose: engines say when they are ready, and are reached from this machine alone', {
  skip: missing,
}, async () => {
  const services = await composed();
  for (const name of ENGINES) {
    assert.ok(services[name].healthcheck.test.length > 0, name);
    assert.doesNotMatch(services[name].image, /:latest$|^[^:]+$/, `${name} has a version`);
    for (const port of services[name].ports) assert.equal(port.host_ip, '127.0.0.1', name);
  }
  assert.equal(services['kafka'].container_name, 'kafka');
});

test('compose: settings are known, taken by the program, and name engines that are there', {
  skip: missing,
}, async () => {
  const services = await composed();
  const known = new Set(Object.values<Setting>(RUNTIME_SETTINGS).map(({ variable }) => variable));
  for (const name of ['migrate', ...HTTP_SERVICES]) {
    const { environment } = services[name];
    for (const variable of Object.keys(environment)) assert.ok(known.has(variable), `no setting ${variable}`);
    const { profile, engines } = runtimeSettings({}, environment);
    assert.equal(profile, 'cluster');
    const hosts = [engines.registryUrl, engines.clickhouseUrl, engines.postgresDsn, engines.redisUrl]
      .map((url) => new URL(url).hostname)
      .concat(engines.kafkaBootstrap.split(':')[0] ?? '');
    assert.deepEqual(hosts.sort(), ENGINES);
  }
  const { KAFKA_ADVERTISED_LISTENERS: told } = services['kafka'].environment;
  assert.ok(told.includes(`//${services['projection'].environment['DATA_PROC_KAFKA_BOOTSTRAP']}`), told);
});

test('compose: CARBON_IMAGE names another image', { skip: missing }, async () => {
  const services = await composed({ CARBON_IMAGE: 'registry.example/carbon:2' });
  for (const name of ['migrate', ...HTTP_SERVICES])
    assert.equal(services[name].image, 'registry.example/carbon:2');
});
