/** Large answers of the warehouse, row after row: hundreds of thousands of objects would be there at once otherwise. */

import type { Queries } from '../../core/ports/warehouse.ts';

/** The values of each row as texts. No value may hold a tab or a new line. */
export async function tabRows(warehouse: Queries, sql: string): Promise<Iterable<readonly string[]>> {
  return rowsOf(new TextDecoder().decode(await warehouse.queryText(sql, 'TSVRaw')));
}

function* rowsOf(text: string): Generator<readonly string[]> {
  for (let at = 0, end = 0; at < text.length; at = end + 1) {
    end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    yield text.slice(at, end).split('\t');
  }
}
