/** `carbon sql`: a query on the warehouse, its rows in the form asked for. */

import { formatOf, print } from '../output.ts';
import { type GlobalOptions, show, withStores } from '../session.ts';

/** Runs one statement. What has no rows prints nothing. */
export async function sql(statement: string, globals: GlobalOptions): Promise<void> {
  await withStores(globals, false, async (stores) => {
    // A statement that names its own format is printed as it comes.
    if (/\bformat\s+\w+\s*;?\s*$/i.test(statement)) {
      const format = /\bformat\s+(\w+)\s*;?\s*$/i.exec(statement)?.[1] ?? 'TSV';
      const bytes = await stores.warehouse.queryText(
        statement.replace(/\bformat\s+\w+\s*;?\s*$/i, ''),
        format,
      );
      await print(new TextDecoder().decode(bytes));
    } else if (/^\s*(select|with|show|describe|desc|explain|exists)\b/i.test(statement))
      await show(await stores.warehouse.queryRows(statement.replace(/;\s*$/, '')), globals);
    else await stores.warehouse.execute(statement);
    formatOf(globals);
  });
}
