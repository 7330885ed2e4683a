/** The commands of `carbon` and their options. What does the work is loaded when a command is called: `--help` is quick. */

import { Command, Option } from 'commander';
import { addBackfillCommands } from './backfill-commands.ts';
import { action } from './command-action.ts';
import { addConnectorCommands, addLedgerCommands } from './connector-commands.ts';
import { addCurveCommands } from './curve-commands.ts';
import { FORMATS } from './output.ts';
import { addProjectionCommands } from './projection-commands.ts';

/** The whole command, not yet run. `docs/cli.md` is generated from it. */
export function buildProgram(): Command {
  const program = new Command('carbon');
  program
    .description('Market data for energy and commodities: raw to served, with every number explained.')
    .option('--data <dir>', 'folder of the embedded stores (DATA_PROC_DATA_DIR, default ./.carbon)')
    .option('--json', 'one JSON object per line')
    .addOption(new Option('-o, --output <format>', 'form of the output').choices([...FORMATS]))
    .option('--tenant <id>', 'tenant to ingest for and to read (default "default")')
    .addOption(
      new Option('--log-level <level>', 'least level of log lines').choices([
        'debug',
        'info',
        'warning',
        'error',
      ]),
    )
    .addOption(
      new Option(
        '--profile <profile>',
        'which stores: files of the data directory, or the engines named',
      ).choices(['embedded', 'cluster']),
    )
    .showHelpAfterError('(carbon --help lists the commands)')
    .exitOverride();
  addIngestCommands(program);
  addReadCommands(program);
  addServiceCommands(program);
  addContractCommands(program);
  addConnectorCommands(program);
  addLedgerCommands(program);
  addProjectionCommands(program);
  addCurveCommands(program);
  addBackfillCommands(program);
  return program;
}

function addIngestCommands(program: Command): void {
  action(
    program
      .command('replay <file>')
      .description('Archive a payload, decode it, and take it through the whole pipeline.')
      .option('--market <market>', 'market of the payload; recognised from the content when left out')
      .option('--dataset <dataset>', 'dataset of the payload; recognised from the content when left out')
      .option('--partial', 'take the rows before a damage and beside rejected ones')
      .option('--dry-run', 'say what would be published, and write nothing'),
    async (globals, options, file: string) =>
      (await import('./commands/replay.ts')).replay(file, options, globals),
  );

  action(
    program
      .command('decode <file>')
      .description('Print what a payload says, one line per value.')
      .option('--market <market>', 'market of the payload; recognised from the content when left out')
      .option('--dataset <dataset>', 'dataset of the payload; recognised from the content when left out')
      .option('--partial', 'print the rows before a damage and beside rejected ones')
      .option(
        '--stats',
        'rows, locations, first and last interval, nulls and gaps of each body, on standard error',
      ),
    async (globals, options, file: string) => {
      const { decode, processOutput } = await import('./commands/decode.ts');
      return decode(
        file,
        { ...options, ...(globals.json === undefined ? {} : { json: globals.json }) },
        processOutput(process),
      );
    },
  );
}

function addReadCommands(program: Command): void {
  action(
    program
      .command('latest [instruments...]')
      .description('The latest value of instruments: all of them, or those named (a * stands for any text).')
      .option('--market <market>', 'only instruments of this market')
      .option('--field <field>', 'only this field: lmp, congestion, loss …')
      .option('--in-delivery', 'the value whose delivery interval holds now, in place of the newest one')
      .option('--at <time>', 'what "now" means for --in-delivery')
      .option('--as-of <time>', 'as known at this time'),
    async (globals, options, instruments: string[]) =>
      (await import('./commands/latest.ts')).latest(instruments, options, globals),
  );

  action(
    program
      .command('bars <instrument>')
      .description('Bars of an instrument.')
      .option('--interval <interval>', '1m, 5m, 1h, 1d', '1h')
      .option('--from <time>', 'first window start (date or ISO 8601 time)')
      .option('--to <time>', 'end: a date is inclusive, a time exclusive')
      .option('--as-of <time>', 'as known at this time')
      .option('--history', 'every revision of every bar'),
    async (globals, options, instrument: string) =>
      (await import('./commands/bars.ts')).bars(instrument, options, globals),
  );

  action(
    program
      .command('rolling <instrument>')
      .description(
        'Rolling metrics of an instrument: mean, VWAP, high, low, deviation, score and changes of closed bars.',
      )
      .option('--interval <interval>', 'of the bars', '1h')
      .option(
        '--window <length>',
        'length of the windows, such as 24h; all that the policy makes when left out',
      )
      .option('--from <time>', 'windows whose last bar starts from here on (date or ISO 8601 time)')
      .option('--to <time>', 'end: a date is inclusive, a time exclusive')
      .option('--as-of <time>', 'as known at this time')
      .option('--history', 'every revision of every window'),
    async (globals, options, instrument: string) =>
      (await import('./commands/rolling.ts')).rolling(instrument, options, globals),
  );

  action(
    program
      .command('why <instrument>')
      .description('Explain a bar, or the latest value: its inputs, their raw events, payloads and rules.')
      .option('--interval <interval>', 'the bar of this interval; without it the latest value is explained')
      .option('--at <time>', 'start of the window, or any time in it; the newest bar without it')
      .option('--as-of <time>', 'as known at this time'),
    async (globals, options, instrument: string) =>
      (await import('./commands/why.ts')).why(instrument, options, globals),
  );

  action(
    program
      .command('sql <statement>')
      .description('Run a query on the warehouse.')
      .option('--write', 'run a statement that changes something'),
    async (globals, options, statement: string) =>
      (await import('./commands/sql.ts')).sql(statement, options, globals),
  );

  action(
    program
      .command('tap [topic]')
      .description('Print the records of a topic, decoded.')
      .option('--list', 'list the topics with their partitions and offsets')
      .option('--from <position>', 'earliest, latest, a time, or an offset', 'earliest')
      .option('--partition <number>', 'only this partition')
      .option('--limit <count>', 'stop after this many records (100; with --follow none)')
      .option('--follow', 'go on as records arrive'),
    async (globals, options, topic: string | undefined) =>
      (await import('./commands/tap.ts')).tap(topic, options, globals),
  );
}

