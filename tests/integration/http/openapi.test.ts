/** The OpenAPI document describes what is there: every path, every parameter, and every answer of a run. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { HTTP_SERVICES } from '../../../app/telemetry/http-service.ts';
import { TRADES, tell } from '../../support/curve-trades.ts';
import { type Answer, CAPITL, errorIn, type Json, openServed, rowsIn, type Served } from './served-sample.ts';

let served: Served;
before(async () => {
  served = await openServed();
  await tell(served.stores, TRADES);
  await served.worker.catchUp();
});
after(() => served.close());

interface Operation {
  readonly parameters: readonly {
    name: string;
    in: string;
    required: boolean;
    schema: Json;
    description?: string;
  }[];
  readonly responses: Readonly<Record<string, { content?: Record<string, { schema: Json }> }>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, { get: Operation }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

async function documentOf(service: (typeof HTTP_SERVICES)[number]): Promise<Document> {
  const answer = await served.ask('/openapi.json', {}, service);
  assert.equal(answer.status, 200);
  return answer.body as unknown as Document;
}

/** The schema with its references put in their places. */
function whole(schema: unknown, document: Document): unknown {
  if (Array.isArray(schema)) return schema.map((part) => whole(part, document));
  if (schema === null || typeof schema !== 'object') return schema;
  const { $ref } = schema as { $ref?: unknown };
  if (typeof $ref === 'string') {
    const name = $ref.replace('#/components/schemas/', '');
    assert.ok(document.components.schemas[name] !== undefined, $ref);
    return whole(document.components.schemas[name], document);
  }
  return Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, whole(part, document)]));
}

/** Fails where the answer is none of those that the document names, or its body is not of the schema. */
function holds(document: Document, path: string, answer: Answer): void {
  const operation = document.paths[path]?.get;
  assert.ok(operation !== undefined, `${path} is not in the document`);
  const response = operation.responses[String(answer.status)];
  assert.ok(response !== undefined, `${path}: ${answer.status} is not in the document`);
  const type = String(answer.headers.get('content-type')).split(';')[0];
  const content = response.content?.[type];
  assert.ok(
    content !== undefined || response.content === undefined,
    `${path}: ${type} is not in the document`,
  );
  if (type !== 'application/json' || content === undefined) return;
  const checked = z.fromJSONSchema(whole(content.schema, document) as Parameters<typeof z.fromJSONSchema>[0]);
  const result = checked.safeParse(answer.body);
  assert.ok(result.success, `${path}: ${result.error?.message} in ${answer.text.slice(0, 300)}`);
}

test('every path of every port is in its document, and the other way round', async () => {
  for (const service of HTTP_SERVICES) {
    const document = await documentOf(service);
    assert.equal(document.openapi, '3.1.0');
    const known = String(errorIn(await served.ask('/none', {}, service))['expected']).split(', ');
    assert.deepEqual(Object.keys(document.paths).toSorted(), known.toSorted(), service);
  }
});

