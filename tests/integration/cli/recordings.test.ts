/**
 * Recorded payloads of the three markets, from bytes to served values. They lie beside the checkout and are never part
 * of it; without them the tests say so. What they should decode to was made by other parsers than ours.
 */

import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { sharedFolder } from '../../support/shared.ts';
import { carbon, linesOf, newFolder, ROOT, rowsOf } from './carbon.ts';

/** Price recordings: market, file, and the dataset that they are. */
const PRICES = [
  ['miso', 'macrogauge__miso_da_expost.csv', 'da_lmp'],
  ['miso', 'mtp13__miso.csv', 'da_lmp'],
  ['miso', 'urdais__miso-2026-03-08.csv', 'da_lmp'],
  ['caiso', 'pyiso_scraper__2010_3_11.csv', 'hasp_lmp'],
  ['caiso', 'pyiso_scraper__2013_11_01.csv', 'hasp_lmp'],
  ['caiso', 'us-power-poc__dam_sample.csv', 'da_lmp'],
  ['nyiso', 'erw__nyiso_20250309damlbmp_zone_sample.csv', 'da_lmp'],
  ['nyiso', 'pyiso__lmp.csv', 'rt_lmp'],
] as const;

const shared = sharedFolder();
if (shared === null)
  test.skip(
    'recordings are served as they were published (skipped: no folder of recordings beside the checkout)',
  );
else {
  for (const [market, file, dataset] of PRICES)
    test(`recording ${file} is served whole`, async () => {
      const data = newFolder();
      const path = join(shared, 'data/iso', market, file);
      const { exit, stdout, stderr } = await carbon([
        '--data',
        data,
        '--json',
        'replay',
        path,
        '--market',
        market,
      ]);
      assert.equal(exit, 0, stderr);
      const published = new RegExp(
        `published (\\d+) rows, (\\d+) values of ${market.toUpperCase()}/${dataset}`,
      );
      const values = Number(published.exec(stderr)?.[2]);
      assert.ok(values > 0, stderr);
      const stages = [...stderr.matchAll(/^(\w+): (\d+) in, (\d+) out(.*)$/gm)];
      assert.deepEqual(
        stages.map(([, stage]) => stage),
        ['normalization', 'enrichment', 'aggregation', 'projection'],
      );
      for (const [line, stage, taken, given, rest] of stages) {
        const others = [...rest.matchAll(/, (\d+) [A-Z_]+/g)].reduce((sum, [, n]) => sum + Number(n), 0);
        assert.equal(Number(taken), Number(given) + others, line);
        if (stage === 'normalization') assert.equal(Number(taken), values, line);
      }
      const [{ ticks }] = await rowsOf(data, 'sql', 'SELECT count() AS ticks FROM silver_ticks');
      const [, , out] = stages[0].slice(1);
      assert.equal(Number(ticks), Number(out));
      const latest = linesOf(stdout).find((row) => row['served'] === 'latest_prices');
      assert.ok(Number(latest?.['rows']) > 0);
    });

  test('the decoders are exact on every price recording of the three markets', () => {
    const tool = join(shared, 'tools/fidelity');
    for (const [, file] of PRICES) {
      const child: SpawnSyncReturns<string> = spawnSync(
        'python3',
        [
          join(tool, 'fidelity.py'),
          '--cmd',
          './bin/carbon decode {file} --market {market} --json',
          '--payloads',
          join(shared, 'data/iso'),
          '--expected',
          join(tool, 'expected'),
          '--only',
          `*${file}`,
        ],
        { cwd: ROOT, encoding: 'utf8' },
      );
      assert.equal(child.error, undefined, 'the checker needs python3');
      assert.match(child.stdout, /1 of 1 payloads exact/, child.stdout + child.stderr);
    }
  });
}
