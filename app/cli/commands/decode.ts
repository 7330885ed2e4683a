/**
 * `carbon decode FILE`: what a body of a market says, one JSON object per value, or a table on a terminal.
 *
 * Exit status 0: every row of the body was read. Rows that are not there are told on standard error and are no failure:
 * a file may be an excerpt (`load` and runs hold a body to be whole). Otherwise no row is printed, one JSON object on
 * standard error says why, and the status is that of its code, 3 for whatever the body is in place of data. `--partial`
 * prints what stands before the damage and what was not rejected, and still says why and ends with that status. A large
 * file is read twice for that, a piece at a time.
 */

import { basename } from 'node:path';
import { CarbonError } from '../../../core/errors.ts';
import type { RawRow, RawValue } from '../../../core/model/raw-row.ts';
import { formatInstant } from '../../../core/time/instant.ts';
import { type ReadBody, type ReadFile, readPayloadFile } from '../../ingest/read-file.ts';
import { DecodeStats } from '../decode-stats.ts';
import { LineWriter } from '../line-writer.ts';

export interface DecodeOptions {
  readonly market?: string;
  readonly dataset?: string;
  /** JSON lines; without it a terminal gets a table and anything else JSON lines too. */
  readonly json?: boolean;
  readonly partial?: boolean;
  /** Counts, span, nulls and gaps of each body on standard error when all is done. */
  readonly stats?: boolean;
  /** Size from which on a file is read in pieces; for tests. */
  readonly largeBytes?: number;
}

/** Where the command writes. A promise is awaited before more is written, so that a slow reader sets the pace. */
export interface DecodeOutput {
  /** Whole lines with their line ends. */
  stdout(text: string): void | Promise<void>;
  stderr(text: string): void | Promise<void>;
  readonly isTerminal: boolean;
}

const CHUNK = 65_536;
/** Exit status for a body that is no data. */
const NO_DATA = 3;

/**
 * Decodes one file, or every member of a container in their order, and returns the exit status. Never throws a
 * CarbonError: it is printed.
 */
export async function decode(file: string, options: DecodeOptions, out: DecodeOutput): Promise<number> {
  let market = options.market?.toUpperCase();
  try {
    const { bodies, skipped } = await readPayloadFile(file, options, { largeBytes: options.largeBytes });
    market = bodies[0]?.market;
    const failure = bodies.find((body) => body.failure !== null)?.failure ?? null;
    const printed = failure === null || options.partial === true;
    const stats = options.stats === true ? bodies.map((body) => new DecodeStats(body)) : null;
    const print = printed ? await printerFor(bodies, options, out) : null;
    if (print !== null || stats !== null)
      for (const [i, body] of bodies.entries())
        for await (const piece of body.batches()) {
          stats?.[i]?.add(piece);
          await print?.(piece.rows);
        }
    await print?.(null);
    if (stats !== null) await out.stderr(statsOf(stats, skipped));
    if (failure === null) {
      const notes = notesOf(bodies, file);
      if (notes !== '') await out.stderr(notes);
      return 0;
    }
    return await report(failure, market, file, out);
  } catch (error) {
    if (error instanceof CarbonError) return report(error, market, file, out);
    throw error;
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
  // What was served is data or none: an answer that asks to come back later is none, too.
  return error.code === 'SOURCE_BUSY' ? NO_DATA : error.exitCode;
}

/** A line per member whose rows show that others were left out; they are certain, and no failure. */
function notesOf(bodies: readonly ReadBody[], file: string): string {
  return bodies
    .flatMap(({ market, member, missing }) =>
      missing === null
        ? []
        : [{ market, message: missing.message, file, ...(member === null ? {} : { member }) }],
    )
    .map((note) => `${JSON.stringify({ note: { code: 'ROWS_LEFT_OUT', ...note } })}\n`)
    .join('');
}

/** A line per member: what was read, set aside and not known, and one per member passed over with its reason. */
function statsOf(stats: readonly DecodeStats[], skipped: ReadFile['skipped']): string {
  const read = stats.map((each) => each.summary());
  const passed = skipped.map(({ path, reason }) => ({ member: path, skipped: reason }));
  return [...read, ...passed].map((line) => `${JSON.stringify({ stats: line })}\n`).join('');
}

/** Takes the next rows; null when there are no more. */
type Printer = (rows: readonly RawRow[] | null) => Promise<void>;

async function printerFor(
  bodies: readonly ReadBody[],
  options: DecodeOptions,
  out: DecodeOutput,
): Promise<Printer> {
  if (options.json === true || !out.isTerminal) {
    const writer = new LineWriter();
    return printer(out, (row) => writer.linesOf(row));
  }
  const text = await tableOf(bodies);
  await out.stdout(`${text(HEADINGS)}\n`);
  return printer(out, (row) => row.values.map((value) => `${text(cellsOf(row, value))}\n`).join(''));
}

/** Prints the lines of rows in chunks. */
function printer(out: DecodeOutput, linesOf: (row: RawRow) => string): Printer {
  let chunk = '';
  return async (rows) => {
    for (const row of rows ?? []) {
      chunk += linesOf(row);
      if (chunk.length < CHUNK) continue;
      await out.stdout(chunk);
      chunk = '';
    }
    if (rows !== null || chunk === '') return;
    await out.stdout(chunk);
  };
}

/** One value as the object of `docs/datasets.md`; {@link LineWriter} writes it. */
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

/** An aligned table: columns are as wide as the widest cell, for which all rows are looked at; numbers stand right. */
async function tableOf(bodies: readonly ReadBody[]): Promise<(cells: readonly string[]) => string> {
  const widths: number[] = HEADINGS.map((heading) => heading.length);
  let hasSeries = false;
  for (const body of bodies)
    for await (const { rows } of body.batches())
      for (const row of rows) {
        hasSeries ||= row.series !== null;
        for (const value of row.values)
          for (const [c, cell] of cellsOf(row, value).entries())
            widths[c] = Math.max(widths[c] ?? 0, cell.length);
      }
  return (cells) =>
    cells
      .map((cell, c) => (c === 5 ? cell.padStart(widths[c] ?? 0) : cell.padEnd(widths[c] ?? 0)))
      .filter((_, c) => c !== 1 || hasSeries)
      .join('  ')
      .trimEnd();
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
