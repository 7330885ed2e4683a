/**
 * Real engines for tests, started by the scripts in `scripts/infra`: one that all test processes of a run share, or one
 * of a test's own, to be killed.
 *
 * The shared one is started by whoever comes first and ended by a watchman soon after the last test process has gone.
 */

import { execFile, spawn } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

export type EngineName = 'kafka' | 'registry' | 'postgres' | 'redis' | 'warehouse';

/** A server that runs. */
export interface EngineServer {
  readonly port: number;
}

/** A server of a test's own. */
export interface OwnServer extends EngineServer {
  /** Its process, or the first of them; another one after each start. */
  readonly pid: number;
  /** SIGKILL, or another signal, to the server itself; resolves when a killed one is gone. */
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** Starts it again where it was, with the data that it had. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');
const scriptOf = (engine: EngineName): string => join(ROOT, 'scripts/infra', `${engine}.sh`);
/** Folder of what tests of this checkout share. */
export const SHARED = join(
  process.env['CARBON_TEST_ENGINES'] ?? tmpdir(),
  `carbon-test-engines-${process.getuid?.()}-${createHash('sha256').update(ROOT).digest('hex').slice(0, 8)}`,
);

/** Exit code of the scripts for an engine that has to be installed. */
const NOT_INSTALLED = 4;

/** How the shared engine is started; the same for all tests of a run. */
export interface SharedOptions {
  /** A port for it, where others follow from it; else any that is free. */
  readonly port?: number;
  /** Variables of its script. */
  readonly more?: Readonly<Record<string, string>>;
}

/**
 * The engine that this run shares, or why there is none, to be said in the name of the test that is skipped.
 * Under CI there must be one: throws.
 */
export async function sharedEngine(
  engine: EngineName,
  options: SharedOptions = {},
): Promise<EngineServer | string> {
  return orMissing(async () => {
    mkdirSync(join(SHARED, `${engine}.holders`), { recursive: true });
    for (let attempt = 1; ; attempt++) {
      const port = options.port ?? (await freePort());
      try {
        const env = { ...environment(engine, SHARED, port), ...options.more };
        return { port: await startShared(engine, env, options.port !== undefined) };
      } catch (error) {
        // Somebody else has the port by now: another one is agreed on.
        if (attempt === 3 || !String((error as { stderr?: string }).stderr).includes('taken')) throw error;
        rmSync(portFile(engine), { force: true });
      }
    }
  });
}

/** An engine for this test alone, or why there is none; `more` are variables of its script, given its port and folder. */
export async function ownEngine(
  engine: EngineName,
  more: (port: number, folder: string) => Readonly<Record<string, string>> = () => ({}),
): Promise<OwnServer | string> {
  const folder = mkdtempSync(join(tmpdir(), `carbon-test-${engine}-`));
  // PostgreSQL runs as another user when this is root.
  await run('chmod', ['755', folder]);
  const port = await freePort();
  const env = {
    ...environment(engine, folder, port),
    ...(await secondPort(engine)),
    ...more(port, folder),
  };
  let pid = 0;
  const start = async (): Promise<void> => {
    const { stdout } = await run('bash', [scriptOf(engine), 'up'], { env });
    pid = Number(/pid (\d+)/.exec(stdout)?.[1]);
  };
  return orMissing(async () => {
    await start();
    return {
      port,
      get pid(): number {
        return pid;
      },
      start,
      signal: async (name) => {
        process.kill(pid, name);
        while (name === 'SIGKILL' && isAlive(pid)) await new Promise((done) => setTimeout(done, 10));
      },
      remove: async () => {
        if (isAlive(pid)) process.kill(pid, 'SIGCONT');
        await run('bash', [scriptOf(engine), 'down'], { env });
        rmSync(folder, { recursive: true, force: true });
      },
    };
  });
}

/** Some engines listen on a port beside the one that clients use. */
async function secondPort(engine: EngineName): Promise<Record<string, string>> {
  if (engine === 'kafka') return { CARBON_KAFKA_CONTROLLER_PORT: String(await freePort()) };
  if (engine === 'registry') return { CARBON_REGISTRY_MANAGEMENT_PORT: String(await freePort()) };
  return {};
}

async function orMissing<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work();
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code !== NOT_INSTALLED || process.env['CI'] === 'true') throw error;
    return String(stderr).trim();
  }
}

