/** A data folder that cannot be used is told in words, before an engine says it in its own. */

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runtimeSettings } from '../../../app/config/runtime.ts';
import { openStores } from '../../../app/stores/open-stores.ts';

test('a file in place of the folder, or of one above it, is a wrong setting that is named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'carbon-folder-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  try {
    for (const [dataDir, reason] of [
      [file, 'EEXIST'],
      [join(file, 'below'), 'ENOTDIR'],
      // Where no folder can be made, and where making all of them at once would go on for ever.
      ...(existsSync('/proc/self') ? ([['/proc/carbon/data', 'ENOENT']] as const) : []),
    ] as const)
      await assert.rejects(
        openStores(runtimeSettings({ dataDir }, {}), { service: 'folder-test', serve: false }),
        (error: { code: string; message: string; position: Record<string, string> }) => {
          assert.deepEqual(
            [error.code, error.position['field'], error.position['got']],
            ['CONFIG_INVALID', '--data', dataDir],
          );
          assert.match(error.message, new RegExp(`${reason}$`));
          return true;
        },
      );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
