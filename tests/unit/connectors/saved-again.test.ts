/** Bodies that a spreadsheet or a program saved again: with other delimiters, decimal commas, and as lines of JSON. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { decode } from '../../../app/cli/commands/decode.ts';
import { openPayload } from '../../../app/ingest/open-payload.ts';
import { savedAgain } from '../../../connectors/kit/saved-again.ts';
import { CarbonError } from '../../../core/errors.ts';
import { goldenCases } from '../../support/golden-cases.ts';
import { bytesOf, printedLines } from '../../support/read-body.ts';

async function linesOf(market: string, body: string | Uint8Array): Promise<string> {
  const { members } = await openPayload({ name: 'body', bytes: bytesOf(body) }, { market }, 'excerpt');
  for (const { failure } of members) assert.equal(failure, null);
  return members.map(({ refined }) => `${printedLines(refined).join('\n')}\n`).join('');
}

async function codeOf(market: string, body: string): Promise<string> {
  try {
    const { members } = await openPayload({ name: 'body', bytes: bytesOf(body) }, { market }, 'excerpt');
    return members[0]?.failure?.code ?? 'none';
  } catch (error) {
    if (error instanceof CarbonError) return error.code;
    throw error;
  }
}

const SPP = [
  'Interval,GMTIntervalEnd,Settlement Location,Pnode,LMP,MLC,MCC,MEC',
  '03/08/2026 01:00:00,03/08/2026 07:00:00,"HUB, SOUTH",P1,21.5,0.5,-1,22',
  '03/08/2026 03:00:00,03/08/2026 08:00:00,"HUB, SOUTH",P1,-3.25,0.25,-20.5,17',
];

/** The same table with another delimiter; quoted where a field has it. */
const delimited = (delimiter: string): string =>
  `${SPP.join('\n').replaceAll('"HUB, SOUTH"', 'HUB SOUTH').replaceAll(',', delimiter).replaceAll('HUB SOUTH', 'HUB, SOUTH')}\n`;

const printed = (text: string | null): string => text ?? 'null';
const rewritten = (text: string): string => {
  const made = savedAgain({ name: '', bytes: bytesOf(text) });
  return printed(made === null ? null : new TextDecoder().decode(made.bytes));
};

test('a table with semicolons, tabs or bars is the table with commas', async () => {
  const asServed = await linesOf('SPP', `${SPP.join('\n')}\n`);
  for (const delimiter of [';', '\t', '|'])
    assert.equal(await linesOf('SPP', delimited(delimiter)), asServed);
  assert.equal(await linesOf('SPP', `sep=;\r\n${delimited(';')}`), asServed);
  const wide = new Uint8Array(Buffer.from(`\uFEFF${delimited('\t')}`, 'utf16le'));
  assert.equal(await linesOf('SPP', wide), asServed);
});

test('decimal commas beside semicolons are points, and thousands are told from them', () => {
  assert.equal(rewritten('a;b\n1.234,5;-,25\n12,345;1\n'), 'a,b\n1234.5,-.25\n12.345,1\n');
  assert.equal(rewritten('a;b\n1,234.5;12,345\n'), 'a,b\n"1,234.5","12,345"\n');
  // All that is there may be read in both ways: nothing is guessed.
  assert.equal(rewritten('a;b\n12,345;1\n'), 'null');
});

test('lines keep their numbers, blank ones and broken fields among them', () => {
  assert.equal(rewritten('a;b\n\n"x\ny";2\nz;3\n'), 'a,b\n\n"x\ny",2\nz,3\n');
  assert.equal(rewritten('sep=;\na;b\n'), '\na,b\n');
  assert.equal(rewritten('words alone\n'), 'null');
  assert.equal(rewritten('a;"b\n'), 'null');
});

test('records of JSON, a line each, are an array of them', async () => {
  const records = [1, 2].map((hour) => ({
    period: `2026-03-08T1${hour}`,
    respondent: 'CISO',
    type: 'D',
    'type-name': 'Demand',
    value: `2500${hour}`,
    'value-units': 'megawatthours',
  }));
  const asArray = await linesOf('EIA', JSON.stringify(records));
  assert.equal(asArray.split('\n').length, 3);
  const lines = records.map((record) => JSON.stringify(record));
  assert.equal(await linesOf('EIA', `${lines.join('\r\n')}\r\n`), asArray);
  assert.equal(await linesOf('EIA', lines[0] ?? ''), `${asArray.split('\n')[0]}\n`);
  assert.equal(await codeOf('EIA', `${lines[0]}\n${lines[1]?.slice(0, -4)}`), 'SOURCE_UNRECOGNISED');
});

test('what nothing reads in either form is refused as it stands', async () => {
  assert.equal(await codeOf('SPP', 'words; and more; of them\nin two; lines\n'), 'SOURCE_UNRECOGNISED');
  assert.equal(
    await codeOf('SPP', `${delimited(';')}03/08/2026 04:00:00;nonsense;X;P;1;1;1;1\n`),
    'TIME_UNPARSEABLE',
  );
});

test('a file that is read in pieces otherwise is read in these forms too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'saved-again-'));
  const all: string[] = [];
  try {
    for (const body of [
      `${SPP.join('\n')}\n`,
      delimited(';'),
      Buffer.from(`\uFEFF${delimited('\t')}`, 'utf16le'),
    ]) {
      const file = join(folder, 'body.csv');
      writeFileSync(file, body);
      let text = '';
      const out = { stdout: (more: string) => void (text += more), stderr: () => {}, isTerminal: false };
      assert.equal(await decode(file, { market: 'spp', json: true, largeBytes: 1 }, out), 0);
      all.push(text);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  assert.deepEqual([all[1], all[2]], [all[0], all[0]]);
});

/** Told apart by their names, and files that could be decimals: their numbers have commas for thousands alone. */
const LEFT =
  /^(?:nyiso (?:hasp_lmp|rt_lmp_hourly|solar_forecast)|miso (?:da_lmp|rt_lmp_hourly) quarter|eia balance)/;

test('every golden table with commas is read with semicolons, and with all of its fields quoted', async () => {
  let tables = 0;
  for (const { connector, market, dataset, name, file, body, expected } of goldenCases()) {
    const text = new TextDecoder().decode(body);
    const isTable = file.endsWith('.csv') && !/^\s*[{[<]/.test(text) && !text.includes('"');
    if (!isTable || text.includes(';') || LEFT.test(`${connector} ${dataset} ${name}`)) continue;
    tables++;
    const got = await linesOf(market, text.replaceAll(',', ';'));
    assert.equal(got, expected, `${connector} ${dataset} ${name}`);
    const quoted = text.replace(/^\uFEFF/, '').replace(/[^,\r\n]+/g, '"$&"');
    assert.equal(await linesOf(market, quoted), expected, `${connector} ${dataset} ${name}, quoted`);
  }
  assert.ok(tables > 150, `${tables} tables`);
});
