/** Zip and gzip bodies through the whole program: decode, replay, and the way back to the line inside a member. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { zipOf } from '../../../scripts/samples/zip-writer.ts';
import {
  AUTUMN,
  carbon,
  errorOf,
  linesOf,
  newFolder,
  ROOT,
  type Row,
  replay,
  rowsOf,
  SPRING,
} from './carbon.ts';

const DAM = join(ROOT, 'samples/20260308_20260309_PRC_LMP_DAM_20260307_13_05_00_v12.zip');

/** A file of the test's own. */
function written(name: string, bytes: Uint8Array): string {
  const file = join(newFolder(), name);
  writeFileSync(file, bytes);
  return file;
}

const member = (file: string, path = basename(file)) => ({ path, bytes: readFileSync(file), deflate: true });

const TWO_DAYS = zipOf([member(AUTUMN), member(SPRING, 'march/day.csv')]);

async function decoded(file: string): Promise<string> {
  const { exit, stdout, stderr } = await carbon(['decode', file, '--json']);
  assert.equal(exit, 0, stderr);
  return stdout;
}

test('decode prints the lines of all members in the order of the archive, as if they lay bare', async () => {
  const bare = (await decoded(AUTUMN)) + (await decoded(SPRING));
  assert.equal(await decoded(written('both.zip', TWO_DAYS)), bare);
  assert.equal(await decoded(written('day.csv.gz', gzipSync(readFileSync(SPRING)))), await decoded(SPRING));
});

test('an error names the member and prints no row; --partial prints the members that can be read', async () => {
  const cut = { path: 'cut.csv', bytes: readFileSync(SPRING).subarray(0, 5000), deflate: true };
  const file = written('cut.zip', zipOf([member(AUTUMN), cut]));
  const error = await errorOf(3, ['decode', file]);
  assert.deepEqual([error['code'], error['member'], error['file']], ['SOURCE_MALFORMED', 'cut.csv', file]);
  assert.match(String(error['message']), /^member cut\.csv: line \d+/);
  const partial = await carbon(['decode', file, '--json', '--partial']);
  assert.equal(partial.exit, 3);
  assert.ok(partial.stdout.startsWith(await decoded(AUTUMN)));
});

test('a damaged container is refused with its reason, and nothing of it is published', async () => {
  const file = written('cut.zip', TWO_DAYS.subarray(0, TWO_DAYS.length - 100));
  const error = await errorOf(3, ['decode', file]);
  assert.deepEqual([error['code'], error['file']], ['SOURCE_CONTAINER_DAMAGED', file]);
  const data = newFolder();
  const ended = await carbon(['--data', data, 'replay', file, '--market', 'nyiso']);
  assert.equal(ended.exit, 3);
  assert.match(ended.stderr, /SOURCE_CONTAINER_DAMAGED/);
  const [counted] = await rowsOf(data, 'sql', 'SELECT count() AS n FROM silver_ticks');
  assert.equal(Number(counted?.['n']), 0);
  // The bytes of a named market are kept even so: what came can be looked at.
  assert.match(ended.stderr, /archive/);
  assert.ok(existsSync(join(data, 'archive')));
});

test('one member that cannot be read keeps the others from being published', async () => {
  const file = written(
    'mixed.zip',
    zipOf([member(AUTUMN), { path: 'page.html', bytes: Buffer.from('<html>no</html>') }]),
  );
  const data = newFolder();
  const ended = await carbon(['--data', data, 'replay', file, '--market', 'nyiso']);
  assert.equal(ended.exit, 3);
  assert.match(ended.stderr, /member page\.html/);
  const [counted] = await rowsOf(data, 'sql', 'SELECT count() AS n FROM silver_ticks');
  assert.equal(Number(counted?.['n']), 0);
});

test('replay of an archive: one payload, and why finds the line inside the member', async () => {
  const data = newFolder();
  const { stderr } = await replay(data, written('both.zip', TWO_DAYS));
  assert.match(stderr, /published 720 rows, 2160 values of NYISO\/da_lmp/);
  const [march] = await rowsOf(
    data,
    'why',
    'NYISO.DA.LMP.N.Y.C.',
    '--interval',
    '1h',
    '--at',
    '2025-03-09T07:00:00Z',
  );
  const [november] = await rowsOf(data, 'why', 'NYISO.DA.LMP.N.Y.C.');
  const payloadOf = (row: Row): Row => (row['inputs'] as Row[])[0]['payload'] as Row;
  assert.equal(payloadOf(march)['member'], 'march/day.csv');
  assert.match(String(payloadOf(march)['line']), /^"?03\/09\/2025 03:00"?,"?N\.Y\.C\./);
  assert.equal(payloadOf(november)['member'], basename(AUTUMN));
  assert.equal(payloadOf(november)['sha256'], payloadOf(march)['sha256']);
  const [event] = await rowsOf(data, 'tap', 'ingestion.nyiso.raw.v1', '--limit', '1');
  assert.match(JSON.stringify(event), /"archive_member":"nyiso_20251102damlbmp_zone\.csv"/);
});

test('CAISO end to end: a zip of OASIS becomes bars of 23 hours, and each number leads back to its line', async () => {
  const data = newFolder();
  const { stderr } = await replay(data, DAM);
  assert.match(stderr, /published 230 rows, 230 values of CAISO\/da_lmp/);
  const bars = await rowsOf(data, 'bars', 'CAISO.DA.LMP.TH_NP15_GEN-APND');
  assert.equal(bars.length, 23);
  const days = await rowsOf(data, 'bars', 'CAISO.DA.LMP.TH_NP15_GEN-APND', '--interval', '1d');
  assert.deepEqual(
    days.map((row) => [row['interval_start'], row['interval_end']]),
    [['2026-03-08T08:00:00Z', '2026-03-09T07:00:00Z']],
  );
  const [why] = await rowsOf(
    data,
    'why',
    'CAISO.DA.GHG.TH_NP15_GEN-APND',
    '--interval',
    '1h',
    '--at',
    '2026-03-08T10:30:00Z',
  );
  const [input] = why['inputs'] as Row[];
  const payload = input['payload'] as Row;
  assert.equal(payload['member'], basename(DAM).replace('.zip', '.csv'));
  assert.match(String(payload['line']), /^2026-03-08T10:00:00-00:00,.*,4,0,TH_NP15_GEN-APND,.*,MGHG,/);
  assert.equal(input['time_rule'], 'gmt-begin-and-end');
  const [row] = linesOf(
    (await carbon(['--data', data, '--json', 'latest', '--market', 'caiso', '--field', 'ghg'])).stdout,
  );
  assert.equal(row?.['unit'], 'USD/MWh');
});
