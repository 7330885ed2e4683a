import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Refined } from '../../../connectors/kit/refine.ts';
import { dayAheadLmp } from '../../../connectors/nyiso/day-ahead-lmp.ts';
import { CarbonError } from '../../../core/errors.ts';
import { formatInstant, HOUR, parseInstant } from '../../../core/time/instant.ts';
import { AUTUMN, dayFile, SPRING } from '../../../scripts/samples/make-nyiso-samples.ts';
import { readOf, refusalOf } from '../../support/read-body.ts';

const STYLE = {
  quoted: false,
  lineEnd: '\n',
  cutHeader: false,
  seconds: false,
  bareFraction: false,
} as const;
const HEADER =
  'Time Stamp,Name,PTID,LBMP ($/MWHr),Marginal Cost Losses ($/MWHr),Marginal Cost Congestion ($/MWHr)';

const read = (text: string | Uint8Array, name = '', asked?: string): Refined =>
  readOf('nyiso', text, name, asked);
const failure = (text: string | Uint8Array, name = ''): CarbonError => refusalOf('nyiso', text, name);

test('the published identity holds in the samples: lmp = energy + loss - congestion, one energy per hour', () => {
  const energy = new Map<number, Set<number>>();
  for (const row of read(dayFile(SPRING, STYLE).payload).rows) {
    const [lmp = 0, loss = 0, congestion = 0] = row.values.map((v) => Math.round(Number(v.value) * 100));
    const set = energy.get(row.intervalStart) ?? new Set();
    energy.set(row.intervalStart, set.add(lmp - loss + congestion));
  }
  assert.equal(energy.size, 23);
  assert.ok([...energy.values()].every((set) => set.size === 1));
});

const NOT_READ: readonly (readonly [what: string, body: string, code: string, message: RegExp])[] = [
  ['no bytes', '', 'SOURCE_EMPTY', /no bytes/],
  ['blanks', ' \r\n\n', 'SOURCE_EMPTY', /blank/],
  ['a header only', `${HEADER}\n`, 'SOURCE_EMPTY', /no row/],
  [
    'an error page',
    '<!DOCTYPE html>\n<html><head><TITLE> 404 Not\n Found</TITLE></head></html>',
    'SOURCE_NO_DATA',
    /404 Not Found/,
  ],
  ['a page without title', '<html><body><b>Gateway</b> Time-out</body>', 'SOURCE_BUSY', /Gateway Time-out/],
  ['another page', '<html><title>Log in</title></html>', 'SOURCE_NOT_DATA', /Log in/],
  ['JSON', '{"error":"no"}', 'SOURCE_UNRECOGNISED', /JSON/],
  [
    'XML',
    '<?xml version="1.0"?><Report><Code>BlobNotFound</Code></Report>',
    'SOURCE_UNRECOGNISED',
    /<Report>/,
  ],
  [
    'an error of a file store',
    '<?xml version="1.0"?><Error><Code>BlobNotFound</Code></Error>',
    'SOURCE_NO_DATA',
    /NYISO answers BlobNotFound/,
  ],
  ['prose', 'nothing to see here', 'SOURCE_UNRECOGNISED', /nothing to see here/],
  ['a zip', 'PK\u0003\u0004', 'SOURCE_UNRECOGNISED', /zip archive/],
];
for (const [what, body, code, message] of NOT_READ)
  test(`${what} is refused with ${code}`, () => {
    const error = failure(body);
    assert.equal(error.code, code);
    assert.match(error.message, message);
  });

test('the name decides between reports of one layout, and only there', () => {
  const body = dayFile(SPRING, STYLE).payload;
  assert.equal(read(body, '20250309rtlbmp_zone.csv').dataset, 'rt_lmp_hourly');
  assert.equal(read(body, 'anything.csv').dataset, 'da_lmp');
  assert.equal(read(body, '', 'rt_lmp').dataset, 'rt_lmp_hourly');
  const realtime = `${HEADER}\n03/09/2025 00:05:00,A,1,1,1,1\n03/09/2025 00:10:00,A,1,1,1,1\n`;
  assert.equal(read(realtime, '20250309damlbmp_zone.csv').dataset, 'rt_lmp');
  const lastInterval = `${HEADER}\n02/18/2016 10:00:00,A,1,1,1,1\n`;
  assert.equal(read(lastInterval).dataset, 'rt_lmp');
  assert.equal(read(lastInterval, 'realtime_zone_lbmp.csv').dataset, 'rt_lmp');
});

