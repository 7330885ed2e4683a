/** The read API over real sockets: what it answers, what it refuses, whose data it shows. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DAY, formatInstant, parseInstant } from '../../../core/time/instant.ts';
import { rowsOf } from '../cli/carbon.ts';
import { CAPITL, errorIn, type Json, openServed, rowsIn, type Served, SPRING } from './served-sample.ts';

let served: Served;
before(async () => {
  served = await openServed();
});
after(() => served.close());

const ask: Served['ask'] = (...parameters) => served.ask(...parameters);
const ids = (rows: readonly Json[]): string[] => rows.map((row) => String(row['instrument_id']));

test('latest: the newest values of a market and field, in order of name', async () => {
  const rows = rowsIn(await ask('/v1/latest?market=nyiso&field=lmp'));
  assert.equal(rows.length, 15);
  assert.deepEqual(ids(rows), ids(rows).toSorted());
  assert.equal(rows[0]['price'], '36.85');
  assert.equal(rows[0]['ts'], '2025-03-10T03:00:00Z');
});

test('latest: names with a star, several names, in delivery at a time', async () => {
  const rows = rowsIn(await ask('/v1/latest?instrument=*CAPITL&instrument=NYISO.DA.LMP.N.Y.C.'));
  assert.deepEqual(ids(rows), [
    'NYISO.DA.CONGESTION.CAPITL',
    CAPITL,
    'NYISO.DA.LMP.N.Y.C.',
    'NYISO.DA.LOSS.CAPITL',
  ]);
  const [row] = rowsIn(await ask(`/v1/latest?instrument=${CAPITL}&in_delivery=true&at=2025-03-09T05:30:00Z`));
  assert.deepEqual(
    [row['ts'], row['ts_end'], row['price']],
    ['2025-03-09T05:00:00Z', '2025-03-09T06:00:00Z', '77.25'],
  );
  const asOf = encodeURIComponent(served.beforeCorrection);
  const [old] = rowsIn(
    await ask(`/v1/latest?instrument=${CAPITL}&in_delivery=true&at=2025-03-09T05:30:00Z&as_of=${asOf}`),
  );
  assert.equal(old['price'], '-3.31');
  assert.deepEqual(rowsIn(await ask(`/v1/latest?as_of=2020-01-01`)), []);
});

test('bars: a date at the end is inclusive, a time exclusive', async () => {
  const day = rowsIn(await ask(`/v1/bars/${CAPITL}?interval=1h&from=2025-03-09&to=2025-03-09`));
  assert.equal(day.length, 19);
  const hours = rowsIn(
    await ask(`/v1/bars/${CAPITL}?interval=1h&from=2025-03-09T06:00:00Z&to=2025-03-09T08:00:00Z`),
  );
  assert.deepEqual(
    hours.map((bar) => bar['close']),
    ['-3.78', '-3.37'],
  );
  assert.deepEqual(rowsIn(await ask(`/v1/bars/${CAPITL}?interval=5m`)), [], 'known, but nothing so fine');
});

test('bars and ticks: corrections, as of before and after, and every revision', async () => {
  const window = 'from=2025-03-09T05:00:00Z&to=2025-03-09T06:00:00Z';
  const asOf = `as_of=${encodeURIComponent(served.beforeCorrection)}`;
  const close = async (question: string): Promise<unknown[]> =>
    rowsIn(await ask(`/v1/bars/${CAPITL}?interval=1h&${window}&${question}`)).map((bar) => bar['close']);
  assert.deepEqual(await close(''), ['77.25']);
  assert.deepEqual(await close(asOf), ['-3.31']);
  assert.deepEqual(await close('history=true'), ['-3.31', '77.25']);
  const price = async (question: string): Promise<unknown[]> =>
    rowsIn(await ask(`/v1/ticks/${CAPITL}?${window}&${question}`)).map((tick) => tick['price']);
  assert.deepEqual(await price(''), ['77.25']);
  assert.deepEqual(await price(asOf), ['-3.31']);
  assert.deepEqual(await price('as_of=2020-01-01'), []);
  const { body } = await ask(`/v1/bars/${CAPITL}?interval=1h&${asOf}`);
  assert.equal(body['as_of'], served.beforeCorrection);
});

test('rolling metrics: a correction states every window of its bar anew; as of before it, every revision, one length', async () => {
  const path = `/v1/rolling/${CAPITL}?interval=1h`;
  const rows = rowsIn(await ask(path));
  assert.equal(rows.length, 23);
  const asOf = `as_of=${encodeURIComponent(served.beforeCorrection)}`;
  const before = rowsIn(await ask(`${path}&${asOf}`));
  const [highs, highsBefore] = [rows, before].map((all) => all.slice(0, 3).map((row) => row['high']));
  assert.deepEqual([highs, highsBefore], [Array(3).fill('77.25'), Array(3).fill('-3.31')]);
  for (const row of rows) assert.deepEqual([row['status'], row['revision']], ['revised', '2']);
  const history = rowsIn(await ask(`${path}&history=true&window=24h`));
  assert.deepEqual(
    history.map((row) => row['status']),
    rows.flatMap(() => ['final', 'revised']),
  );
  assert.deepEqual(
    history.filter((row) => row['revision'] === '1'),
    before,
  );
  const day = rowsIn(await ask(`${path}&from=2025-03-09&to=2025-03-09`));
  assert.deepEqual(day, rows.slice(0, 19));
  // Another tenant has a day of 25 hours; what was known before is not enough for a full window until then.
  const acme = rowsIn(await ask(path, { 'X-Tenant-Id': 'acme' }));
  assert.deepEqual(
    acme.map((row) => row['is_full']),
    [...Array(23).fill(false), true, true],
  );
  assert.deepEqual(rowsIn(await ask(`/v1/rolling/${CAPITL}?interval=1d`))[0]['window'], '7d');
  const pages: Json[] = [];
  for (let next: unknown = null; next !== undefined; ) {
    const { body } = await ask(
      `${path}&history=true&limit=7${next === null ? '' : `&cursor=${String(next)}`}`,
    );
    pages.push(...(body['data'] as Json[]));
    next = body['next'] ?? undefined;
  }
  assert.deepEqual(pages, history);
});

test('the API says what the command says', async () => {
  const { dataDir } = served.stores.runtime;
  const asOf = served.beforeCorrection;
  const pairs: [string, string[]][] = [
    ['/v1/latest?limit=10000', ['latest']],
    [`/v1/latest?limit=10000&as_of=${asOf}`, ['latest', '--as-of', asOf]],
    [`/v1/bars/${CAPITL}?interval=1d`, ['bars', CAPITL, '--interval', '1d']],
    [`/v1/bars/${CAPITL}?interval=1h&as_of=${asOf}`, ['bars', CAPITL, '--as-of', asOf]],
    [`/v1/bars/${CAPITL}?interval=1h&history=true`, ['bars', CAPITL, '--history']],
    [`/v1/rolling/${CAPITL}?interval=1h&as_of=${asOf}`, ['rolling', CAPITL, '--as-of', asOf]],
  ];
  for (const [path, args] of pairs)
    assert.deepEqual(rowsIn(await ask(path)), await rowsOf(dataDir, ...args), path);
  const question = 'interval=1h&at=2025-03-09T05:00:00Z';
  const { body } = await ask(`/v1/why/${CAPITL}?${question}&as_of=${asOf}`);
  const [said] = await rowsOf(
    dataDir,
    'why',
    CAPITL,
    '--interval',
    '1h',
    '--at',
    '2025-03-09T05:00:00Z',
    '--as-of',
    asOf,
  );
  assert.deepEqual(body['data'], said);
});

test('why: from a bar and from the latest value to the line of the payload', async () => {
  for (const question of ['?interval=1h&at=2025-03-09T05:30:00Z', '']) {
    const { body } = await ask(`/v1/why/${CAPITL}${question}`);
    const [input] = (body['data'] as { inputs: { payload: { line: string }; price: string }[] }).inputs;
    assert.match(input.payload.line, /"CAPITL",61757/);
    assert.ok(input.payload.line.includes(`,${input.price},`));
  }
});

test('instruments: by parts and by a part of the name', async () => {
  const found = rowsIn(await ask('/v1/instruments?market=NYISO&product=DA&location=CAPITL&field=lmp'));
  assert.deepEqual(ids(found), [CAPITL]);
  assert.equal(found[0]['commodity'], 'power');
  assert.deepEqual(ids(rowsIn(await ask('/v1/instruments?search=lmp.cap'))), [CAPITL]);
  assert.deepEqual(rowsIn(await ask('/v1/instruments?search=%25')), [], 'no pattern, but text');
});

/** Every page of a question, by its cursor. */
async function* pages(path: string, limit: number): AsyncGenerator<Json[]> {
  for (let cursor = ''; ; ) {
    const answer = await ask(`${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor}`);
    yield rowsIn(answer);
    if (answer.body['next'] === null) return;
    cursor = `&cursor=${String(answer.body['next'])}`;
  }
}

