import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readXls } from '../../../connectors/kit/readers/xls.ts';
import { CarbonError } from '../../../core/errors.ts';
import { type WrittenCell, xlsOf } from '../../../simulators/xls-writer.ts';
import { failureOf } from '../../support/read-body.ts';

const read = (bytes: Uint8Array) => readXls({ name: 'a.xls', bytes });
const shown = (cell: WrittenCell): string | undefined => {
  if (cell === null) return undefined;
  if (typeof cell === 'object') return cell.date;
  return typeof cell === 'number' ? String(Number(cell.toPrecision(15))) : cell;
};

const cell: fc.Arbitrary<WrittenCell> = fc.oneof(
  fc.constant(null),
  fc
    .string({ minLength: 1, maxLength: 40, unit: 'binary' })
    .filter((text) => /^[^\uD800-\uDFFF]*$/.test(text)),
  fc.integer({ min: -(10 ** 7), max: 10 ** 7 }),
  fc.integer({ min: -(10 ** 7), max: 10 ** 7 }).map((n) => n / 100),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }),
  fc.integer({ min: 1, max: 28 }).map((day) => ({ date: `2024-02-${String(day).padStart(2, '0')}` })),
);

test('what is written is read: texts of either width over several records, numbers of every kind, dates', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 30 }),
      fc.integer({ min: 60, max: 400 }),
      (rows, size) => {
        const [sheet, ...more] = read(xlsOf('Sheet1', rows, size));
        assert.deepEqual([sheet?.name, more], ['Sheet1', []]);
        for (const [r, row] of rows.entries())
          for (const [c, written] of row.entries())
            assert.equal(sheet?.rows[r]?.[c]?.text, shown(written), `row ${r}, column ${c}`);
      },
    ),
    { numRuns: 200 },
  );
});

test('no damage crashes untyped or hangs', () => {
  const clean = xlsOf(
    'Sheet1',
    [
      ['Market Day', 'HourEnding', 'MISO MTLF (MWh)'],
      ...Array.from({ length: 40 }, (_, i) => [{ date: '2026-03-08' }, i, i * 1.25]),
    ],
    90,
  );
  fc.assert(
    fc.property(fc.nat(clean.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
      try {
        read(cut ? clean.slice(0, at) : clean.with(at, byte));
      } catch (error) {
        assert.ok(error instanceof CarbonError, String(error));
      }
    }),
    { numRuns: 1_500 },
  );
});

test('a chain that runs in a circle, another version and a password are refused in words', () => {
  const clean = xlsOf(
    'Sheet1',
    Array.from({ length: 200 }, (_, i) => [i, i + 0.5, 'text of some length']),
  );
  const circle = clean.slice();
  // The second sector of the workbook follows itself.
  new DataView(circle.buffer).setUint32(512 + 3 * 4, 3, true);
  assert.throws(() => read(circle), /circle/);
  const old = clean.slice();
  new DataView(old.buffer).setUint16(3 * 512 + 4, 0x0500, true);
  assert.throws(() => read(old), /older than Excel 97/);
  assert.equal(failureOf(clean, { market: 'miso' }).code, 'SOURCE_UNRECOGNISED');
});
