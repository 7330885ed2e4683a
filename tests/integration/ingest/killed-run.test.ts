import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { LocalSource, openIngestWorld, plain } from '../../support/ingest-world.ts';
import { carbon, rowsOf } from '../cli/carbon.ts';
import { recentDay } from './recent-day.ts';

const day = recentDay();
let source: LocalSource;
const folders: string[] = [];

before(async () => {
  source = await new LocalSource().open();
  source.set(day.path, plain(200, day.body));
});
after(async () => {
  await source.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'killed-run-'));
  folders.push(folder);
  return folder;
}

/** One run in a process of its own; how it ended, and its writes when it lived. */
function runOnce(folder: string, kill: number): Promise<{ signal: string | null; writes: string[] }> {
  const script = join(import.meta.dirname, 'killed-run.ts');
  const args = [script, folder, source.origin, day.from, day.to, String(kill)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return new Promise((done) => {
    child.on('close', (_code, signal) =>
      done({ signal, writes: text === '' ? [] : (JSON.parse(text) as string[]) }),
    );
  });
}

async function rawEventIds(folder: string): Promise<string[]> {
  const world = await openIngestWorld(Date.now() * 1000, folder);
  try {
    const records = await world.records('ingestion.nyiso.raw.v1');
    return records.map(({ value }) => String((value as { event_id: string }).event_id));
  } finally {
    await world.close();
  }
}

test('killed after any write, the next run brings every row, and each as one and the same event', async () => {
  const { writes } = await runOnce(newFolder(), 0);
  for (const name of ['put', 'recordFetch', 'append', 'saveCursor'])
    assert.ok(writes.includes(name), `${name} is among ${writes.join(', ')}`);
  assert.ok(writes.indexOf('put') < writes.indexOf('recordFetch'), 'bytes before the row');
  assert.ok(writes.lastIndexOf('append') < writes.lastIndexOf('recordFetch'), 'rows before their outcome');
  // The shape of the body is noted on the way; the cursor of the run is the last thing.
  assert.ok(
    writes.lastIndexOf('recordFetch') < writes.lastIndexOf('saveCursor'),
    'outcomes before the cursor',
  );
  assert.equal(writes.at(-1), 'saveCursor', writes.join(', '));
  let repeated = 0;
  for (let kill = 1; kill <= writes.length; kill++) {
    const folder = newFolder();
    assert.equal((await runOnce(folder, kill)).signal, 'SIGKILL', writes[kill - 1]);
    assert.equal((await runOnce(folder, 0)).signal, null, `the run after a kill at ${writes[kill - 1]}`);
    const ids = await rawEventIds(folder);
    assert.equal(new Set(ids).size, day.rows, `killed after ${kill}: ${writes[kill - 1]}`);
    repeated += ids.length - day.rows;
  }
  assert.ok(repeated > 0, 'some kill came between rows and their outcome, or this proves little');
});

test('served once: a run killed while it published, repeated by the command', async () => {
  const folder = newFolder();
  const { writes } = await runOnce(newFolder(), 0);
  await runOnce(folder, writes.lastIndexOf('append') + 1);
  const published = (await rawEventIds(folder)).length;
  assert.equal(published, day.rows, 'all rows, and no outcome');
  const window = ['--from', day.from, '--to', day.to, '--dataset', 'da_lmp', '--origin', source.origin];
  const ended = await carbon(['--data', folder, '--json', 'connector', 'run', 'nyiso', ...window]);
  assert.equal(ended.exit, 0, ended.stderr);
  assert.match(ended.stderr, /normalization: \d+ in, \d+ out, \d+ DUPLICATE/);
  const [ticks] = await rowsOf(
    folder,
    'sql',
    'SELECT toString(count()) AS n, toString(uniqExact(instrument_id, ts)) AS keys FROM silver_ticks',
  );
  assert.deepEqual(ticks, { n: String(3 * day.rows), keys: String(3 * day.rows) });
});
