/** JSON values checked against a schema: defaults of fields, and samples in Avro's JSON encoding. */

import { CarbonError } from '../errors.ts';
import type { AvroRecord, AvroType } from './avro-type.ts';

/** Where a value does not fit its type. */
export interface ValueFault {
  readonly path: string;
  readonly expected: string;
  readonly got: unknown;
}

/** A default has no wrapper around a union's value; a sample has `{"<branch>": value}` unless it is null. */
export type ValueForm = 'default' | 'sample';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The first fault of a JSON value, or null when it fits. */
export function checkValue(type: AvroType, value: unknown, path: string, form: ValueForm): ValueFault | null {
  const fault = (expected: string): ValueFault => ({ path, expected, got: value });
  switch (type.kind) {
    case 'null':
      return value === null ? null : fault('null');
    case 'boolean':
      return typeof value === 'boolean' ? null : fault('true or false');
    case 'int':
      return Number.isInteger(value) && (value as number) === ((value as number) | 0)
        ? null
        : fault('an int');
    case 'long':
      return Number.isSafeInteger(value) ? null : fault('a long of up to 53 bits');
    case 'float':
    case 'double':
      return typeof value === 'number' ? null : fault('a number');
    case 'bytes':
      return isLatin1(value) ? null : fault('bytes as a string of code points up to 255');
    case 'string':
      if (typeof value !== 'string') return fault('a string');
      return form === 'sample' && type.logical?.name === 'uuid' && !UUID.test(value) ? fault('a UUID') : null;
    case 'fixed':
      return isLatin1(value) && (value as string).length === type.size ? null : fault(`${type.size} bytes`);
    case 'enum':
      return type.symbols.includes(value as string) ? null : fault(`one of ${type.symbols.join(', ')}`);
    case 'array':
      if (!Array.isArray(value)) return fault('an array');
      return firstOf(value.map((item, k) => () => checkValue(type.items, item, `${path}[${k}]`, form)));
    case 'map':
      if (!isObject(value)) return fault('an object');
      return firstOf(
        Object.entries(value).map(
          ([key, item]) =>
            () =>
              checkValue(type.values, item, `${path}{${key}}`, form),
        ),
      );
    case 'union':
      return checkUnion(type.branches, value, path, form);
    case 'record':
      return isObject(value) ? checkRecord(type, value, path, form) : fault('an object');
  }
}

function checkUnion(
  branches: readonly AvroType[],
  value: unknown,
  path: string,
  form: ValueForm,
): ValueFault | null {
  const names = branches.map((branch) => ('name' in branch ? branch.name : branch.kind));
  const expected = `one of ${names.join(', ')}`;
  if (form === 'default') return checkValue(branches[0], value, path, form);
  if (value === null) return names.includes('null') ? null : { path, expected, got: value };
  const keys = isObject(value) ? Object.keys(value) : [];
  const k = keys.length === 1 ? names.indexOf(keys[0]) : -1;
  if (k < 0 || names[k] === 'null')
    return { path, expected: `null or a wrapped value, ${expected}`, got: value };
  return checkValue(branches[k], (value as Record<string, unknown>)[keys[0]], path, form);
}

function checkRecord(
  type: AvroRecord,
  value: Readonly<Record<string, unknown>>,
  path: string,
  form: ValueForm,
): ValueFault | null {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const field of type.fields) {
    if (!(field.name in value)) {
      if (form === 'default' && field.fallback !== undefined) continue;
      return { path: at(field.name), expected: 'a value', got: undefined };
    }
    const fault = checkValue(field.type, value[field.name], at(field.name), form);
    if (fault !== null) return fault;
  }
  for (const name of Object.keys(value))
    if (!type.fields.some((field) => field.name === name))
      return { path: at(name), expected: 'no field of that name', got: value[name] };
  return null;
}

/** Checks a sample against its schema. Throws SCHEMA_INVALID with the sample's file and the path inside it. */
export function checkSample(type: AvroType, sample: unknown, file: string): void {
  const fault = checkValue(type, sample, '', 'sample');
  if (fault === null) return;
  const got = (JSON.stringify(fault.got) ?? 'nothing').slice(0, 80);
  const field = fault.path === '' ? 'the sample' : fault.path;
  throw new CarbonError('SCHEMA_INVALID', `${file}: ${field} needs ${fault.expected}, not ${got}`, {
    position: { file, field, expected: fault.expected, got },
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isLatin1(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  for (let k = 0; k < value.length; k++) if (value.charCodeAt(k) > 255) return false;
  return true;
}

function firstOf(checks: readonly (() => ValueFault | null)[]): ValueFault | null {
  for (const check of checks) {
    const fault = check();
    if (fault !== null) return fault;
  }
  return null;
}