test('every answer of a run is of its schema', async () => {
  const document = await documentOf('projection');
  const asOf = `as_of=${served.beforeCorrection}`;
  const questions: [path: string, asked: string][] = [
    ['/', '/'],
    ['/livez', '/livez'],
    ['/readyz', '/readyz'],
    ['/readyz', '/readyz?verbose'],
    ['/health', '/health'],
    ['/metrics', '/metrics'],
    ['/openapi.json', '/openapi.json'],
    ['/v1/latest', '/v1/latest'],
    ['/v1/latest', '/v1/latest?limit=2'],
    ['/v1/latest', `/v1/latest?${asOf}`],
    ['/v1/latest', '/v1/latest?in_delivery=true&at=2025-03-09T06:30:00Z'],
    ['/v1/latest', '/v1/latest?nothing=1'],
    ['/v1/bars/{instrument}', `/v1/bars/${CAPITL}?interval=1h`],
    ['/v1/bars/{instrument}', `/v1/bars/${CAPITL}?interval=1d&history=true`],
    ['/v1/bars/{instrument}', `/v1/bars/${CAPITL}?interval=1h&${asOf}`],
    ['/v1/bars/{instrument}', '/v1/bars/none?interval=1h'],
    ['/v1/bars/{instrument}', `/v1/bars/${CAPITL}?interval=2h`],
    ['/v1/rolling/{instrument}', `/v1/rolling/${CAPITL}?interval=1h`],
    ['/v1/rolling/{instrument}', `/v1/rolling/${CAPITL}?interval=1d&history=true`],
    ['/v1/rolling/{instrument}', '/v1/rolling/none?interval=1h'],
    ['/v1/rolling/{instrument}', `/v1/rolling/${CAPITL}?interval=5m`],
    ['/v1/ticks/{instrument}', `/v1/ticks/${CAPITL}`],
    ['/v1/ticks/{instrument}', `/v1/ticks/${CAPITL}?${asOf}&limit=3`],
    ['/v1/ticks/{instrument}', '/v1/ticks/none'],
    ['/v1/instruments', '/v1/instruments'],
    ['/v1/why/{instrument}', `/v1/why/${CAPITL}`],
    ['/v1/why/{instrument}', `/v1/why/${CAPITL}?interval=1h&${asOf}`],
    ['/v1/why/{instrument}', '/v1/why/none'],
    ['/v1/curves', '/v1/curves'],
    ['/v1/curves/{curve}', '/v1/curves/NG_HH'],
    ['/v1/curves/{curve}', '/v1/curves/NG_HH?as_of=2026-11-10T17:00:05Z&limit=2'],
    ['/v1/curves/{curve}', '/v1/curves/NG_HH?as_of_date=2026-11-09'],
    ['/v1/curves/{curve}', '/v1/curves/NG_HH?as_of_date=2026-11-31'],
    ['/v1/curves/{curve}', '/v1/curves/none'],
    ['/v1/curves/{curve}/inputs', '/v1/curves/NG_HH/inputs'],
    ['/v1/curves/{curve}/inputs', '/v1/curves/none/inputs'],
  ];
  for (const [path, asked] of questions) holds(document, path, await served.ask(asked));
  for (const accept of ['application/x-ndjson', 'text/csv', 'application/xml'])
    holds(document, '/v1/latest', await served.ask('/v1/latest', { accept }));
  const aggregation = await documentOf('aggregation');
  for (const [path, asked] of [
    ['/backfill', '/backfill'],
    ['/backfill', '/backfill?status=gone'],
    ['/backfill/{id}', '/backfill/none'],
  ] as const)
    holds(aggregation, path, await served.ask(asked, {}, 'aggregation'));
  const registry = await documentOf('connector-registry');
  for (const [path, asked] of [
    ['/connectors', '/connectors'],
    ['/connectors', '/connectors?market=miso'],
    ['/index', '/index?x='],
    ['/connectors/{name}', '/connectors/nyiso'],
    ['/connectors/{name}', '/connectors/none'],
  ])
    holds(registry, path, await served.ask(asked, {}, 'connector-registry'));
  const missed = Object.keys(document.paths).filter((path) => !questions.some(([known]) => known === path));
  assert.deepEqual(missed, [], 'a path that the run does not ask');
});

test('an answer that is not of the schema is found', async () => {
  const document = await documentOf('projection');
  const answer = await served.ask('/v1/latest?limit=1');
  const [row] = rowsIn(answer);
  for (const wrong of [
    { ...row, price: 1 },
    { ...row, more: '' },
    { ...row, ts: '2025-03-09 05:00' },
  ])
    assert.throws(() =>
      holds(document, '/v1/latest', { ...answer, body: { ...answer.body, data: [wrong] } }),
    );
});

test('parameters say what they are, and the examples work', async () => {
  const document = await documentOf('projection');
  for (const [path, { get }] of Object.entries(document.paths)) {
    for (const { name, schema, ...rest } of get.parameters)
      if (rest.in === 'query') {
        assert.ok(Object.keys(schema).length > 0, `${path} ${name}`);
        assert.ok(String(rest.description ?? '').length > 5, `${path} ${name}`);
      }
    const example = /Example: (\S+)$/.exec(String((get as unknown as Json)['description'] ?? ''))?.[1];
    if (example !== undefined) assert.equal((await served.ask(example)).status, 200, example);
  }
  const bars = document.paths['/v1/bars/{instrument}'].get.parameters;
  assert.deepEqual(bars.find(({ name }) => name === 'interval')?.schema['enum'], ['1m', '5m', '1h', '1d']);
});

