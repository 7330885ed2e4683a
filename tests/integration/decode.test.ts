import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { type DecodeOptions, decode } from '../../app/cli/commands/decode.ts';
import { sharedFolder } from '../support/shared.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const GOLDEN = join(ROOT, 'tests/data/golden/decode/nyiso/da_lmp');
const SAMPLE = join(ROOT, 'samples/nyiso_20250309damlbmp_zone.csv');
/** Every market that reads bodies: the first word of its folders; `generic` reads none, `kit` is no market. */
const MARKETS = readdirSync(join(ROOT, 'connectors'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['generic', 'kit'].includes(entry.name))
  .map(({ name }) => name.split('-')[0] ?? name)
  .filter((market, i, all) => all.indexOf(market) === i)
  .sort();
const folder = mkdtempSync(join(tmpdir(), 'decode-'));
after(() => rmSync(folder, { recursive: true }));

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly errors: Record<string, unknown>[];
}

async function run(file: string, options: DecodeOptions = { json: true }, isTerminal = false): Promise<Run> {
  let stdout = '';
  let stderr = '';
  const status = await decode(file, options, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    isTerminal,
  });
  const errors = stderr
    .split('\n')
    .filter((text) => text !== '')
    .map((text): Record<string, unknown> => JSON.parse(text));
  return { status, stdout, errors };
}

