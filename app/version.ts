/** The version of this program, from package.json. It stands in plans and in `carbon version`. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

function readVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8');
  const { version }: { version: string } = JSON.parse(text);
  return version;
}

export const CODE_VERSION: string = readVersion();
