import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nyiso } from '../../../connectors/nyiso/index.ts';
import { CarbonError } from '../../../core/errors.ts';
import { formatInstant, MINUTE, parseInstant } from '../../../core/time/instant.ts';
import { endings, hours, priceFile, reserveFile } from '../../../scripts/samples/nyiso-sample-bodies.ts';
import { failureOf, mutant, printedLines, readBody, readOf } from '../../support/read-body.ts';

const NYISO = { market: 'nyiso' };
const PLAIN = { quoted: false, lineEnd: '\n' } as const;
const SPRING = '2025-03-09T05:00:00Z';
const AUTUMN = '2025-11-02T04:00:00Z';

test('five minutes end at their stamp, first and last of the day, also off the grid and ahead of the clock', () => {
  const stamps = endings('2025-07-16T04:00:00Z', 288, ['2025-07-16T04:07:34Z', '2025-07-17T04:30:00Z']);
  const { rows } = readBody(priceFile('rt_lmp', stamps, PLAIN).payload, NYISO);
  const city = rows.filter((row) => row.location === 'N.Y.C.');
  assert.equal(city.length, 290);
  assert.ok(city.every((row) => row.intervalEnd - row.intervalStart === 5 * MINUTE));
  const ends = city.map((row) => [row.sourceTime, formatInstant(row.intervalEnd)]);
  assert.deepEqual(ends[0], ['07/16/2025 00:05:00', '2025-07-16T04:05:00Z']);
  assert.deepEqual(ends[1], ['07/16/2025 00:07:34', '2025-07-16T04:07:34Z']);
  assert.deepEqual(ends[288], ['07/17/2025 00:00:00', '2025-07-17T04:00:00Z']);
});

test('an interval is the same in the file of the day and in that of the last interval', () => {
  const day = readBody(
    priceFile('rt_lmp', endings(AUTUMN, 12, ['2025-11-02T04:52:10Z']), PLAIN).payload,
    NYISO,
  );
  const last = readBody(
    priceFile('rt_lmp', endings('2025-11-02T04:50:00Z', 1), PLAIN).payload,
    NYISO,
    'realtime_zone_lbmp.csv',
  );
  const [one] = last.rows;
  assert.ok(one !== undefined);
  const same = day.rows.find((row) => row.location === one.location && row.intervalEnd === one.intervalEnd);
  assert.equal(same?.intervalStart, one.intervalStart);
});

test('autumn: 01:00:00 to 01:55:00 twice by order, 25 hours without gap; one pass alone is not guessed', () => {
  const body = priceFile('rt_lmp', endings(AUTUMN, 300), PLAIN).payload;
  const city = readBody(body, NYISO).rows.filter((row) => row.location === 'CAPITL');
  assert.equal(city.length, 300);
  for (const [i, row] of city.entries())
    assert.equal(row.intervalStart, (parseInstant(AUTUMN) ?? 0) + i * 5 * MINUTE);
  const passes = city
    .filter((row) => row.timeRule.includes('repeated'))
    .map((row) => row.timeRule.split(':')[1]);
  assert.deepEqual(passes, [...Array(12).fill('first'), ...Array(12).fill('second')]);
  const firstPass = readBody(priceFile('rt_lmp', endings(AUTUMN, 18), PLAIN).payload, NYISO);
  assert.deepEqual(new Set(firstPass.rejected.map((row) => row.code)), new Set(['TIME_AMBIGUOUS']));
  assert.equal(firstPass.rejected.length, 7 * 3);
});

test('spring: 02:00:00 to 02:55:00 do not exist', () => {
  const body = priceFile('rt_lmp', endings(SPRING, 276), PLAIN).payload;
  assert.ok(!body.includes('03/09/2025 02:'));
  const wrong = readBody(body.replaceAll('03/09/2025 03:00:00', '03/09/2025 02:00:00'), NYISO);
  assert.deepEqual(
    wrong.rejected.map((row) => row.code),
    Array(3).fill('TIME_NONEXISTENT'),
  );
});

test('time that runs back, or an interval twice, is damage at its line', () => {
  const lines = priceFile('rt_lmp', endings(SPRING, 12), PLAIN).payload.split('\n');
  const back = failureOf(lines.toSpliced(20, 0, lines[5] ?? '').join('\n'), NYISO);
  assert.deepEqual([back.code, back.position.line], ['SOURCE_MALFORMED', 21]);
  const twice = failureOf(lines.toSpliced(20, 0, lines[19] ?? '').join('\n'), NYISO);
  assert.equal(twice.code, 'SOURCE_MALFORMED');
});

