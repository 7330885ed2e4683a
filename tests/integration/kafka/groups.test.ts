/** Consumer groups on a real broker: members come and go, die and freeze, and every record is read by its owner. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { PartitionShare, TopicPartition } from '../../../core/ports/partition-share.ts';
import { type KafkaLog, openKafkaLog } from '../../../drivers/kafka/event-log.ts';
import { batchOf } from '../../conformance/event-log-records.ts';
import { SESSION_MS, sharedBroker } from '../../support/kafka-broker.ts';
import { KafkaReader } from '../../support/kafka-reader.ts';

const broker = await sharedBroker();
const skip = typeof broker === 'string' ? `no broker: ${broker}` : false;
const bootstrap = typeof broker === 'string' ? [] : [broker.plain];
const PARTITIONS = 4;
let made = 0;

/** Takes what is offered; true once that is everything. */
function hasAll(share: PartitionShare): boolean {
  share.take();
  return share.owned.length === PARTITIONS;
}

/** Polls until it holds; fails after a while. */
async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `never came about: ${what}`);
    await delay(20);
  }
}

// What takes time is waiting for sessions to end.
describe('consumer groups', { skip, concurrency: 4 }, () => {
  let log: KafkaLog;
  before(() => {
    log = openKafkaLog({ bootstrap });
  });
  /** What a failed test left: it would keep the run from ending. */
  const opened: { stop(): Promise<void> }[] = [];
  const reader = (...parts: ConstructorParameters<typeof KafkaReader>): KafkaReader => {
    const made = new KafkaReader(...parts);
    opened.push(made);
    return made;
  };
  after(async () => {
    for (const one of opened) await one.stop().catch(() => {});
    await log.close();
  });

  const newTopic = async (): Promise<string> => {
    const topic = `groups.${process.pid}.${made++}`;
    await log.createTopic({ name: topic, partitions: PARTITIONS, retention: null });
    return topic;
  };

  /** Appends records to all partitions until told to stop; returns how many there were. */
  const load = (topic: string) => {
    let go = true;
    let sent = 0;
    const done = (async () => {
      while (go) {
        for (let p = 0; p < PARTITIONS; p++)
          await log.append(topic, p, [batchOf([`m${sent++}`, Date.now()], [`m${sent++}`, Date.now()])]);
        await delay(2);
      }
      return sent;
    })();
    const loading = {
      stop: () => {
        go = false;
        return done;
      },
    };
    opened.push({
      stop: async () => {
        await loading.stop();
      },
    });
    return loading;
  };

  for (const protocol of ['consumer', 'classic'] as const)
    for (const isStatic of [false, true])
      test(`${protocol}, ${isStatic ? 'static' : 'dynamic'}: members come and go under load; nothing is missed`, async () => {
        const topic = await newTopic();
        const group = `g.${topic}`;
        const seen = new Set<string>();
        const taken: (TopicPartition & { readonly by: string })[] = [];
        const member = (name: string): Promise<KafkaReader> =>
          reader(
            { bootstrap },
            {
              group,
              topics: [topic],
              protocol,
              sessionTimeoutMs: SESSION_MS,
              ...(isStatic ? { instanceId: name } : {}),
            },
            {
              seen: (value) => seen.add(value),
              taken: (ownership) => taken.push({ ...ownership, by: name }),
            },
          ).start();
        const loading = load(topic);
        const a = await member('a');
        await until('a has all', () => a.owned.length === PARTITIONS);
        const b = await member('b');
        await until('a and b share', () => a.owned.length === 2 && b.owned.length === 2);
        assert.deepEqual([...a.owned, ...b.owned].sort(), [0, 1, 2, 3]);
        await b.stop();
        // A static member's partitions wait for it as long as its session lasts.
        await until('a has all again', () => a.owned.length === PARTITIONS, 20_000 + SESSION_MS);
        const c = await member('c');
        await until('a and c share', () => a.owned.length === 2 && c.owned.length === 2);
        await a.stop();
        await until('c has all', () => c.owned.length === PARTITIONS, 20_000 + SESSION_MS);
        const sent = await loading.stop();
        await until('all is read', () => seen.size === sent);
        assert.ok(sent > 100, 'the load was real');
        for (let p = 0; p < PARTITIONS; p++) {
          assert.equal(await log.committed(group, topic, p), (await log.bounds(topic, p)).end);
          const owners = taken.filter(({ partition }) => partition === p).map(({ by }) => by);
          assert.deepEqual([owners[0], owners.at(-1)], ['a', 'c'], `owners of ${p}: ${owners.join()}`);
        }
        await c.stop();
      });

  test('a member that is told to commit what is not its own is refused, and so is everybody outside', async () => {
    const topic = await newTopic();
    const group = `g.${topic}`;
    const share = await log.joinGroup({ group, topics: [topic], sessionTimeoutMs: SESSION_MS });
    await assert.rejects(log.commit(group, topic, 0, 0), { code: 'PLAN_CONFLICT' }, 'offered, not taken');
    await until('all is taken', () => hasAll(share));
    await log.commit(group, topic, 0, 0);
    const outside = openKafkaLog({ bootstrap });
    opened.push({ stop: () => outside.close() });
    await assert.rejects(outside.commit(group, topic, 0, 0), { code: 'PLAN_CONFLICT' });
    await outside.close();
    share.release({ topic, partition: 1 });
    await assert.rejects(log.commit(group, topic, 1, 0), { code: 'PLAN_CONFLICT' }, 'released');
    await assert.rejects(log.joinGroup({ group, topics: [topic] }), { code: 'PLAN_CONFLICT' });
    await share.close();
    await log.commit(group, topic, 1, 0);
  });

  /** A reader in a process of its own, which says what it takes and reads. */
  const child = (topic: string, protocol: string, instanceId: string) => {
    const file = join(import.meta.dirname, 'reader-child.ts');
    const process_ = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        file,
        bootstrap[0],
        topic,
        `g.${topic}`,
        protocol,
        instanceId,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const said: string[] = [];
    opened.push({
      stop: async () => {
        process_.kill('SIGKILL');
      },
    });
    createInterface({ input: process_.stdout }).on('line', (line) => said.push(line));
    const ended = new Promise((done) => process_.on('close', done));
    return { process: process_, said, ended };
  };

  for (const protocol of ['consumer', 'classic'] as const)
    test(`${protocol}: a killed member's partitions go to another, which reads on from the last commit`, async () => {
      const topic = await newTopic();
      const victim = child(topic, protocol, '');
      try {
        await until('the child has all', () => victim.said.filter((s) => s.startsWith('taken')).length === 4);
        const loading = load(topic);
        await until('the child reads', () => victim.said.length > 100);
        victim.process.kill('SIGKILL');
        await victim.ended;
        const seen = new Set(victim.said.filter((s) => s.startsWith('seen')).map((s) => s.slice(5)));
        const heir = await reader(
          { bootstrap },
          { group: `g.${topic}`, topics: [topic], protocol, sessionTimeoutMs: SESSION_MS },
          { seen: (value) => seen.add(value), taken: () => {} },
        ).start();
        const sent = await loading.stop();
        await until('all is read', () => seen.size === sent, 20_000 + SESSION_MS);
        await heir.stop();
      } finally {
        victim.process.kill('SIGKILL');
      }
    });

  test('consumer: who comes back under the name of a killed member is taken once its session has ended', async () => {
    const topic = await newTopic();
    const victim = child(topic, 'consumer', 'one');
    await until('the child has all', () => victim.said.filter((s) => s.startsWith('taken')).length === 4);
    victim.process.kill('SIGKILL');
    await victim.ended;
    const share = await log.joinGroup({
      group: `g.${topic}`,
      topics: [topic],
      instanceId: 'one',
      sessionTimeoutMs: SESSION_MS,
    });
    await until('all is ours', () => hasAll(share));
    await share.close();
  });

  test('classic: who comes back under the name of a killed member has its partitions at once', async () => {
    const topic = await newTopic();
    const victim = child(topic, 'classic', 'one');
    await until('the child has all', () => victim.said.filter((s) => s.startsWith('taken')).length === 4);
    victim.process.kill('SIGKILL');
    await victim.ended;
    const began = Date.now();
    const options = { group: `g.${topic}`, topics: [topic], instanceId: 'one', protocol: 'classic' } as const;
    const share = await log.joinGroup({ ...options, sessionTimeoutMs: SESSION_MS });
    await until('all is ours', () => hasAll(share));
    assert.ok(Date.now() - began < SESSION_MS, 'sooner than the session ends');
    // The former one is out, and hears of it.
    const other = openKafkaLog({ bootstrap });
    opened.push({ stop: () => other.close() });
    const successor = await other.joinGroup({ ...options, sessionTimeoutMs: SESSION_MS });
    await until('we are refused', () => {
      try {
        share.take();
        return false;
      } catch (error) {
        assert.equal((error as { code: string }).code, 'PLAN_CONFLICT');
        return true;
      }
    });
    assert.deepEqual(share.owned, []);
    await successor.close();
    await other.close();
    await share.close();
  });

  test('a member that was frozen beyond its session owns nothing when it thaws, and commits nothing', async () => {
    const topic = await newTopic();
    const frozen = child(topic, 'consumer', '');
    try {
      await until('the child has all', () => frozen.said.filter((s) => s.startsWith('taken')).length === 4);
      frozen.process.kill('SIGSTOP');
      const share = await log.joinGroup({
        group: `g.${topic}`,
        topics: [topic],
        sessionTimeoutMs: SESSION_MS,
      });
      await until('all is ours', () => hasAll(share), 20_000 + SESSION_MS);
      await log.append(topic, 0, [batchOf(['after', 0])]);
      const before = frozen.said.length;
      // It may read on with what it was about to do, and is a member again after a while; we give nothing up.
      frozen.process.kill('SIGCONT');
      await delay(1500);
      assert.equal(await log.committed(`g.${topic}`, topic, 0), null);
      assert.deepEqual(
        frozen.said.slice(before).filter((line) => line.startsWith('taken')),
        [],
      );
      await share.close();
    } finally {
      frozen.process.kill('SIGKILL');
      await frozen.ended;
    }
  });
});