test('pages together are the whole, whatever their size', async () => {
  for (const path of [
    '/v1/latest',
    '/v1/instruments?field=lmp',
    `/v1/bars/${CAPITL}?interval=1h`,
    `/v1/bars/${CAPITL}?interval=1h&history=true`,
    `/v1/bars/${CAPITL}?interval=1h&as_of=2099-01-01`,
    `/v1/bars/${CAPITL}?interval=1h&as_of=${served.beforeCorrection}`,
    `/v1/ticks/${CAPITL}?to=2025-03-09`,
    '/v1/latest?in_delivery=true&at=2025-03-09T12:00:00Z',
  ]) {
    const whole = rowsIn(await ask(path));
    for (const limit of [1, 7, whole.length, 10_000]) {
      const read: Json[] = [];
      for await (const page of pages(path, limit)) {
        assert.ok(page.length <= limit);
        read.push(...page);
      }
      assert.deepEqual(read, whole, `${path} by ${limit}`);
    }
  }
});

test('pages visit everything exactly once while new data arrives', async () => {
  const tenant = { 'X-Tenant-Id': 'arrivals' };
  await served.load(SPRING, 'arrivals');
  const start = rowsIn(await served.ask('/v1/latest', tenant)).length;
  const next = async (path: string, cursor: unknown): Promise<Json> =>
    (await served.ask(`${path}&limit=10${cursor === null ? '' : `&cursor=${String(cursor)}`}`, tenant)).body;
  const seen: string[] = [];
  const bars: string[] = [];
  let page = await next('/v1/latest?', null);
  let barPage = await next(`/v1/bars/${CAPITL}?interval=1h`, null);
  for (let round = 0; ; round++) {
    seen.push(...ids(page['data'] as Json[]));
    bars.push(...(barPage['data'] as Json[]).map((bar) => String(bar['interval_start'])));
    // Every value is corrected, and a new instrument comes in before and behind where the reader stands.
    if (round === 0) {
      const changed = SPRING.replaceAll(
        /,(\d+\.\d\d),/g,
        (_, price: string) => `,${(Number(price) + 1).toFixed(2)},`,
      );
      const lines = changed.trimEnd().split(/\r?\n/);
      const more = lines.slice(1).filter((line) => line.includes('"CAPITL"'));
      const added = ['AAA', 'ZZZ'].flatMap((name, k) =>
        more.map((line) => line.replace('"CAPITL",61757', `"${name}",${99_000 + k}`)),
      );
      await served.load(`${[...lines, ...added].join('\r\n')}\r\n`, 'arrivals');
    }
    if (page['next'] === null && barPage['next'] === null) break;
    page = page['next'] === null ? { data: [], next: null } : await next('/v1/latest?', page['next']);
    barPage =
      barPage['next'] === null
        ? { data: [], next: null }
        : await next(`/v1/bars/${CAPITL}?interval=1h`, barPage['next']);
  }
  assert.equal(new Set(seen).size, seen.length, 'nothing twice');
  assert.equal(seen.filter((id) => !/AAA|ZZZ/.test(id)).length, start, 'all that was there');
  assert.deepEqual(bars, [...new Set(bars)].toSorted());
  assert.equal(bars.length, 23);
});

