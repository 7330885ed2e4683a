/** ClickHouse's HTTP interface as any client speaks it, against the front over chDB. */

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type HttpFront, serveWarehouse } from '../../drivers/chdb/http-front.ts';
import { type ChdbWarehouse, openChdb } from '../../drivers/chdb/warehouse.ts';

let folder: string;
let owner: ChdbWarehouse;
let front: HttpFront;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warehouse-front-'));
  owner = openChdb(join(folder, 'warehouse'));
  front = await serveWarehouse(owner, join(folder, 'w.sock'));
});
after(async () => {
  await front.close();
  await owner.close();
  await rm(folder, { recursive: true, force: true });
});

interface Reply {
  readonly status: number;
  readonly code: unknown;
  readonly text: string;
}

function ask(method: string, query: Record<string, string>, body = '', path = '/'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { socketPath: front.socketPath, method, path: `${path}?${new URLSearchParams(query)}` },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            code: response.headers['x-clickhouse-exception-code'],
            text: Buffer.concat(parts).toString(),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

test('ping, and statements by GET and POST in the format asked for', async () => {
  assert.equal((await ask('GET', {}, '', '/ping')).text, 'Ok.\n');
  assert.equal((await ask('GET', { query: 'SELECT 1, 2' })).text, '1\t2\n');
  assert.equal((await ask('POST', {}, "SELECT 'é' AS a FORMAT JSONEachRow")).text, '{"a":"é"}\n');
  assert.equal((await ask('POST', { query: 'SELECT' }, '7')).text, '7\n');
  assert.equal(
    (await ask('GET', { query: 'SELECT 1 AS a', default_format: 'CSVWithNames' })).text,
    '"a"\n1\n',
  );
  assert.equal((await ask('GET', { query: 'SELECT {a:UInt8} + 1', param_a: '4' })).text, '5\n');
});

test('settings in the URL hold for one statement', async () => {
  const query = "SELECT getSetting('max_result_rows')";
  assert.equal((await ask('GET', { query, max_result_rows: '9' })).text, '9\n');
  assert.equal((await ask('GET', { query: `${query} FORMAT CSV`, max_result_rows: '8' })).text, '8\n');
  assert.equal((await ask('GET', { query })).text, '0\n');
  const refused = await ask('POST', { query: 'CREATE TABLE s (a UInt8) ENGINE = Memory', max_threads: '1' });
  assert.deepEqual([refused.status, refused.code], [500, '115']);
});

test('data comes as the body of an INSERT, in any input format, or not at all', async () => {
  await ask('POST', {
    query: 'CREATE TABLE t (a UInt8, b String DEFAULT upper(toString(a))) ENGINE = MergeTree ORDER BY a',
  });
  const done = await ask('POST', { query: 'INSERT INTO t (a) FORMAT JSONEachRow' }, '{"a":1}\n{"a":2}\n');
  assert.deepEqual([done.status, done.text], [200, '']);
  assert.equal((await ask('POST', { query: 'INSERT INTO t FORMAT CSV' }, '3,"é"\n')).status, 200);
  const bad = await ask('POST', { query: 'INSERT INTO t FORMAT CSV' }, '4,x\nnot a number,y\n');
  assert.equal(bad.status, 500);
  assert.match(bad.text, /^Code: \d+\. DB::Exception: /);
  assert.equal((await ask('GET', { query: 'SELECT a, b FROM t ORDER BY a' })).text, '1\t1\n2\t2\n3\té\n');
});

test('an upload that breaks off inserts nothing, and the front goes on', async () => {
  await ask('POST', { query: 'CREATE TABLE broken (a UInt8) ENGINE = MergeTree ORDER BY a' });
  await new Promise<void>((resolve) => {
    const path = `/?${new URLSearchParams({ query: 'INSERT INTO broken FORMAT CSV' })}`;
    const sent = request({
      socketPath: front.socketPath,
      method: 'POST',
      path,
      headers: { 'content-length': 100 },
    });
    sent.on('error', () => resolve());
    sent.write('1\n2\n', () => sent.destroy());
    sent.on('close', () => resolve());
  });
  assert.equal((await ask('GET', { query: 'SELECT count() FROM broken' })).text, '0\n');
});

test('exceptions carry their code, and a missing table is 404', async () => {
  const missing = await ask('GET', { query: 'SELECT * FROM nowhere' });
  assert.deepEqual([missing.status, missing.code], [404, '60']);
  assert.match(missing.text, /Code: 60\. DB::Exception: .*\(UNKNOWN_TABLE\)/);
  const broken = await ask('GET', { query: 'SELEC' });
  assert.equal(broken.status, 500);
});
