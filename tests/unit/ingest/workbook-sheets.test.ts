/** Sheets of a workbook: those that are reports are read, the others are passed over, however large the file is. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readPayloadFile } from '../../../app/ingest/read-file.ts';
import { CarbonError } from '../../../core/errors.ts';
import { type Sheet, workbookOf } from '../../../scripts/samples/workbook-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'sheets-'));
after(() => rmSync(folder, { recursive: true }));

const COVER: Sheet = { name: 'Disclaimer', rows: [['The figures of this book are made up.']] };
const JANUARY: Sheet = {
  name: 'Jan',
  rows: [
    ['Date', 'Fuel', 'Settlement Type', 'Total', '0:15', '0:30'],
    [{ days: 45_292, as: 'date' }, 'Wind', 'FINAL', { number: '3' }, { number: '1.5' }, { number: '1.25' }],
  ],
};

const fileOf = (name: string, sheets: readonly Sheet[]): string => {
  const path = join(folder, name);
  writeFileSync(path, workbookOf(sheets));
  return path;
};

for (const [how, largeBytes] of [
  ['small', 1_000_000],
  ['large', 1],
] as const) {
  test(`a ${how} workbook: a sheet that is no report is passed over with what was said of it`, async () => {
    const path = fileOf(`${how}.xlsx`, [COVER, JANUARY]);
    const { bodies, skipped } = await readPayloadFile(path, { market: 'ercot' }, { largeBytes });
    assert.deepEqual(
      bodies.map(({ member, dataset, failure }) => [member, dataset.name, failure]),
      [['Jan', 'fuel_mix_15min', null]],
    );
    assert.deepEqual(
      skipped.map((sheet) => [sheet.path, sheet.reason.includes('no dataset recognises this body')]),
      [['Disclaimer', true]],
    );
    const values: (string | null)[] = [];
    for await (const { rows } of bodies[0]?.batches() ?? [])
      for (const row of rows) for (const { value } of row.values) values.push(value);
    assert.deepEqual(values, ['1.5', '1.25']);
  });

  test(`a ${how} workbook without any report is refused`, async () => {
    const path = fileOf(`${how}-cover.xlsx`, [COVER]);
    await assert.rejects(
      readPayloadFile(path, { market: 'ercot' }, { largeBytes }),
      (error) => error instanceof CarbonError && error.code === 'SOURCE_UNRECOGNISED',
    );
  });
}
