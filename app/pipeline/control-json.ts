/** Plain JSON on topics by which work is asked for: an object, with or without the envelope of an event around it. */

import type { z } from 'zod';
import type { JsonFault } from '../../core/codec/topics/object-records.ts';

/** The part of an event that is not its envelope. */
export function bodyOf(event: Readonly<Record<string, unknown>>): unknown {
  const { payload } = event;
  if (payload !== undefined) return payload;
  const { tenant_id, trace_id, event_id, occurred_at, schema_version, producer, ...body } = event;
  return body;
}

/** The object of a JSON text; null for anything else. */
export function readObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** Field and words of the first thing that is wrong. */
export function firstIssue(error: z.ZodError): [field: string | null, expected: string] {
  const [issue] = error.issues;
  const path = issue?.path.join('.') ?? '';
  return [path === '' ? null : path, issue?.message ?? 'another form'];
}

/** A JSON text that is refused. */
export function faultOf(field: string | null, expected: string, got: string): { readonly fault: JsonFault } {
  return { fault: { field, expected, got: got.slice(0, 200) } };
}
