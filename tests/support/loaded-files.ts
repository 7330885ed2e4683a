/**
 * For `NODE_OPTIONS=--import=…`: at its end the process writes the files that it has loaded, one path a line, into the file
 * that `CARBON_LOADED_FILES` names.
 */

import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const into = process.env['CARBON_LOADED_FILES'];
const loaded: string[] = [];

if (into !== undefined) {
  registerHooks({
    load(url, context, next) {
      if (url.startsWith('file:')) loaded.push(fileURLToPath(url));
      return next(url, context);
    },
  });
  process.on('exit', () => writeFileSync(into, loaded.join('\n')));
}
