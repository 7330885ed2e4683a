/** How a command of the program comes to the module that does its work. */

import type { Command } from 'commander';
import type { GlobalOptions } from './session.ts';

/** Wires a command to the module that does the work; its result is the exit code. */
export function action<A extends unknown[]>(
  command: Command,
  run: (
    globals: GlobalOptions,
    options: Record<string, string & boolean>,
    ...args: A
  ) => Promise<number | void>,
): void {
  command.exitOverride().action(async (...all: unknown[]) => {
    const args = all.slice(0, -2) as A;
    const globals = rootOf(command).opts<GlobalOptions>();
    process.exitCode = (await run(globals, command.opts(), ...args)) ?? 0;
  });
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}
