/**
 * Insert tokens after a kill. The engine notes the token of a part in `deduplication_logs` of its table before it puts
 * the part in its place, so that a process killed in between leaves a token without rows: the same block again, with the
 * same token, would be dropped as known, and its rows were lost (seen with ClickHouse 26.7.2, once in some hundred kills).
 *
 * Such tokens are taken back before the directory is opened. A line of the log is `1` (noted) or `2` (taken back), the
 * name of the part and the token, parted by tabs; parts are folders `<partition>_<first>_<last>_<level>` beside it.
 */

import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const NOTED = '1';
const TAKEN_BACK = '2';

/** Blocks of one partition that parts hold. */
interface Held {
  readonly partition: string;
  readonly first: number;
  readonly last: number;
}

/**
 * Takes back the tokens of all tables of a directory whose parts never came to their place; returns how many. Nobody may
 * have the directory open.
 */
export function forgetLostInserts(directory: string): number {
  const store = join(directory, 'store');
  if (!existsSync(store)) return 0;
  let forgotten = 0;
  for (const group of readdirSync(store))
    for (const table of readdirSync(join(store, group)))
      forgotten += forgetOfTable(join(store, group, table));
  return forgotten;
}

function forgetOfTable(table: string): number {
  const folder = join(table, 'deduplication_logs');
  if (!existsSync(folder)) return 0;
  const logs = readdirSync(folder)
    .filter((name) => /^deduplication_log_\d+\.txt$/.test(name))
    .sort((a, b) => numberIn(a) - numberIn(b));
  const last = logs.at(-1);
  if (last === undefined) return 0;
  const text = logs.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
  // A last line that is cut cannot be built upon; the engine will say what it thinks of it.
  if (text !== '' && !text.endsWith('\n')) return 0;
  const held = readdirSync(table).flatMap((name) => heldBy(name) ?? []);
  const lost = notedIn(text).filter(({ part }) => !isHeld(heldBy(part), held));
  const lines = lost.map(({ part, token }) => `${TAKEN_BACK}\t${part}\t${token}\n`);
  if (lines.length > 0) appendFileSync(join(folder, last), lines.join(''));
  return lines.length;
}

const numberIn = (name: string): number => Number(/\d+/.exec(name)?.[0]);

/** The tokens that stand, each with its part. */
function notedIn(text: string): { part: string; token: string }[] {
  const noted = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [operation, part = '', token = ''] = line.split('\t');
    if (operation === NOTED) noted.set(token, part);
    else if (operation === TAKEN_BACK) noted.delete(token);
  }
  return [...noted].map(([token, part]) => ({ part, token }));
}

/** What a folder or a line says of a part; null for a name that is none (`detached`, `tmp_insert_…`). */
function heldBy(name: string): Held | null {
  const m = /^([0-9a-zA-Z-]+)_(\d+)_(\d+)_\d+(?:_\d+)?$/.exec(name);
  return m === null ? null : { partition: m[1], first: Number(m[2]), last: Number(m[3]) };
}

/** A merged part holds the blocks of those that it was made of. A name that is not understood is left alone. */
function isHeld(part: Held | null, held: readonly Held[]): boolean {
  if (part === null) return true;
  return held.some(
    ({ partition, first, last }) => partition === part.partition && first <= part.first && part.last <= last,
  );
}
