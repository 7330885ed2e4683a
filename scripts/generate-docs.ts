/** Writes what is made from code: errors, configuration, command, metrics, markets, service manifests, dashboards, the schema of connector.yaml (`make docs`). */

import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Command, Option } from 'commander';
import { z } from 'zod';
import { buildProgram } from '../app/cli/program.ts';
import { manifestJsonSchema } from '../app/connectors/manifest-json-schema.ts';
import { CONFIG_FILES } from '../app/pipeline/policy-files.ts';
import { HTTP_SERVICES } from '../app/telemetry/http-service.ts';
import { METRIC_TABLE } from '../app/telemetry/metric-table.ts';
import { ERROR_CODES, type ErrorCode, type Remedy } from '../core/errors.ts';
import { dashboardFiles } from './dashboards/dashboard-files.ts';
import { exampleFiles, otherNames, podSettings, SETTING_GROUPS, settingsOf } from './env-examples.ts';
import { marketsPage } from './markets-page.ts';
import { serviceManifests } from './service-manifests.ts';

/** A page by its path from the root. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** All generated pages, as they should be. The same code gives the same bytes. */
export function generatedPages(): Page[] {
  return [
    { path: 'docs/errors.md', text: errorsPage() },
    { path: 'docs/configuration.md', text: configurationPage() },
    { path: 'docs/cli.md', text: cliPage(buildProgram()) },
    { path: 'docs/metrics.md', text: metricsPage() },
    { path: 'docs/markets.md', text: marketsPage() },
    ...serviceManifests(),
    ...exampleFiles(),
    ...dashboardFiles(),
    ...podSettings(),
    { path: 'connectors/connector.schema.json', text: manifestJsonSchema() },
  ];
}

const NOTE = '<!-- Made by scripts/generate-docs.ts (make docs). Change the code it is made from. -->';

const REMEDIES: Readonly<Record<Remedy, string>> = {
  retry: 'The work waits and tries again by itself.',
  'reject-row': 'The value goes to the dead-letter topic with this code; the rest of the batch goes on.',
  'reject-batch': 'The payload is set aside as a whole; nothing of it is published.',
  stop: 'The command ends.',
};

function errorsPage(): string {
  const sections = (Object.keys(ERROR_CODES) as ErrorCode[]).map((code) => {
    const { what, fix, remedy, exit } = ERROR_CODES[code];
    return [
      `## \`${code}\``,
      '',
      what,
      '',
      `* What to do: ${fix}`,
      `* Remedy \`${remedy}\`: ${REMEDIES[remedy]}`,
      `* Exit code: ${exit}`,
      '',
    ].join('\n');
  });
  return [
    '# Errors',
    '',
    NOTE,
    '',
    'Every error has one of these codes, a message, and a position: file, line, column, field, what was expected and',
    'what stood there. With `--json` it is one object on standard error. A value that a stage refuses is no error of',
    'the command: it becomes a dead letter with the same code.',
    '',
    ...sections,
  ].join('\n');
}

function configurationPage(): string {
  const settings = SETTING_GROUPS.flatMap(({ group, title }) => [
    `## ${title}`,
    '',
    ...table(
      ['variable', 'type', 'default', 'description'],
      settingsOf(group).map((setting) => [
        `\`${setting.variable}\``,
        typeOf(z.toJSONSchema(setting.schema, { io: 'input' }) as JsonSchema),
        setting.fallback === '' ? '' : `\`${setting.fallback}\``,
        [setting.what, ...otherNames(setting)].join(' '),
      ]),
    ),
    '',
  ]);
  const files = CONFIG_FILES.flatMap(({ service, file, variable, schema }) => [
    `## ${service}: \`${file}\``,
    '',
    `Another file can be named by \`${variable}\`.`,
    '',
    ...table(
      ['key', 'type', 'default', 'description'],
      keysOf(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, ''),
    ),
    '',
  ]);
  return [
    '# Configuration',
    '',
    NOTE,
    '',
    'What a process needs comes from its options, else from the environment, else from the default. What the stages do',
    'is written in policy files, which are checked when a process starts: a key that is unknown, missing or refused ends',
    'it with `CONFIG_INVALID`, the line, and what is allowed.',
    '',
    'A setting may have further names, which other documents use for it. Where two of them are given and disagree, the',
    'process does not start and names both. What is empty is not given. A secret can be given as a file by its variable',
    'with `_FILE`, and is never printed: `carbon config print --effective` shows everything else and where it came from,',
    '`carbon config validate` tells every problem at once. `configs/environments` has an example for each environment.',
    '',
    ...settings,
    ...files,
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}

function metricsPage(): string {
  const rows = METRIC_TABLE.map(({ name, type, unit, labels, services, help }) => [
    `\`${name}\``,
    type,
    unit === 'count' || unit === 'info' ? '' : unit,
    labels.map((label) => `\`${label}\``).join(', '),
    services === 'all' || services.length === HTTP_SERVICES.length ? 'all' : services.join(', '),
    help,
  ]);
  return [
    '# Metrics',
    '',
    NOTE,
    '',
    'Every service shows its metrics at `/metrics` of its port, in the text format of Prometheus, and with them those of',
    'the process (`process_*`, `nodejs_*`). `carbon up` runs all services: each port shows what belongs to it, so that a',
    'scrape of all ports counts nothing twice.',
    '',
    'Counters begin with the process. Histograms in seconds have buckets from a millisecond to a minute unless the table',
    'of the program says otherwise. Labels have at most a thousand combinations per metric; what comes after them counts',
    'under `other`. Lag is asked of the log at the time of the scrape, so it is right when nobody reads.',
    '',
    ...table(['metric', 'type', 'unit', 'labels', 'shown by', 'what one observation is'], rows),
    '',
  ].join('\n');
}

/** What is read of JSON Schema here. */
interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
}

