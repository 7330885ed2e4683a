/** `carbon up` and `carbon run SERVICE`: a service until SIGINT or SIGTERM, then a clean stop. */

import { CarbonError } from '../../../core/errors.ts';
import { SERVICE_NAMES, type ServiceName, startWorker } from '../../pipeline/worker.ts';
import type { Stores } from '../../stores/open-stores.ts';
import { type GlobalOptions, note, withStores } from '../session.ts';

/** Runs until a signal; a second signal ends the process at once. Names are accepted with `service-` in front. */
export async function run(name: string, globals: GlobalOptions): Promise<number> {
  const wanted = name.replace(/^service-/, '');
  const service = SERVICE_NAMES.find((s) => s === wanted);
  if (service === undefined)
    throw new CarbonError('USAGE_INVALID', `no service ${name}`, {
      position: { field: 'service', expected: SERVICE_NAMES.join(', '), got: name },
    });
  return withStores(withLogLevel(globals), true, (stores) => serve(service, stores), service);
}

/** A service tells of its start and stop unless it is asked for less. */
function withLogLevel(globals: GlobalOptions): GlobalOptions {
  const isSet = globals.logLevel !== undefined || process.env['DATA_PROC_LOG_LEVEL'] !== undefined;
  return isSet ? globals : { ...globals, logLevel: 'info' };
}

async function serve(service: ServiceName, stores: Stores): Promise<number> {
  const worker = await startWorker(service, stores, { shared: true });
  const stop = new AbortController();
  let signal: NodeJS.Signals | null = null;
  for (const each of ['SIGINT', 'SIGTERM'] as const)
    process.on(each, () => {
      if (signal !== null) process.exit(each === 'SIGINT' ? 130 : 143);
      signal = each;
      note(`${each}: finishing the work at hand`);
      stop.abort();
    });
  const facts = { service, data_dir: stores.runtime.dataDir, owns_warehouse: stores.warehouse.isOwner };
  stores.telemetry.emit({ name: 'service.started', level: 'info', facts });
  try {
    await worker.follow(stop.signal);
  } finally {
    worker.close();
  }
  stores.telemetry.emit({
    name: 'service.stopped',
    level: 'info',
    facts: { service, plans: worker.totals().plans },
  });
  return 0;
}
