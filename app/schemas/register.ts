/** `carbon schemas register`: the contracts of the checkout in a registry, with the level that they keep to. */

import { basename } from 'node:path';
import { CarbonError } from '../../core/errors.ts';
import type { SchemaRegistry } from '../../core/ports/schema-registry.ts';
import { parseSchema } from '../../core/schema/avro-schema.ts';
import { incompatible } from '../../core/schema/compatibility.ts';
import { breaksOf, type CompatibilityLevel } from '../../core/schema/compatibility-level.ts';
import { schemaFingerprint } from '../../core/schema/fingerprint.ts';
import { subjectOfFile } from '../../core/schema/subject.ts';
import { readReleasedFiles, readSchemaFiles } from '../../drivers/schema-files/files.ts';

/** One subject after the work: what stands there, and whether this run brought it. */
export interface Registration {
  readonly subject: string;
  readonly id: number | null;
  readonly version: number | null;
  readonly compatibility: CompatibilityLevel;
  readonly outcome: 'registered' | 'unchanged' | 'would register';
}

/** How it is done. */
export interface RegisterOptions {
  readonly level: CompatibilityLevel;
  /** Says what would be done and changes nothing; a break is found all the same. */
  readonly dryRun: boolean;
}

/**
 * Registers the released schema of each subject where the registry has none, then today's. The level of the subject is
 * set first. Stops at the first schema that the registry refuses: SCHEMA_INCOMPATIBLE, SCHEMA_INVALID, or what the
 * registry itself has to say. Registering again changes nothing.
 */
export async function registerSchemas(
  root: string,
  registry: SchemaRegistry,
  { level, dryRun }: RegisterOptions,
): Promise<Registration[]> {
  const released = await readReleasedFiles(root);
  const done: Registration[] = [];
  for (const { path, text } of await readSchemaFiles(root)) {
    const subject = subjectOfFile(path, parseSchema(text, path));
    if (subject === null)
      throw new CarbonError('SCHEMA_INVALID', `${path} is not the schema of a record`, {
        position: { file: path },
      });
    const before = released.get(basename(path))?.text ?? null;
    const newest = await newestOf(registry, subject);
    const isThere = newest !== null && schemaFingerprint(newest.schema) === schemaFingerprint(text);
    if (dryRun) {
      const versions = newest === null ? (before === null ? [] : [before]) : [newest.schema];
      const parsed = versions.map((schema) => parseSchema(schema, subject));
      const [broken] = breaksOf(level, parseSchema(text, path), parsed);
      if (broken !== undefined) throw incompatible(broken, path);
      done.push({
        subject,
        id: isThere ? newest.id : null,
        version: isThere ? newest.version : null,
        compatibility: level,
        outcome: isThere ? 'unchanged' : 'would register',
      });
      continue;
    }
    if ((await registry.compatibility(subject)) !== level) await registry.setCompatibility(subject, level);
    if (newest === null && before !== null) await registry.register(subject, before);
    const made = await registry.register(subject, text);
    const { id, version } = made;
    done.push({ subject, id, version, compatibility: level, outcome: isThere ? 'unchanged' : 'registered' });
  }
  return done;
}

async function newestOf(
  registry: SchemaRegistry,
  subject: string,
): Promise<{ readonly id: number; readonly version: number; readonly schema: string } | null> {
  try {
    return await registry.latest(subject);
  } catch (error) {
    if (error instanceof CarbonError && error.code === 'SCHEMA_UNKNOWN') return null;
    throw error;
  }
}
