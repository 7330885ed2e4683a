import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppendWatch } from '../../../drivers/sqlite-log/append-watch.ts';

/** A log whose other processes append when the test says so. */
class FakeLog {
  version = 1;
  readonly lanes = new Map([
    ['a', 0],
    ['b', 0],
  ]);

  appendElsewhere(topic: string): void {
    this.version++;
    this.lanes.set(topic, this.lanes.get(topic)! + 1);
  }

  dataVersion(): number {
    return this.version;
  }

  ends(topics: readonly string[]): Map<number, number> {
    return new Map(topics.map((topic) => [topic.charCodeAt(0), this.lanes.get(topic) ?? 0]));
  }
}

const LONG_MS = 30_000;
const soon = async (wait: Promise<void>): Promise<void> => {
  const started = performance.now();
  await wait;
  assert.ok(performance.now() - started < LONG_MS / 2);
};

test('a commit that nobody has looked at yet is not lost when another begins to wait', async () => {
  const log = new FakeLog();
  const watch = new AppendWatch(log);
  const first = watch.wait(['a'], LONG_MS);
  log.appendElsewhere('a');
  const second = watch.wait(['b'], LONG_MS);
  await soon(first);
  watch.close();
  await soon(second);
});

test('an append elsewhere between an empty read and the wait ends it at once', async () => {
  const log = new FakeLog();
  const watch = new AppendWatch(log);
  watch.markDrained('a'.charCodeAt(0), 0);
  log.appendElsewhere('a');
  await soon(watch.wait(['a'], LONG_MS));
  watch.markDrained('a'.charCodeAt(0), 1);
  let ended = false;
  const wait = watch.wait(['a'], LONG_MS).then(() => (ended = true));
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(ended, false, 'nothing is new');
  watch.close();
  await wait;
});

test('a wait longer than one timer takes is not no wait at all', async () => {
  const watch = new AppendWatch(new FakeLog());
  let ended = false;
  const wait = watch.wait(['a'], Number.POSITIVE_INFINITY).then(() => (ended = true));
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(ended, false);
  watch.notify('a');
  await wait;
});

test('a log that fails while it is watched fails the wait', async () => {
  const log = new FakeLog();
  const watch = new AppendWatch(log);
  const wait = watch.wait(['a'], LONG_MS);
  log.dataVersion = () => {
    throw new Error('gone');
  };
  await assert.rejects(wait, /gone/);
});

test('who is told of more and does not read it waits the next time', async () => {
  const log = new FakeLog();
  const watch = new AppendWatch(log);
  watch.markDrained('a'.charCodeAt(0), 0);
  log.appendElsewhere('a');
  await soon(watch.wait(['a'], LONG_MS));
  let ended = false;
  const wait = watch.wait(['a'], LONG_MS).then(() => (ended = true));
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(ended, false, 'a partition that is read by another process keeps nobody awake');
  log.appendElsewhere('a');
  await soon(wait.then(() => undefined));
  watch.close();
});
