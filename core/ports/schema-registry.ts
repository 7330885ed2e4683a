/** SchemaRegistry: ids of Avro schemas for the Confluent wire format (0x00, id, body) (C3). */

import type { CompatibilityLevel } from '../schema/compatibility-level.ts';

/** A registered schema. */
export interface RegisteredSchema {
  readonly id: number;
  readonly subject: string;
  /** Counted from 1 within the subject. */
  readonly version: number;
  /** Avro schema as JSON text. */
  readonly schema: string;
}

/** Schemas by subject and by id. An id, once given, never changes its meaning. */
export interface SchemaRegistry {
  /** The newest schema of a subject. Throws SCHEMA_UNKNOWN. */
  latest(subject: string): Promise<RegisteredSchema>;
  /** The schema of an id. Throws SCHEMA_UNKNOWN: never a guess. */
  byId(id: number): Promise<RegisteredSchema>;
  /** All subjects in order of name. */
  subjects(): Promise<string[]>;
  /** Registers a schema, or returns the id of the same one. Throws SCHEMA_INVALID or SCHEMA_INCOMPATIBLE. */
  register(subject: string, schema: string): Promise<RegisteredSchema>;
  /** What the next version of a subject has to keep to: its own level, or that of the registry. */
  compatibility(subject: string): Promise<CompatibilityLevel>;
  /** Gives a subject a level of its own, whether it has a schema yet or not. */
  setCompatibility(subject: string, level: CompatibilityLevel): Promise<void>;
}
