/**
 * Drivers that are closed while their engine is frozen, gone or just back, with questions under way: each process ends by
 * itself within seconds. A socket or a timer that is left would keep it for as long as the engine likes.
 */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type EngineName, type OwnServer, ownEngine } from '../../support/engine-server.ts';
import { newDatabase } from '../../support/postgres-databases.ts';

/** Closing waits for goodbyes, two or three seconds each, some after each other; the rest is for a machine that is busy. */
const ENDS_WITHIN_MS = 15_000;
/** Redis is left alone for a second after an answer that did not come. */
const UNDER_WAY_MS = 1300;

/** What happens to the engine while it is asked, and how it is made whole again for the next case. */
const TROUBLES: Readonly<Record<string, (server: OwnServer) => Promise<() => Promise<void>>>> = {
  well: async () => async () => {},
  frozen: async (server) => {
    const frozen = family(server.pid);
    for (const pid of frozen) process.kill(pid, 'SIGSTOP');
    return async () => {
      for (const pid of frozen) process.kill(pid, 'SIGCONT');
    };
  },
  gone: async (server) => {
    await server.signal('SIGKILL');
    return () => server.start();
  },
  'just back': async (server) => {
    await server.signal('SIGKILL');
    await server.start();
    return async () => {};
  },
};

/** A server and its children: PostgreSQL answers through them. */
function family(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
  return [pid, ...children.filter((child) => child !== '').map(Number)];
}

/** The engine of each driver, and where it is. */
const DRIVERS: readonly {
  readonly name: string;
  readonly engine: EngineName;
  readonly address: (port: number) => Promise<string>;
  /** All of them where none are named. */
  readonly troubles?: readonly string[];
}[] = [
  { name: 'redis', engine: 'redis', address: async (port) => `redis://127.0.0.1:${port}/0` },
  { name: 'postgres', engine: 'postgres', address: newDatabase },
  { name: 'warehouse', engine: 'warehouse', address: async (port) => `http://127.0.0.1:${port}` },
  { name: 'kafka', engine: 'kafka', address: async (port) => `127.0.0.1:${port}` },
  // The rest is what the other protocol meets.
  {
    name: 'kafka classic',
    engine: 'kafka',
    address: async (port) => `127.0.0.1:${port}`,
    troubles: ['well', 'frozen'],
  },
];

/** Opens in a process of its own, meets the trouble, closes; returns what the process said. */
async function closedIn(
  name: string,
  address: string,
  meet: () => Promise<unknown>,
): Promise<Record<string, unknown>[]> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'closing-child.ts'), name, address],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const exit = new Promise<number | null>((done) => child.once('exit', done));
  const said: Record<string, unknown>[] = [];
  const lines = createInterface({ input: child.stdout });
  const isOpen = new Promise((done) => lines.on('line', (line) => done(said.push(JSON.parse(line)))));
  try {
    await Promise.race([isOpen, exit]);
    child.stdin.write('ask\n');
    await meet();
    child.stdin.write('ask\n');
    await delay(UNDER_WAY_MS);
    const began = performance.now();
    child.stdin.write('close\n');
    const late = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
    const code = await exit;
    clearTimeout(late);
    const tookMs = performance.now() - began;
    assert.equal(
      code,
      0,
      `ends by itself; after ${Math.round(tookMs)} ms it had said ${JSON.stringify(said)}`,
    );
    return said;
  } finally {
    child.kill('SIGKILL');
  }
}

for (const engine of new Set(DRIVERS.map((driver) => driver.engine))) {
  const server = await ownEngine(engine);
  const skip = typeof server === 'string' ? `no ${engine}: ${server}` : false;
  const own = server as OwnServer;
  // Of the file, not of its part: that is not run when none of its tests is wanted.
  if (skip === false) after(() => own.remove());
  describe(`closing what is open on ${engine}`, { skip }, () => {
    for (const { name, address, troubles = Object.keys(TROUBLES) } of DRIVERS.filter(
      (driver) => driver.engine === engine,
    ))
      for (const trouble of troubles)
        test(`${name}, while the engine is ${trouble}`, async () => {
          let mend = async (): Promise<void> => {};
          try {
            const place = await address(own.port);
            const said = await closedIn(name, place, async () => {
              mend = await TROUBLES[trouble](own);
            });
            assert.deepEqual(said.at(-1), { closed: true });
          } finally {
            await mend();
          }
        });
  });
}
