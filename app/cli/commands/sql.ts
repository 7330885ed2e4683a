/** `carbon sql`: a query on the warehouse, its rows in the form asked for. */

import { CarbonError } from '../../../core/errors.ts';
import { print } from '../output.ts';
import { type GlobalOptions, readStores, show } from '../session.ts';

const READS = /^\s*(--[^\n]*\n\s*)*(select|with|show|describe|desc|explain|exists)\b/i;
const FORMAT = /\bformat\s+(\w+)\s*;?\s*$/i;

/** Runs one statement. Without `write` only a query is taken: history is not changed by a slip of the hand. */
export async function sql(
  statement: string,
  options: { write?: boolean },
  globals: GlobalOptions,
): Promise<void> {
  const isQuery = READS.test(statement);
  if (!isQuery && options.write !== true)
    throw new CarbonError('USAGE_INVALID', 'this statement is no query; --write runs it all the same', {
      position: {
        field: 'statement',
        expected: 'SELECT, WITH, SHOW, DESCRIBE, EXPLAIN or EXISTS',
        got: statement.slice(0, 80),
      },
    });
  await readStores(globals, async ({ warehouse }) => {
    if (!isQuery) return warehouse.execute(statement);
    // A statement that names its own format is printed as it comes.
    const format = FORMAT.exec(statement)?.[1];
    if (format === undefined) return show(await warehouse.queryRows(statement.replace(/;\s*$/, '')), globals);
    await print(new TextDecoder().decode(await warehouse.queryText(statement.replace(FORMAT, ''), format)));
  });
}
