/** What goes wrong at the command line: exit codes, one error object with `--json`, words for people without. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { ERROR_CODES, type ErrorCode } from '../../../core/errors.ts';
import { carbon, errorOf, newFolder, replay, SPRING } from './carbon.ts';

const files = newFolder();
const data = join(files, 'data');
const at = (name: string): string => join(files, name);

before(async () => {
  writeFileSync(at('page.html'), '<!DOCTYPE html><html><title>Report List</title></html>');
  writeFileSync(at('busy.html'), '<!DOCTYPE html><html><title>Service Unavailable</title></html>');
  writeFileSync(at('cut.csv'), readFileSync(SPRING, 'utf8').slice(0, 2000));
  writeFileSync(at('words.csv'), 'a,b\n1,2\n');
  writeFileSync(at('empty.csv'), '');
  await replay(data, SPRING);
});

interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly variables?: Record<string, string>;
  readonly code: ErrorCode;
  /** What the message and the position must show. */
  readonly says: readonly RegExp[];
}

const CASES: readonly Case[] = [
  { name: 'an unknown command', args: ['replai'], code: 'USAGE_INVALID', says: [/replai/] },
  { name: 'no command', args: [], code: 'USAGE_INVALID', says: [/no command/] },
  { name: 'an unknown option', args: ['latest', '--nope'], code: 'USAGE_INVALID', says: [/--nope/] },
  { name: 'a missing argument', args: ['decode'], code: 'USAGE_INVALID', says: [/file/] },
  {
    name: 'an unknown service',
    args: ['run', 'nope'],
    code: 'USAGE_INVALID',
    says: [/nope/, /normalization/],
  },
  {
    name: 'an unknown instrument',
    args: ['bars', 'NYISO.DA.LMP.CAPITAL'],
    code: 'NOT_FOUND',
    says: [/NYISO\.DA\.LMP\.CAPITL/],
  },
  { name: 'an unknown latest', args: ['latest', 'NOPE'], code: 'NOT_FOUND', says: [/NOPE/] },
  { name: 'nothing to explain', args: ['why', 'NOPE'], code: 'NOT_FOUND', says: [/NOPE/] },
  {
    name: 'a time that is none',
    args: ['bars', 'X', '--from', 'yesterday'],
    code: 'USAGE_INVALID',
    says: [/--from/, /yesterday/, /YYYY-MM-DD/],
  },
  {
    name: 'a window that ends before it begins',
    args: ['bars', 'X', '--from', '2025-03-10', '--to', '2025-03-09'],
    code: 'USAGE_INVALID',
    says: [/empty/],
  },
  {
    name: 'an unknown interval',
    args: ['bars', 'X', '--interval', '7m'],
    code: 'USAGE_INVALID',
    says: [/7m/, /1h/],
  },
  {
    name: 'a bad limit',
    args: ['tap', 'x', '--limit', 'few'],
    code: 'USAGE_INVALID',
    says: [/--limit/, /few/],
  },
  { name: 'a missing file', args: ['replay', at('none.csv')], code: 'FILE_UNREADABLE', says: [/none\.csv/] },
  {
    name: 'an HTML page',
    args: ['replay', at('page.html')],
    code: 'SOURCE_NOT_DATA',
    says: [/Report List/],
  },
  {
    name: 'a page that says to come back later',
    args: ['replay', at('busy.html')],
    code: 'SOURCE_BUSY',
    says: [/Service Unavailable/],
  },
  {
    name: 'a truncated file',
    args: ['replay', at('cut.csv')],
    code: 'SOURCE_MALFORMED',
    says: [/"line":39/, /cut\.csv/],
  },
  {
    name: 'a truncated file to decode',
    args: ['decode', at('cut.csv')],
    code: 'SOURCE_MALFORMED',
    says: [/"line":39/, /cut\.csv/],
  },
  { name: 'an empty file', args: ['replay', at('empty.csv')], code: 'SOURCE_EMPTY', says: [/empty\.csv/] },
  {
    name: 'a file of nobody',
    args: ['replay', at('words.csv')],
    code: 'SOURCE_UNRECOGNISED',
    says: [/a report of .*CAISO, EIA, .*NYISO, PJM/],
  },
  {
    name: 'a file of another than the market named',
    args: ['replay', at('words.csv'), '--market', 'nyiso'],
    code: 'SOURCE_UNRECOGNISED',
    says: [/NYISO da_lmp/],
  },
  {
    name: 'an unknown market',
    args: ['replay', SPRING, '--market', 'mars'],
    code: 'CONNECTOR_UNKNOWN',
    says: [/mars/, /nyiso/],
  },
  ...(
    [
      ['DATA_PROC_LOG_LEVEL', 'loud', /warning/],
      ['DATA_PROC_PARTITIONS', '0', /1 to 256/],
      ['DATA_PROC_PARTITIONS', 'four', /whole number/],
      ['DATA_PROC_DURABILITY', 'maybe', /power/],
      ['DATA_PROC_FEED_TOPICS', 'some', /served/],
      ['DATA_PROC_MAX_BATCH_BYTES', '1', /4096 to/],
      ['DATA_PROC_TENANT', 'a b', /letters, digits/],
    ] as const
  ).map(
    ([name, value, allowed]): Case => ({
      name: `${name}=${value}`,
      args: ['latest'],
      variables: { [name]: value },
      code: 'CONFIG_INVALID',
      says: [new RegExp(`"field":"${name}"`), new RegExp(`"got":"${value}"`), allowed],
    }),
  ),
];

