/** The commands `carbon connector …` and `carbon ledger …` with their options. */

import { type Command, Option } from 'commander';
import { action } from './command-action.ts';

/** Adds `carbon connector`. */
export function addConnectorCommands(program: Command): void {
  const connector = program
    .command('connector')
    .description('Connectors and their manifests.')
    .exitOverride();
  action(
    connector
      .command('list')
      .description('Connectors and datasets, when they run, and how the last fetch went.'),
    async (globals) => (await import('./commands/connector.ts')).list(globals),
  );
  action(
    connector
      .command('validate [files...]')
      .description('Check connector.yaml files, all of them when none is named, and their samples.'),
    async (globals, _options, files: string[]) =>
      (await import('./commands/connector.ts')).validate(files, globals),
  );
  action(
    connector
      .command('show <name>')
      .description('Everything about one connector: manifest, datasets, fields, and how far each has come.'),
    async (globals, _options, name: string) => (await import('./commands/connector.ts')).show(name, globals),
  );
  action(
    connector
      .command('run <name>')
      .description('Pull a window from a market: fetch, archive, publish, and work it through the pipeline.')
      .option('--dataset <names>', 'only these datasets, with commas; all that are enabled without it')
      .option('--from <time>', 'begin of the window; without it from where the last run came to')
      .option('--to <time>', 'end: a date is inclusive, a time exclusive')
      .option(
        '--origin <url>',
        'scheme, host and port in place of those of the market: a simulator or a mirror',
      )
      .addOption(
        new Option('--act <act>', 'only this act of the run').choices(['extract', 'validate', 'load']),
      )
      .option('--run <id>', 'name of the run; the acts of one run share it')
      .option('--due-at <time>', 'for an act: what was due at this time, in place of now')
      .option('--since <time>', 'with --due-at: up to where the caller has asked before')
      .option('--option <name=value...>', 'a choice of the datasets, such as files=zone,gen')
      .option('--retries <count>', 'further attempts after a failure, in place of those of the manifest')
      .option('--backoff-seconds <number>', 'pause before the first further attempt; needs --origin')
      .option('--min-interval-ms <number>', 'least time between two requests; needs --origin')
      .option('--max-rejected <percent>', 'share of rows that may be rejected without exit code 4 (0)')
      .option('--no-pipeline', 'only publish: whoever runs the pipeline does the rest')
      .option('--whole', 'run after run until the whole window is asked for; needs --from')
      .option('--dry-run', 'print what would be asked, and ask nobody'),
    async (globals, options, name: string) =>
      (await import('./commands/connector-run.ts')).runCommand(name, options, globals),
  );
  action(
    connector
      .command('follow <name>')
      .description(
        'Follow a stream until it is told to stop: snapshot, messages, and what they show to be missing.',
      )
      .option('--dataset <name>', 'the dataset, where there are several streams')
      .option(
        '--origin <url>',
        'scheme, host and port in place of those of the source: a simulator or a mirror',
      )
      .option('--no-pipeline', 'only publish: whoever runs the pipeline does the rest'),
    async (globals, options, name: string) =>
      (await import('./commands/connector-follow.ts')).follow(name, options, globals),
  );
  action(
    connector
      .command('radar [name]')
      .description(
        'Check stored payloads against the contracts of their datasets, shape by shape; exit code 8 for drift.',
      )
      .option('--dataset <name>', 'only this dataset')
      .option('--limit <count>', 'the last bodies of each dataset that are looked at (50)')
      .option('--accept', 'make their shapes known'),
    async (globals, options, name: string | undefined) =>
      (await import('./commands/connector-radar.ts')).radar(name, options, globals),
  );
  action(
    connector
      .command('repair <name>')
      .description('Decode the archived payloads of a window anew, and publish what differs as revisions.')
      .option('--dataset <name>', 'only this dataset')
      .option('--from <day>', 'first market day, or a time')
      .option('--to <day>', 'last market day, inclusive, or a time')
      .option('--no-pipeline', 'only publish: whoever runs the pipeline does the rest')
      .option('--dry-run', 'say what differs, and write nothing'),
    async (globals, options, name: string) =>
      (await import('./commands/connector-repair.ts')).repair(name, options, globals),
  );
  action(
    connector
      .command('check-version')
      .description(
        'Which bump of its version each changed connector needs; exit code 3 for one that lacks it.',
      )
      .requiredOption('--since <revision>', 'commit, branch or tag to compare with')
      .option('--root <dir>', 'checkout to look at'),
    async (globals, options) =>
      (await import('./commands/connector-check-version.ts')).checkVersion(
        options as unknown as { since: string; root?: string },
        globals,
      ),
  );
  action(
    connector
      .command('index')
      .description('The index of enabled connectors: one entry per market and mode, for schedulers.')
      .option('--out <file>', 'write it to this file in place of standard output'),
    async (_globals, options) => (await import('./commands/connector-files.ts')).index(options),
  );
  action(
    connector
      .command('schema')
      .description('The JSON Schema of connector.yaml, for editors.')
      .option('--out <file>', 'write it to this file in place of standard output'),
    async (_globals, options) => (await import('./commands/connector-files.ts')).schema(options),
  );
  action(
    connector
      .command('new <name>')
      .description('The folder of a new connector, with a golden test that fails until it is filled in.')
      .addOption(
        new Option('--kind <kind>', 'http: YAML alone; code: a decoder')
          .choices(['http', 'code'])
          .default('http'),
      )
      .option('--market <market>', 'market of its rows (the first word of the name)')
      .option('--dataset <name>', 'its first dataset', 'load')
      .option('--root <dir>', 'checkout to write to')
      .option('--dry-run', 'list the files, and write none'),
    async (_globals, options, name: string) =>
      (await import('./commands/connector-new.ts')).newConnector(name, options),
  );
  addSimulateCommand(connector);
}

