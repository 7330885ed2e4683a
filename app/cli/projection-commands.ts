/** `carbon projection …` and its options. */

import type { Command } from 'commander';
import { action } from './command-action.ts';

/** Adds `carbon projection`. */
export function addProjectionCommands(program: Command): void {
  const projection = program
    .command('projection')
    .description('What is made for reading: served values and their cache.')
    .exitOverride();
  action(
    projection
      .command('list')
      .description('The projections, with their tables, how many instruments they serve, and how far.'),
    async (globals) => (await import('./commands/projection.ts')).list(globals),
  );
  action(
    projection
      .command('rebuild <name>')
      .description(
        'Hold latest_prices against silver, rolling_metrics against the bars, or curves against their quotes, and write again what is another; harmless to repeat, and beside running services.',
      )
      .option('--since <time>', 'only instruments of which something became known since then')
      .option('--dry-run', 'say what differs, and write nothing'),
    async (globals, options, name: string) =>
      (await import('./commands/projection.ts')).rebuild(name, options, globals),
  );
  action(
    projection
      .command('invalidate <instruments...>')
      .description(
        'Have the service of projection make anew what is served of instruments, in table, topic and cache.',
      )
      .option('--reason <word>', 'why, in one word: it is counted', 'manual'),
    async (globals, options, instruments: string[]) =>
      (await import('./commands/projection.ts')).invalidate(instruments, options, globals),
  );
}
