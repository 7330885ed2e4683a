/** Archives payloads until the count is reached, for ever when it is 0; prints `hash text time-of-exchange isNew`. */

import { writeSync } from 'node:fs';
import { openDiskArchive } from '../../../../drivers/disk-archive/payload-archive.ts';

const [folder, archivedAt, count] = process.argv.slice(2);
const archive = await openDiskArchive({ folder });
for (let i = 0; Number(count) === 0 || i < Number(count); i++) {
  const text = `payload-${i}`;
  const exchange = { url: `file:${text}`, market: 'MISO', dataset: 'da_lmp', archivedAt: Number(archivedAt) };
  const put = await archive.put(new TextEncoder().encode(text), exchange);
  writeSync(1, `${put.sha256} ${text} ${put.exchange.archivedAt} ${put.isNew}\n`);
}