function addSimulateCommand(connector: Command): void {
  action(
    connector
      .command('simulate <name>')
      .description(
        "Serve a market's own URLs and formats on a local port, with made-up values: caiso, eia, ercot, ieso, isone, miso, nyiso, pjm, spp. Or tell made-up trades.",
      )
      .option('--port <number>', 'port to listen on (any free one)')
      .option('--seed <number>', 'the same seed gives the same prices (1)')
      .option('--nodes <count>', 'pricing nodes (40)')
      .option('--at <time>', 'simulated time at the start (now)')
      .option('--speed <factor>', 'simulated seconds per second; 0 stops the clock (1)')
      .option('--credentials', 'refuse who has no account, key or token, where the market wants one')
      .option('--faults <names>', 'none, all, names with commas, or list to see them', 'none')
      .option('--trades', 'tell trades as JSON in place of serving a market')
      .option('--count <number>', 'trades in all (1000)')
      .option('--rate <number>', 'trades per second; all at once without it')
      .option('--duplicates <share>', 'share of trades told twice, 0 to 1 (0)')
      .option('--late <share>', 'share of trades told two hours late, 0 to 1 (0)')
      .option('--invalid <share>', 'share of events that cannot be read, 0 to 1 (0)')
      .option('--publish', "write the trades to the market's raw topic in place of standard output"),
    async (globals, options, name: string) =>
      (await import('./commands/simulate.ts')).simulate(name, options, globals),
  );
}

/** Adds `carbon ledger`. */
export function addLedgerCommands(program: Command): void {
  const ledger = program
    .command('ledger')
    .description('What was fetched from the markets, and which intervals it brought.')
    .exitOverride();
  action(
    ledger
      .command('show [market] [dataset]')
      .description(
        'The completeness calendar: per market day what was expected, landed, revised, is missing.',
      )
      .option('--from <day>', 'first market day (six days ago), or a time')
      .option('--to <day>', 'last market day, inclusive (tomorrow), or a time'),
    async (globals, options, market: string | undefined, dataset: string | undefined) =>
      (await import('./commands/ledger-show.ts')).show(market, dataset, options, globals),
  );
  action(
    ledger
      .command('gaps [market] [dataset]')
      .description('Due intervals that have not landed; --fill pulls them.')
      .option('--from <day>', 'first market day (30 days ago, from what landed first on), or a time')
      .option('--to <day>', 'last market day, inclusive (tomorrow), or a time')
      .option('--begun', 'with --from: only after the first interval of a dataset that landed')
      .option('--fill', 'pull the windows of the gaps')
      .option(
        '--origin <url>',
        'scheme, host and port in place of those of the market: a simulator or a mirror',
      )
      .option('--retries <count>', 'further attempts after a failure, in place of those of the manifest')
      .option('--backoff-seconds <number>', 'pause before the first further attempt; needs --origin')
      .option('--min-interval-ms <number>', 'least time between two requests; needs --origin')
      .option('--no-pipeline', 'only publish: whoever runs the pipeline does the rest'),
    async (globals, options, market: string | undefined, dataset: string | undefined) =>
      (await import('./commands/ledger-gaps.ts')).gaps(market, dataset, options, globals),
  );
  action(
    ledger
      .command('fetches')
      .description('Fetches, attempt by attempt, newest first, with what became of each.')
      .option('--connector <name>', 'only this connector')
      .option('--dataset <name>', 'only this dataset')
      .option('--run <id>', 'only this run')
      .option('--request <name>', 'only this request')
      .option('--limit <count>', 'at most this many rows (50)'),
    async (globals, options) => (await import('./commands/ledger-fetches.ts')).fetches(options, globals),
  );
}
