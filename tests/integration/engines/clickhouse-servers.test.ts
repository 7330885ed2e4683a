/**
 * The ClickHouse driver against servers that die, hang, cut their answer, or fail in the middle of it; and a real
 * warehouse process that is killed.
 */

import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import { identity } from '../../../core/codec/native/native-bytes.ts';
import { NativeWriter } from '../../../core/codec/native/native-writer.ts';
import { makeDatabase, openClickHouse } from '../../../drivers/clickhouse/warehouse.ts';
import { type OwnServer, ownEngine, within } from '../../support/engine-server.ts';

const unreachable = { name: 'CarbonError', code: 'STORE_UNREACHABLE' };
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that does what it is told; returns its address. */
async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that answers everything with one row of JSON that names it, and keeps what it was asked. */
async function named(name: string): Promise<{ url: string; asked: string[]; users: string[] }> {
  const asked: string[] = [];
  const users: string[] = [];
  const url = await listen(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const query = new URL(request.url ?? '', 'http://x').searchParams.get('query') ?? '';
    asked.push(query + body);
    users.push(Buffer.from((request.headers.authorization ?? '').slice(6), 'base64').toString());
    response.end(`{"name":"${name}"}\n`);
  });
  return { url, asked, users };
}

const DEAD = 'http://127.0.0.1:1';
const block = (): Uint8Array => new NativeWriter(identity(1)).uint64('v', [1]).finish();

test('the first server that answers is used, and stays in use', async () => {
  const [first, second] = [await named('first'), await named('second')];
  const w = openClickHouse({ urls: [DEAD, first.url, second.url] });
  for (let i = 0; i < 3; i++) assert.deepEqual(await w.queryRows('SELECT 1'), [{ name: 'first' }]);
  await w.execute('CREATE TABLE t (v UInt64) ENGINE = MergeTree ORDER BY v');
  await w.insertBlock('t', block(), 'token');
  assert.deepEqual([first.asked.length, second.asked.length], [5, 0]);
  await w.close();
});

test('what may be repeated goes on to the next server, what may not is an error', async () => {
  let hits = 0;
  const breaking = await listen((request) => {
    hits++;
    request.socket.destroy();
  });
  const second = await named('second');
  const w = openClickHouse({ urls: [breaking, second.url] });
  await assert.rejects(w.insertBlock('t', block(), null), unreachable, 'it may have arrived');
  assert.deepEqual([hits, second.asked.length], [1, 0]);
  // The list was turned: the next call, and every one after it, goes to the second.
  await w.insertBlock('t', block(), null);
  assert.equal(second.asked.length, 1);
  const again = openClickHouse({ urls: [breaking, second.url] });
  await again.insertBlock('t', block(), 'token');
  assert.deepEqual([hits, second.asked.length], [2, 2]);
  await again.close();
  await w.close();
});

test('when no server answers the error names one and says to retry; the list is tried once around', async () => {
  const w = openClickHouse({ urls: [DEAD, 'http://127.0.0.1:2'] });
  await assert.rejects(w.queryRows('SELECT 1'), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'STORE_UNREACHABLE');
    assert.match(error.message, /127\.0\.0\.1:2/);
    return true;
  });
  await w.close();
});

test('a replica that cannot write for now is left for another; what the store refuses is not asked elsewhere', async () => {
  const refusing = (code: number) =>
    listen((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(500, { 'x-clickhouse-exception-code': String(code) });
        response.end(`Code: ${code}. DB::Exception: no. (NAME)\n`);
      });
    });
  const second = await named('second');
  const readOnly = openClickHouse({ urls: [await refusing(242), second.url] });
  await readOnly.insertBlock('t', block(), 'token');
  assert.equal(second.asked.length, 1);
  const syntax = openClickHouse({ urls: [await refusing(62), second.url] });
  await assert.rejects(syntax.queryRows('SELEC'), { code: 'STORE_REFUSED' });
  assert.equal(second.asked.length, 1);
  await Promise.all([readOnly.close(), syntax.close()]);
});

test('a server that hangs is given up after its time', async () => {
  const hanging = await listen(() => {});
  const second = await named('second');
  const w = openClickHouse({ urls: [hanging, second.url], timeoutMs: 300 });
  const began = Date.now();
  assert.deepEqual(await w.queryRows('SELECT 1'), [{ name: 'second' }]);
  assert.ok(Date.now() - began < 10_000);
  await w.close();
});

test('an answer that is cut is an error, not a short answer', async () => {
  for (const length of [undefined, 1000]) {
    const cutting = await listen((_request, response) => {
      response.writeHead(200, length === undefined ? {} : { 'content-length': length });
      response.write('{"n":"1"}\n');
      setTimeout(() => response.socket?.destroy(), 50);
    });
    const w = openClickHouse({ urls: [cutting] });
    await assert.rejects(w.queryRows('SELECT 1'), unreachable);
    await w.close();
  }
});

