/**
 * SchemaRegistry over files: the schemas of the checkout under their released ids, and what was registered into the
 * data directory. It needs no server; the same checkout gives the same ids everywhere.
 */

import { basename } from 'node:path';
import { CarbonError } from '../../core/errors.ts';
import type { RegisteredSchema, SchemaRegistry } from '../../core/ports/schema-registry.ts';
import { parseSchema } from '../../core/schema/avro-schema.ts';
import { checkCompatible } from '../../core/schema/compatibility.ts';
import { schemaFingerprint } from '../../core/schema/fingerprint.ts';
import { subjectOfFile } from '../../core/schema/subject.ts';
import { readReleasedFiles, readReleasedIds, readSchemaFiles } from './files.ts';
import { Registrations } from './registrations.ts';

/**
 * Opens the registry of a checkout. `dataDir` is where new schemas are registered; null keeps them in memory only.
 * Throws SCHEMA_INVALID or SCHEMA_INCOMPATIBLE for the files of the checkout.
 */
export async function openSchemaFiles(root: string, dataDir: string | null): Promise<SchemaRegistry> {
  const registry = new SchemaFiles(await readReleasedIds(root), dataDir);
  await registry.load(root);
  return registry;
}

class SchemaFiles implements SchemaRegistry {
  private readonly ids: Map<string, number>;
  private readonly registrations: Registrations | null;
  private readonly bySubject = new Map<string, RegisteredSchema[]>();
  private readonly first = new Map<number, RegisteredSchema>();
  /** Registrations run one after another: each must see the one before. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(ids: Map<string, number>, dataDir: string | null) {
    this.ids = ids;
    this.registrations = dataDir === null ? null : new Registrations(dataDir);
  }

  /** Released schemas come first as versions of their subjects, then what was registered, then today's files. */
  async load(root: string): Promise<void> {
    const released = await readReleasedFiles(root);
    const files = await readSchemaFiles(root);
    const current: { subject: string; text: string }[] = [];
    for (const { path, text } of files) {
      const subject = subjectOfFile(path, parseSchema(text, path));
      if (subject === null)
        throw new CarbonError('SCHEMA_INVALID', `${path} is not the schema of a record`, {
          position: { file: path },
        });
      current.push({ subject, text });
      const before = released.get(basename(path));
      const id = before === undefined ? undefined : this.ids.get(schemaFingerprint(before.text));
      if (before !== undefined && id !== undefined)
        this.keep({ id, subject, version: this.versionsOf(subject).length + 1, schema: before.text });
    }
    await this.readRegistrations();
    for (const { subject, text } of current) await this.register(subject, text);
  }

  async latest(subject: string): Promise<RegisteredSchema> {
    let found = this.bySubject.get(subject)?.at(-1);
    if (found === undefined) {
      await this.readRegistrations();
      found = this.bySubject.get(subject)?.at(-1);
    }
    if (found !== undefined) return found;
    throw new CarbonError('SCHEMA_UNKNOWN', `no schema is registered for the subject ${subject}`, {
      context: { subject },
    });
  }

  async byId(id: number): Promise<RegisteredSchema> {
    let found = this.first.get(id);
    if (found === undefined) {
      await this.readRegistrations();
      found = this.first.get(id);
    }
    if (found !== undefined) return found;
    throw new CarbonError('SCHEMA_UNKNOWN', `no schema has the id ${id}`, { context: { id } });
  }

  async subjects(): Promise<string[]> {
    await this.readRegistrations();
    return [...this.bySubject.keys()].sort();
  }

  register(subject: string, schema: string): Promise<RegisteredSchema> {
    const done = this.last.then(() => this.registerNext(subject, schema));
    this.last = done.catch(() => undefined);
    return done;
  }

  private async registerNext(subject: string, schema: string): Promise<RegisteredSchema> {
    const type = parseSchema(schema, subject);
    const fingerprint = schemaFingerprint(schema);
    for (;;) {
      await this.readRegistrations();
      const versions = this.versionsOf(subject);
      const same = versions.find((version) => schemaFingerprint(version.schema) === fingerprint);
      if (same !== undefined) return same;
      const before = versions.at(-1);
      if (before !== undefined) checkCompatible(type, parseSchema(before.schema, subject), subject);
      const id = this.ids.get(fingerprint) ?? Math.max(0, ...this.ids.values(), ...this.first.keys()) + 1;
      const made = { id, subject, version: versions.length + 1, schema };
      if (this.registrations === null || (await this.registrations.add(made))) return this.keep(made);
    }
  }

  private async readRegistrations(): Promise<void> {
    for (const schema of (await this.registrations?.readNew()) ?? []) this.keep(schema);
  }

  private keep(schema: RegisteredSchema): RegisteredSchema {
    const versions = this.versionsOf(schema.subject);
    if (!versions.some((known) => known.version === schema.version)) versions.push(schema);
    this.bySubject.set(schema.subject, versions);
    this.ids.set(schemaFingerprint(schema.schema), schema.id);
    if (!this.first.has(schema.id)) this.first.set(schema.id, schema);
    return schema;
  }

  private versionsOf(subject: string): RegisteredSchema[] {
    return this.bySubject.get(subject) ?? [];
  }
}
