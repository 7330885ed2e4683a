/** The image without an engine that builds it: what `.dockerignore` lets in is enough to run, and the Dockerfile fits it. */

import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { runtimeSettings } from '../../../app/config/runtime.ts';
import { CODE_VERSION } from '../../../app/version.ts';
import { freePort } from '../../support/engine-server.ts';
import { missing, ROOT, run, tool } from './tools.ts';

const dockerfile = readFileSync(join(ROOT, 'docker/Dockerfile'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'carbon-image-'));
const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

test('what the image holds is enough for the command', async () => {
  const image = join(folder, 'image');
  mkdirSync(image);
  for (const line of readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n')) {
    if (!line.startsWith('!')) continue;
    const path = line.slice(1);
    assert.ok(existsSync(join(ROOT, path)), `.dockerignore lets in ${path}, which is not there`);
    mkdirSync(dirname(join(image, path)), { recursive: true });
    cpSync(join(ROOT, path), join(image, path), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(image, 'node_modules'));
  // The Node of the image is that of its base; here it is the one that runs this test.
  const env = {
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    DATA_PROC_DATA_DIR: join(folder, 'data'),
    DATA_PROC_HTTP: 'off',
  };
  const carbon = join(image, 'bin/carbon');
  const checked = await run(carbon, ['config', 'validate'], env);
  assert.equal(checked.exit, 0, checked.stderr);
  const replayed = await run(
    carbon,
    ['replay', join(image, 'samples/nyiso_20250309damlbmp_zone.csv'), '--json'],
    env,
  );
  assert.equal(replayed.exit, 0, replayed.stderr);
  const index = await run(carbon, ['connector', 'index'], env);
  assert.equal(index.exit, 0, index.stderr);
  assert.match(index.stdout, /"nyiso"/);
});

test('the health check: well when a service answers, ill when it does not, or says no', async () => {
  const port = String(await freePort());
  const closed = String(await freePort());
  const env: NodeJS.ProcessEnv = { PATH: process.env['PATH'], DATA_PROC_NORMALIZATION_PORT: port };
  for (const service of ['CONNECTOR_REGISTRY', 'ENRICHMENT', 'AGGREGATION', 'PROJECTION'])
    env[`DATA_PROC_${service}_PORT`] = closed;
  const check = () => run(process.execPath, ['scripts/image-health.ts'], env);
  assert.deepEqual(await check(), { exit: 1, stdout: 'no service listens\n', stderr: '' });
  let status = 200;
  const server = createServer((request, reply) => {
    reply.writeHead(request.url === '/livez' ? status : 404).end();
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(Number(port), '127.0.0.1', done));
  assert.deepEqual(await check(), { exit: 0, stdout: 'normalization 200\n', stderr: '' });
  status = 500;
  assert.deepEqual(await check(), { exit: 1, stdout: 'normalization 500\n', stderr: '' });
});

test('the Dockerfile: no root, a health check that is there, the ports of the services, packages by the lock', () => {
  const exposed = /^EXPOSE (.*)$/m.exec(dockerfile)?.[1]?.split(' ').map(Number);
  assert.deepEqual(exposed, Object.values(runtimeSettings({}, {}).ports));
  assert.match(dockerfile, /^USER [1-9]\d*:[1-9]\d*$/m);
  for (const path of /^HEALTHCHECK .* CMD (.*)$/m.exec(dockerfile)?.[1]?.match(/scripts\/[\w.-]+/g) ?? [])
    assert.ok(existsSync(join(ROOT, path)), path);
  assert.match(dockerfile, /npm install --no-save --omit=dev --ignore-scripts/);
  assert.match(dockerfile, /COPY package.json package-lock.json .npmrc/);
  assert.doesNotMatch(dockerfile, /\b(curl|wget|apt-get|git clone)\b|^ADD /m);
  const major = /node:(\d+)-/.exec(dockerfile)?.[1];
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  assert.equal(engines.node, `>=${major}`);
});

test('the bake file: both architectures for a registry, one image for this machine', {
  skip: missing,
}, async () => {
  const bake = async (target: string, variables: Record<string, string> = {}) => {
    const env = { PATH: process.env['PATH'], HOME: folder, ...variables };
    const { exit, stdout, stderr } = await run(tool('docker-buildx'), ['bake', '--print', target], env);
    assert.equal(exit, 0, stderr);
    return JSON.parse(stdout).target;
  };
  const { carbon } = await bake('default');
  assert.deepEqual(carbon.platforms, ['linux/amd64', 'linux/arm64']);
  assert.deepEqual(carbon.tags, [`254carbon/carbon:${CODE_VERSION}`]);
  assert.equal(carbon.attest.length, 2);
  assert.ok(existsSync(join(ROOT, carbon.dockerfile)));
  const stages = [...dockerfile.matchAll(/^FROM .* AS (\w+)$/gm)].map(([, stage]) => stage);
  assert.equal(carbon.target, stages.at(-1));
  for (const name of Object.keys(carbon.args)) assert.match(dockerfile, new RegExp(`^ARG ${name}=`, 'm'));
  const { local } = await bake('local', { REGISTRY: 'registry.example/', TAG: '9' });
  assert.deepEqual(local.tags, ['registry.example/254carbon/carbon:9']);
  assert.deepEqual(local.output, ['type=docker']);
  // Docker itself takes neither.
  assert.deepEqual([local.platforms, local.attest], [undefined, undefined]);
});
