import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveWarehouse } from '../../drivers/chdb/http-front.ts';
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
