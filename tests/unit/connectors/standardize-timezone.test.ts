import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Dataset, SourceRow } from '../../../connectors/kit/contract.ts';
import { sourceRow } from '../../../connectors/kit/source-row.ts';
import type { RepeatedRule, TimeConvention } from '../../../connectors/kit/time/convention.ts';
import { formatStamp, parseStamp, wallFields } from '../../../connectors/kit/time/stamp.ts';
import { standardizeTimezone } from '../../../connectors/kit/transforms/standardize-timezone.ts';
import { dayAheadLmp } from '../../../connectors/nyiso/day-ahead-lmp.ts';
import { daysFromCivil, formatInstant, HOUR, MINUTE, parseInstant } from '../../../core/time/instant.ts';
import { marketDayBounds } from '../../../core/time/market-day.ts';
import { offsetAt } from '../../../core/time/zone.ts';

const EASTERN = 'America/New_York';

function dataset(time: Partial<TimeConvention> = {}): Dataset {
  return { ...dayAheadLmp, time: { ...dayAheadLmp.time, ...time } };
}

/** Rows from `location stamp [hint]`, one a line. */
function rowsOf(...lines: string[]): SourceRow[] {
  return lines.map((line, i) => {
    const [location = '', date = '', clock = '', hint] = line.split(' ');
    return sourceRow(i + 2, location, `${date} ${clock}`, [], { timeHint: hint ?? null });
  });
}

function starts(rows: readonly SourceRow[]): string[] {
  return rows.map((row) => formatInstant(row.intervalStart));
}

test('stamps: strict widths, the calendar, optional seconds, 24:00, and back', () => {
  const pattern = 'MM/DD/YYYY hh:mm[:ss]';
  const at = (text: string): string | null => {
    const wall = parseStamp(pattern, text);
    return wall === null ? null : formatInstant(wall);
  };
  assert.equal(at('02/29/2024 13:05'), '2024-02-29T13:05:00Z');
  assert.equal(at('02/29/2024 13:05:09'), '2024-02-29T13:05:09Z');
  assert.equal(at('12/31/2024 24:00'), '2025-01-01T00:00:00Z');
  for (const bad of [
    '02/29/2023 13:05',
    '2/29/2024 13:05',
    '02/29/2024 24:01',
    '02/29/2024 13:60',
    '13/01/2024 00:00',
    '02/29/2024',
    '02/29/2024 13:05x',
  ])
    assert.equal(at(bad), null, bad);
  assert.equal(
    formatStamp(pattern, parseStamp(pattern, '02/09/2024 03:05:09') ?? 0, true),
    '02/09/2024 03:05:09',
  );
  assert.equal(wallFields(-1).second, 59);
});

test('every market day from 2000 to 2040 goes from label to UTC and back, in order', () => {
  const first = daysFromCivil(2000, 1, 1);
  const last = daysFromCivil(2040, 12, 31);
  const lengths = new Map<number, number>();
  for (let day = first; day <= last; day++) {
    const { start, end } = marketDayBounds(EASTERN, day);
    const hours = (end - start) / HOUR;
    lengths.set(hours, (lengths.get(hours) ?? 0) + 1);
    // Ordinary days are all alike: every seventh is enough beside the 82 others.
    if (hours === 24 && day % 7 !== 0) continue;
    const rows: SourceRow[] = [];
    for (let at = start; at < end; at += HOUR)
      for (const location of ['A', 'B']) {
        const stamp = formatStamp('MM/DD/YYYY hh:mm', at + offsetAt(EASTERN, at));
        rows.push(sourceRow(rows.length + 2, location, stamp, []));
      }
    const done = standardizeTimezone(rows, dayAheadLmp);
    assert.equal(done.rejected.length, 0);
    for (const [i, row] of done.rows.entries()) {
      assert.equal(row.intervalStart, start + Math.floor(i / 2) * HOUR, `${row.sourceTime} ${i}`);
      assert.equal(row.intervalEnd, row.intervalStart + HOUR);
    }
  }
  assert.deepEqual([lengths.get(23), lengths.get(25)], [41, 41]);
});

test('the rule that resolved a time is named', () => {
  const { rows } = standardizeTimezone(
    rowsOf('A 11/02/2025 00:00', 'A 11/02/2025 01:00', 'A 11/02/2025 01:00'),
    dayAheadLmp,
  );
  assert.deepEqual(starts(rows), ['2025-11-02T04:00:00Z', '2025-11-02T05:00:00Z', '2025-11-02T06:00:00Z']);
  assert.deepEqual(
    rows.map((row) => row.timeRule),
    [
      'eastern-hour-beginning',
      'eastern-hour-beginning/repeated-by-order:first',
      'eastern-hour-beginning/repeated-by-order:second',
    ],
  );
});

const AMBIGUOUS: Readonly<Record<string, readonly string[]>> = {
  'once only': ['A 11/02/2025 00:00', 'A 11/02/2025 01:00', 'A 11/02/2025 02:00'],
  'three times': ['A 11/02/2025 01:00', 'A 11/02/2025 01:00', 'A 11/02/2025 01:00'],
  'newest first': ['A 11/02/2025 02:00', 'A 11/02/2025 01:00', 'A 11/02/2025 01:00', 'A 11/02/2025 00:00'],
  'a later hour before it': ['A 11/02/2025 03:00', 'A 11/02/2025 01:00', 'A 11/02/2025 01:00'],
  'an hour between': ['A 11/02/2025 01:00', 'A 11/02/2025 02:00', 'A 11/02/2025 01:00'],
};
for (const [name, lines] of Object.entries(AMBIGUOUS))
  test(`a repeated hour is ambiguous when it comes as: ${name}`, () => {
    const { rows, rejected } = standardizeTimezone(rowsOf(...lines), dayAheadLmp);
    assert.ok(rows.every((row) => !row.sourceTime.endsWith('01:00')));
    assert.ok(rejected.every((row) => row.code === 'TIME_AMBIGUOUS'));
    assert.equal(rejected.length, lines.filter((line) => line.endsWith('01:00')).length);
    assert.equal(rows.length + rejected.length, lines.length);
  });

