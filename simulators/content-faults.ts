/** Faults in content: a table in, a spoilt one out, with what that means for the values in it. */

import { DAY } from '../core/time/instant.ts';
import { dollarText } from './decimal-text.ts';
import { drawIndex, shuffled } from './draw.ts';
import type { CONTENT_FAULTS } from './fault-menu.ts';
import { type Fact, type Table, type TableRow, withCells, withoutValues } from './table.ts';

/**
 * What a fault did to values of a body, at least: a reader may have to refuse more, up to the whole body.
 *
 * - `missing`: they are not in the body.
 * - `no-value`: a word stands in their place: they are null or refused, never a number.
 * - `unreadable`: their row is damaged: they are refused.
 * - `extra`: they are in the body but must not be trusted: stamped in the future.
 */
export interface Effect {
  readonly kind: 'missing' | 'no-value' | 'unreadable' | 'extra';
  readonly values: readonly Fact[];
}

/** A spoilt table. Without effects it says the same as before, in another way. */
export interface Spoilt {
  readonly table: Table;
  readonly effects: readonly Effect[];
}

type TableFault = Exclude<keyof typeof CONTENT_FAULTS, 'repeated-file'>;

/** Spoils a table. `words` decide where. */
export function spoil(fault: TableFault, table: Table, seed: number, ...words: readonly number[]): Spoilt {
  switch (fault) {
    case 'preamble-missing':
      return same({ ...table, preamble: table.preamble.filter((line) => line !== '') });
    case 'header-blanks':
      return same({ ...table, header: table.header.map((cell) => cell.replace(/("?)$/, ' $1')) });
    case 'added-column':
      return same(withColumn(table));
    case 'unpadded-date':
      return same({
        ...table,
        preamble: table.preamble.map((line) => line.replace(/^0?(\d+)\/0?(\d+)\/(\d{4})$/, '$1/$2/$3')),
      });
    case 'thousands-commas':
      return same(withDollars(table));
    case 'string-numbers':
      return same({ ...table, numbers: 'quoted' });
    case 'renamed-column':
      return same({ ...table, header: table.header.map((cell) => OTHER_PRICE_NAMES[cell] ?? cell) });
    case 'shuffled-rows':
      return same({ ...table, rows: shuffled(table.rows, seed, ...words) });
    case 'wrong-offset':
      return same(withOtherOffset(table));
    case 'missing-interval':
      return withoutInterval(table, tellingRow(table, drawIndex(table.rows.length, seed, ...words)));
    case 'future-stamps':
      return withFutureRows(table);
    case 'no-value-words':
      return withoutNumbers(table, seed, words);
    case 'wrong-charset':
      return withForeignLetter(table, tellingRow(table, drawIndex(table.rows.length, seed, ...words)));
  }
}

/** The price columns of OASIS, each with the next one. */
const OTHER_PRICE_NAMES: Readonly<Record<string, string>> = { MW: 'VALUE', VALUE: 'PRC', PRC: 'MW' };

/** The first row from an index on that states values; rows beside them state none. */
function tellingRow({ rows }: Table, index: number): number {
  for (let k = 0; k < rows.length; k++) {
    const at = (index + k) % rows.length;
    if (rows[at].facts().length > 0) return at;
  }
  return index;
}

function withOtherOffset(table: Table): Table {
  const column = table.header.indexOf('PublishDate');
  const rows = table.rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell, k) =>
      k === column ? cell.replace(/-0([56]):00$/, (_, hours) => `-0${11 - Number(hours)}:00`) : cell,
    ),
  }));
  return { ...table, rows };
}

function same(table: Table): Spoilt {
  return { table, effects: [] };
}

/** All values of a table, as an effect. */
export function allMissing(table: Table): Effect {
  return { kind: 'missing', values: table.rows.flatMap((row) => row.facts()) };
}

function withColumn(table: Table): Table {
  const cell = table.textCell('X1');
  return {
    ...table,
    header: [...table.header, table.textCell('ADDED')],
    rows: table.rows.map((row) => ({ ...row, cells: [...row.cells, cell] })),
  };
}

function withDollars(table: Table): Table {
  const rows = table.rows.map((row) => {
    const cells = [...row.cells];
    for (const { column, value } of row.facts()) {
      const text = dollarText(value);
      cells[column] = text.includes(',') ? `"${text}"` : text;
    }
    return { ...row, cells };
  });
  return { ...table, rows };
}

/** Leaves out the interval that the first value of a row is about. */
function withoutInterval(table: Table, index: number): Spoilt {
  const [{ start }] = table.rows[index].facts();
  const { left, gone } = withoutValues(table, (fact) => fact.start === start);
  return { table: left, effects: [{ kind: 'missing', values: gone }] };
}

/** The rows of the newest interval once more, a day later. */
function withFutureRows(table: Table): Spoilt {
  const { restamped } = table;
  if (restamped === null) return same(table);
  const newest = table.rows.reduce((most, row) => Math.max(most, row.facts()[0]?.end ?? 0), 0);
  const copied = table.rows.filter((row) => row.facts()[0]?.end === newest);
  const later = (fact: Fact): Fact => ({ ...fact, start: fact.start + DAY, end: fact.end + DAY });
  const added = copied.map(
    (row): TableRow => ({
      cells: restamped(row, DAY),
      facts: () => row.facts().map(later),
    }),
  );
  return {
    table: { ...table, rows: [...table.rows, ...added] },
    effects: [{ kind: 'extra', values: added.flatMap((row) => row.facts()) }],
  };
}

/** One value in a hundred, at least two: `NA` and `-` by turns. */
function withoutNumbers(table: Table, seed: number, words: readonly number[]): Spoilt {
  const rows = [...table.rows];
  const gone: Fact[] = [];
  const count = Math.max(2, Math.floor(rows.length / 100));
  for (let k = 0; k < count; k++) {
    const at = drawIndex(rows.length, seed, ...words, k);
    const facts = rows[at].facts();
    if (facts.length === 0) continue;
    const fact = facts[drawIndex(facts.length, seed, ...words, k, 1)];
    if (
      gone.some(
        (each) => each.start === fact.start && each.location === fact.location && each.series === fact.series,
      )
    )
      continue;
    gone.push(fact);
    rows[at] = withCells(rows[at], [fact], () => (gone.length % 2 === 0 ? '-' : 'NA'));
  }
  return { table: { ...table, rows }, effects: [{ kind: 'no-value', values: gone }] };
}

/** A letter that the operator's files never have, in the name of one location. */
function withForeignLetter(table: Table, index: number): Spoilt {
  const row = table.rows[index];
  const facts = row.facts();
  const [{ location }] = facts;
  const bare = (cell: string): string => cell.replaceAll('"', '');
  const cells = row.cells.map((cell) =>
    bare(cell) === location ? cell.replace(location, `${location}\u00C9`) : cell,
  );
  const rows = [...table.rows];
  rows[index] = { ...row, cells };
  return { table: { ...table, rows }, effects: [{ kind: 'unreadable', values: facts }] };
}
