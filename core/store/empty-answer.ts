/**
 * Columns of a query without rows. The Native format writes nothing at all for no rows, and readers need the types
 * all the same.
 */

import { NativeColumns } from '../codec/native/columns.ts';
import { emptyNative } from '../codec/native/native-reader.ts';
import { CarbonError } from '../errors.ts';
import type { SqlParameters, Warehouse } from '../ports/warehouse.ts';

/** Remembers the columns of statements, so that asking again costs nothing. One per open warehouse. */
export class EmptyAnswers {
  private readonly known = new Map<string, NativeColumns>();

  /** Forgets everything: a statement may have changed a table. */
  clear(): void {
    this.known.clear();
  }

  /** Names and types of what `sql` answers, without rows; no columns for a statement that is not a SELECT. */
  async of(
    warehouse: Pick<Warehouse, 'queryRows'>,
    sql: string,
    parameters: SqlParameters,
  ): Promise<NativeColumns> {
    const found = this.known.get(sql);
    if (found !== undefined) return found;
    const columns = await describe(warehouse, sql, parameters);
    if (this.known.size >= 1000) this.known.clear();
    this.known.set(sql, columns);
    return columns;
  }
}

async function describe(
  warehouse: Pick<Warehouse, 'queryRows'>,
  sql: string,
  parameters: SqlParameters,
): Promise<NativeColumns> {
  try {
    const rows = await warehouse.queryRows(`DESCRIBE TABLE (${bareStatement(sql)}\n)`, parameters);
    return emptyNative(
      rows.map((row) => String(row['name'])),
      rows.map((row) => String(row['type'])),
    );
  } catch (error) {
    if (error instanceof CarbonError && error.code === 'STORE_REFUSED')
      return new NativeColumns(0, [], [], []);
    throw error;
  }
}

/** A statement without the semicolons and blanks at its end. */
export function bareStatement(sql: string): string {
  return sql.replace(/[;\s]+$/, '');
}
