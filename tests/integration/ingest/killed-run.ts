/**
 * A process of the crash test: `node killed-run.ts FOLDER ORIGIN FROM TO KILL`. Runs NYISO day-ahead once and dies by
 * SIGKILL right after its write number KILL (0: never). Prints the names of its writes.
 */

import { runConnector } from '../../../app/ingest/run-connector.ts';
import type { Stores } from '../../../app/stores/open-stores.ts';
import { parseWindow } from '../../../core/time/interval.ts';
import { openIngestWorld } from '../../support/ingest-world.ts';

const [folder = '', origin = '', from = '', to = '', kill = '0'] = process.argv.slice(2);
const world = await openIngestWorld(Date.now() * 1000, folder);
const writes: string[] = [];

/** The same object, whose methods named count as writes. */
function counted<T extends object>(target: T, names: readonly string[]): T {
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]): Promise<unknown> => {
        const result: unknown = await Reflect.apply(value, object, args);
        if (names.includes(String(name))) {
          writes.push(String(name));
          if (writes.length === Number(kill)) process.kill(process.pid, 'SIGKILL');
        }
        return result;
      };
    },
  });
}

const stores: Stores = {
  ...world.stores,
  archive: counted(world.stores.archive, ['put']),
  log: counted(world.stores.log, ['append']),
  reference: counted(world.stores.reference, ['recordFetch', 'saveCursor', 'acquireLease']),
};
await runConnector(stores, {
  connector: 'nyiso',
  datasets: ['da_lmp'],
  window: parseWindow(from, to),
  runId: `killed-${kill}`,
  origin,
  patience: { retries: 0, minIntervalMs: 0 },
});
await world.close();
process.stdout.write(JSON.stringify(writes));
