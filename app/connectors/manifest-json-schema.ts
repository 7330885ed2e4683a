/** `connectors/connector.schema.json`: what editors complete and underline `connector.yaml` files by. */

import { z } from 'zod';
import { KEY_DOCS, ManifestSchema } from './manifest-schema.ts';
import { nestedDoc } from './nested-keys.ts';

type Node = Record<string, unknown>;

/** The file as text; the same code gives the same bytes. The check of `carbon connector validate` says more. */
export function manifestJsonSchema(): string {
  const made = z.toJSONSchema(ManifestSchema, { io: 'input', unrepresentable: 'any' }) as Node;
  const { $schema, ...rest } = made;
  describe(rest, []);
  const schema = {
    $schema,
    title: 'connector.yaml',
    description: 'A connector of 254Carbon: docs/add-a-connector.md',
    ...rest,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** Gives every property the words of the docs, on whatever branch it lies. */
function describe(node: unknown, path: readonly string[]): void {
  if (Array.isArray(node)) {
    for (const each of node) describe(each, path);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const schema = node as Node;
  for (const [name, property] of Object.entries((schema['properties'] ?? {}) as Record<string, Node>)) {
    const doc = docOf([...path, name]);
    if (doc !== null) property['description'] = doc;
    describe(property, [...path, name]);
  }
  for (const part of ['items', 'anyOf', 'oneOf', 'allOf']) describe(schema[part], path);
}

function docOf(path: readonly string[]): string | null {
  const name = path.at(-1) ?? '';
  const nested = nestedDoc(path);
  const isTop = path.length === 1 || (path[0] === 'datasets' && path.length === 2);
  const doc = isTop ? (KEY_DOCS[name] ?? nested) : nested;
  if (doc === undefined || doc === null) return null;
  return `${doc.what}. Allowed: ${doc.expected}.`;
}
