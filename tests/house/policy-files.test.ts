/** Files that the program reads at its start: policies, connectors, migrations. */

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadLogPolicy } from '../../app/config/logging.ts';
import { validateConnector } from '../../app/connectors/validate.ts';
import { CONFIG_FILES } from '../../app/pipeline/policy-files.ts';
import { loadStageSettings, policyPaths } from '../../app/pipeline/settings.ts';
import { migrationProblems } from './migrations.ts';
import { assertNone, ROOT } from './source-files.ts';

test('policies: every file of configs/ is known and passes its schema', async () => {
  const known: readonly string[] = CONFIG_FILES.map(({ file }) => file);
  for (const name of readdirSync(join(ROOT, 'configs')).filter((file) => file.endsWith('.yaml')))
    assert.ok(
      known.includes(`configs/${name}`),
      `configs/${name}:1: nothing reads it: add it to CONFIG_FILES of app/pipeline/policy-files.ts`,
    );
  await loadStageSettings(policyPaths(ROOT, {}), {});
  await loadLogPolicy(ROOT, {});
});

test('connectors: every connector.yaml and its samples are valid', async () => {
  const names = readdirSync(join(ROOT, 'connectors'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'kit')
    .map((entry) => entry.name);
  assert.ok(names.length > 0);
  for (const name of names) {
    const path = join(ROOT, 'connectors', name, 'connector.yaml');
    assert.ok(existsSync(path), `connectors/${name}:1: has no connector.yaml: docs/add-a-connector.md`);
    const { problems } = await validateConnector(path);
    assertNone(
      problems.map(({ message, position }) => ({
        path: `connectors/${name}/connector.yaml`,
        line: position.line ?? 1,
        message,
      })),
    );
  }
});

test('migrations are numbered one after another, and say what they hold', () => {
  for (const engine of readdirSync(join(ROOT, 'migrations')))
    assertNone(
      migrationProblems(
        `migrations/${engine}`,
        readdirSync(join(ROOT, 'migrations', engine)).filter((name) => name.endsWith('.sql')),
      ),
    );
});

test('migrations: a gap, a number twice, and a name without a number are found', () => {
  const messages = (names: readonly string[]): string[] =>
    migrationProblems('migrations/x', names).map(({ path }) => path);
  assert.deepEqual(messages(['001_a.sql', '002_b_c.sql']), []);
  assert.deepEqual(messages(['001_a.sql', '003_b.sql']), ['migrations/x/003_b.sql']);
  assert.deepEqual(messages(['001_a.sql', '001_b.sql']), ['migrations/x/001_b.sql']);
  assert.deepEqual(messages(['first.sql']), ['migrations/x/first.sql']);
});