for (const { name, args, variables, code, says } of CASES)
  test(`${name}: ${code}, exit ${ERROR_CODES[code].exit}`, async () => {
    const error = await errorOf(ERROR_CODES[code].exit, ['--data', data, ...args], variables);
    assert.equal(error['code'], code);
    assert.equal(error['remedy'], ERROR_CODES[code].fix);
    for (const part of says) assert.match(JSON.stringify(error), part);
  });

test('people get the place and what to do, and nothing on standard output', async () => {
  const { exit, stdout, stderr } = await carbon(['--data', data, 'replay', at('cut.csv')]);
  assert.deepEqual([exit, stdout], [3, '']);
  assert.match(stderr, /^error SOURCE_MALFORMED: /);
  assert.ok(stderr.includes(`  at: ${at('cut.csv')}:39:1\n`), stderr);
  assert.match(stderr, / {2}what to do: Fetch it again/);
  const usage = await carbon(['latest', '--nope']);
  assert.deepEqual([usage.exit, usage.stdout], [2, '']);
  assert.match(usage.stderr, /unknown option '--nope'/);
});

test('a refused file leaves no rows, and --partial takes those before the damage', async () => {
  const other = join(files, 'other');
  await errorOf(3, ['--data', other, 'replay', at('cut.csv')]);
  const { exit, stderr } = await carbon(['--data', other, 'replay', at('cut.csv'), '--partial']);
  assert.equal(exit, 0, stderr);
  assert.match(stderr, /published 37 rows, 111 values/);
});

test('variables of the environment take effect, and an option goes before them', async () => {
  const folder = newFolder();
  const mine = join(folder, 'mine');
  const { exit, stderr } = await carbon(['migrate'], { DATA_PROC_DATA_DIR: mine, DATA_PROC_PARTITIONS: '2' });
  assert.equal(exit, 0, stderr);
  assert.ok(existsSync(join(mine, 'log.sqlite')));
  const { stdout } = await carbon(['--data', mine, '--json', 'tap', '--list'], {
    DATA_PROC_DATA_DIR: join(folder, 'not-this'),
  });
  assert.match(stdout, /"topic":"ingestion.nyiso.raw.v1","partitions":2/);
  assert.equal(existsSync(join(folder, 'not-this')), false);
});
