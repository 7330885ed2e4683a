import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { test } from 'node:test';
import { type Supervised, supervise } from '../../../app/supervise/supervisor.ts';
import type { TelemetryEvent } from '../../../core/ports/telemetry.ts';
import { systemClock } from '../../../drivers/system-clock/clock.ts';

const PATIENCE = { pauseMs: 20, longestPauseMs: 40, provenMs: 60_000, drainMs: 300 };

/** A process of one line of JavaScript, and all that were started of it. */
function scripted(name: string, line: (start: number) => string): Supervised & { started: ChildProcess[] } {
  const started: ChildProcess[] = [];
  const start = (): ChildProcess => {
    const child = spawn(process.execPath, ['-e', line(started.length)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    started.push(child);
    return child;
  };
  return { name, start, started };
}

const events: TelemetryEvent[] = [];
const ports = { clock: systemClock, telemetry: { emit: (event: TelemetryEvent) => void events.push(event) } };
const FOREVER = 'setInterval(() => {}, 1000);';
const CALM = `process.on("SIGTERM", () => process.exit(0)); console.log("up"); ${FOREVER}`;
const says = (child: ChildProcess): Promise<unknown> =>
  new Promise((done) => child.stdout?.once('data', done));

test('what ends unasked is started again, with pauses that double up to the longest; a stop ends all with 0', async () => {
  events.length = 0;
  const calm = scripted('calm', () => CALM);
  const weak = scripted('weak', (start) => (start < 4 ? `process.exit(${start === 0 ? 1 : 0})` : CALM));
  const stop = new AbortController();
  const code = supervise([calm, weak], stop.signal, ports, PATIENCE);
  while (weak.started.length < 5) await new Promise((done) => setTimeout(done, 10));
  await says(weak.started[4]);
  stop.abort();
  assert.equal(await code, 0);
  assert.equal(calm.started.length, 1);
  assert.deepEqual(
    events.map(({ facts }) => [facts['service'], facts['again_in_ms']]),
    [20, 40, 40, 40].map((pause) => ['weak', pause]),
  );
});

test('a process that was killed from outside is started again', async () => {
  const calm = scripted('calm', () => CALM);
  const stop = new AbortController();
  const code = supervise([calm], stop.signal, ports, PATIENCE);
  await says(calm.started[0]);
  calm.started[0].kill('SIGKILL');
  while (calm.started.length < 2) await new Promise((done) => setTimeout(done, 10));
  await says(calm.started[1]);
  stop.abort();
  assert.equal(await code, 0);
});

test('an end that would come again ends all, with its code', async () => {
  const calm = scripted('calm', () => CALM);
  const wrong = scripted('wrong', () => 'setTimeout(() => process.exit(78), 200)');
  assert.equal(await supervise([calm, wrong], new AbortController().signal, ports, PATIENCE), 78);
  assert.equal(wrong.started.length, 1);
  assert.notEqual(calm.started[0].exitCode ?? calm.started[0].signalCode, null);
});

test('one that does not stop when it is asked is killed, and that is told, by the code and in words', async () => {
  const deaf = scripted('deaf', () => `process.on("SIGTERM", () => {}); console.log("up"); ${FOREVER}`);
  const stop = new AbortController();
  const told: TelemetryEvent[] = [];
  const telemetry = { ...ports.telemetry, emit: (event: TelemetryEvent) => void told.push(event) };
  const code = supervise([deaf], stop.signal, { ...ports, telemetry }, PATIENCE);
  await says(deaf.started[0]);
  stop.abort();
  assert.equal(await code, 1);
  assert.equal(deaf.started[0].signalCode, 'SIGKILL');
  assert.deepEqual(
    told.map(({ name, facts }) => [name, facts]),
    [['process.ended', { service: 'deaf', exit: '', signal: 'SIGKILL' }]],
  );
});

test('a command that cannot be started at all is tried again', async () => {
  let tries = 0;
  const absent: Supervised = {
    name: 'absent',
    start: () => {
      tries++;
      return spawn('/nowhere/at/all');
    },
  };
  const stop = new AbortController();
  const code = supervise([absent], stop.signal, ports, PATIENCE);
  while (tries < 3) await new Promise((done) => setTimeout(done, 10));
  stop.abort();
  assert.equal(await code, 0);
});
