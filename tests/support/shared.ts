/** Where recorded payloads lie beside the checkout; tests that need them say so when they are absent. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The folder of recordings (`../shared`, or `CARBON_SHARED_DIR`), or null. */
export function sharedFolder(): string | null {
  const root = process.env['CARBON_SHARED_DIR'] ?? resolve(import.meta.dirname, '../../../shared');
  return existsSync(root) ? root : null;
}
