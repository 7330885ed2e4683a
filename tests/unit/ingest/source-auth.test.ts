import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { AuthSchema } from '../../../app/connectors/auth-schema.ts';
import { runConnector } from '../../../app/ingest/run-connector.ts';
import { secretOf, withoutSecrets } from '../../../app/ingest/secrets.ts';
import { type AuthSurroundings, credentialsOf } from '../../../app/ingest/source-auth.ts';
import { instantFromCivil } from '../../../core/time/instant.ts';
import { openUndiciHttp } from '../../../drivers/http-undici/http.ts';
import { nuclearOutage } from '../../../scripts/samples/make-declared-samples.ts';
import { type IngestWorld, LocalSource, openIngestWorld, plain } from '../../support/ingest-world.ts';

const KEY = 'k3y/with+odd&chars=';
const folder = mkdtempSync(join(tmpdir(), 'auth-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Every byte of every file below a folder. */
function* filesBelow(root: string): Iterable<[path: string, bytes: Buffer]> {
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name);
      yield [path, readFileSync(path)];
    }
}

describe('secrets', () => {
  test('come from a variable or from the file that it names', () => {
    const file = join(folder, 'key');
    writeFileSync(file, 'from-a-file\n');
    assert.equal(secretOf('A_KEY', { A_KEY: 'from-the-environment' }), 'from-the-environment');
    assert.equal(secretOf('A_KEY', { A_KEY_FILE: file }), 'from-a-file');
    assert.equal(secretOf('A_KEY', {}), null);
    assert.equal(secretOf('A_KEY', { A_KEY: '' }), null);
    const refused: Record<string, string>[] = [
      { A_KEY: 'one-of-them', A_KEY_FILE: file },
      { A_KEY_FILE: join(folder, 'absent') },
      { A_KEY: 'short' },
      { A_KEY: 'two\nlines' },
    ];
    for (const variables of refused)
      assert.throws(
        () => secretOf('A_KEY', variables),
        { code: 'SECRET_MISSING' },
        JSON.stringify(variables),
      );
  });

  test('leave a body in every form in which a source may repeat them', () => {
    const forms = [
      KEY,
      encodeURIComponent(KEY),
      encodeURIComponent(KEY).toLowerCase(),
      JSON.stringify(KEY).replaceAll('/', '\\/'),
      KEY.replaceAll('&', '&amp;'),
      Buffer.from(KEY).toString('base64'),
    ];
    const body = Buffer.from(`{"a":"${forms.join('","b":"')}","value":"42.5"}`);
    const clean = Buffer.from(withoutSecrets(body, [KEY])).toString();
    assert.equal(
      clean,
      `{"a":"${forms.map((form) => (form.startsWith('"') ? '"REDACTED"' : 'REDACTED')).join('","b":"')}","value":"42.5"}`,
    );
  });

  test('a body without them keeps its bytes, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        assert.equal(withoutSecrets(bytes, [KEY]), bytes);
      }),
    );
    const surrounded = Buffer.concat([Buffer.from([0, 255]), Buffer.from(KEY), Buffer.from([128, 10])]);
    assert.deepEqual([...withoutSecrets(surrounded, [KEY])], [0, 255, ...Buffer.from('REDACTED'), 128, 10]);
  });
});

