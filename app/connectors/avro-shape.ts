/** Whether a plain value fits an Avro schema: the check behind `carbon connector validate` (A3). */

/** One place where the value does not fit. */
export interface ShapeMismatch {
  /** `payload.values.0.field` */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

type Schema = string | readonly Schema[] | Complex;

/** A schema with attributes; which ones there are depends on its type. */
interface Complex {
  readonly [key: string]: unknown;
  readonly type: Schema;
}

interface Field {
  readonly name: string;
  readonly type: Schema;
  readonly default?: unknown;
}

/**
 * All mismatches of a value, in the order of the schema. A record must hold every field (null, where the schema has a
 * default, may be left out) and no other. Unions are matched by type, so nothing is wrapped in its branch's name.
 */
export function shapeMismatches(schema: unknown, value: unknown): ShapeMismatch[] {
  const found: ShapeMismatch[] = [];
  check(schema as Schema, value, '', new Map(), found);
  return found;
}

const INTEGERS: Readonly<Record<string, number>> = { int: 2 ** 31, long: 2 ** 53 };

function check(
  schema: Schema,
  value: unknown,
  path: string,
  named: Map<string, Schema>,
  found: ShapeMismatch[],
): void {
  if (Array.isArray(schema)) checkUnion(schema, value, path, named, found);
  else if (typeof schema !== 'string') checkComplex(schema as Complex, value, path, named, found);
  else {
    const known = named.get(schema);
    if (known !== undefined) check(known, value, path, named, found);
    else if (!fitsPrimitive(schema, value)) found.push({ path, expected: schema, got: kindOf(value) });
  }
}

function checkUnion(
  branches: readonly Schema[],
  value: unknown,
  path: string,
  named: Map<string, Schema>,
  found: ShapeMismatch[],
): void {
  for (const branch of branches) {
    const tried: ShapeMismatch[] = [];
    check(branch, value, path, named, tried);
    if (tried.length === 0) return;
  }
  found.push({ path, expected: branches.map(nameOf).join(' or '), got: kindOf(value) });
}

function checkComplex(
  schema: Complex,
  value: unknown,
  path: string,
  named: Map<string, Schema>,
  found: ShapeMismatch[],
): void {
  if (typeof schema['name'] === 'string') named.set(schema['name'], schema);
  const refuse = (expected: string): void => {
    found.push({ path, expected, got: kindOf(value) });
  };
  switch (schema.type) {
    case 'record':
      if (isObject(value)) checkRecord(schema, value, path, named, found);
      else refuse(`record ${String(schema['name'])}`);
      break;
    case 'array':
      if (Array.isArray(value)) checkEach(schema['items'] as Schema, value, path, named, found);
      else refuse('array');
      break;
    case 'map':
      if (isObject(value)) checkEach(schema['values'] as Schema, value, path, named, found);
      else refuse('map');
      break;
    case 'enum': {
      const symbols = schema['symbols'] as readonly unknown[];
      if (!symbols.includes(value)) refuse(`one of ${symbols.join(', ')}`);
      break;
    }
    case 'fixed':
      if (!(value instanceof Uint8Array) || value.length !== schema['size'])
        refuse(`fixed of ${String(schema['size'])}`);
      break;
    default:
      check(schema.type, value, path, named, found);
  }
}

function checkEach(
  schema: Schema,
  values: object,
  path: string,
  named: Map<string, Schema>,
  found: ShapeMismatch[],
): void {
  for (const [key, item] of Object.entries(values)) check(schema, item, join(path, key), named, found);
}

function checkRecord(
  schema: Complex,
  value: Record<string, unknown>,
  path: string,
  named: Map<string, Schema>,
  found: ShapeMismatch[],
): void {
  const fields = schema['fields'] as readonly Field[];
  for (const field of fields) {
    const at = join(path, field.name);
    if (value[field.name] !== undefined) check(field.type, value[field.name], at, named, found);
    else if (field.default === undefined)
      found.push({ path: at, expected: nameOf(field.type), got: 'nothing' });
  }
  for (const key of Object.keys(value))
    if (!fields.some((field) => field.name === key))
      found.push({ path: join(path, key), expected: 'no field of this name', got: kindOf(value[key]) });
}

function fitsPrimitive(type: string, value: unknown): boolean {
  const limit = INTEGERS[type];
  if (limit !== undefined)
    return typeof value === 'number' && Number.isInteger(value) && value >= -limit && value < limit;
  if (type === 'null') return value === null;
  if (type === 'bytes') return value instanceof Uint8Array;
  if (type === 'float' || type === 'double') return typeof value === 'number';
  return typeof value === type;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const join = (path: string, step: string): string => (path === '' ? step : `${path}.${step}`);

function nameOf(schema: Schema): string {
  if (typeof schema === 'string') return schema;
  if (Array.isArray(schema)) return schema.map(nameOf).join(' or ');
  const complex = schema as { readonly [key: string]: unknown };
  return String(complex['name'] ?? complex['type']);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'object' ? 'object' : `${typeof value} ${String(value).slice(0, 40)}`;
}
