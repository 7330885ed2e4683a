/** Policies: an edit is taken whole or not at all, never half-written, and a refusal says where. */

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { Policies } from '../../../app/pipeline/policies.ts';
import { policyPaths } from '../../../app/pipeline/settings.ts';
import type { TelemetryEvent } from '../../../core/ports/telemetry.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'carbon-policies-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function world(name: string) {
  const root = join(folder, name);
  cpSync(join(ROOT, 'configs'), join(root, 'configs'), { recursive: true });
  const paths = policyPaths(root, {});
  const policies = await Policies.open(paths, {});
  const events: TelemetryEvent[] = [];
  const telemetry = { emit: (event: TelemetryEvent) => void events.push(event) };
  const edit = (from: string, to: string, path: string = paths.normalization): void => {
    const text = readFileSync(path, 'utf8');
    assert.ok(text.includes(from), from);
    writeFileSync(path, text.replace(from, to));
  };
  return { paths, policies, events, telemetry, edit };
}

test('an edit is seen once the files stand still, and rules when it is adopted', async () => {
  const { policies, telemetry, events, edit } = await world('edit');
  const { version } = policies;
  assert.equal(await policies.changed(telemetry), null);
  edit('nulls: flag', 'nulls: reject');
  assert.equal(await policies.changed(telemetry), null, 'it may still be written to');
  const settings = await policies.changed(telemetry);
  assert.equal(settings?.normalization.defaults.nulls, 'reject');
  assert.equal(policies.version, version);
  assert.equal(policies.settings.normalization.defaults.nulls, 'flag');
  assert.ok(settings !== null);
  policies.adopt(settings, telemetry);
  assert.notEqual(policies.version, version);
  assert.equal(policies.settings.normalization.defaults.nulls, 'reject');
  assert.deepEqual(
    events.map(({ name, facts }) => [name, facts['previous'], facts['version']]),
    [['policies.reloaded', version, policies.version]],
  );
  assert.equal(await policies.changed(telemetry), null);
});

test('a broken edit changes nothing, not even what another file says, and is told once with its place', async () => {
  const { paths, policies, telemetry, events, edit } = await world('broken');
  const { version } = policies;
  edit('day: market', 'day: utc', paths.aggregation);
  edit('nulls: flag', 'nulls: maybe');
  for (let look = 0; look < 4; look++) assert.equal(await policies.changed(telemetry), null);
  assert.equal(policies.version, version);
  const line =
    readFileSync(paths.normalization, 'utf8')
      .split('\n')
      .findIndex((l) => l.includes('maybe')) + 1;
  const [{ name, level, facts }, ...more] = events;
  assert.deepEqual(more, []);
  assert.deepEqual([name, level], ['policies.refused', 'error']);
  assert.deepEqual(
    [facts['code'], facts['file'], facts['line'], facts['field'], facts['expected'], facts['got']],
    ['CONFIG_INVALID', paths.normalization, line, 'defaults.nulls', 'reject, flag, skip', '"maybe"'],
  );
  // Mended, both edits come into force together.
  edit('nulls: maybe', 'nulls: skip');
  await policies.changed(telemetry);
  const settings = await policies.changed(telemetry);
  assert.deepEqual([settings?.normalization.defaults.nulls, settings?.aggregation.day], ['skip', 'utc']);
});

test('a file that is away is refused, and back again as it was it changes nothing', async () => {
  const { paths, policies, telemetry, events } = await world('away');
  renameSync(paths.projection, `${paths.projection}.old`);
  for (let look = 0; look < 3; look++) assert.equal(await policies.changed(telemetry), null);
  renameSync(`${paths.projection}.old`, paths.projection);
  for (let look = 0; look < 3; look++) assert.equal(await policies.changed(telemetry), null);
  assert.deepEqual(
    events.map(({ name, facts }) => [name, facts['code'], facts['file']]),
    [['policies.refused', 'FILE_UNREADABLE', paths.projection]],
  );
});

test('a comment is no other policy', async () => {
  const { paths, policies, telemetry, events } = await world('comment');
  writeFileSync(paths.projection, `${readFileSync(paths.projection, 'utf8')}# a remark\n`);
  for (let look = 0; look < 3; look++) assert.equal(await policies.changed(telemetry), null);
  assert.deepEqual(events, []);
});
