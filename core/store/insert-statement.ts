/** Words of an INSERT statement that both warehouse drivers write alike. */

import { CarbonError } from '../errors.ts';

/**
 * Settings of an insert. A token makes the store remember the block and drop it the next time; without a token an
 * equal block must not be dropped either. Rows of one key are replaced when parts are merged and when they are read
 * (FINAL), not on insert: looking for them there doubles what an insert costs.
 */
export function insertSettings(token: string | null): string {
  return token === null
    ? "optimize_on_insert = 0, deduplicate_insert = 'disable'"
    : `optimize_on_insert = 0, deduplicate_insert = 'enable', insert_deduplication_token = ${quoteText(token)}`;
}

/** A text as a literal of the store's SQL. */
export function quoteText(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** A name of a database, a cluster or a user in the store's SQL, whatever it is made of. */
export function quoteName(name: string): string {
  return `\`${name.replace(/[\\`]/g, '\\$&')}\``;
}

/** A table's name, with or without its database. Throws STORE_REFUSED for anything else. */
export function tableName(name: string): string {
  if (/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$/.test(name)) return name;
  throw new CarbonError('STORE_REFUSED', `no table can be named ${name}`, { position: { got: name } });
}
