/** The command `carbon`: runs what `program.ts` describes, and ends with the exit code of what happened. */

import { CommanderError } from 'commander';
import { buildProgram } from './program.ts';
import { report } from './session.ts';

try {
  await buildProgram().parseAsync();
} catch (error) {
  const json = process.argv.includes('--json');
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else process.exitCode = report(error, json);
}
