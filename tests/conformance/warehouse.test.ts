import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveWarehouse, serveWarehouseOnPort } from '../../drivers/chdb/http-front.ts';
import { warehouseSocketPath } from '../../drivers/chdb/socket-path.ts';
import { openChdb } from '../../drivers/chdb/warehouse.ts';
import { openClickHouse } from '../../drivers/clickhouse/warehouse.ts';
import { warehouseConformance } from './warehouse.ts';

const makeFolder = () => mkdtemp(join(tmpdir(), 'warehouse-'));

warehouseConformance('chDB in the process', async () => {
  const folder = await makeFolder();
  const warehouse = openChdb(join(folder, 'warehouse'));
  return {
    warehouse,
    dispose: async () => {
      await warehouse.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});

warehouseConformance('ClickHouse over the socket of chDB', async () => {
  const folder = await makeFolder();
  const owner = openChdb(join(folder, 'warehouse'));
  const front = await serveWarehouse(owner, warehouseSocketPath(folder));
  const warehouse = openClickHouse({ socketPath: front.socketPath });
  return {
    warehouse,
    dispose: async () => {
      await warehouse.close();
      await front.close();
      await owner.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});

warehouseConformance('ClickHouse over a port, with a user that writes and one that reads', async () => {
  const folder = await makeFolder();
  const owner = openChdb(join(folder, 'warehouse'));
  const writer = { username: 'writer', password: 'w:1%' };
  const reader = { username: 'reader', password: 'r' };
  const front = await serveWarehouseOnPort(owner, '127.0.0.1', 0, [
    { ...writer, mayWrite: true },
    { ...reader, mayWrite: false },
  ]);
  // Nobody listens on the first of the list.
  const urls = ['http://127.0.0.1:1', `http://127.0.0.1:${front.port}`];
  const warehouse = openClickHouse({ urls, writer, reader });
  return {
    warehouse,
    dispose: async () => {
      await warehouse.close();
      await front.close();
      await owner.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
