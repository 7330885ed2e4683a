/** Finding instruments by name. */

import type { Warehouse } from '../../core/ports/warehouse.ts';

/** What to tell someone whose question about an instrument has no answer: it is known, or these have a like name. */
export async function whyNothing(warehouse: Warehouse, tenant: string, word: string): Promise<string> {
  const rows = await warehouse.queryRows(
    `SELECT instrument_id FROM served_latest FINAL WHERE tenant_id = {tenant:String}
ORDER BY instrument_id != {word:String}, ngramDistanceCaseInsensitiveUTF8(instrument_id, {word:String}), instrument_id LIMIT 5`,
    { tenant, word },
  );
  const names = rows.map((row) => String(row['instrument_id']));
  if (names.length === 0) return 'nothing is stored yet; carbon replay FILE takes a payload in';
  if (names[0] === word) return `${word} is known, but has no answer to this question`;
  return `no instrument ${word}; some with a like name: ${names.join(', ')}`;
}
