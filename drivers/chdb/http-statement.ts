/** What a request to ClickHouse's HTTP interface asks for, read from its URL and text. */

import type { SqlParameter } from '../../core/ports/warehouse.ts';

/** Parts of the URL that are not settings, and settings that every session of ours already has with this value. */
const IGNORED = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'user',
  'password',
  'wait_end_of_query',
  'buffer_size',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'enable_http_compression',
  'output_format_json_quote_decimals',
  'output_format_json_quote_64bit_integers',
  'output_format_json_quote_denormals',
]);

/** Settings given in the URL beside the statement. */
export function settingsIn(url: URLSearchParams): [name: string, value: string][] {
  return [...url].filter(([name]) => !IGNORED.has(name) && !name.startsWith('param_'));
}

/** Values of the placeholders of a statement, from `param_<name>` in the URL. */
export function parametersIn(url: URLSearchParams, sql: string): Record<string, SqlParameter> {
  const parameters: Record<string, SqlParameter> = {};
  for (const [key, raw] of url) {
    if (!key.startsWith('param_')) continue;
    const name = key.slice('param_'.length);
    const isList = new RegExp(`\\{\\s*${name.replace(/\W/g, '\\$&')}\\s*:\\s*Array\\s*\\(`).test(sql);
    if (isList) parameters[name] = listOf(raw);
    else parameters[name] = raw === '\\N' ? null : unescaped(raw);
  }
  return parameters;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Undoes the escapes of tab-separated text, in which parameters travel. */
function unescaped(raw: string): string {
  return raw.replace(/\\(.)/gs, (_, c: string) => ESCAPES[c] ?? c);
}

/** Items of a list written as `['it\'s','b']` or `[1,-2.5]`. */
function listOf(raw: string): readonly string[] | readonly number[] {
  if (/^\[\s*[-\d]/.test(raw)) return raw.slice(1, -1).split(',').map(Number);
  const items: string[] = [];
  for (const [, item] of raw.slice(1, -1).matchAll(/'((?:[^'\\]|\\.)*)'/gs)) items.push(unescaped(item));
  return items;
}

/** An INSERT whose data is the body of the request. */
export interface InsertStatement {
  /** Table, with a column list where there was one. */
  readonly target: string;
  readonly settings: string;
  readonly format: string;
}

const INSERT =
  /^\s*INSERT\s+INTO\s+(?:TABLE\s+)?([\w.`]+\s*(?:\([^)]*\))?)\s*(?:SETTINGS\s+(.*?))?\s+FORMAT\s+(\w+)\s*;?\s*$/is;

/** The parts of an INSERT … FORMAT statement, or null for anything else. */
export function insertIn(sql: string): InsertStatement | null {
  const m = INSERT.exec(sql);
  return m === null ? null : { target: m[1].trim(), settings: m[2] ?? '', format: m[3] };
}

const COMMENTS = /^(?:\s+|--[^\n]*\n?|\/\*.*?\*\/)+/s;

/** True for a statement that reads only and so may run beside an insert. */
export function isReading(sql: string): boolean {
  return /^(?:SELECT|WITH|DESCRIBE|DESC|SHOW|EXPLAIN|EXISTS|\()\b/i.test(`${sql.replace(COMMENTS, '')} `);
}
