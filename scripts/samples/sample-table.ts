/** Tables for samples: records with what is printed and what must be read from them, in every form of a table. */

/** A number that must come out of a record. */
export interface Expected {
  readonly location: string | null;
  readonly series?: string;
  readonly start: string;
  readonly end: string;
  readonly field: string;
  readonly value: string | null;
  readonly unit: string;
  readonly published?: string;
}

/** One record: its cells in the order of the header (null where nothing is printed), and what they say. */
export interface SampleRecord {
  readonly cells: readonly (string | boolean | null)[];
  readonly expected: readonly Expected[];
}

/** A table. */
export interface SampleTable {
  readonly header: readonly string[];
  readonly records: readonly SampleRecord[];
}

/** A body with the lines that a decoder must print of it. */
export interface Made {
  readonly payload: string;
  readonly expected: string;
}

/** The lines of `carbon decode --json` for the numbers of a market's dataset. */
export function expectedLines(market: string, dataset: string, rows: readonly Expected[]): string {
  return rows
    .map(({ location, series, start, end, field, value, unit, published }) =>
      JSON.stringify({
        market,
        dataset,
        location,
        ...(series === undefined ? {} : { series }),
        interval_start: start,
        interval_end: end,
        field,
        value,
        unit,
        ...(published === undefined ? {} : { published_at: published }),
      }),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** What all records of a table say. */
export const sayings = (table: SampleTable): Expected[] =>
  table.records.flatMap(({ expected }) => [...expected]);

const text = (cell: string | boolean | null): string => (cell === null ? '' : String(cell));

/** As CSV; quoted where asked for. */
export function csvOf({ header, records }: SampleTable, lineEnd = '\n', quoted = false): string {
  const line = (cells: readonly string[]): string =>
    cells.map((cell) => (quoted || /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
  return [header, ...records.map(({ cells }) => cells.map(text))]
    .map((cells) => line(cells) + lineEnd)
    .join('');
}

/** As XML: a root, an element for each record, an element for each cell that is not empty. */
export function xmlOf(
  { header, records }: SampleTable,
  root: string,
  item: string,
  namespace: string,
): string {
  const escaped = (value: string): string =>
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const items = records.map(({ cells }) => {
    const inner = header.map((name, i) => `<${name}>${escaped(text(cells[i] ?? null))}</${name}>`).join('');
    return `<${item}>${inner}</${item}>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${namespace}">\n${items.join('')}</${root}>\n`;
}

const isNumber = (cell: string): boolean => /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(cell);

/** A cell as JSON: numbers without quotes, digit for digit. */
export function jsonCell(cell: string | boolean | null): string {
  return typeof cell === 'string' && isNumber(cell) ? cell : JSON.stringify(cell);
}

/** Records as JSON objects. */
export function objectsOf({ header, records }: SampleTable): string[] {
  return records.map(
    ({ cells }) =>
      `{${header.map((name, i) => `${JSON.stringify(name)}:${jsonCell(cells[i] ?? null)}`).join(',')}}`,
  );
}

/** Records as JSON arrays. */
export const arraysOf = ({ records }: SampleTable): string[] =>
  records.map(({ cells }) => `[${cells.map(jsonCell).join(',')}]`);

/** As the rows of an HTML table. */
export function htmlRows({ header, records }: SampleTable): string {
  const row = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<${tag} class="x">${cell}</${tag}>`).join('')}</tr>\n`;
  return row('th', header) + records.map(({ cells }) => row('td', cells.map(text))).join('');
}
