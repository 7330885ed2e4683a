/**
 * Fingerprints of schemas: equal for schemas that say the same of the data. Documentation and the order of keys do
 * not count; names, types, defaults, aliases and logical types do.
 */

import { CarbonError } from '../errors.ts';
import { FieldHash } from '../model/hash128.ts';

/** The schema as JSON text with sorted keys and without documentation. Throws SCHEMA_INVALID when it is no JSON. */
export function canonicalSchema(text: string): string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new CarbonError('SCHEMA_INVALID', 'a schema is not JSON', { cause });
  }
  return JSON.stringify(sorted(json, false));
}

/** Below a default everything counts: a key named `doc` is data there. */
function sorted(value: unknown, isData: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => sorted(item, isData));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key]) => isData || key !== 'doc')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item, isData || key === 'default')]));
}

/** 128-bit fingerprint of a schema as 32 hex digits. Throws SCHEMA_INVALID when it is no JSON. */
export function schemaFingerprint(text: string): string {
  const out = new Uint32Array(4);
  new FieldHash().text(canonicalSchema(text)).digest(out, 0);
  return Array.from(out, (word) => word.toString(16).padStart(8, '0')).join('');
}