describe('schemes', () => {
  let source: LocalSource;
  const http = openUndiciHttp();
  after(() => http.close());
  beforeEach(async () => {
    source = await new LocalSource().open();
  });
  afterEach(() => source.close());

  const around = (
    variables: Record<string, string>,
    more: Partial<AuthSurroundings> = {},
  ): AuthSurroundings => ({
    http,
    now: () => 1_000_000,
    variables,
    ...more,
  });
  const schemes = (...list: object[]) => AuthSchema.parse(list);

  test('basic, bearer, header and query, several of them together', async () => {
    const auth = schemes(
      { kind: 'basic', user: 'ISONE_USER', password: 'ISONE_PASSWORD' },
      { kind: 'header', name: 'Ocp-Apim-Subscription-Key', secret: 'PJM_KEY' },
      { kind: 'query', name: 'api_key', secret: 'EIA_KEY' },
    );
    const variables = {
      ISONE_USER: 'someone',
      ISONE_PASSWORD: 'pass-word',
      PJM_KEY: 'pjm-key-1',
      EIA_KEY: KEY,
    };
    const found = await credentialsOf(auth, around(variables));
    assert.deepEqual(found.headers, {
      // "someone:pass-word" by hand: c29tZW9uZTpwYXNzLXdvcmQ=
      authorization: 'Basic c29tZW9uZTpwYXNzLXdvcmQ=',
      'ocp-apim-subscription-key': 'pjm-key-1',
    });
    assert.deepEqual(found.query, { api_key: KEY });
    assert.ok(['pass-word', 'pjm-key-1', KEY].every((secret) => found.secrets.includes(secret)));
    const bearer = await credentialsOf(schemes({ kind: 'bearer', secret: 'T' }), around({ T: 'token-1' }));
    assert.equal(bearer.headers['authorization'], 'Bearer token-1');
  });

  test('what is not set is told by its name, unless it may be left out or the origin is another', async () => {
    const auth = schemes({ kind: 'header', name: 'X-Key', secret: 'X_KEY' });
    await assert.rejects(credentialsOf(auth, around({})), (error: { code: string; position: object }) => {
      assert.equal(error.code, 'SECRET_MISSING');
      assert.equal((error.position as { field: string }).field, 'X_KEY');
      return true;
    });
    assert.deepEqual((await credentialsOf(auth, around({}, { origin: source.origin }))).headers, {});
    const optional = schemes({ kind: 'header', name: 'X-Key', secret: 'X_KEY', optional: true });
    assert.deepEqual((await credentialsOf(optional, around({}))).headers, {});
  });

  test('a token is asked for once, kept until its end, and asked for again after it', async () => {
    const forms: string[] = [];
    source.otherwise = (request: IncomingMessage, response) => {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        forms.push(`${request.url} ${request.headers['content-type']} ${body}`);
        plain(200, JSON.stringify({ id_token: `token-${forms.length}`, expires_in: '3600' }))(
          request,
          response,
        );
      });
    };
    const auth = schemes({
      kind: 'token',
      url: 'https://login.example/oauth2/token?p=1',
      form: { grant_type: 'password', client_id: 'c' },
      secrets: { username: 'ERCOT_USER', password: 'ERCOT_PASSWORD' },
      field: 'id_token',
    });
    let now = 0;
    const ercot = around(
      { ERCOT_USER: 'someone', ERCOT_PASSWORD: 'pass word' },
      { origin: source.origin, now: () => now },
    );
    const ask = async (renew = false) => (await credentialsOf(auth, ercot, renew)).headers['authorization'];
    assert.deepEqual(await Promise.all([ask(), ask(), ask()]), Array(3).fill('Bearer token-1'));
    now = 3_539_000_000;
    assert.equal(await ask(), 'Bearer token-1');
    now = 3_541_000_000;
    assert.equal(await ask(), 'Bearer token-2', 'a minute before its end');
    assert.equal(await ask(true), 'Bearer token-3');
    assert.deepEqual(
      forms[0],
      '/oauth2/token?p=1 application/x-www-form-urlencoded grant_type=password&client_id=c&username=someone&password=pass+word',
    );
    assert.equal(forms.length, 3);
  });

  test('a refused token is told without the secret that the answer repeats', async () => {
    source.otherwise = plain(400, JSON.stringify({ error_description: 'user pass-word is wrong' }));
    const auth = schemes({ kind: 'token', url: 'https://x.example/t', secrets: { password: 'P' } });
    const asked = credentialsOf(auth, around({ P: 'pass-word' }, { origin: source.origin }));
    await assert.rejects(asked, (error: { code: string; message: string }) => {
      assert.equal(error.code, 'SOURCE_REFUSED');
      assert.match(error.message, /user REDACTED is wrong/);
      return true;
    });
  });
});

