import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { openConfluentRegistry } from '../../drivers/schema-confluent/registry.ts';
import { serveSchemaFiles } from '../../drivers/schema-files/http-front.ts';
import { openSchemaFiles } from '../../drivers/schema-files/registry.ts';
import { registryWhenAsked } from '../../drivers/schema-files/when-asked.ts';
import { sharedRegistry } from '../support/registry-server.ts';
import { registryRestSuite } from './registry-rest.ts';
import { schemaRegistrySuite } from './schema-registry.ts';

const root = resolve(import.meta.dirname, '../..');

schemaRegistrySuite('schema files', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'carbon-registry-'));
  return {
    registry: await openSchemaFiles(root, dataDir),
    reopen: () => openSchemaFiles(root, dataDir),
    close: async () => rmSync(dataDir, { recursive: true }),
  };
});

schemaRegistrySuite('schema files, opened when asked', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'carbon-registry-'));
  const open = async () => registryWhenAsked(() => openSchemaFiles(root, dataDir));
  return { registry: await open(), reopen: open, close: async () => rmSync(dataDir, { recursive: true }) };
});

test('a registry when asked is opened by the first question, once; what went wrong is tried again', async () => {
  let opened = 0;
  const registry = registryWhenAsked(async () => {
    if (opened++ === 0) throw new Error('not good');
    return openSchemaFiles(root, null);
  });
  assert.equal(opened, 0);
  await assert.rejects(registry.subjects(), /not good/);
  const [subjects, one] = await Promise.all([registry.subjects(), registry.byId(1)]);
  assert.ok(subjects.includes(one.subject));
  assert.equal(opened, 2);
});

test('schema files: released schemas have the committed ids, and subjects follow the topic', async () => {
  const registry = await openSchemaFiles(root, null);
  const ids = Object.values(
    JSON.parse(readFileSync(join(root, 'events/released/ids.json'), 'utf8')) as Record<string, number>,
  );
  for (const id of ids) assert.equal((await registry.byId(id)).id, id);
  const subjects = await registry.subjects();
  assert.ok(subjects.includes('normalized.market.ticks.v1-value'));
  assert.ok(subjects.includes('ingestion.nyiso.raw.v1-com.carbon254.ingestion.RawNyisoLmp'));
  const bars = await registry.latest('aggregated.market.bars.1h.v1-value');
  assert.equal(bars.id, (await registry.latest('aggregation.ohlc.bars.v1-value')).id);
});

/** The file registry on a port, with a data directory of its own. */
async function openFront(): Promise<{ url: string; close(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'carbon-registry-'));
  const front = await serveSchemaFiles(await openSchemaFiles(root, dataDir), { host: '127.0.0.1', port: 0 });
  return {
    url: front.url,
    close: async () => {
      await front.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

schemaRegistrySuite('schema files over REST', async () => {
  const { url, close } = await openFront();
  return {
    registry: openConfluentRegistry({ url }),
    reopen: async () => openConfluentRegistry({ url }),
    close,
  };
});
registryRestSuite('schema files', openFront);

const server = await sharedRegistry();
if ('reason' in server) test.skip(`schema registry: Apicurio, not to be had: ${server.reason}`);
else {
  const { url } = server;
  schemaRegistrySuite('Apicurio', async () => ({
    registry: openConfluentRegistry({ url }),
    reopen: async () => openConfluentRegistry({ url }),
    close: async () => {
      // The store is shared: what the suite registered goes, for good.
      for (const subject of await openConfluentRegistry({ url }).subjects())
        if (subject.startsWith('conformance.'))
          for (const query of ['', '?permanent=true'])
            await fetch(`${url}/subjects/${subject}${query}`, { method: 'DELETE' });
    },
  }));
  registryRestSuite('Apicurio', async () => ({ url, close: async () => {} }), {
    'a subject without a level of its own is 40408': 'Apicurio answers 40401',
    'a check that is asked for reasons gives them': 'Apicurio gives none',
    'what is in sight is not deleted for good': 'Apicurio answers 409 with 40405',
    'an id that no subject uses any more is 40403': 'Apicurio still tells its schema',
  });
}

test('a registry that does not answer is STORE_UNREACHABLE, and an answer that is late is waited for', async () => {
  const nobody = openConfluentRegistry({ url: 'http://127.0.0.1:1', patienceMs: 300 });
  await assert.rejects(nobody.byId(1), { code: 'STORE_UNREACHABLE' });
  await assert.rejects(nobody.register('a', '"int"'), { code: 'STORE_UNREACHABLE' });
  let asked = 0;
  const starting = createServer((_request, response) => {
    const isUp = ++asked > 2;
    response.writeHead(isUp ? 200 : 503).end(isUp ? '["a"]' : 'starting');
  });
  await new Promise<void>((done) => starting.listen(0, '127.0.0.1', done));
  const { port } = starting.address() as AddressInfo;
  assert.deepEqual(await openConfluentRegistry({ url: `http://127.0.0.1:${port}/` }).subjects(), ['a']);
  starting.close();
});

test('a registry that wants to know who asks is told, and a wrong secret is a setting to correct', async () => {
  const guarded = createServer((request, response) => {
    const isKnown = request.headers.authorization === `Basic ${Buffer.from('me:secret').toString('base64')}`;
    response
      .writeHead(isKnown ? 200 : 401)
      .end(isKnown ? '["a"]' : '{"error_code":401,"message":"Unauthorized"}');
  });
  await new Promise<void>((done) => guarded.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(guarded.address() as AddressInfo).port}`;
  const known = openConfluentRegistry({ url, username: 'me', password: async () => 'secret' });
  assert.deepEqual(await known.subjects(), ['a']);
  const wrong = openConfluentRegistry({ url, username: 'me', password: 'wrong' });
  await assert.rejects(wrong.subjects(), { code: 'CONFIG_INVALID' });
  guarded.close();
  for (const bad of ['registry:8081', 'http://', 'http://me:secret@host', 'ftp://host'])
    assert.throws(() => openConfluentRegistry({ url: bad }), { code: 'CONFIG_INVALID' });
});
