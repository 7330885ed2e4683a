/** `carbon backfill …` and its options. */

import type { Command } from 'commander';
import { action } from './command-action.ts';

/** Adds `carbon backfill`. */
export function addBackfillCommands(program: Command): void {
  const backfill = program
    .command('backfill')
    .description('Jobs that make bars and latest prices of a window anew from silver.')
    .exitOverride();
  action(
    backfill
      .command('create')
      .description(
        'Hold the bars of a window, and the latest prices of its instruments, against silver, and write again what is another; harmless to repeat, and beside running services.',
      )
      .requiredOption('--from <time>', 'start: a date (UTC) or a time')
      .requiredOption('--to <time>', 'end: a date is inclusive, a time exclusive')
      .option('--instrument <ids>', 'only this instrument, or several with commas')
      .option('--market <market>', 'only instruments of this market')
      .option('--request <id>', 'name of the request: the same name again is the same job')
      .option('--dry-run', 'count what differs, and write nothing')
      .option('--wait', 'wait for its end, and run it here when no service does'),
    async (globals, options) => (await import('./commands/backfill.ts')).create(options, globals),
  );
  action(
    backfill
      .command('list')
      .description('The jobs, the one that was made last first.')
      .option('--status <status>', 'only pending, running, paused, succeeded, failed or cancelled ones')
      .option('--limit <count>', 'at most so many (20)'),
    async (globals, options) => (await import('./commands/backfill.ts')).list(options, globals),
  );
  action(
    backfill.command('show <id>').description('One job: what it is about, how far it is, what it found.'),
    async (globals, _options, id: string) => (await import('./commands/backfill.ts')).showOne(id, globals),
  );
  action(
    backfill
      .command('pause <id>')
      .description('Let a job stand still after the chunk at hand, until it is resumed.'),
    async (globals, _options, id: string) =>
      (await import('./commands/backfill.ts')).change('pause', id, globals),
  );
  action(
    backfill
      .command('resume <id>')
      .description('Let a paused job go on where it stood, or one that waits be run here.')
      .option('--wait', 'wait for its end, and run it here when no service does'),
    async (globals, options, id: string) =>
      (await import('./commands/backfill.ts')).resume(id, options, globals),
  );
  action(
    backfill
      .command('cancel <id>')
      .description('End a job after the chunk at hand. What it has written stays, and is right.'),
    async (globals, _options, id: string) =>
      (await import('./commands/backfill.ts')).change('cancel', id, globals),
  );
}
