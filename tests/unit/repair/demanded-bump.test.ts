import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { bumpBetween, type ConnectorSnapshot, judgeVersion } from '../../../app/versions/demanded-bump.ts';
import { snapshotsOf } from '../../../app/versions/snapshots.ts';

const BASE: ConnectorSnapshot = {
  version: '1.2.3',
  datasets: { da_lmp: ['lmp', 'loss'] },
  schemas: { 'raw_x_lmp.avsc': ['payload', 'values'] },
  schedules: { da_lmp: '0 * * * *' },
  rest: '{}',
};
const judged = (changes: Partial<ConnectorSnapshot>) => {
  const { demanded, done, problems } = judgeVersion('x', BASE, { ...BASE, ...changes });
  return [demanded, done, problems.length];
};

test('each change demands its bump', () => {
  assert.deepEqual(judged({}), ['none', 'none', 0]);
  assert.deepEqual(judged({ schedules: { da_lmp: '5 * * * *' } }), ['patch', 'none', 1]);
  assert.deepEqual(judged({ schedules: { da_lmp: '5 * * * *' }, version: '1.2.4' }), ['patch', 'patch', 0]);
  assert.deepEqual(judged({ rest: '{"hosts":[]}', version: '1.2.4' }), ['patch', 'patch', 0]);
  assert.deepEqual(judged({ datasets: { da_lmp: ['lmp', 'loss', 'ghg'] }, version: '1.2.4' }), [
    'minor',
    'patch',
    1,
  ]);
  assert.deepEqual(judged({ datasets: { da_lmp: ['lmp', 'loss', 'ghg'] }, version: '1.3.0' }), [
    'minor',
    'minor',
    0,
  ]);
  const two = { da_lmp: ['lmp', 'loss'], rt_lmp: ['lmp'] };
  assert.deepEqual(judged({ datasets: two, version: '1.3.0' }), ['minor', 'minor', 0]);
  assert.deepEqual(judged({ datasets: {}, version: '2.0.0' }), ['major', 'major', 0]);
});

test('a field that is gone or renamed wants a major version and a schema of a new one', () => {
  const renamed = { da_lmp: ['price', 'loss'] };
  assert.deepEqual(judged({ datasets: renamed, version: '1.3.0' }), ['major', 'minor', 2]);
  assert.deepEqual(judged({ datasets: renamed, version: '2.0.0' }), ['major', 'major', 1]);
  const schemas = { ...BASE.schemas, 'raw_x_lmp_v2.avsc': ['payload'] };
  assert.deepEqual(judged({ datasets: renamed, version: '2.0.0', schemas }), ['major', 'major', 0]);
  const fewer = { 'raw_x_lmp.avsc': ['payload'] };
  assert.deepEqual(judged({ schemas: fewer, version: '2.0.0' }), ['major', 'major', 1]);
});

test('a version may go further than it must, never back; new connectors begin anywhere', () => {
  assert.deepEqual(judged({ schedules: { da_lmp: '' }, version: '3.0.0' }), ['patch', 'major', 0]);
  assert.deepEqual(judged({ version: '1.2.2' })[2], 1);
  assert.equal(bumpBetween('1.2.3', '1.3.0'), 'minor');
  assert.equal(bumpBetween('1.2.3', '1.1.9'), null);
  assert.equal(judgeVersion('x', null, BASE).problems.length, 0);
});

test('the connectors of this checkout can be seen, with and without code', async () => {
  const found = await snapshotsOf(resolve(import.meta.dirname, '../../..'));
  assert.ok(found.get('nyiso')?.datasets['da_lmp']?.includes('lmp'));
  assert.deepEqual(found.get('elexon')?.datasets['system_price'], [
    'system_sell_price',
    'system_buy_price',
    'imbalance_volume',
  ]);
  assert.ok(found.get('nyiso')?.schemas['raw_nyiso_lmp.avsc']?.includes('interval_start'));
});