/** One row per key, those of objects in lists as `list[].key` and those of free names as `map.<name>.key`. */
function keysOf(schema: JsonSchema, path: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    const key = path === '' ? name : `${path}.${name}`;
    const missing = schema.required?.includes(name) === true ? 'required' : '';
    const fallback = part.default === undefined ? missing : `\`${JSON.stringify(part.default)}\``;
    return [[`\`${key}\``, typeOf(part), fallback, part.description ?? ''], ...innerKeysOf(part, key)];
  });
}

function innerKeysOf(schema: JsonSchema, key: string): string[][] {
  if (schema.items !== undefined) return innerKeysOf(schema.items, `${key}[]`);
  const free = schema.additionalProperties;
  if (typeof free === 'object') return innerKeysOf(free, `${key}.<name>`);
  return keysOf(schema, key);
}

function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.type === 'array') {
    const least = (schema.minItems ?? 0) > 0 ? `at least ${schema.minItems}` : '';
    const most = schema.maxItems === undefined ? '' : `at most ${schema.maxItems}`;
    const bounds = [least, most].filter((bound) => bound !== '').join(', ');
    return `list of ${typeOf(schema.items ?? {})}${bounds === '' ? '' : ` (${bounds})`}`;
  }
  if (schema.type === 'object') {
    const free = schema.additionalProperties;
    return typeof free === 'object' ? `${typeOf(free)} by name` : 'object';
  }
  const { minimum, maximum, pattern } = schema;
  const type = schema.type ?? 'text';
  if (minimum !== undefined && maximum !== undefined) return `${type} from ${minimum} to ${maximum}`;
  if (schema.format === 'date') return 'date such as `2025-03-09`';
  if (pattern !== undefined) return `text like \`${pattern}\``;
  return type === 'string' ? 'text' : type;
}

function cliPage(program: Command): string {
  const byExit = new Map<number, string[]>();
  for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
    const { exit } = ERROR_CODES[code];
    byExit.set(exit, [...(byExit.get(exit) ?? []), `[\`${code}\`](errors.md#${code.toLowerCase()})`]);
  }
  const exits = [...byExit]
    .sort(([a], [b]) => a - b)
    .map(([exit, codes]) => [String(exit), codes.join(', ')]);
  return [
    '# The command',
    '',
    NOTE,
    '',
    program.description(),
    '',
    'Results go to standard output; progress, log lines and errors to standard error.',
    '',
    '## Options of every command',
    '',
    ...optionTable(program),
    '',
    ...program.commands.flatMap((command) => commandSection(command, 'carbon')),
    '## Exit codes',
    '',
    '0 is success. Errors end the command with the exit code of their kind; 1 also stands for what was not foreseen,',
    'and 2 for a command line that is not understood. `carbon decode` ends with 3 for whatever a body is in place of data, also',
    'an answer that asks to come back later (`SOURCE_BUSY`).',
    '',
    ...table(['exit code', 'errors'], exits),
    '',
  ].join('\n');
}

function commandSection(command: Command, above: string): string[] {
  const name = `${above} ${command.name()}`;
  if (command.commands.length > 0) return command.commands.flatMap((inner) => commandSection(inner, name));
  const usage = command.registeredArguments.map((argument) => {
    const text = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? ` <${text}>` : ` [${text}]`;
  });
  const options = command.options.length > 0 ? [...optionTable(command), ''] : [];
  return [`## \`${name}${usage.join('')}\``, '', command.description(), '', ...options];
}

function optionTable(command: Command): string[] {
  return table(
    ['option', 'default', 'description'],
    command.options.map((option) => [`\`${option.flags}\``, defaultOf(option), descriptionOf(option)]),
  );
}

function defaultOf(option: Option): string {
  return option.defaultValue === undefined ? '' : `\`${String(option.defaultValue)}\``;
}

function descriptionOf(option: Option): string {
  const { description, argChoices } = option;
  if (argChoices === undefined) return description;
  return `${description}: ${argChoices.map((choice) => `\`${choice}\``).join(', ')}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cellText).join(' | ')} |`.replaceAll('|  |', '| |');
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)];
}

/** Bars would end the cell; what stands in angle brackets outside of code would be taken for HTML. */
function cellText(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part.replaceAll('<', '&lt;') : part))
    .join('`');
}

// With names: only the files of these names, each told.
if (import.meta.main) {
  const names = process.argv.slice(2);
  for (const { path, text } of generatedPages()) {
    if (names.length > 0 && !names.includes(basename(path))) continue;
    const file = join(import.meta.dirname, '..', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (names.length > 0) console.log(path);
  }
}