test('reserves: the zone column must hold on its day; movement makes the real-time report', () => {
  const day = reserveFile('da_as_prices', hours(AUTUMN, 25), 4).payload;
  assert.equal(readBody(day, NYISO).dataset, 'da_as_prices');
  const wrong = readBody(day.replace('"11/02/2025 05:00","EST"', '"11/02/2025 05:00","EDT"'), NYISO);
  assert.deepEqual(
    wrong.rejected.map((row) => [row.code, row.location]),
    [['TIME_NONEXISTENT', 'CAPITL']],
  );
  const real = reserveFile('rt_as_prices', endings(SPRING, 3), 5).payload;
  assert.equal(readBody(real, NYISO).dataset, 'rt_as_prices');
  assert.equal(
    failureOf(real.replace('30 Min Operating', 'Thirty Minute'), NYISO).code,
    'SOURCE_COLUMN_MISSING',
  );
});

test('plan: days, archives, and the file of the last interval', () => {
  const realTime = nyiso.datasets.find((dataset) => dataset.name === 'rt_lmp');
  const now = parseInstant('2025-11-12T18:02:00Z') ?? 0;
  const window = { start: parseInstant('2025-11-11T05:00:00Z') ?? 0, end: now };
  const urls = (files?: string) =>
    realTime?.plan(window, { now, ...(files === undefined ? {} : { options: { files } }) }).map((r) => r.url);
  assert.deepEqual(urls(), [
    'http://mis.nyiso.com/public/csv/realtime/20251111realtime_zone.csv',
    'http://mis.nyiso.com/public/csv/realtime/20251112realtime_zone.csv',
  ]);
  assert.deepEqual(urls('latest-gen'), ['http://mis.nyiso.com/public/realtime/realtime_gen_lbmp.csv']);
});

const start = fc.constantFrom(SPRING, AUTUMN, '2025-07-16T04:00:00Z', '2025-12-31T05:00:00Z');

test('generated real-time days come back exactly, whole or growing', () => {
  fc.assert(
    fc.property(
      start,
      fc.integer({ min: 37, max: 288 }),
      fc.boolean(),
      fc.constantFrom('\n' as const, '\r\n' as const),
      (first, count, quoted, lineEnd) => {
        const made = priceFile('rt_lmp', endings(first, count), { quoted, lineEnd });
        const refined = readBody(made.payload, NYISO);
        assert.deepEqual([refined.damage, refined.rejected], [null, []]);
        assert.equal(`${printedLines(refined).join('\n')}\n`, made.expected);
      },
    ),
    { numRuns: 25 },
  );
});

const FUZZED: Readonly<Record<string, string>> = {
  rt_lmp: priceFile('rt_lmp', endings(AUTUMN, 40), PLAIN).payload,
  da_as_prices: reserveFile('da_as_prices', hours(AUTUMN, 25), 4).payload,
};
for (const [dataset, body] of Object.entries(FUZZED))
  test(`fuzz: ${dataset}: no mutant ends untyped, and every interval has its length`, () => {
    const clean = new TextEncoder().encode(body);
    const length = dataset === 'rt_lmp' ? 5 * MINUTE : 60 * MINUTE;
    let whole = 0;
    fc.assert(
      fc.property(
        fc.nat(clean.length - 1),
        fc.nat(4),
        fc.oneof(fc.nat(255), fc.integer({ min: 0x2c, max: 0x39 })),
        (at, kind, byte) => {
          let refined: ReturnType<typeof readBody>;
          try {
            refined = readBody(mutant(clean, at, kind, byte), { ...NYISO, dataset });
          } catch (error) {
            assert.ok(error instanceof CarbonError, String(error));
            return;
          }
          if (refined.damage === null && refined.rejected.length === 0) whole++;
          for (const row of refined.rows) assert.equal(row.intervalEnd - row.intervalStart, length);
        },
      ),
      { numRuns: 2000 },
    );
    assert.ok(whole > 20, `only ${whole} mutants were read whole: the property is hollow`);
  });

test('an excerpt with as many stamps on the hour as between hours is real time: hourly files print no seconds', () => {
  const header =
    'Time Stamp,Name,PTID,LBMP ($/MWHr),Marginal Cost Losses ($/MWHr),Marginal Cost Congestion ($/MWHr)';
  const rows = [
    '03/09/2025 00:05:00,CAPITL,61757,25.60,-0.40,0.00',
    '03/09/2025 01:00:00,CAPITL,61757,37.56,0.43,-6.36',
  ];
  const refined = readOf('nyiso', `${[header, ...rows].join('\n')}\n`);
  assert.deepEqual([refined.dataset, refined.rejected, refined.rows.length], ['rt_lmp', [], 2]);
  const hourly = rows.map((row) => row.replace('00:05:00', '00:00').replace(':00:00', ':00'));
  assert.equal(readOf('nyiso', `${[header, ...hourly].join('\n')}\n`).dataset, 'da_lmp');
});