function addServiceCommands(program: Command): void {
  action(
    program
      .command('run <service>')
      .description(
        'Run one service: pipeline, connector-registry, normalization, enrichment, aggregation, projection.',
      )
      .option('--live [connectors]', 'ask the markets by their schedules, beside the work of the service'),
    async (globals, options, service: string) =>
      (await import('./commands/run.ts')).run(service, globals, options),
  );

  action(
    program
      .command('up')
      .description('Run everything: the whole pipeline in one process, or each service in one of its own.')
      .option('--live [connectors]', 'ask the markets by their schedules: all, or those named with commas')
      .option(
        '--split',
        'five services as five processes, started again when one ends; so in profile cluster',
      )
      .option('--no-split', 'everything in one process; so in profile embedded'),
    async (globals, options) => (await import('./commands/up.ts')).up(globals, options),
  );

  action(
    program
      .command('demo')
      .description(
        'Three simulated markets and a stream of trades, from their own formats to served prices and bars.',
      )
      .option('--once', 'end after the first overview; without it everything goes on and is served over HTTP')
      .option('--seed <number>', 'the same seed and time give the same prices (1)')
      .option('--days <count>', 'days before today that are pulled, 1 to 7 (1)')
      .option('--at <time>', 'what "now" is at the start: a day on which the clocks change, perhaps')
      .option('--live', 'ask the real markets in place of simulated ones; needs the internet'),
    async (globals, options) => (await import('./commands/demo.ts')).demo(options, globals),
  );

  action(
    program
      .command('migrate')
      .description('Bring all stores to the present schema, and seed the taxonomy. Harmless to repeat.'),
    async (globals) => (await import('./commands/migrate.ts')).migrate(globals),
  );

  const cache = program.command('cache').description('Caches of the services.').exitOverride();
  action(
    cache
      .command('warm')
      .description('Let running services take in the reference data anew, before they need it.'),
    async (globals) => (await import('./commands/cache.ts')).warm(globals),
  );

  action(
    program.command('doctor').description('Check this machine, the configuration and the stores.'),
    async (globals) => (await import('./commands/doctor.ts')).doctor(globals),
  );

  const config = program
    .command('config')
    .description('Settings of the environment and the policy files.')
    .exitOverride();
  action(
    config
      .command('print')
      .description(
        'The settings that are given, with their values and where each came from. Secrets never show.',
      )
      .option('--effective', 'all settings, those with their defaults too')
      .option('--redacted', 'without secrets, as it is in any case'),
    async (globals, options) => (await import('./commands/config.ts')).print(options, globals),
  );
  action(
    config
      .command('validate')
      .description(
        'Check all settings and policy files, and tell every problem; exit code 78 when there is one.',
      ),
    async (globals) => (await import('./commands/config.ts')).validate(globals),
  );

  action(program.command('version').description('Print the version.'), async (globals) =>
    (await import('./commands/version.ts')).version(globals),
  );
}

function addContractCommands(program: Command): void {
  const schemas = program.command('schemas').description('Contracts of the topics.').exitOverride();
  action(
    schemas
      .command('validate')
      .description('Check syntax, samples, and compatibility with the last released set; needs no registry.')
      .option('--root <dir>', 'checkout to validate'),
    async (globals, options) => (await import('./commands/schemas.ts')).validate(options, globals),
  );
  action(
    schemas
      .command('register')
      .description('Register the contracts and their level of compatibility; again it changes nothing.')
      .option(
        '--registry <url>',
        'Confluent-compatible registry (default: SCHEMA_REGISTRY_URL, else the data directory)',
      )
      .option('--compatibility <level>', 'level of every subject', 'BACKWARD')
      .option('--root <dir>', 'checkout to register')
      .option('--dry-run', 'say what would be registered, and whether it would be refused'),
    async (globals, options) => (await import('./commands/schemas.ts')).register(options, globals),
  );

  action(
    schemas
      .command('serve')
      .description(
        "Serve the contracts, and what is registered in the data directory, under the paths of Confluent's registry.",
      )
      .option('--port <port>', 'port to listen on; 0 takes any free one', '8081'),
    async (globals, options) => (await import('./commands/schemas-serve.ts')).schemasServe(options, globals),
  );
  action(
    schemas
      .command('diff <before> [after]')
      .description(
        "What differs between two schemas, field by field, whether readers get along, and which version it demands; with one name, its released form and today's.",
      )
      .option('--root <dir>', 'checkout that the names belong to'),
    async (globals, options, before: string, after: string | undefined) =>
      (await import('./commands/schemas.ts')).diff(before, after, options, globals),
  );
}
