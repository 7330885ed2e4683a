/** PostgreSQL for real: killed, frozen, filled with connections; several who migrate; what is told of changes. */

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import type { ReferenceStore } from '../../../core/ports/reference-store.ts';
import type { SqlWork } from '../../../core/store/reference-queries.ts';
import { PostgresDatabase } from '../../../drivers/postgres-reference/database.ts';
import { type OwnServer, ownEngine, sharedEngine, within } from '../../support/engine-server.ts';
import { dsnOf, migrations, newDatabase, openStore } from '../../support/postgres-databases.ts';

const unreachable = { name: 'CarbonError', code: 'STORE_UNREACHABLE' };
const refused = { name: 'CarbonError', code: 'STORE_REFUSED' };
const shared = await sharedEngine('postgres');
const skip = typeof shared === 'string';
const port = skip ? 0 : shared.port;
const why = skip ? `, skipped: ${shared}` : '';

const entry = (instrumentId: string) => ({
  instrumentId,
  commodity: 'power',
  region: 'R',
  productTier: 'hub',
  tags: [],
  confidence: 1,
});

test(`several processes migrate at once: each file is applied once${why}`, { skip }, async () => {
  const dsn = await newDatabase(port);
  const code = `import { openStore } from '${join(import.meta.dirname, '../../support/postgres-databases.ts')}';
    await (await openStore('${dsn}')).close();`;
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', code], {
      stdio: ['ignore', 'inherit', 'inherit'],
    }),
  );
  const exits = await Promise.all(children.map((child) => new Promise((done) => child.on('close', done))));
  assert.deepEqual(exits, [0, 0, 0, 0]);
  const client = new Client(dsn);
  await client.connect();
  const { rows } = await client.query('select name from schema_migrations order by name');
  await client.end();
  assert.deepEqual(
    rows.map((row) => row.name),
    migrations.map(({ name }) => name),
  );
});

test(`a store that is newer, and a migration that was changed, are refused${why}`, { skip }, async () => {
  const dsn = await newDatabase(port);
  await (await openStore(dsn)).close();
  const client = new Client(dsn);
  await client.connect();
  await client.query("insert into schema_migrations values ('999_of_tomorrow', 'x', 0)");
  await assert.rejects(openStore(dsn), { code: 'STORE_NEWER' });
  await client.query("delete from schema_migrations where name like '999%'");
  await client.query("update schema_migrations set checksum = 'x' where name like '001%'");
  await assert.rejects(openStore(dsn), { code: 'STORE_MIGRATION_CHANGED' });
  await client.end();
});

test(`a wrong password and a missing database are refused, a closed port can pass; none prints a password${why}`, {
  skip,
}, async () => {
  const wrong = dsnOf(port).replace('carbon:carbon', 'carbon:s3cret-word');
  for (const [dsn, expected] of [
    [wrong, refused],
    [dsnOf(port, 'nobody_made_this'), refused],
    ['postgres://carbon:s3cret-word@127.0.0.1:1/carbon', unreachable],
  ] as const)
    await assert.rejects(openStore(dsn), (error: Error & { code?: string }) => {
      assert.equal(error.code, expected.code, error.message);
      assert.ok(!JSON.stringify([error.message, error]).includes('s3cret'), error.message);
      return true;
    });
});

test(`more work than connections waits its turn${why}`, { skip }, async () => {
  const store = await openStore(await newDatabase(port), { poolSize: 2 });
  await Promise.all(Array.from({ length: 100 }, (_, i) => store.saveCursor(`c${i}`, String(i))));
  assert.equal(await store.loadCursor('c99'), '99');
  await store.close();
});

test(`writers of the same rows in any order all succeed: the one that meets another runs again${why}`, {
  skip,
}, async () => {
  const dsn = await newDatabase(port);
  const stores = await Promise.all([openStore(dsn), openStore(dsn)]);
  const client = new Client(dsn);
  await client.connect();
  await stores[0].upsertInstruments('t', [entry('a'), entry('b')]);
  // A deadlock by hand: this session holds b and wants a, the store holds a and wants b.
  await client.query('begin');
  await client.query("set local deadlock_timeout = '10s'");
  await client.query("update taxonomy_instruments set region = 'X' where instrument_id = 'b'");
  const blocked = stores[0].upsertInstruments('t', [
    { ...entry('a'), region: 'Y' },
    { ...entry('b'), region: 'Y' },
  ]);
  await new Promise((done) => setTimeout(done, 200));
  await client
    .query("update taxonomy_instruments set region = 'X' where instrument_id = 'a'")
    .catch(() => {});
  await client.query('commit');
  assert.equal(await blocked, 2);
  await client.end();
  await Promise.all(stores.map((store) => store.close()));
});