test('a missing column is named with what stands there; a new one is ignored and reported', () => {
  const missing = failure(dayFile(SPRING, STYLE).payload.replace('Marginal Cost Losses', 'Losses'));
  assert.equal(missing.code, 'SOURCE_COLUMN_MISSING');
  assert.equal(missing.position.expected, 'marginal cost losses');
  const wider = dayFile(SPRING, STYLE)
    .payload.replace(/$/gm, ',7')
    .replace(',7\n', ',Zone Code\n')
    .replace(/,7$/, '');
  const refined = read(wider);
  assert.equal(refined.rows.length, 23 * 15);
  assert.deepEqual(refined.drift, [{ column: 'Zone Code', at: 7 }]);
});

test('a cut body is damage at its line, with the rows before it', () => {
  const body = dayFile(SPRING, STYLE).payload;
  const refined = read(body.slice(0, 5000));
  assert.equal(refined.damage?.code, 'SOURCE_MALFORMED');
  assert.equal(refined.damage?.position.line, refined.rows.length + 2);
  const atLineEnd = read(body.split('\n').slice(0, 50).join('\n'));
  assert.match(atLineEnd.damage?.message ?? '', /do not cover the whole span/);
  assert.equal(atLineEnd.rows.length, 49);
});

test('a lost or repeated line is damage, not a shorter or doubled series', () => {
  const lines = dayFile(SPRING, STYLE).payload.split('\n');
  const lost = failure(lines.toSpliced(80, 1).join('\n'));
  assert.deepEqual([lost.code, /missing/.test(lost.message)], ['SOURCE_MALFORMED', true]);
  assert.deepEqual(
    read(lines.toSpliced(80, 1).join('\n')).rows.map((row) => row.row),
    Array.from({ length: (lost.position.line ?? 0) - 2 }, (_, i) => i + 2),
  );
  const twice = failure(lines.toSpliced(80, 0, lines[80] ?? '').join('\n'));
  assert.deepEqual([twice.code, twice.position.line], ['SOURCE_MALFORMED', 82]);
});

test('a row rejected in the middle is no damage: its location is excused, the others are not', () => {
  const lines = dayFile(SPRING, STYLE).payload.split('\n');
  lines[100] = (lines[100] ?? '').replace(/,[^,]*$/, ',?');
  const refined = read(lines.join('\n'));
  assert.equal(refined.damage, null);
  assert.deepEqual([refined.rejected.length, refined.rejected[0]?.row, refined.rows.length], [1, 101, 344]);
  const both = failure(lines.toSpliced(201, 1).join('\n'));
  assert.equal(both.code, 'SOURCE_MALFORMED');
});

test('one lost line of the repeated hour makes that location ambiguous, and it alone', () => {
  const lines = dayFile(AUTUMN, STYLE).payload.split('\n');
  const lost = lines.findIndex((text) => text.startsWith('11/02/2025 01:00,N.Y.C.'));
  const refined = read(lines.toSpliced(lost, 1).join('\n'));
  assert.equal(refined.damage, null);
  assert.deepEqual(
    refined.rejected.map((row) => [row.code, row.location]),
    [['TIME_AMBIGUOUS', 'N.Y.C.']],
  );
  assert.equal(refined.rows.length, 25 * 15 - 2);
});

