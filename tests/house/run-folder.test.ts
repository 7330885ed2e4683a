/** Where the tests of a run write. */

import assert from 'node:assert/strict';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { openRunFolder } from '../support/run-folder.ts';

test('who says where temporary files go is obeyed', () => {
  assert.equal(openRunFolder({ TMPDIR: tmpdir() }), null);
});

test('a folder in memory is open to the users of engines, and goes with all that is in it', () => {
  const folder = openRunFolder({});
  // Without memory to spare there is none: files go where they always went.
  if (folder === null) return;
  try {
    assert.equal(folder.variables['TMPDIR'], folder.path);
    assert.notEqual(dirname(folder.path), folder.variables['CARBON_TEST_ENGINES']);
    assert.equal(statSync(folder.path).mode & 0o777, 0o755);
    writeFileSync(join(folder.path, 'left'), 'behind');
  } finally {
    folder.remove();
  }
  assert.equal(existsSync(folder.path), false);
});