describe('a run with a key', () => {
  const NOW = instantFromCivil(2025, 11, 5);
  const DAY = { start: instantFromCivil(2025, 10, 1), end: instantFromCivil(2025, 11, 1) };
  let world: IngestWorld;
  let source: LocalSource;
  let data: string;

  beforeEach(async () => {
    data = mkdtempSync(join(folder, 'world-'));
    world = await openIngestWorld(NOW, data, { EIA_API_KEY: KEY });
    source = await new LocalSource().open();
  });
  afterEach(async () => {
    await source.close();
    await world.close();
  });
  const run = (datasets = ['nuclear_outage'], connector = 'eia-nuclear') =>
    runConnector(world.stores, {
      connector,
      datasets,
      window: DAY,
      runId: 'r1',
      origin: source.origin,
      patience: { retries: 0, minIntervalMs: 0 },
    });

  test('the source gets the key, and nothing else does, although the source repeats it', async () => {
    const { payload } = nuclearOutage(Date.parse('2025-11-01T00:00Z'), 6);
    const echoed = `${payload.slice(0, -1)},"request":{"params":{"api_key":${JSON.stringify(KEY)}},"command":"/v2?api_key=${encodeURIComponent(KEY)}"}}`;
    source.otherwise = plain(200, echoed, { ETag: `"${KEY}"` });
    const report = await run();
    const [record] = report.datasets[0]?.results ?? [];
    assert.equal(record?.outcome, 'published', record?.message ?? '');
    assert.equal(new URL(source.asked[0]?.path ?? '', 'http://x').searchParams.get('api_key'), KEY);
    assert.doesNotMatch(record?.url ?? '', /api_key/);
    const stored = Buffer.from(await world.stores.archive.get(record?.sha256 ?? '')).toString();
    // Ours is taken out of every body; what is left of the word is overwritten as any key is that this market echoes.
    assert.match(stored, /"api_key":"\*{8}"\},"command":"\/v2\?api_key=\*{8}"/);
    const needles = [KEY, encodeURIComponent(KEY), Buffer.from(KEY).toString('base64')];
    for (const [path, bytes] of filesBelow(data))
      for (const needle of needles) assert.ok(!bytes.includes(needle), `${path} holds the key`);
    for (const event of world.events)
      for (const needle of needles) assert.ok(!JSON.stringify(event).includes(needle), event.name);
  });

  test('a refusal that repeats the key is told without it', async () => {
    source.otherwise = plain(
      403,
      JSON.stringify({ error: `the key ${KEY} is not valid`, code: 'API_KEY_INVALID' }),
    );
    const record = (await run()).datasets[0]?.results[0];
    assert.deepEqual([record?.outcome, record?.code], ['rejected', 'SOURCE_REFUSED']);
    assert.match(record?.message ?? '', /the key REDACTED is not valid/);
    for (const [path, bytes] of filesBelow(data)) assert.ok(!bytes.includes(KEY), `${path} holds the key`);
  });

  test('pages follow each other until the total; a page that fails holds the cursor', async () => {
    const rows = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => ({
        period: `2025-10-${String(((from + i) % 31) + 1).padStart(2, '0')}`,
        facility: `F${Math.floor((from + i) / 31)}`,
        facilityName: 'f',
        capacity: '1',
        outage: '0',
      }));
    let broken = true;
    source.otherwise = (request, response) => {
      const offset = Number(new URL(request.url ?? '', 'http://x').searchParams.get('offset'));
      if (offset === 5000 && broken) return plain(500, 'oops')(request, response);
      const data0 = rows(offset, Math.min(offset + 5000, 5060));
      plain(200, JSON.stringify({ response: { total: '5060', data: data0 } }))(request, response);
    };
    const first = (await run()).datasets[0];
    assert.deepEqual(
      first?.results.map(({ outcome, rows: count }) => [outcome, count]),
      [
        ['published', 5000],
        ['failed', 0],
      ],
    );
    assert.equal(first?.cursor, null, 'half of an answer is no answer');
    broken = false;
    const second = (await run()).datasets[0];
    assert.deepEqual(
      second?.results.map(({ outcome, request }) => [outcome, request.replace(/^.*?(-p2)?$/, '$1')]),
      [
        ['unchanged', ''],
        ['published', '-p2'],
      ],
    );
    assert.equal(second?.cursor, DAY.end);
    assert.equal(second?.planned, 2);
  });
});