test(`a process that stands still within a transaction has lost it, and goes on with the next${why}`, {
  skip,
}, async () => {
  const database = new PostgresDatabase({ dsn: await newDatabase(port), statementMs: 100 });
  const work = function* (stillMs: number): SqlWork<number> {
    yield { sql: 'select 1', values: [] };
    // Nothing of this process runs: it is frozen, as far as the server can tell, which waits for twice 100 ms.
    if (stillMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stillMs);
    return (yield { sql: 'select 2 as two', values: [] })[0]['two'] as number;
  };
  await assert.rejects(
    database.transact('write', () => work(600)),
    (error: Error & { code?: string; context?: Record<string, unknown> }) => {
      assert.equal(error.code, unreachable.code, error.message);
      assert.equal(error.context?.['store_code'], '25P03', error.message);
      return true;
    },
  );
  assert.equal(await database.transact('write', () => work(0)), 2);
  await database.close();
});

test(`changes are told to every process that listens, once they are durable${why}`, { skip }, async () => {
  const dsn = await newDatabase(port);
  const [writer, reader] = await Promise.all([openStore(dsn), openStore(dsn)]);
  const heard: (string | null)[] = [];
  const stop = reader.onReferenceChange((tenant) => heard.push(tenant));
  // The listening connection is made in its own time.
  await within(5000, async () => {
    await writer.raiseReferenceVersion('first');
    return heard.length > 0 ? true : null;
  });
  heard.length = 0;
  await writer.upsertInstruments('t1', [entry('a')]);
  await writer.upsertInstruments('t1', [entry('a')]);
  await writer.upsertAlias('t2', 'b', 'a');
  await writer.upsertAlias('t2', 'b', 'a');
  await within(5000, async () => (heard.includes('t2') ? true : null));
  assert.deepEqual(
    heard.filter((tenant) => tenant !== 'first'),
    ['t1', 't2'],
    'nothing is told of what changed nothing',
  );
  stop();
  await writer.raiseReferenceVersion('t3');
  await new Promise((done) => setTimeout(done, 100));
  assert.ok(!heard.includes('t3'));
  await Promise.all([writer.close(), reader.close()]);
});

let own: OwnServer | string = why;
before(async () => {
  if (!skip) own = await ownEngine('postgres');
});
after(async () => {
  if (typeof own !== 'string') await own.remove();
});

/** Saves numbered cursors one after another until told to stop; every one that was confirmed is in `acknowledged`. */
function writeOn(store: ReferenceStore, name: string) {
  const acknowledged: string[] = [];
  const codes = new Set<string>();
  let isStopped = false;
  const ended = (async () => {
    for (let i = 0; !isStopped; i++) {
      try {
        await store.saveCursor(`${name}-${i}`, String(i));
        acknowledged.push(`${name}-${i}`);
      } catch (error) {
        codes.add(String((error as { code?: string }).code));
        await new Promise((done) => setTimeout(done, 20));
      }
    }
  })();
  const stop = (): Promise<void> => {
    isStopped = true;
    return ended;
  };
  return { acknowledged, codes, stop };
}

