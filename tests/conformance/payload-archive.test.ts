import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDiskArchive } from '../../drivers/disk-archive/payload-archive.ts';
import { payloadArchiveConformance } from './payload-archive.ts';

payloadArchiveConformance('folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'archive-'));
  const folder = join(root, 'new', 'archive');
  return {
    archive: await openDiskArchive({ folder }),
    reopen: () => openDiskArchive({ folder }),
    close: () => rm(root, { recursive: true, force: true }),
  };
});
