/** Subjects, versions, ids and levels as they stand after everything that was done, in memory. */

import { CarbonError } from '../../core/errors.ts';
import type { RegisteredSchema } from '../../core/ports/schema-registry.ts';
import { parseSchema } from '../../core/schema/avro-schema.ts';
import type { Incompatibility } from '../../core/schema/compatibility.ts';
import { breaksOf, type CompatibilityLevel } from '../../core/schema/compatibility-level.ts';
import { schemaFingerprint } from '../../core/schema/fingerprint.ts';
import type { RegistryEvent } from './registrations.ts';

/** A version of a subject; out of sight when it was deleted and not for good. */
export interface SubjectVersion extends RegisteredSchema {
  readonly isDeleted: boolean;
}

/** What stands when nobody gave another level (C3). */
const DEFAULT_LEVEL: CompatibilityLevel = 'BACKWARD';

export class Subjects {
  private readonly bySubject = new Map<string, SubjectVersion[]>();
  /** Ids by fingerprint, those of schemas that are gone too: an id never gets another meaning. */
  private readonly ids: Map<string, number>;
  private readonly first = new Map<number, RegisteredSchema>();
  private readonly levels = new Map<string | null, CompatibilityLevel>();

  /** `ids` are those that were given out before, by fingerprint. */
  constructor(ids: ReadonlyMap<string, number>) {
    this.ids = new Map(ids);
  }

  apply(event: RegistryEvent): void {
    if (!('kind' in event)) this.keep(event);
    else if (event.kind === 'level') {
      if (event.level === null) this.levels.delete(event.subject);
      else this.levels.set(event.subject, event.level);
    } else {
      const versions = this.all(event.subject);
      const isMeant = ({ version }: SubjectVersion): boolean =>
        event.version === null || version === event.version;
      const left = event.permanent
        ? versions.filter((version) => !isMeant(version))
        : versions.map((version) => (isMeant(version) ? { ...version, isDeleted: true } : version));
      if (left.length > 0) this.bySubject.set(event.subject, left);
      else this.bySubject.delete(event.subject);
    }
  }

  /** Names of the subjects that have a version in sight, or any at all. */
  names(withDeleted = false): string[] {
    return [...this.bySubject.keys()]
      .filter((subject) => this.versions(subject, withDeleted).length > 0)
      .sort();
  }

  /** Versions of a subject, oldest first. */
  versions(subject: string, withDeleted = false): readonly SubjectVersion[] {
    const all = this.all(subject);
    return withDeleted ? all : all.filter(({ isDeleted }) => !isDeleted);
  }

  /** The version with the same schema, or null. Throws SCHEMA_INVALID for text that is no JSON. */
  find(subject: string, schema: string, withDeleted = false): SubjectVersion | null {
    const fingerprint = schemaFingerprint(schema);
    const same = this.versions(subject, withDeleted).filter(
      (v) => schemaFingerprint(v.schema) === fingerprint,
    );
    return same.at(-1) ?? null;
  }

  /** Who was given the id first, also when it is gone by now: records bear it for longer than a registry keeps it. */
  byId(id: number): RegisteredSchema | null {
    return this.first.get(id) ?? null;
  }

  /** Versions that use an id. */
  usesOf(id: number, withDeleted: boolean): SubjectVersion[] {
    return [...this.bySubject.keys()]
      .sort()
      .flatMap((subject) => this.versions(subject, withDeleted).filter((version) => version.id === id));
  }

  /** The level of a subject (null: of the registry) if it was given one. */
  ownLevel(subject: string | null): CompatibilityLevel | null {
    return this.levels.get(subject) ?? null;
  }

  levelOf(subject: string): CompatibilityLevel {
    return this.levels.get(subject) ?? this.levels.get(null) ?? DEFAULT_LEVEL;
  }

  /** What a schema breaks of a level against versions of a subject. Throws SCHEMA_INVALID. */
  breaks(
    subject: string,
    schema: string,
    before: readonly SubjectVersion[],
    level = this.levelOf(subject),
  ): Incompatibility[] {
    const parsed = parseSchema(schema, subject);
    return breaksOf(
      level,
      parsed,
      before.map((version) => parseSchema(version.schema, subject)),
    );
  }

  /** What registering a schema makes: the entry that is there already, or the next version. Throws SCHEMA_INVALID. */
  next(subject: string, schema: string): { readonly entry: RegisteredSchema; readonly isNew: boolean } {
    parseSchema(schema, subject);
    const same = this.find(subject, schema);
    if (same !== null) return { entry: plain(same), isNew: false };
    const id =
      this.ids.get(schemaFingerprint(schema)) ?? Math.max(0, ...this.ids.values(), ...this.first.keys()) + 1;
    const version = Math.max(0, ...this.all(subject).map((known) => known.version)) + 1;
    return { entry: { id, subject, version, schema }, isNew: true };
  }

  private all(subject: string): readonly SubjectVersion[] {
    return this.bySubject.get(subject) ?? [];
  }

  private keep(entry: RegisteredSchema): void {
    const versions = this.all(entry.subject);
    if (!versions.some(({ version }) => version === entry.version))
      this.bySubject.set(entry.subject, [...versions, { ...entry, isDeleted: false }]);
    this.ids.set(schemaFingerprint(entry.schema), entry.id);
    if (!this.first.has(entry.id)) this.first.set(entry.id, entry);
  }
}

/** A version as the port has it. */
export function plain({ id, subject, version, schema }: RegisteredSchema): RegisteredSchema {
  return { id, subject, version, schema };
}

/** Nothing is registered under that name or number. */
export function unknown(message: string, context: Record<string, string | number>): CarbonError {
  return new CarbonError('SCHEMA_UNKNOWN', message, { context });
}
