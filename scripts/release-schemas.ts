/**
 * Makes today's schemas the released ones: what later versions have to be compatible with (`carbon schemas validate`).
 * Copies them to events/released, and gives each new fingerprint the next id; ids that were given never change.
 * Run it when a version is released: `scripts/node scripts/release-schemas.ts`.
 */

import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { schemaFingerprint } from '../core/schema/fingerprint.ts';
import { readReleasedIds, readSchemaFiles } from '../drivers/schema-files/files.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'events/released');
const ids = new Map(await readReleasedIds(root));
let next = Math.max(0, ...ids.values()) + 1;
for (const { path, text } of await readSchemaFiles(root)) {
  writeFileSync(join(folder, basename(path)), text);
  const fingerprint = schemaFingerprint(text);
  if (ids.has(fingerprint)) continue;
  ids.set(fingerprint, next);
  console.log(`${basename(path)}: id ${next}`);
  next++;
}
writeFileSync(join(folder, 'ids.json'), `${JSON.stringify(Object.fromEntries(ids), null, 2)}\n`);