test('NDJSON and CSV stream the same rows; a limit ends them', async () => {
  for (const path of [
    '/v1/latest',
    `/v1/bars/${CAPITL}?interval=1h`,
    `/v1/ticks/${CAPITL}`,
    '/v1/instruments',
  ]) {
    const rows = rowsIn(await ask(path));
    const lines = await ask(path, { accept: 'application/x-ndjson' });
    assert.match(String(lines.headers.get('content-type')), /^application\/x-ndjson/);
    assert.deepEqual(
      lines.text
        .trimEnd()
        .split('\n')
        .map((line): Json => JSON.parse(line)),
      rows,
    );
    const csv = (await ask(path, { accept: 'text/csv, */*;q=0.1' })).text.trimEnd().split('\n');
    assert.equal(csv[0], Object.keys(rows[0]).join(','));
    assert.equal(csv.length, rows.length + 1);
    assert.ok(csv[1].startsWith(`${rows[0]['instrument_id']},`));
    const five = await ask(`${path}${path.includes('?') ? '&' : '?'}limit=5`, {
      accept: 'application/x-ndjson',
    });
    assert.equal(five.text.trimEnd().split('\n').length, 5);
  }
  const none = await ask('/v1/latest?market=NONE', { accept: 'text/csv' });
  assert.equal(none.text, 'instrument_id,price,unit,ts,ts_end,known_at,volume,bid,ask,quality_flags\n');
});

