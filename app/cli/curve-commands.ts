/** `carbon curve …` and its options. */

import type { Command } from 'commander';
import { action } from './command-action.ts';

/** Adds `carbon curve`. */
export function addCurveCommands(program: Command): void {
  const curve = program
    .command('curve')
    .description('Forward curves, made of the quotes of contracts.')
    .exitOverride();
  action(
    curve
      .command('list')
      .description('The curves that are served, with their newest day and what they reach over.'),
    async (globals) => (await import('./commands/curve.ts')).list(globals),
  );
  action(
    curve
      .command('show <curve>')
      .description('The points of a curve, or with --inputs what became of each quote.')
      .option('--as-of-date <day>', 'day of the market; the newest one that has points when left out')
      .option('--as-of <time>', 'as known at this time')
      .option(
        '--inputs',
        'the quotes: used, or dropped with a reason and the distance from what the others imply',
      ),
    async (globals, options, name: string) =>
      (await import('./commands/curve.ts')).showCurve(name, options, globals),
  );
  action(
    curve
      .command('diff <curve> <before> [after]')
      .description(
        'Points that differ between two states of a curve. Each is a day of the market (YYYY-MM-DD) or a time at which it was known; after is now when left out.',
      )
      .option('--as-of-date <day>', 'day of the market for states that are named by a time')
      .option('--all', 'points that do not differ, too'),
    async (globals, options, name: string, before: string, after: string | undefined) =>
      (await import('./commands/curve.ts')).diff(name, before, after, options, globals),
  );
  action(
    curve
      .command('build [curve]')
      .description(
        'Make curves anew from their stored quotes by the policy of today, and write what is stored otherwise; harmless to repeat, and beside running services.',
      )
      .option('--as-of-date <day>', 'only this day of the market')
      .option('--dry-run', 'say what differs, and write nothing'),
    async (globals, options, name: string | undefined) =>
      (await import('./commands/curve-build.ts')).build(name, options, globals),
  );
}
