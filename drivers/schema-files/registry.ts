/**
 * SchemaRegistry over files: the schemas of the checkout under their released ids, and what was registered into the
 * data directory. It needs no server; the same checkout gives the same ids everywhere.
 */

import { basename } from 'node:path';
import { CarbonError } from '../../core/errors.ts';
import type { RegisteredSchema, SchemaRegistry } from '../../core/ports/schema-registry.ts';
import { parseSchema } from '../../core/schema/avro-schema.ts';
import { incompatible } from '../../core/schema/compatibility.ts';
import type { CompatibilityLevel } from '../../core/schema/compatibility-level.ts';
import { schemaFingerprint } from '../../core/schema/fingerprint.ts';
import { subjectOfFile } from '../../core/schema/subject.ts';
import { readReleasedFiles, readReleasedIds, readSchemaFiles } from './files.ts';
import { Registrations, type RegistryEvent } from './registrations.ts';
import { plain, Subjects, unknown } from './subjects.ts';

/**
 * Opens the registry of a checkout. `dataDir` is where new schemas are registered; null keeps them in memory only.
 * Throws SCHEMA_INVALID or SCHEMA_INCOMPATIBLE for the files of the checkout.
 */
export async function openSchemaFiles(root: string, dataDir: string | null): Promise<SchemaFiles> {
  const registry = new SchemaFiles(await readReleasedIds(root), dataDir);
  await registry.load(root);
  return registry;
}

export class SchemaFiles implements SchemaRegistry {
  private readonly registrations: Registrations | null;
  private readonly subjectsNow: Subjects;
  private readonly released: Map<string, number>;
  /** What is done runs one after another: each must see the one before. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(ids: Map<string, number>, dataDir: string | null) {
    this.released = ids;
    this.subjectsNow = new Subjects(ids);
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
      const id = before === undefined ? undefined : this.released.get(schemaFingerprint(before.text));
      if (before !== undefined && id !== undefined)
        this.subjectsNow.apply({
          id,
          subject,
          version: this.subjectsNow.versions(subject).length + 1,
          schema: before.text,
        });
    }
    await this.refresh();
    for (const { subject, text } of current) await this.register(subject, text);
  }

  async latest(subject: string): Promise<RegisteredSchema> {
    const found = this.newest(subject) ?? (await this.refresh().then(() => this.newest(subject)));
    if (found !== null) return found;
    throw unknown(`no schema is registered for the subject ${subject}`, { subject });
  }

  async byId(id: number): Promise<RegisteredSchema> {
    const found = this.subjectsNow.byId(id) ?? (await this.refresh().then(() => this.subjectsNow.byId(id)));
    if (found !== null) return found;
    throw unknown(`no schema has the id ${id}`, { id });
  }

  async subjects(): Promise<string[]> {
    return (await this.now()).names();
  }

  async compatibility(subject: string): Promise<CompatibilityLevel> {
    return (await this.now()).levelOf(subject);
  }

  async setCompatibility(subject: string, level: CompatibilityLevel): Promise<void> {
    await this.record(() => ({ kind: 'level', subject, level }));
  }

  async register(subject: string, schema: string): Promise<RegisteredSchema> {
    let made: RegisteredSchema | null = null;
    await this.record((subjects) => {
      const { entry, isNew } = subjects.next(subject, schema);
      made = entry;
      if (!isNew) return null;
      const [broken] = subjects.breaks(subject, schema, subjects.versions(subject));
      if (broken !== undefined) throw incompatible(broken, subject);
      return entry;
    });
    return made as unknown as RegisteredSchema;
  }

  /** How things stand, with what other processes have done. */
  async now(): Promise<Subjects> {
    await this.refresh();
    return this.subjectsNow;
  }

  /**
   * Does one thing. `decide` sees how things stand and says what is to be done (null: nothing), or throws; it is asked
   * again when another process was faster.
   */
  record(decide: (subjects: Subjects) => RegistryEvent | null): Promise<void> {
    const done = this.last.then(async () => {
      for (;;) {
        await this.refresh();
        const event = decide(this.subjectsNow);
        if (event === null) return;
        if (this.registrations !== null && !(await this.registrations.add(event))) continue;
        this.subjectsNow.apply(event);
        return;
      }
    });
    this.last = done.catch(() => undefined);
    return done;
  }

  private newest(subject: string): RegisteredSchema | null {
    const found = this.subjectsNow.versions(subject).at(-1);
    return found === undefined ? null : plain(found);
  }

  private async refresh(): Promise<void> {
    for (const event of (await this.registrations?.readNew()) ?? []) this.subjectsNow.apply(event);
  }
}
