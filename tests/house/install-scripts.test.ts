/** Install scripts stay off; a package that brings one is looked at by a person before it is taken. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');

/** Packages whose scripts may run. None needs to. */
const ALLOWED: readonly string[] = [];

/** Packages that bring a script and work without it, with what it would do. */
const LEFT_OFF: Readonly<Record<string, string>> = {
  chdb: 'an empty script; the library comes in the package of its platform',
};

test('install scripts are off, and no package needs one', () => {
  assert.match(readFileSync(join(ROOT, '.npmrc'), 'utf8'), /^ignore-scripts=true$/m);
  assert.match(readFileSync(join(ROOT, 'scripts/setup.sh'), 'utf8'), /--ignore-scripts/);
  for (const lock of ['package-lock.json', 'scripts/node-runtime/package-lock.json']) {
    const { packages }: { packages: Record<string, { hasInstallScript?: boolean }> } = JSON.parse(
      readFileSync(join(ROOT, lock), 'utf8'),
    );
    for (const [path, { hasInstallScript }] of Object.entries(packages)) {
      if (hasInstallScript !== true) continue;
      const name = path.replace(/^.*node_modules\//, '');
      assert.ok(
        ALLOWED.includes(name) || name in LEFT_OFF,
        `${lock}: ${name} brings an install script: allow it or leave it off, and say why`,
      );
    }
  }
});
