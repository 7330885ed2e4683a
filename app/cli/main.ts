/** The command `carbon`: runs what `program.ts` describes, and ends with the exit code of what happened. */

import { type Command, CommanderError } from 'commander';
import { CarbonError } from '../../core/errors.ts';
import { buildProgram } from './program.ts';
import { report } from './session.ts';

const json = process.argv.includes('--json');
const program = buildProgram();
// Commander tells a person what is wrong by itself; a program gets an error object in place of that.
if (json) silence(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) process.exitCode = report(error, json);
  else if (error.exitCode === 0) process.exitCode = 0;
  else if (json) process.exitCode = report(usageError(error), json);
  else process.exitCode = 2;
}

function silence(command: Command): void {
  command.configureOutput({ writeErr: () => {} });
  for (const child of command.commands) silence(child);
}

function usageError(error: CommanderError): CarbonError {
  const isHelp = error.code === 'commander.help';
  const message = isHelp ? 'no command is named' : error.message.replace(/^error: /, '');
  return new CarbonError('USAGE_INVALID', message, { cause: error });
}
