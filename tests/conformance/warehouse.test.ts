import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openChdb } from '../../drivers/chdb/warehouse.ts';
import { warehouseConformance } from './warehouse.ts';

warehouseConformance('chDB in the process', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'warehouse-'));
  const warehouse = openChdb(join(folder, 'warehouse'));
  return {
    warehouse,
    dispose: async () => {
      await warehouse.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
