/**
 * `carbon decode FILE`: what a body of a market says, one JSON object per value, or a table on a terminal.
 *
 * Exit status 0: every row of the body was read. Rows that are not there are told on standard error and are no failure:
 * a file may be an excerpt (`load` and runs hold a body to be whole). Otherwise no row is printed, one JSON
 * object on standard error says why, and the status is that of its code (3 for the body itself). `--partial` prints what
 * stands before the damage and what was not rejected, and still says why and ends with that status.
 */

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { CarbonError } from '../../../core/errors.ts';
import type { RawRow, RawValue } from '../../../core/model/raw-row.ts';
import { formatInstant } from '../../../core/time/instant.ts';
import { type OpenedPayload, openPayload } from '../../ingest/open-payload.ts';

export interface DecodeOptions {
  readonly market?: string;
  readonly dataset?: string;
  /** JSON lines; without it a terminal gets a table and anything else JSON lines too. */
  readonly json?: boolean;
  readonly partial?: boolean;
  /** Counts on standard error when all is done. */
  readonly stats?: boolean;
}

/** Where the command writes. A promise is awaited before more is written, so that a slow reader sets the pace. */
export interface DecodeOutput {
  /** Whole lines with their line ends. */
  stdout(text: string): void | Promise<void>;
  stderr(text: string): void | Promise<void>;
  readonly isTerminal: boolean;
}

const CHUNK = 65_536;

/**
 * Decodes one file, or every member of a container in their order, and returns the exit status. Never throws a
 * CarbonError: it is printed.
 */
export async function decode(file: string, options: DecodeOptions, out: DecodeOutput): Promise<number> {
  let market = options.market?.toUpperCase();
  try {
    const payload = { name: basename(file), bytes: await bytesOf(file) };
    const opened = await openPayload(payload, options, 'excerpt');
    market = opened.members[0]?.market;
    const failure = opened.members.find((member) => member.failure !== null)?.failure ?? null;
    if (failure === null || options.partial === true) await print(rowsOf(opened), options, out);
    if (options.stats === true) await out.stderr(statsOf(opened));
    if (failure === null) {
      const notes = notesOf(opened, file);
      if (notes !== '') await out.stderr(notes);
      return 0;
    }
    return await report(failure, market, file, out);
  } catch (error) {
    if (error instanceof CarbonError) return report(error, market, file, out);
    throw error;
  }
}

function rowsOf(opened: OpenedPayload): readonly RawRow[] {
  const [first, ...others] = opened.members;
  if (others.length === 0) return first?.refined.rows ?? [];
  return opened.members.flatMap(({ refined }) => refined.rows);
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    throw new CarbonError('FILE_UNREADABLE', `cannot read ${file}: ${why}`, { position: { file }, cause });
  }
}

async function report(
  error: CarbonError,
  market: string | undefined,
  file: string,
  out: DecodeOutput,
): Promise<number> {
  const { code, message, ...rest } = error.toJSON();
  const owner = market === undefined ? {} : { market };
  // Inside a body only its base name is known; a connector.yaml at fault keeps its own path.
  const named = error.position.file;
  const place = named === undefined || named === basename(file) ? file : named;
  await out.stderr(`${JSON.stringify({ error: { code, ...owner, message, ...rest, file: place } })}\n`);
  return error.exitCode;
}

/** A line per member whose rows show that others were left out; they are certain, and no failure. */
function notesOf(opened: OpenedPayload, file: string): string {
  return opened.members
    .flatMap(({ market, member, refined: { missing } }) =>
      missing === null
        ? []
        : [{ market, message: missing.message, file, ...(member === null ? {} : { member }) }],
    )
    .map((note) => `${JSON.stringify({ note: { code: 'ROWS_LEFT_OUT', ...note } })}\n`)
    .join('');
}

/** A line per member: what was read, set aside and not known, and one per member passed over with its reason. */
function statsOf(opened: OpenedPayload): string {
  const read = opened.members.map(({ member, refined }) => ({
    ...(member === null ? {} : { member }),
    market: refined.market,
    dataset: refined.dataset,
    rows: refined.rows.length,
    values: refined.rows.reduce((n, row) => n + row.values.length, 0),
    rejected: refined.rejected.length,
    drift: refined.drift.map((column) => column.column),
  }));
  const skipped = opened.skipped.map(({ path, reason }) => ({ member: path, skipped: reason }));
  return [...read, ...skipped].map((stats) => `${JSON.stringify({ stats })}\n`).join('');
}

async function print(rows: readonly RawRow[], options: DecodeOptions, out: DecodeOutput): Promise<void> {
  if (options.json !== true && out.isTerminal) return printTable(rows, out);
  let chunk = '';
  for (const row of rows) {
    for (const value of row.values) chunk += `${JSON.stringify(line(row, value))}\n`;
    if (chunk.length >= CHUNK) {
      await out.stdout(chunk);
      chunk = '';
    }
  }
  if (chunk !== '') await out.stdout(chunk);
}

/** One value as the object of `docs/datasets.md`. */
export function line(row: RawRow, value: RawValue): Record<string, string | null> {
  return {
    market: row.market,
    dataset: row.dataset,
    location: row.location,
    ...(row.series === null ? {} : { series: row.series }),
    interval_start: formatInstant(row.intervalStart),
    interval_end: formatInstant(row.intervalEnd),
    field: value.field,
    value: value.value,
    unit: value.unit,
    ...(row.publishedAt === null ? {} : { published_at: formatInstant(row.publishedAt) }),
  };
}

const HEADINGS = ['LOCATION', 'SERIES', 'START', 'END', 'FIELD', 'VALUE', 'UNIT'] as const;

/** An aligned table; columns are as wide as the widest cell, numbers stand right. */
async function printTable(rows: readonly RawRow[], out: DecodeOutput): Promise<void> {
  const widths: number[] = HEADINGS.map((heading) => heading.length);
  for (const row of rows)
    for (const value of row.values)
      for (const [c, cell] of cellsOf(row, value).entries())
        widths[c] = Math.max(widths[c] ?? 0, cell.length);
  const hasSeries = rows.some((row) => row.series !== null);
  const text = (cells: readonly string[]): string =>
    cells
      .map((cell, c) => (c === 5 ? cell.padStart(widths[c] ?? 0) : cell.padEnd(widths[c] ?? 0)))
      .filter((_, c) => c !== 1 || hasSeries)
      .join('  ')
      .trimEnd();
  let chunk = `${text(HEADINGS)}\n`;
  for (const row of rows) {
    for (const value of row.values) chunk += `${text(cellsOf(row, value))}\n`;
    if (chunk.length >= CHUNK) {
      await out.stdout(chunk);
      chunk = '';
    }
  }
  await out.stdout(chunk);
}

function cellsOf(row: RawRow, value: RawValue): string[] {
  return [
    row.location ?? '',
    row.series ?? '',
    formatInstant(row.intervalStart),
    formatInstant(row.intervalEnd),
    value.field,
    value.value ?? '',
    value.unit,
  ];
}

/**
 * Standard output and error of a process: writes resolve when the reader has taken them. A reader that has gone away
 * (`| head`) is no failure: what is written after that is dropped.
 */
export function processOutput(streams: {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}): DecodeOutput {
  let gone = false;
  streams.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    gone = true;
  });
  const write = (stream: NodeJS.WriteStream, text: string): Promise<void> =>
    new Promise((done) => stream.write(text, () => done()));
  return {
    stdout: (text) => (gone ? undefined : write(streams.stdout, text)),
    stderr: (text) => write(streams.stderr, text),
    isTerminal: streams.stdout.isTTY === true,
  };
}
