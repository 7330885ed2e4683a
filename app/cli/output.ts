/** Rows to a person or a program: tables on a terminal, NDJSON, JSON, YAML or CSV on request. */

import { CarbonError } from '../../core/errors.ts';

export const FORMATS = ['table', 'json', 'ndjson', 'yaml', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** One row; keys give the columns and their order. */
export type OutputRow = Readonly<Record<string, unknown>>;

/** The form asked for: `-o`, else `--json` (one object per line), else a table. */
export function formatOf(options: { json?: boolean; output?: string }): Format {
  if (options.output === undefined) return options.json === true ? 'ndjson' : 'table';
  const format = FORMATS.find((f) => f === options.output);
  if (format !== undefined) return format;
  throw new CarbonError('USAGE_INVALID', `no output format ${options.output}`, {
    position: { field: '-o', expected: FORMATS.join(', '), got: options.output },
  });
}

/**
 * The rows as text with a final newline; a table of no rows says so. `named` gives the columns of tables and CSV;
 * without it they are those that the rows have.
 */
export async function render(
  rows: readonly OutputRow[],
  format: Format,
  named?: readonly string[],
): Promise<string> {
  if (format === 'ndjson') return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  if (format === 'json') return `${JSON.stringify(rows, null, 2)}\n`;
  if (format === 'yaml') return (await import('yaml')).stringify(rows);
  const columns = named ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (format === 'csv')
    return [columns, ...rows.map((row) => columns.map((c) => cell(row[c])))].map(csvLine).join('');
  return table(columns, rows);
}

function table(columns: readonly string[], rows: readonly OutputRow[]): string {
  if (rows.length === 0) return '(no rows)\n';
  const lines = [columns, ...rows.map((row) => columns.map((c) => cell(row[c])))];
  const widths = columns.map((_, c) => Math.max(...lines.map((line) => line[c].length)));
  const numeric = columns.map((c) =>
    rows.every((row) => row[c] === null || /^-?\d+(\.\d+)?$/.test(cell(row[c]))),
  );
  return lines
    .map(
      (line) =>
        `${line
          .map((text, c) => (numeric[c] ? text.padStart(widths[c]) : text.padEnd(widths[c])))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(cell).join(' ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map((text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(',')}\n`;
}

let readerGone = false;
let listening = false;

/**
 * Writes to standard output and waits while it is full. False when the reader has gone away (`| head`), which is no
 * failure: nothing more is written then, and who prints without end stops.
 */
export async function print(text: string): Promise<boolean> {
  if (!listening) {
    listening = true;
    // Without a listener the stream throws what the callback below hears of too.
    process.stdout.on('error', () => {});
  }
  if (readerGone) return false;
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    readerGone = true;
  });
  return !readerGone;
}