/** A file of this test's own. */
function written(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const errorOf = (result: Run): Record<string, unknown> =>
  result.errors.at(-1)?.['error'] as Record<string, unknown>;

for (const name of readdirSync(GOLDEN))
  test(`decode prints the golden lines of ${name}`, async () => {
    const { status, stdout, errors } = await run(join(GOLDEN, name, 'payload.csv'), {
      market: 'nyiso',
      json: true,
    });
    assert.deepEqual([status, errors], [0, []]);
    assert.equal(stdout, readFileSync(join(GOLDEN, name, 'expected.jsonl'), 'utf8'));
  });

test('the market and the dataset may be named or found', async () => {
  const found = await run(SAMPLE);
  const named = await run(SAMPLE, { market: 'NYISO', dataset: 'da_lmp', json: true });
  assert.equal(found.stdout, named.stdout);
  const unknown = errorOf(await run(SAMPLE, { market: 'nyso', json: true }));
  assert.deepEqual([unknown['code'], unknown['expected']], ['CONNECTOR_UNKNOWN', MARKETS.join(', ')]);
  const dataset = await run(SAMPLE, { market: 'nyiso', dataset: 'da_lpm', json: true });
  assert.equal(dataset.status, 5);
  assert.match(String(errorOf(dataset)['expected']), /^da_lmp, rt_lmp, rt_lmp_hourly/);
});

test('a terminal gets an aligned table, a pipe gets lines', async () => {
  const table = (await run(SAMPLE, {}, true)).stdout.split('\n');
  assert.match(table[0] ?? '', /^LOCATION {2}START {17}END {19}FIELD {7}VALUE {2}UNIT$/);
  assert.equal(table[1]?.indexOf('2025-03-09T05:00:00Z'), table[0]?.indexOf('START'));
  assert.equal(table.length, 23 * 15 * 3 + 2);
  assert.equal((await run(SAMPLE, {})).stdout, (await run(SAMPLE)).stdout);
});

test('a damaged body prints no row, one typed error, status 3; --partial prints what stands before', async () => {
  const text = readFileSync(SAMPLE, 'utf8');
  const file = written('cut.csv', text.slice(0, 6000));
  const refused = await run(file);
  assert.deepEqual([refused.status, refused.stdout, refused.errors.length], [3, '', 1]);
  const error = errorOf(refused);
  assert.deepEqual([error['code'], error['market'], error['file']], ['SOURCE_MALFORMED', 'NYISO', file]);
  assert.ok(String(error['remedy']).length > 0);
  const partial = await run(file, { json: true, partial: true });
  assert.equal(partial.status, 3);
  assert.equal(partial.stdout.trimEnd().split('\n').length, 3 * (Number(error['line']) - 2));
  assert.ok((await run(SAMPLE)).stdout.startsWith(partial.stdout));
});

test('an excerpt is read, and what was left out is told; an end inside a number is a cut', async () => {
  const lines = readFileSync(SAMPLE, 'utf8').trimEnd().split('\n');
  const without = await run(written('hours.csv', `${lines.toSpliced(16, 30).join('\n')}\n`));
  assert.deepEqual([without.status, without.stdout.trimEnd().split('\n').length], [0, (345 - 30) * 3]);
  assert.match(JSON.stringify(without.errors[0]), /ROWS_LEFT_OUT.*an interval is missing before/);
  const start = await run(written('start.csv', `${lines.slice(0, 50).join('\n')}\n`));
  assert.deepEqual([start.status, start.stdout.trimEnd().split('\n').length], [0, 49 * 3]);
  assert.match(JSON.stringify(start.errors[0]), /do not cover the whole span/);
  const inside = await run(written('inside.csv', lines.slice(0, 50).join('\n').slice(0, -1)));
  assert.deepEqual([inside.status, inside.stdout, errorOf(inside)['code']], [3, '', 'SOURCE_MALFORMED']);
});

test('a rejected row refuses the body too, with counts; --partial prints the others', async () => {
  const lines = readFileSync(SAMPLE, 'utf8').split('\n');
  lines[7] = (lines[7] ?? '').replace(/,[^,]*$/, ',n.n.');
  const file = written('word.csv', lines.join('\n'));
  const refused = await run(file);
  const error = errorOf(refused);
  assert.deepEqual([refused.status, refused.stdout], [3, '']);
  assert.deepEqual(
    [error['code'], error['line'], error['field'], error['got'], error['rejected'], error['rows']],
    ['VALUE_NOT_NUMERIC', 8, 'congestion', 'n.n.', 1, 345],
  );
  const partial = await run(file, { json: true, partial: true, stats: true });
  assert.equal(partial.stdout.trimEnd().split('\n').length, 344 * 3);
  assert.deepEqual(partial.errors[0], {
    stats: {
      market: 'NYISO',
      dataset: 'da_lmp',
      rows: 344,
      values: 1032,
      nulls: 0,
      locations: 15,
      first: '2025-03-09T05:00:00Z',
      last: '2025-03-10T04:00:00Z',
      gaps: 0,
      rejected: 1,
      drift: [],
    },
  });
});

test('pages, empty bodies and absent files are typed', async () => {
  const page = await run(
    written('page.csv', '<html><head><title>Service Unavailable</title></head></html>'),
    { market: 'nyiso', json: true },
  );
  assert.deepEqual([page.status, errorOf(page)['code']], [3, 'SOURCE_BUSY']);
  assert.match(String(errorOf(page)['message']), /Service Unavailable/);
  const empty = await run(written('empty.csv', ''));
  assert.deepEqual([empty.status, errorOf(empty)['code']], [3, 'SOURCE_EMPTY']);
  const absent = await run(join(folder, 'absent.csv'));
  assert.deepEqual([absent.status, errorOf(absent)['code']], [2, 'FILE_UNREADABLE']);
});

test('a slow reader sets the pace: nothing is written before the last chunk is taken', async () => {
  const big = readFileSync(join(GOLDEN, 'normal-day/payload.csv'), 'utf8').trimEnd().split('\n');
  const more = Array.from({ length: 4 }, (_, k) =>
    big.slice(1).map((text) => text.replace(/"([^"]*)",(\d{5}),/, `"$1 ${k}",$2,`)),
  );
  const file = written('big.csv', [...big, ...more.flat()].join('\n'));
  let waiting = 0;
  let chunks = 0;
  const status = await decode(
    file,
    { json: true },
    {
      stdout: async (text) => {
        assert.equal(waiting, 0);
        assert.ok(text.length < 100_000 && text.endsWith('\n'));
        waiting++;
        chunks++;
        await new Promise((done) => setImmediate(done));
        waiting--;
      },
      stderr: () => assert.fail('no error expected'),
      isTerminal: false,
    },
  );
  assert.equal(status, 0);
  assert.ok(chunks > 3);
});

const recordings = sharedFolder();
const nyiso = recordings === null ? '' : join(recordings, 'data/iso/nyiso');
if (!existsSync(nyiso))
  test.skip('recordings decode as they should (skipped: no folder of recordings beside the checkout)');
else
  for (const name of readdirSync(nyiso))
    test(`recording ${name}`, async () => {
      const { status, stdout, errors } = await run(join(nyiso, name), { market: 'nyiso', json: true });
      assert.deepEqual([status, errors], [0, []]);
      if (!name.includes('damlbmp')) return;
      const rows = stdout
        .trimEnd()
        .split('\n')
        .map((text): Record<string, string> => JSON.parse(text));
      assert.equal(rows.length % (23 * 3), 0);
      assert.equal(new Set(rows.map((row) => row['interval_start'])).size, 23);
      assert.equal(rows[0]?.['interval_start'], '2025-03-09T05:00:00Z');
      assert.equal(rows.at(-1)?.['interval_end'], '2025-03-10T04:00:00Z');
    });