test('a tenant sees its own and nothing else', async () => {
  const acme = { 'X-Tenant-Id': 'acme' };
  const mine = rowsIn(await ask('/v1/latest', acme));
  assert.equal(mine.length, 45);
  for (const row of mine) assert.match(String(row['ts']), /^2025-11-03/);
  for (const row of rowsIn(await ask('/v1/latest'))) assert.match(String(row['ts']), /^2025-03-10/);
  const years = async (path: string, headers: Record<string, string>): Promise<Set<string>> =>
    new Set((await ask(path, headers)).text.match(/20\d\d-(03|11)-\d\dT/g)?.map((time) => time.slice(0, 7)));
  for (const path of [
    `/v1/bars/${CAPITL}?interval=1h&history=true`,
    `/v1/bars/${CAPITL}?interval=1h`,
    `/v1/ticks/${CAPITL}`,
    '/v1/latest?in_delivery=true&at=2025-11-02T12:00:00Z',
    `/v1/latest?as_of=2099-01-01`,
  ])
    assert.ok(!(await years(path, acme)).has('2025-03'), path);
  const nobody = { 'X-Tenant-Id': 'nobody' };
  for (const path of ['/v1/latest', '/v1/instruments', '/v1/latest?as_of=2099-01-01'])
    assert.deepEqual(rowsIn(await ask(path, nobody)), [], path);
  for (const path of [`/v1/bars/${CAPITL}?interval=1h`, `/v1/ticks/${CAPITL}`, `/v1/why/${CAPITL}`]) {
    const answer = await ask(path, nobody);
    assert.equal(answer.status, 404);
    assert.ok(!answer.text.includes('NYISO.DA.CONGESTION'), 'nor the names of others');
  }
  const { body } = await ask('/v1/latest?limit=1', acme);
  const stolen = await ask(`/v1/latest?limit=1&cursor=${String(body['next'])}`);
  assert.equal(errorIn(stolen)['field'], 'cursor');
});

