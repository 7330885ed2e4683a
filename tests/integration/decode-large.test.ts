/** Large files: read in pieces they say what they say when read whole, and take no more memory than was promised. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type DecodeOptions, decode } from '../../app/cli/commands/decode.ts';
import { tableChunks } from '../../bench/decoders/bodies.ts';
import { zipOf } from '../../scripts/samples/zip-writer.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'decode-large-'));
after(() => rmSync(folder, { recursive: true }));

const sample = (name: string): Buffer => readFileSync(join(ROOT, 'samples', name));
const SPRING = sample('nyiso_20250309damlbmp_zone.csv');
const AUTUMN = sample('nyiso_20251102damlbmp_zone.csv');

async function run(
  file: string,
  options: DecodeOptions,
): Promise<{ status: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const status = await decode(file, options, {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    isTerminal: options.json !== true,
  });
  return { status, out, err };
}

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const member = (path: string, bytes: Uint8Array) => ({ path, bytes, deflate: true });
/** Changes a byte of a file. */
const hit = (bytes: Uint8Array, at: number): Uint8Array => {
  const copy = new Uint8Array(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0x55;
  return copy;
};
const twoDays = zipOf([
  member('a/autumn.csv', AUTUMN),
  { path: 'a/', bytes: new Uint8Array(0) },
  member('spring.csv', SPRING),
  { ...member('.DS_Store', new Uint8Array([1])), deflate: false },
]);
const lost = Buffer.from(SPRING.toString().split('\n').toSpliced(100, 1).join('\n'));
const badWord = Buffer.from(SPRING.toString().replace(/,[^,]*\n(?!.*\n)/, ',n.n.\n'));

const FILES: readonly (readonly [what: string, name: string, bytes: Uint8Array])[] = [
  ['a table', 'spring.csv', SPRING],
  ['a table of the repeated hour', 'autumn.csv', AUTUMN],
  ['a lost line', 'lost.csv', lost],
  ['a cut table', 'cut.csv', SPRING.subarray(0, 9_000)],
  ['a value that is no number', 'word.csv', badWord],
  [
    'bytes that are not UTF-8',
    'latin.csv',
    Buffer.concat([SPRING.subarray(0, 4_000), Buffer.from([0xe9]), SPRING]),
  ],
  ['a page', 'page.csv', Buffer.from('<html><title>404 Not Found</title></html>')],
  ['no bytes', 'empty.csv', new Uint8Array(0)],
  ['an XML document', 'as.xml', sample('20260308_20260308_AS_REQ_DAM_v1.xml')],
  ['a JSON document', 'eia.json', sample('eia_region-data.json')],
  ['a zip of two days', 'two.zip', twoDays],
  ['a zip in a zip', 'nested.zip', zipOf([member('in.zip', twoDays), member('c.csv', SPRING)])],
  [
    'a zip with a cut member',
    'cutmember.zip',
    zipOf([member('a.csv', AUTUMN), member('b.csv', SPRING.subarray(0, 5_000))]),
  ],
  ['a zip with a damaged member', 'damaged.zip', hit(twoDays, 2_000)],
  [
    'a zip with a wrong checksum',
    'crc.zip',
    hit(zipOf([{ ...member('a.csv', SPRING), deflate: false }]), 5_000),
  ],
  ['a cut zip', 'cut.zip', twoDays.subarray(0, twoDays.length - 100)],
  ['a gzip stream', 'day.csv.gz', gzipSync(SPRING)],
  ['a cut gzip stream', 'cut.csv.gz', gzipSync(SPRING).subarray(0, 900)],
  ['a damaged gzip stream', 'hit.csv.gz', hit(gzipSync(SPRING), 900)],
  ['a gzip stream with bytes behind', 'more.csv.gz', Buffer.concat([gzipSync(SPRING), Buffer.from('more')])],
  ['an empty gzip stream', 'none.csv.gz', gzipSync(Buffer.from(''))],
  ['the begin of a zip', 'begin.zip', Buffer.from('PK')],
];

for (const [what, name, bytes] of FILES)
  test(`${what}: in pieces as whole, whatever is asked`, async () => {
    const file = written(name, bytes);
    for (const options of [{ json: true }, { json: true, partial: true, stats: true }, { partial: true }]) {
      const whole = await run(file, { ...options, largeBytes: Number.POSITIVE_INFINITY });
      assert.deepEqual(await run(file, { ...options, largeBytes: 0 }), whole);
      if (whole.status === 0 && name !== 'empty.csv') assert.ok(whole.out.length > 100);
    }
  });

test('stats: rows, locations, span, nulls, and the holes in the time of a location', async () => {
  const lines = [
    '"Time Stamp","Name","PTID","LBMP ($/MWHr)","Marginal Cost Losses ($/MWHr)","Marginal Cost Congestion ($/MWHr)"',
    ...['00:05', '00:10', '00:15', '00:30', '00:35'].map(
      (at) => `"07/16/2025 ${at}:00","WEST",61752,20.00,0.10,`,
    ),
    ...['00:05', '00:25'].map((at) => `"07/16/2025 ${at}:00","N.Y.C.",61761,20.00,0.10,-1.00`),
  ];
  const { err } = await run(written('holes.csv', Buffer.from(`${lines.join('\n')}\n`)), {
    json: true,
    stats: true,
  });
  assert.deepEqual(JSON.parse(err).stats, {
    market: 'NYISO',
    dataset: 'rt_lmp',
    rows: 7,
    values: 21,
    nulls: 5,
    locations: 2,
    first: '2025-07-16T04:00:00Z',
    last: '2025-07-16T04:35:00Z',
    // Two intervals of WEST after 00:15, three of N.Y.C. after 00:05.
    gaps: 5,
    first_gap: { location: 'WEST', series: null, from: '2025-07-16T04:15:00Z', to: '2025-07-16T04:25:00Z' },
    rejected: 0,
    drift: [],
  });
});

/** Largest resident memory of `carbon decode` on a file, in megabytes, and how many lines it printed. */
function measured(file: string): { megabytes: number; lines: number } {
  const counts = join(folder, 'counts');
  const fd = openSync(join(folder, 'printed'), 'w');
  const meter = `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(counts)}, require('node:fs').readFileSync('/proc/self/status', 'utf8')))`;
  const preload = written('meter.cjs', Buffer.from(meter));
  const args = [
    '--require',
    preload,
    '--disable-warning=ExperimentalWarning',
    'app/cli/main.ts',
    'decode',
    file,
    '--json',
  ];
  const child = spawnSync(join(ROOT, 'scripts/node'), args, {
    cwd: ROOT,
    stdio: ['ignore', fd, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(fd);
  assert.equal(child.status, 0, child.stderr);
  const kilobytes = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(counts, 'utf8'))?.[1]);
  const printed = readFileSync(join(folder, 'printed'));
  let lines = 0;
  for (let at = printed.indexOf(10); at >= 0; at = printed.indexOf(10, at + 1)) lines++;
  return { megabytes: kilobytes / 1000, lines };
}

/** Read whole, 40 MB take over 600 MB of memory; 200 MB in pieces are measured by `make bench BENCH=--decoders`. */
const BYTES = 40_000_000;
const BOUND_MB = 300;

test('40 MB of five-minute prices take less than 300 MB of memory, as CSV and in a zip', {
  skip: process.platform === 'linux' ? false : 'memory is read from /proc',
}, () => {
  const file = join(folder, 'week.csv');
  const fd = openSync(file, 'w');
  let records = -4;
  for (const chunk of tableChunks('MISO', BYTES)) {
    writeSync(fd, chunk);
    records += chunk.split('\n').length - 1;
  }
  closeSync(fd);
  const bare = measured(file);
  assert.equal(bare.lines, 3 * records);
  assert.ok(bare.megabytes < BOUND_MB, `${bare.megabytes} MB`);
  const packed = measured(written('week.zip', zipOf([member('20250707_5MIN_LMP.csv', readFileSync(file))])));
  assert.equal(packed.lines, 3 * records);
  assert.ok(packed.megabytes < BOUND_MB, `${packed.megabytes} MB`);
});

test('every sample is written as JSON.stringify writes it', async () => {
  for (const name of readdirSync(join(ROOT, 'samples'))) {
    const { out } = await run(join(ROOT, 'samples', name), { json: true });
    for (const line of out.trimEnd().split('\n')) assert.equal(JSON.stringify(JSON.parse(line)), line);
  }
});