test('one location in disorder does not spoil another', () => {
  const lines = ['A 11/02/2025 01:00', 'B 11/02/2025 01:00', 'B 11/02/2025 01:00'];
  const { rows, rejected } = standardizeTimezone(rowsOf(...lines), dayAheadLmp);
  assert.deepEqual(starts(rows), ['2025-11-02T05:00:00Z', '2025-11-02T06:00:00Z']);
  assert.deepEqual(
    rejected.map((row) => row.location),
    ['A'],
  );
});

test('five-minute passes are told apart by one step back, at ends as the clock shows them', () => {
  const time = { stamp: 'ending-clock', length: 5 * MINUTE } as const;
  const lines = ['00:55', '01:00', '01:30', '01:55', '01:00', '01:30', '02:00'].map(
    (c) => `A 11/02/2025 ${c}`,
  );
  const { rows } = standardizeTimezone(rowsOf(...lines), dataset(time));
  assert.deepEqual(
    starts(rows).map((text) => text.slice(11, 16)),
    ['04:50', '04:55', '05:25', '05:50', '05:55', '06:25', '06:55'],
  );
});

test('a skipped hour, a stamp off the grid and no stamp at all are rejected with their codes', () => {
  const lines = ['A 03/09/2025 01:00', 'A 03/09/2025 02:00', 'A 03/09/2025 03:05', 'A 3/9/2025 04:00'];
  const { rows, rejected } = standardizeTimezone(rowsOf(...lines), dayAheadLmp);
  assert.deepEqual(starts(rows), ['2025-03-09T06:00:00Z']);
  assert.deepEqual(
    rejected.map((row) => [row.row, row.code]),
    [
      [3, 'TIME_NONEXISTENT'],
      [4, 'TIME_UNPARSEABLE'],
      [5, 'TIME_UNPARSEABLE'],
    ],
  );
});

function resolved(repeated: RepeatedRule, ...lines: string[]): string[] {
  const done = standardizeTimezone(rowsOf(...lines), dataset({ repeated }));
  const all = [
    ...done.rows.map((r): [number, string] => [r.row, formatInstant(r.intervalStart).slice(11, 16)]),
  ];
  all.push(...done.rejected.map((r): [number, string] => [r.row, r.code]));
  return all.toSorted((a, b) => a[0] - b[0]).map(([, what]) => what);
}

test('a zone column decides, and is checked where it need not', () => {
  const rule: RepeatedRule = { by: 'zone', words: { EST: -5 * HOUR, EDT: -4 * HOUR } };
  const words = [
    'A 11/02/2025 01:00 EST',
    'A 11/02/2025 01:00 EDT',
    'A 11/02/2025 12:00 EST',
    'A 11/02/2025 12:00 EDT',
    'A 11/02/2025 01:00 CST',
    'A 11/02/2025 01:00',
  ];
  assert.deepEqual(resolved(rule, ...words), [
    '06:00',
    '05:00',
    '17:00',
    'TIME_NONEXISTENT',
    'TIME_AMBIGUOUS',
    'TIME_AMBIGUOUS',
  ]);
});

test('a flag decides by its declared words alone', () => {
  const rule: RepeatedRule = { by: 'flag', first: ['N'], second: ['Y'] };
  const words = [
    'A 11/02/2025 01:00 Y',
    'A 11/02/2025 01:00 N',
    'A 11/02/2025 01:00 ?',
    'A 11/02/2025 02:00 ?',
  ];
  assert.deepEqual(resolved(rule, ...words), ['06:00', '05:00', 'TIME_AMBIGUOUS', '07:00']);
});

test('without a rule a repeated hour is never guessed', () => {
  assert.deepEqual(resolved({ by: 'none' }, 'A 11/02/2025 01:00', 'A 11/02/2025 01:00'), [
    'TIME_AMBIGUOUS',
    'TIME_AMBIGUOUS',
  ]);
});

test('hour-ending labels run on the clock face: 03:00 is absent in spring, 24:00 ends the day', () => {
  const time = { stamp: 'ending-label' } as const;
  const spring = standardizeTimezone(
    rowsOf('A 03/09/2025 02:00', 'A 03/09/2025 03:00', 'A 03/09/2025 04:00', 'A 03/09/2025 24:00'),
    dataset(time),
  );
  assert.deepEqual(starts(spring.rows), [
    '2025-03-09T06:00:00Z',
    '2025-03-09T07:00:00Z',
    '2025-03-10T03:00:00Z',
  ]);
  assert.deepEqual(
    spring.rejected.map((row) => row.code),
    ['TIME_NONEXISTENT'],
  );
});

test('in a fixed offset every day has 24 hours', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 1, max: 28 }),
      fc.integer({ min: 0, max: 23 }),
      (year, day, hour) => {
        const stamp = `11/${String(day).padStart(2, '0')}/${2000 + year} ${String(hour).padStart(2, '0')}:00`;
        const { rows } = standardizeTimezone(rowsOf(`A ${stamp}`), dataset({ zone: '-05:00' }));
        const wall =
          parseInstant(
            `${2000 + year}-11-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00Z`,
          ) ?? 0;
        assert.equal(rows[0]?.intervalStart, wall + 5 * HOUR);
      },
    ),
  );
});
