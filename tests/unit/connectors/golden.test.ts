import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { samples as caisoPages } from '../../../scripts/samples/make-caiso-page-samples.ts';
import { samples as eia } from '../../../scripts/samples/make-eia-samples.ts';
import { samples as ieso } from '../../../scripts/samples/make-ieso-samples.ts';
import { samples as misoLoads } from '../../../scripts/samples/make-miso-load-samples.ts';
import { samples as nyisoOthers } from '../../../scripts/samples/make-nyiso-other-samples.ts';
import { bytesOf, printedLines, readBody } from '../../support/read-body.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const MAKERS = { caiso: caisoPages, eia, ieso, miso: misoLoads, nyiso: nyisoOthers };

for (const [market, samples] of Object.entries(MAKERS)) {
  const files = samples();

  test(`${market}: samples and golden cases are what their maker makes`, () => {
    for (const [path, content] of files)
      assert.deepEqual(
        new Uint8Array(readFileSync(join(ROOT, path))),
        new Uint8Array(bytesOf(content)),
        path,
      );
  });

  for (const path of files.keys()) {
    if (!path.endsWith('/expected.jsonl')) continue;
    const folder = join(ROOT, dirname(path));
    const [, , , , , dataset = '', name] = path.split('/');
    test(`${market}: golden ${dataset}/${name}`, () => {
      const [file = ''] = readdirSync(folder).filter((entry) => entry.startsWith('payload.'));
      const refined = readBody(readFileSync(join(folder, file)), { market, dataset });
      assert.deepEqual([refined.dataset, refined.damage, refined.rejected], [dataset, null, []]);
      assert.equal(`${printedLines(refined).join('\n')}\n`, readFileSync(join(ROOT, path), 'utf8'));
    });
  }
}
