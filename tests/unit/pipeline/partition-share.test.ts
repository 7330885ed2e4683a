/** Sharing partitions: fair parts, never two owners, and what the dead held is free at once. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { allPartitions, fairPartitions } from '../../../app/stores/partition-share.ts';
import { lockStages } from '../../../app/stores/stage-lock.ts';
import type { PartitionShare, TopicPartition } from '../../../core/ports/partition-share.ts';

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'carbon-share-'));
  folders.push(folder);
  return folder;
};

/** A share of one topic with so many partitions. */
const shareOf = (data: string, stage: string, count: number, member: string): PartitionShare =>
  fairPartitions(data, stage, new Map([['t', count]]), member);

const numbers = (lanes: readonly TopicPartition[]): number[] => lanes.map(({ partition }) => partition);

const look = (share: PartitionShare): void => {
  for (const lane of share.surplus()) share.release(lane);
  share.take();
};

test('a second member gets its fair part, and a leaving one gives all back', () => {
  const data = newFolder();
  const first = shareOf(data, 'normalization', 5, '1');
  assert.deepEqual(numbers(first.take()), [0, 1, 2, 3, 4]);
  const second = shareOf(data, 'normalization', 5, '2');
  assert.deepEqual(numbers(second.take()), []);
  assert.deepEqual(numbers(first.surplus()), [3, 4]);
  look(first);
  look(second);
  assert.deepEqual(
    [numbers(first.owned), numbers(second.owned)],
    [
      [0, 1, 2],
      [3, 4],
    ],
  );
  // Another stage is shared for itself.
  const other = shareOf(data, 'enrichment', 5, '3');
  assert.equal(other.take().length, 5);
  first.close();
  look(second);
  assert.deepEqual(numbers(second.owned), [0, 1, 2, 3, 4]);
  second.close();
  other.close();
  assert.deepEqual(
    readdirSync(join(data, 'locks')).filter((name) => name.includes('member')),
    [],
  );
});

test('property: members come and go; no partition has two owners, and once all have looked parts are fair', () => {
  const step = fc.record({ member: fc.nat(3), act: fc.constantFrom('look', 'look', 'join', 'leave') });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step, { maxLength: 16 }), (count, steps) => {
      const data = newFolder();
      const members = new Map<number, PartitionShare>();
      const check = (): void => {
        const owned = [...members.values()].flatMap((share) => numbers(share.owned));
        assert.equal(new Set(owned).size, owned.length, 'a partition has two owners');
      };
      for (const { member, act } of steps) {
        const share = members.get(member);
        if (act === 'join' && share === undefined)
          members.set(member, shareOf(data, 'normalization', count, String(member)));
        else if (act === 'leave') {
          share?.close();
          members.delete(member);
        } else if (share !== undefined) look(share);
        check();
      }
      for (let round = 0; round < 2; round++) for (const share of members.values()) look(share);
      check();
      const sizes = [...members.values()].map((share) => share.owned.length);
      for (const share of members.values()) share.close();
      if (sizes.length === 0) return;
      assert.equal(
        sizes.reduce((sum, n) => sum + n, 0),
        count,
      );
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, sizes.join());
    }),
    { numRuns: 30 },
  );
});

test('what a killed process held is free at once', async () => {
  const data = newFolder();
  const room = join(import.meta.dirname, '../../..');
  const code = `import { fairPartitions } from '${room}/app/stores/partition-share.ts';
    // Held on to: locks of a share that is collected are given back.
    globalThis.share = fairPartitions('${data}', 'normalization', new Map([['t', 4]]), '0');
    console.log(globalThis.share.take().map((lane) => lane.partition).join()); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((done) => child.on('close', done));
  const said = await new Promise<string>((done) =>
    child.stdout.once('data', (text: Buffer) => done(text.toString())),
  );
  try {
    assert.equal(said.trim(), '0,1,2,3');
    const survivor = shareOf(data, 'normalization', 4, '1');
    assert.deepEqual(numbers(survivor.take()), []);
    child.kill('SIGKILL');
    await ended;
    assert.deepEqual(numbers(survivor.take()), [0, 1, 2, 3]);
    survivor.close();
  } finally {
    child.kill('SIGKILL');
  }
});

test('who runs a stage alone shuts out those who share, and the other way round', () => {
  const data = newFolder();
  const conflict = { code: 'PLAN_CONFLICT' };
  const one = lockStages(data, ['normalization'], 'shared');
  const two = lockStages(data, ['normalization'], 'shared');
  assert.throws(() => lockStages(data, ['enrichment', 'normalization'], 'alone'), conflict);
  // What was taken before the conflict is given back.
  lockStages(data, ['enrichment'], 'alone')();
  one();
  two();
  const alone = lockStages(data, ['normalization'], 'alone');
  assert.throws(() => lockStages(data, ['normalization'], 'shared'), conflict);
  assert.throws(() => lockStages(data, ['normalization'], 'alone'), conflict);
  alone();
});

test('alone, a process has all of them from the first look on', () => {
  const counts = new Map([
    ['b', 1],
    ['a', 2],
  ]);
  const share = allPartitions(counts);
  const all = [
    { topic: 'a', partition: 0 },
    { topic: 'a', partition: 1 },
    { topic: 'b', partition: 0 },
  ];
  assert.deepEqual(
    [share.owned, share.take(), share.take(), share.surplus(), share.lost()],
    [[], all, [], [], []],
  );
  assert.deepEqual(
    share.owned,
    all.map(({ topic, partition }) => ({ topic, partition })),
  );
});

test('a partition of several topics is free for others once it was given back for all of them', () => {
  const data = newFolder();
  const counts = new Map([
    ['a', 2],
    ['b', 1],
  ]);
  const first = fairPartitions(data, 'normalization', counts, '1');
  const taken = first.take();
  assert.deepEqual(
    taken.map(({ topic, partition }) => `${topic}${partition}`),
    ['a0', 'a1', 'b0'],
  );
  const second = fairPartitions(data, 'normalization', counts, '2');
  first.release({ topic: 'a', partition: 0 });
  assert.deepEqual(second.take(), []);
  first.release({ topic: 'b', partition: 0 });
  const again = second.take();
  assert.deepEqual(
    again.map(({ topic, partition }) => `${topic}${partition}`),
    ['a0', 'b0'],
  );
  void first.close();
  void second.close();
});
