/** `carbon up`: everything in one process, or each service in a process of its own. */

import { type SpawnOptions, spawn } from 'node:child_process';
import { pinoTelemetry } from '../../../drivers/pino-telemetry/telemetry.ts';
import { systemClock } from '../../../drivers/system-clock/clock.ts';
import { loadLogPolicy } from '../../config/logging.ts';
import { type Supervised, supervise } from '../../supervise/supervisor.ts';
import { type GlobalOptions, note, runtimeOf } from '../session.ts';
import { stopOnSignals } from '../stop-signals.ts';
import { type RunOptions, run } from './run.ts';

/** Options of `carbon up`. */
export interface UpOptions extends RunOptions {
  /** One process per service, looked after by this one. */
  readonly split?: boolean;
}

/** The five services, in the order in which they are started: the one that has the stores open first. */
const SERVICES = ['connector-registry', 'normalization', 'enrichment', 'aggregation', 'projection'] as const;

/** Runs until a signal. */
export async function up(globals: GlobalOptions, options: UpOptions): Promise<number> {
  const runtime = runtimeOf(globals);
  // In the cluster profile the stages are services: a fused pipeline beside them would do their work again.
  const isSplit = options.split ?? runtime.profile === 'cluster';
  if (!isSplit) return run('pipeline', globals, options);
  const telemetry = pinoTelemetry({
    service: 'supervisor',
    policy: await loadLogPolicy(runtime.root, runtime.env),
    level: runtime.logLevel,
    clock: systemClock,
  });
  const { signal } = stopOnSignals((each) => note(`${each}: stopping ${SERVICES.length} services`));
  const processes = SERVICES.map((name) => processOf(name, globals, options));
  return supervise(processes, signal, { clock: systemClock, telemetry });
}

/** Every service gets the options of this command; the markets are asked by the registry, which has the connectors. */
function processOf(name: string, globals: GlobalOptions, { live }: UpOptions): Supervised {
  const args = [...process.execArgv, process.argv[1], ...globalArguments(globals), 'run', name];
  if (name === 'connector-registry' && live !== undefined && live !== false)
    args.push('--live', ...(typeof live === 'string' ? [live] : []));
  // In a group of their own: a key that interrupts this command in a terminal reaches the services through it, once.
  // The channel closes when this process dies, however it dies: they stop then, too.
  const options: SpawnOptions = { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], detached: true };
  return { name, start: () => spawn(process.execPath, args, options) };
}

function globalArguments({ data, logLevel, tenant, profile }: GlobalOptions): string[] {
  const given = { '--data': data, '--log-level': logLevel, '--tenant': tenant, '--profile': profile };
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}