function environment(engine: EngineName, folder: string, port: number): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CARBON_INFRA_DIR: folder,
    // All scripts share its locks, and the shared engine outlives the run, whose own temporary folder goes.
    TMPDIR: dirname(SHARED),
    [portVariable(engine)]: String(port),
    // No test cuts the power.
    CARBON_POSTGRES_FSYNC: 'off',
    // No engine of a test lives long enough for the dear compiler: a broker starts with half the work.
    JDK_JAVA_OPTIONS: `-XX:TieredStopAtLevel=1 ${process.env['JDK_JAVA_OPTIONS'] ?? ''}`.trim(),
  };
}

/**
 * Starts it, or finds it running, under the lock that the watchman takes, so that he never ends a server that was just
 * found. The port is agreed on under the same lock: the first process chooses, and who finds one chosen takes that, unless the port is given. Read
 * before, it could be that of a server which is ended while this process waits for the lock.
 */
async function startShared(engine: EngineName, env: NodeJS.ProcessEnv, isFixed: boolean): Promise<number> {
  const holder = join(SHARED, `${engine}.holders`, String(process.pid));
  const variable = portVariable(engine);
  const script = `touch '${holder}'
    ${isFixed ? 'false' : `[ -s '${portFile(engine)}' ]`} || echo "$${variable}" > '${portFile(engine)}'
    ${variable}=$(cat '${portFile(engine)}') exec bash '${scriptOf(engine)}' up`;
  await run('flock', ['-o', join(SHARED, `${engine}.watch`), 'bash', '-c', script], {
    env,
  });
  const watchman = spawn('bash', [join(import.meta.dirname, 'engine-watchman.sh'), SHARED, engine, ROOT], {
    detached: true,
    stdio: 'ignore',
    env,
  });
  watchman.unref();
  // Held from here on: nobody takes the file away.
  return Number(readFileSync(portFile(engine), 'utf8'));
}

const portVariable = (engine: EngineName): string => `CARBON_${engine.toUpperCase()}_PORT`;

const portFile = (engine: EngineName): string => join(SHARED, `${engine}.port`);

/** Repeats until something other than null comes of it. Throws when nothing did within the time. */
export async function within<T>(milliseconds: number, work: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const found = await work();
    if (found !== null) return found;
    if (Date.now() > deadline) throw new Error(`not within ${milliseconds} ms`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/**
 * The first of ten ports of this checkout: several checkouts may be under test on one machine. Below the ports that the
 * system gives out by itself.
 */
export function portsOfCheckout(): number {
  return 20_000 + 10 * (createHash('sha256').update(ROOT).digest().readUInt32BE(0) % 1000);
}

/** Ports of engines of tests: [from, to), below those of checkouts and those that the system gives out by itself. */
const ENGINE_PORTS = [10_000, 20_000] as const;

/**
 * A port that nobody listens on. It is none that the system may give to a connection meanwhile: a server that is started
 * a moment later, or again after it was killed, would find it taken, or whoever calls it would be connected to itself.
 */
export async function freePort(): Promise<number> {
  const [from, to] = ENGINE_PORTS;
  for (;;) {
    const port = randomInt(from, to);
    const server = createServer();
    const isFree = await new Promise<boolean>((done) => {
      server.once('error', () => done(false));
      server.listen(port, '127.0.0.1', () => done(true));
    });
    if (!isFree) continue;
    await new Promise<void>((done) => server.close(() => done()));
    return port;
  }
}

/** False for a zombie too. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