test('plan: a file for each recent day, an archive for each month before', () => {
  const now = parseInstant('2025-11-12T18:00:00Z') ?? 0;
  const window = (from: string, to: string) => ({
    start: parseInstant(from) ?? 0,
    end: parseInstant(to) ?? 0,
  });
  const recent = dayAheadLmp.plan(window('2025-11-12T05:00:00Z', '2025-11-14T05:00:00Z'), { now });
  assert.deepEqual(
    recent.map((request) => request.url),
    ['12', '13'].map((day) => `http://mis.nyiso.com/public/csv/damlbmp/202511${day}damlbmp_zone.csv`),
  );
  assert.equal(formatInstant(recent[1]?.expectedAt ?? 0), '2025-11-12T16:00:00Z');
  const long = dayAheadLmp.plan(window('2025-09-30T04:00:00Z', '2025-11-07T05:00:00Z'), {
    now,
    options: { files: 'gen' },
  });
  assert.deepEqual(
    long.map((request) => request.name),
    [
      '20250901damlbmp_gen_csv.zip',
      '20251001damlbmp_gen_csv.zip',
      '20251101damlbmp_gen_csv.zip',
      '20251105damlbmp_gen.csv',
      '20251106damlbmp_gen.csv',
    ],
  );
  assert.ok(long.every((request) => request.url.startsWith('http://mis.nyiso.com/public/csv/damlbmp/')));
  assert.equal(formatInstant(long[1]?.window.start ?? 0), '2025-10-01T04:00:00Z');
});

/** Prices name their hour and place in this body: a row can be told to have a wrong instant. */
function marked(): string[] {
  const lines = dayFile(AUTUMN, STYLE).payload.trimEnd().split('\n');
  return lines.map((text, i) =>
    i === 0 ? text : text.replace(/^(.{16},[^,]*,\d+),.*$/, `$1,${hourOf(i)}.5,1,1`),
  );
}

const hourOf = (line: number): number => Math.floor((line - 1) / 15);

test('no mutation of the bytes crashes untyped or gives a row with a wrong instant', () => {
  const right = new Set(read(dayFile(AUTUMN, STYLE).payload).rows.map((row) => row.location ?? ''));
  const midnight = parseInstant(AUTUMN.start) ?? 0;
  const whole = marked();
  const clean = new TextEncoder().encode(`${whole.join('\n')}\n`);
  let reads = 0;
  const mutate = (at: number, what: number, byte: number): Uint8Array => {
    if (what === 0) return clean.slice(0, at);
    if (what === 1) return clean.with(at, byte);
    const first = 1 + (at % (whole.length - 1));
    const lines =
      what === 2 ? whole.toSpliced(first, 1 + (byte % 40)) : whole.toSpliced(first, 0, whole[first] ?? '');
    return new TextEncoder().encode(`${lines.join('\n')}\n`);
  };
  fc.assert(
    fc.property(
      fc.nat(clean.length - 1),
      fc.integer({ min: 0, max: 3 }),
      fc.oneof(fc.nat(255), fc.integer({ min: 0x2c, max: 0x39 })),
      (at, what, byte) => {
        let refined: Refined;
        try {
          refined = read(mutate(at, what, byte));
        } catch (error) {
          assert.ok(error instanceof CarbonError, String(error));
          return;
        }
        if (refined.damage !== null || refined.rejected.length > 0) return;
        reads++;
        for (const row of refined.rows) {
          // A flipped letter makes another name, which is no matter of time; the hour is told by the price.
          const price = row.values[0]?.value ?? '';
          const hour = (row.intervalStart - midnight) / HOUR;
          const intact = right.has(row.location ?? '') && (what !== 1 || clean[at] === byte);
          if (intact) assert.equal(price, `${hour}.5`, `${row.location} ${row.sourceTime}`);
          assert.ok(hour >= 0 && hour < 25, 'outside the day');
        }
      },
    ),
    { numRuns: 1500 },
  );
  assert.ok(reads > 10, `only ${reads} mutated bodies were read whole: the property is hollow`);
});

test('no single flipped byte moves a row in time', () => {
  const body = marked().join('\n');
  const clean = new TextEncoder().encode(`${body}\n`);
  const midnight = parseInstant(AUTUMN.start) ?? 0;
  const stamps = [...body.matchAll(/^\d.{15}/gm)].map((match) => match.index);
  fc.assert(
    fc.property(
      fc.constantFrom(...stamps),
      fc.nat(15),
      fc.integer({ min: 0x30, max: 0x39 }),
      (stamp, offset, digit) => {
        let refined: Refined;
        try {
          refined = read(clean.with(stamp + offset, digit));
        } catch (error) {
          assert.ok(error instanceof CarbonError, String(error));
          return;
        }
        if (refined.damage === null && refined.rejected.length === 0)
          for (const row of refined.rows)
            assert.equal(row.values[0]?.value, `${(row.intervalStart - midnight) / HOUR}.5`);
      },
    ),
    { numRuns: 1000 },
  );
});