test(`killed three times under load: what was confirmed stays, errors say to retry, it heals by itself${why}`, {
  skip,
}, async () => {
  const server = own as OwnServer;
  const store = await openStore(dsnOf(server.port), { connectMs: 2000 });
  const heard: (string | null)[] = [];
  store.onReferenceChange((tenant) => heard.push(tenant));
  const lanes = Array.from({ length: 4 }, (_, i) => writeOn(store, `lane${i}`));
  for (const pause of [300, 150, 400]) {
    await new Promise((done) => setTimeout(done, pause));
    await server.signal('SIGKILL');
    await new Promise((done) => setTimeout(done, 100));
    await assert.rejects(store.loadCursor('x'), unreachable);
    await server.start();
    await within(10_000, () =>
      store.saveCursor('probe', '1').then(
        () => true,
        () => null,
      ),
    );
  }
  for (const lane of lanes) await lane.stop();
  for (const { acknowledged, codes } of lanes) {
    assert.deepEqual([...codes], ['STORE_UNREACHABLE']);
    assert.ok(acknowledged.length > 50, `${acknowledged.length} writes`);
    for (const name of acknowledged)
      assert.equal(await store.loadCursor(name), name.split('-')[1], `${name} was confirmed and is lost`);
  }
  // The listener too has found its way back, and says that it may have missed something.
  await within(10_000, async () => (heard.includes(null) ? true : null));
  await store.raiseReferenceVersion('after');
  await within(5000, async () => (heard.includes('after') ? true : null));
  await store.close();
});

test(`a frozen server is given up after its time, and used again when it wakes${why}`, { skip }, async () => {
  const server = own as OwnServer;
  const store = await openStore(dsnOf(server.port), { statementMs: 500, connectMs: 500, poolSize: 1 });
  await store.saveCursor('before', '1');
  const client = new Client(dsnOf(server.port));
  await client.connect();
  // A lock that somebody else keeps stands for a server that does not come to an end.
  await client.query('begin');
  await client.query('lock table cursors in access exclusive mode');
  const began = Date.now();
  await assert.rejects(store.saveCursor('during', '1'), unreachable);
  assert.ok(Date.now() - began < 10_000, `${Date.now() - began} ms`);
  await client.query('rollback');
  await client.end();
  await server.signal('SIGSTOP');
  // A connection that is open is served by a process of its own, which is not frozen; new ones are not made.
  assert.equal(await store.loadCursor('before'), '1');
  const newcomer = openStore(dsnOf(server.port), { connectMs: 500 });
  await assert.rejects(newcomer, unreachable);
  await server.signal('SIGCONT');
  assert.equal(await store.loadCursor('before'), '1');
  assert.equal(await store.loadCursor('during'), null);
  await store.close();
});

test(`over TLS: required, verified, and refused for a certificate of somebody else${why}`, {
  skip,
}, async () => {
  const server = own as OwnServer;
  const folder = mkdtempSync(join(tmpdir(), 'carbon-postgres-tls-'));
  const [cert, key] = [join(folder, 'server.pem'), join(folder, 'server.key')];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  execFileSync(
    'openssl',
    [...made, '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert],
    {
      stdio: 'ignore',
    },
  );
  // The server reads its key as the user that it runs as, and only when nobody else can.
  if (process.getuid?.() === 0) execFileSync('chown', ['-R', 'postgres:', folder]);
  const client = new Client(dsnOf(server.port));
  await client.connect();
  await client.query(`alter system set ssl_cert_file = '${cert}'`);
  await client.query(`alter system set ssl_key_file = '${key}'`);
  await client.query('alter system set ssl = on');
  await client.query('select pg_reload_conf()');
  const dsn = dsnOf(server.port).replace('127.0.0.1', 'localhost');
  const ca = readFileSync(cert, 'utf8');
  await within(5000, () =>
    openStore(dsn, { tls: 'require' }).then(
      (store) => store.close().then(() => true),
      () => null,
    ),
  );
  for (const options of [{ tls: 'off' }, { tls: 'require' }, { tls: 'verify', ca }] as const) {
    const store = await openStore(dsn, options);
    await store.saveCursor('tls', options.tls);
    const { rows } = await client.query(
      `select ssl from pg_stat_ssl join pg_stat_activity using (pid)
        where application_name = '254carbon' and usename = 'carbon' and datname = 'carbon'`,
    );
    assert.ok(rows.length > 0 && rows.every((row) => row.ssl === (options.tls !== 'off')), options.tls);
    await store.close();
  }
  await assert.rejects(openStore(dsn, { tls: 'verify' }), refused, 'an authority that nobody knows');
  await assert.rejects(openStore(`${dsn}?sslmode=verify-full`), refused);
  const elsewhere = dsnOf(server.port);
  await assert.rejects(openStore(elsewhere, { tls: 'verify', ca }), refused, 'of another host');
  await client.end();
  rmSync(folder, { recursive: true, force: true });
});