test('the page of links links what answers', async () => {
  for (const service of HTTP_SERVICES) {
    const { text, headers } = await served.ask('/', {}, service);
    assert.match(String(headers.get('content-type')), /^text\/html/);
    const links = [...text.matchAll(/href="([^"]+)"/g)].map(([, link]) => link.replaceAll('&#38;', '&'));
    assert.ok(links.length >= 6);
    for (const link of links) assert.equal((await served.ask(link, {}, service)).status, 200, link);
  }
});

test('a curve is read page by page as it was when the first was read, and of nobody else', async () => {
  const path = '/v1/curves/NG_HH';
  const whole = rowsIn(await served.ask(path));
  assert.deepEqual(
    whole.map((row) => [row['delivery_start'], row['price'], row['source']]),
    [
      ['2026-11-11', '2.9', 'QUOTED'],
      ['2026-12-01', '3.1', 'QUOTED'],
      ['2027-01-01', '3.5', 'QUOTED'],
      ['2027-02-01', '3.3', 'QUOTED'],
      ['2027-03-01', '3', 'QUOTED'],
    ],
  );
  const first = await served.ask(`${path}?limit=2`);
  const later = { contract: 'NG_HH_2027-02', id: 'late', at: 200, price: 9 };
  await tell(served.stores, [later]);
  await served.worker.catchUp();
  const second = await served.ask(`${path}?limit=3&cursor=${String(first.body['next'])}`);
  assert.deepEqual([...rowsIn(first), ...rowsIn(second)], whole);
  assert.equal(rowsIn(await served.ask(path))[3]?.['price'], '9');
  const known = await served.ask(`${path}?as_of=2026-11-10T17:02:00Z`);
  assert.deepEqual(rowsIn(known), whole);
  assert.equal((await served.ask(path, { 'x-tenant-id': 'acme' })).status, 404);
  const quotes = rowsIn(await served.ask(`${path}/inputs?limit=4`));
  assert.deepEqual(quotes.at(-1)?.['fate'], 'CURVE_CONFLICT');
  const { status, body } = await served.ask(`${path}?as_of_date=yesterday`);
  assert.deepEqual([status, errorIn({ body } as Answer)['field']], [400, 'as_of_date']);
});

test('a backfill is asked for, found again by its name, and refused with the field at fault', async () => {
  const url = `${served.http.urls.get('aggregation')}/backfill`;
  const post = async (body: unknown): Promise<{ status: number; location: string | null; body: Json }> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(url, { method: 'POST', body: text });
    return {
      status: answer.status,
      location: answer.headers.get('location'),
      body: (await answer.json()) as Json,
    };
  };
  const day = { from: '2025-03-09', to: '2025-03-09' };
  const made = await post({ ...day, market: 'nyiso', request_id: 'one' });
  const job = made.body['data'] as Json;
  assert.deepEqual(
    [made.status, job['status'], job['market'], job['requested_by']],
    [202, 'pending', 'NYISO', 'http'],
  );
  assert.equal(made.location, `/backfill/${job['id']}`);
  const again = await post({ ...day, market: 'NYISO', request_id: 'one' });
  assert.deepEqual([again.status, (again.body['data'] as Json)['id']], [202, job['id']]);
  const found = await served.ask(String(made.location), {}, 'aggregation');
  assert.deepEqual(found.body['data'], job);
  assert.deepEqual(rowsIn(await served.ask('/backfill?status=pending', {}, 'aggregation')), [job]);
  const cases: readonly (readonly [unknown, number, string])[] = [
    ['', 400, 'body'],
    [{ from: '2025-03-09' }, 400, 'to'],
    [{ ...day, from: 'noon' }, 400, 'from'],
    [{ ...day, from: '2024-03-09' }, 400, 'to'],
    [{ ...day, markt: 'NYISO' }, 400, 'body'],
    [{ ...day, instruments: 'A' }, 400, 'instruments'],
    [{ ...day, instruments: ['NOBODY'] }, 404, 'instrument'],
    [{ ...day, market: 'MARS' }, 404, 'market'],
    [{ ...day, request_id: 'one' }, 409, 'request_id'],
  ];
  for (const [asked, status, field] of cases) {
    const answer = await post(asked);
    const error = answer.body['error'] as Json;
    assert.deepEqual([answer.status, error['field']], [status, field], JSON.stringify(asked));
  }
});
