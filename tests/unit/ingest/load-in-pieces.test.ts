/** A large file is loaded in pieces: what is published, noted and refused is what a small one brings, told by hand and both ways. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { type Loaded, loadPayload, previewPayload } from '../../../app/ingest/load.ts';
import { instantFromCivil } from '../../../core/time/instant.ts';
import { type IngestWorld, openIngestWorld } from '../../support/ingest-world.ts';

const TOPIC = 'ingestion.nyiso.raw.v1';
const NOW = instantFromCivil(2025, 11, 3, 12);
const SCOPE = { tenant: 'default', connector: 'nyiso', dataset: 'da_lmp' };
const DAY = { start: instantFromCivil(2025, 11, 2, 4), end: instantFromCivil(2025, 11, 3, 5) };
const NODES = 150;

/** The day on which one o'clock is there twice: so many nodes in each of 25 hours, more than one piece. */
function body(priceOf = (hour: number, node: number) => (20 + hour + node / 100).toFixed(2)): string {
  const clocks = ['00:00', '01:00', '01:00', ...Array.from({ length: 22 }, (_, k) => `${k + 2}:00`)];
  const lines = [
    '"Time Stamp","Name","PTID","LBMP ($/MWHr)","Marginal Cost Losses ($/MWHr)","Marginal Cost Congestion ($/MWHr)"',
  ];
  clocks.forEach((clock, hour) => {
    for (let node = 0; node < NODES; node++)
      lines.push(
        `"11/02/2025 ${clock.padStart(5, '0')}","NODE_OF_THE_TEST_${node}",${24000 + node},${priceOf(hour, node)},1.25,-0.50`,
      );
  });
  return `${lines.join('\r\n')}\r\n`;
}

let world: IngestWorld;
let folder: string;

beforeEach(async () => {
  world = await openIngestWorld(NOW);
  folder = mkdtempSync(join(tmpdir(), 'load-'));
});
afterEach(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const NAME = '20251102damlbmp_gen.csv';

function load(
  text: string,
  rest: { readonly partial?: boolean; readonly market?: string } = {},
): Promise<Loaded> {
  const path = join(folder, NAME);
  writeFileSync(path, text);
  return loadPayload(world.stores, { path, partial: false, largeBytes: 1, ...rest });
}

/** What was published, without what each loading has of its own. */
const published = async ({ records }: IngestWorld = world): Promise<string[]> =>
  (await records(TOPIC)).map(({ partition, key, value }) =>
    JSON.stringify([partition, key, (value as { payload: unknown }).payload]),
  );

test('rows, known times and intervals of a body in pieces are those of the whole body', async () => {
  const text = body();
  assert.ok(text.length > 3 * 65_536);
  const path = join(folder, NAME);
  writeFileSync(path, text);
  assert.equal((await previewPayload({ path, partial: false, largeBytes: 1 })).values, 25 * NODES * 3);
  const loaded = await load(text);
  assert.deepEqual(
    [loaded.market, loaded.dataset, loaded.topic, loaded.rows, loaded.values, loaded.rejected],
    ['NYISO', 'da_lmp', TOPIC, 25 * NODES, 25 * NODES * 3, 0],
  );
  const events = await published();
  const landed = await world.stores.reference.landedIn(SCOPE, DAY);
  assert.equal(events.length, 25 * NODES);
  assert.equal(landed.length, 25);

  const other = await openIngestWorld(NOW);
  try {
    const whole = await loadPayload(other.stores, { name: NAME, bytes: Buffer.from(text), partial: false });
    assert.equal(whole.sha256, loaded.sha256);
    // Not compared as lists: their difference would be as long as they are.
    assert.equal((await published(other)).join('\n') === events.join('\n'), true);
    const digests = (all: typeof landed): unknown[] =>
      all.map(({ interval, places, digest, values }) => ({ interval, places, digest, values }));
    assert.deepEqual(digests(landed), digests(await other.stores.reference.landedIn(SCOPE, DAY)));
  } finally {
    await other.close();
  }
});

test('a damage in the last piece lets nothing out; with partial the rows before it', async () => {
  const text = body().slice(0, -30);
  await assert.rejects(load(text), { code: 'SOURCE_MALFORMED' });
  assert.deepEqual(await published(), []);
  const loaded = await load(text, { partial: true });
  assert.equal(loaded.rows, 25 * NODES - 1);
  assert.equal((await published()).length, 25 * NODES - 1);
});

test('an assertion is judged over all pieces', async () => {
  // More than a bound allows are out of range, but in the last pieces alone.
  const text = body((hour) => (hour < 5 ? '25.00' : '999999.00'));
  await assert.rejects(load(text), (error: { code?: string; message?: string }) => {
    assert.equal(error.code, 'QUALITY_ASSERTION_FAILED');
    assert.match(error.message ?? '', new RegExp(`${20 * NODES} of ${25 * NODES * 3}`));
    return true;
  });
  assert.deepEqual(await published(), []);
});

test('a path that is no file is unreadable', async () => {
  await assert.rejects(loadPayload(world.stores, { path: join(folder, 'none.csv'), partial: false }), {
    code: 'FILE_UNREADABLE',
  });
});
