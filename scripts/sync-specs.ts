/**
 * Pins the contracts as they are: writes `specs.lock.json` (`make specs-sync`). Commit it with the change that it follows.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SPECS_LOCK, specsLock, specsLockProblems, specsLockText } from '../app/schemas/specs-lock.ts';

const root = join(import.meta.dirname, '..');
const problems = await specsLockProblems(root);
for (const { message } of problems) console.log(message);
const text = specsLockText(await specsLock(root));
if (problems.length > 0 || readFileSync(join(root, SPECS_LOCK), 'utf8') !== text)
  writeFileSync(join(root, SPECS_LOCK), text);
console.log(problems.length === 0 ? `${SPECS_LOCK} is current` : `${SPECS_LOCK} written`);