test('what is not understood is refused with code, field, what is allowed and what came', async () => {
  const cases: [path: string, status: number, field: string, expected: RegExp, got: string][] = [
    ['/v1/latest?limt=3', 400, 'limt', /^market, field/, '3'],
    ['/v1/latest?limit=0', 400, 'limit', /1 to 10000/, '0'],
    ['/v1/latest?limit=10001', 400, 'limit', /1 to 10000/, '10001'],
    ['/v1/latest?limit=ten', 400, 'limit', /1 to 10000/, 'ten'],
    ['/v1/latest?limit=2.5', 400, 'limit', /1 to 10000/, '2.5'],
    ['/v1/latest?limit=', 400, 'limit', /1 to 10000/, ''],
    ['/v1/latest?limit=1&limit=2', 400, 'limit', /once/, '1, 2'],
    ['/v1/latest?in_delivery=yes', 400, 'in_delivery', /true or false/, 'yes'],
    ['/v1/latest?at=2025-03-09', 400, 'at', /in_delivery=true/, '2025-03-09'],
    ['/v1/latest?cursor=abc', 400, 'cursor', /next/, 'abc'],
    ['/v1/latest?cursor=WyJhIiwiYiJd', 400, 'cursor', /next/, 'WyJhIiwiYiJd'],
    ['/v1/latest?as_of=2025-02-30', 400, 'as_of', /YYYY-MM-DD/, '2025-02-30'],
    [`/v1/bars/${CAPITL}`, 400, 'interval', /1m, 5m, 1h, 1d/, 'nothing'],
    [`/v1/bars/${CAPITL}?interval=2h`, 400, 'interval', /1m, 5m, 1h, 1d/, '2h'],
    [`/v1/bars/${CAPITL}?interval=1h&from=yesterday`, 400, 'from', /YYYY-MM-DD/, 'yesterday'],
    [`/v1/bars/${CAPITL}?interval=1h&from=2025-03-10&to=2025-03-09`, 400, 'to', /after/, '2025-03-09'],
    [`/v1/bars/${CAPITL}?interval=1h&history=true&as_of=2025-03-10`, 400, 'history', /one of/, 'true'],
    ['/v1/bars/NO.SUCH.THING?interval=1h', 404, 'instrument', /^$/, 'NO.SUCH.THING'],
    [`/v1/rolling/${CAPITL}?interval=5m`, 400, 'interval', /1h, 1d/, '5m'],
    [`/v1/rolling/${CAPITL}?interval=1h&window=12h`, 400, 'window', /24h/, '12h'],
    [`/v1/rolling/${CAPITL}?interval=1h&history=true&as_of=2025-03-10`, 400, 'history', /one of/, 'true'],
    ['/v1/rolling/NO.SUCH.THING?interval=1h', 404, 'instrument', /^$/, 'NO.SUCH.THING'],
    ['/v1/ticks/NO.SUCH.THING', 404, 'instrument', /^$/, 'NO.SUCH.THING'],
    ['/v1/why/NO.SUCH.THING', 404, 'instrument', /^$/, 'NO.SUCH.THING'],
    [`/v1/why/${CAPITL}?interval=1h&at=1999-01-01`, 404, 'instrument', /^$/, CAPITL],
    ['/v1/nothing', 404, 'path', /\/v1\/latest/, '/v1/nothing'],
    ['/v1/bars/%ZZ?interval=1h', 400, 'request', /well-formed/, 'another'],
  ];
  for (const [path, status, field, expected, got] of cases) {
    const answer = await ask(path);
    assert.equal(answer.status, status, `${path}: ${answer.text}`);
    const error = errorIn(answer);
    assert.match(String(error['code']), /^(REQUEST_INVALID|NOT_FOUND)$/);
    assert.deepEqual([error['field'], error['got']], [field, got], path);
    assert.match(String(error['expected'] ?? ''), expected, path);
    for (const key of ['message', 'remedy']) assert.ok(String(error[key]).length > 5, path);
  }
  const tenant = await ask('/v1/latest', { 'X-Tenant-Id': "a' OR 1=1" });
  assert.deepEqual([tenant.status, errorIn(tenant)['field']], [400, 'X-Tenant-Id']);
  const type = await ask('/v1/latest', { accept: 'application/xml' });
  assert.deepEqual([type.status, errorIn(type)['field']], [406, 'Accept']);
});

