/**
 * A warehouse that other processes reach over HTTP as they would reach a ClickHouse server: the chDB engine behind the
 * front of `drivers/chdb`. For machines where no ClickHouse server can be had; started by `scripts/infra/warehouse.sh`.
 *
 *   warehouse-front.ts DIRECTORY HOST PORT
 *
 * Accounts by environment: CARBON_WAREHOUSE_WRITER and _READER, each `name:password`.
 */

import { serveWarehouseOnPort } from '../drivers/chdb/http-front.ts';
import { openChdb } from '../drivers/chdb/warehouse.ts';

function account(variable: string, mayWrite: boolean) {
  const [username = '', ...rest] = (process.env[variable] ?? '').split(':');
  return { username, password: rest.join(':'), mayWrite };
}

const [directory, host, port] = process.argv.slice(2);
if (directory === undefined || host === undefined || port === undefined) {
  process.stderr.write('usage: warehouse-front.ts DIRECTORY HOST PORT\n');
  process.exit(2);
}
const warehouse = openChdb(directory);
const front = await serveWarehouseOnPort(warehouse, host, Number(port), [
  account('CARBON_WAREHOUSE_WRITER', true),
  account('CARBON_WAREHOUSE_READER', false),
]);
process.stdout.write(`listening on ${host}:${front.port}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, async () => {
    // Connections that a client keeps open would keep this from ending.
    setTimeout(() => process.exit(0), 5_000).unref();
    await front.close();
    await warehouse.close();
    process.exit(0);
  });