test('an exception behind the first rows is thrown with its code, in every way of asking', async () => {
  const mark = 'PU1FNUFH98CAU91T';
  const text =
    'Code: 395. DB::Exception: Value passed to throwIf: Zürich. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO)\n';
  const failing = await listen((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'x-clickhouse-exception-tag': mark });
      response.write('{"n":"1"}\n');
      response.end(
        `\r\n__exception__\r\n${mark}\r\n${text}\r\n${Buffer.byteLength(text)} ${mark}\r\n__exception__\r\n`,
      );
    });
  });
  const w = openClickHouse({ urls: [failing] });
  for (const ask of [
    () => w.queryRows('SELECT 1'),
    () => w.queryText('SELECT 1', 'TSV'),
    () => w.queryColumns('SELECT 1'),
    () => w.insertBlock('t', block(), null),
  ])
    await assert.rejects(ask(), (error: Error & { code?: string; context?: { store_code?: number } }) => {
      assert.equal(error.code, 'STORE_REFUSED');
      assert.equal(error.context?.store_code, 395);
      assert.match(error.message, /throwIf: Zürich/);
      return true;
    });
  await w.close();
});

test('an answer that only speaks of exceptions is an answer', async () => {
  const mark = 'PU1FNUFH98CAU91T';
  const row = '{"n":"__exception__\\r\\n"}\n';
  const plain = await listen((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'x-clickhouse-exception-tag': mark });
      response.end(row);
    });
  });
  const w = openClickHouse({ urls: [plain] });
  assert.deepEqual(await w.queryRows('SELECT 1'), [{ n: '__exception__\r\n' }]);
  await w.close();
});

test('questions are asked as the reader, blocks and tables come from the writer', async () => {
  const server = await named('it');
  const w = openClickHouse({
    urls: [server.url],
    writer: { username: 'w', password: 'p w' },
    reader: { username: 'r', password: 'p:r' },
  });
  await w.queryRows('SELECT 1');
  await w.queryText('SELECT 1', 'TSV');
  await w.insertBlock('t', block(), null);
  await w.execute('CREATE TABLE t (v UInt64) ENGINE = Memory');
  assert.deepEqual(server.users, ['r:p:r', 'r:p:r', 'w:p w', 'w:p w']);
  await w.close();
});

test('for a cluster, tables are made on all replicas and inserts wait for most of them', async () => {
  const server = await named('it');
  const options = { urls: [server.url], database: 'carbon', cluster: "it's" };
  await makeDatabase(options);
  const w = openClickHouse(options);
  await w.execute('CREATE TABLE IF NOT EXISTS t (v UInt64) ENGINE = MergeTree ORDER BY v');
  await w.insertBlock('t', block(), null);
  assert.match(server.asked[0], /^CREATE DATABASE IF NOT EXISTS `carbon` ON CLUSTER `it's`/);
  assert.match(server.asked[1], /EXISTS t ON CLUSTER `it's` \(v UInt64\) ENGINE = ReplicatedMergeTree/);
  assert.match(server.asked[2], /insert_quorum = 'auto'/);
  await w.close();
});

test('a warehouse process that is killed under load loses nothing that was confirmed, and is found again', async (t) => {
  const own = await ownEngine('warehouse');
  if (typeof own === 'string') return t.skip(own);
  const server: OwnServer = own;
  const w = openClickHouse({
    urls: [`http://127.0.0.1:${server.port}`],
    writer: { username: 'default', password: '' },
    reader: { username: 'reader', password: '' },
  });
  try {
    await w.execute(`CREATE TABLE kept (v UInt64) ENGINE = MergeTree ORDER BY v
      SETTINGS non_replicated_deduplication_window = 1000`);
    const confirmed: number[] = [];
    let next = 0;
    for (const writes of [15, 25]) {
      for (const end = next + writes; next < end; next++) {
        await w.insertBlock(
          'kept',
          new NativeWriter(identity(1)).uint64('v', [next]).finish(),
          `token-${next}`,
        );
        confirmed.push(next);
      }
      const inFlight = w.insertBlock(
        'kept',
        new NativeWriter(identity(1)).uint64('v', [next]).finish(),
        `token-${next}`,
      );
      const outcome = inFlight.then(
        () => 'done',
        (error: { code?: string }) => error.code,
      );
      await server.signal('SIGKILL');
      assert.ok(['done', 'STORE_UNREACHABLE'].includes(String(await outcome)));
      await assert.rejects(w.queryRows('SELECT 1'), unreachable);
      await server.start();
      // The same block with the same token: there once, whatever became of it before.
      await within(10_000, () =>
        w
          .insertBlock('kept', new NativeWriter(identity(1)).uint64('v', [next]).finish(), `token-${next}`)
          .then(
            () => true,
            () => null,
          ),
      );
      confirmed.push(next++);
    }
    const rows = await w.queryRows('SELECT v FROM kept ORDER BY v');
    assert.deepEqual(
      rows.map((row) => Number(row['v'])),
      confirmed,
    );
    await assert.rejects(
      openClickHouse({
        urls: [`http://127.0.0.1:${server.port}`],
        writer: { username: 'reader', password: '' },
      }).execute('DROP TABLE kept'),
      { code: 'STORE_REFUSED' },
    );
  } finally {
    await w.close();
    await server.remove();
  }
});