test('SQL in a parameter stays a text', async () => {
  for (const evil of ["' OR 1=1 --", '\\', "x'; DROP TABLE bars; --", '%', '{tenant:String}']) {
    const word = encodeURIComponent(evil);
    for (const path of [
      `/v1/latest?instrument=${word}`,
      `/v1/latest?market=${word}`,
      `/v1/instruments?search=${word}`,
    ])
      assert.deepEqual(rowsIn(await ask(path)), [], path);
    assert.equal((await ask(`/v1/ticks/${word}`)).status, 404);
  }
});

test('another method is 405 with the methods that go; HEAD is GET without its body', async () => {
  const url = `${served.http.urls.get('projection')}/v1/latest`;
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const response = await fetch(url, { method, body: method === 'DELETE' ? null : '{"a":' });
    assert.equal(response.status, 405, method);
    assert.equal(response.headers.get('allow'), 'GET, HEAD');
    const { error } = (await response.json()) as { error: Json };
    assert.deepEqual([error['field'], error['got']], ['method', method]);
  }
  const head = await fetch(url, { method: 'HEAD' });
  assert.deepEqual([head.status, await head.text()], [200, '']);
  assert.ok(head.headers.get('etag') !== null);
});

test('an ETag holds until the content changes, and belongs to a tenant', async () => {
  const path = `/v1/bars/${CAPITL}?interval=1d`;
  const tenant = { 'X-Tenant-Id': 'etags' };
  await served.load(SPRING, 'etags');
  const first = await served.ask(path, tenant);
  const etag = String(first.headers.get('etag'));
  assert.equal(first.headers.get('vary'), 'Accept, X-Tenant-Id');
  const again = await served.ask(path, { ...tenant, 'if-none-match': etag });
  assert.deepEqual([again.status, again.text], [304, '']);
  assert.equal((await served.ask(path, { 'if-none-match': etag })).status, 200, 'another tenant');
  await served.load(SPRING.replace('"CAPITL",61757,-3.31,', '"CAPITL",61757,80.25,'), 'etags');
  assert.equal((await served.ask(path, { ...tenant, 'if-none-match': etag })).status, 200, 'a correction');
});

test('as of a moment between two states of knowledge there is exactly one answer', async () => {
  const known = parseInstant(served.beforeCorrection) ?? 0;
  const asOf = (at: number): string => encodeURIComponent(formatInstant(at));
  const price = async (at: number): Promise<unknown> =>
    rowsIn(await ask(`/v1/ticks/${CAPITL}?to=2025-03-09T06:00:00Z&as_of=${asOf(at)}`))[0]?.['price'];
  assert.equal(await price(known - 1), undefined);
  assert.equal(await price(known), '-3.31');
  assert.equal(await price(known + DAY), '77.25');
});

test('an unknown instrument is answered with those of a like name, and with none where none is like it', async () => {
  const told = async (word: string): Promise<string> =>
    String(((await ask(`/v1/ticks/${word}`)).body['error'] as Json)['message']);
  assert.match(
    await told('NYISO.DA.LMP.CAPITAL'),
    /^no instrument NYISO\.DA\.LMP\.CAPITAL; some with a like name: .*CAPITL/,
  );
  assert.equal(await told('QQQQ'), 'no instrument QQQQ, nor one with a like name');
});
