/** `carbon schemas validate`: every schema of the checkout, its released version and its samples, without a registry. */

import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CarbonError } from '../../core/errors.ts';
import { parseSchema } from '../../core/schema/avro-schema.ts';
import type { AvroType } from '../../core/schema/avro-type.ts';
import { incompatibilities, incompatible } from '../../core/schema/compatibility.ts';
import { checkSample } from '../../core/schema/value.ts';
import { isAbsent, readReleasedFiles, readSchemaFiles } from '../../drivers/schema-files/files.ts';

/** Where a sample of each record lies, in Avro's JSON encoding. */
const SAMPLES = 'tests/data/golden/events';

/**
 * Checks syntax, BACKWARD compatibility with the released set, and samples. Problems are collected, not thrown:
 * SCHEMA_INVALID and SCHEMA_INCOMPATIBLE with file and path. `checked` counts today's schema files.
 */
export async function validateSchemas(root: string): Promise<{ checked: number; problems: CarbonError[] }> {
  const problems: CarbonError[] = [];
  const current = await readSchemaFiles(root);
  const released = await readReleasedFiles(root);
  const sampled = new Set<string>();
  for (const { path, text } of current) {
    const type = collect(problems, () => parseSchema(text, path));
    if (type === null) continue;
    const before = released.get(basename(path));
    if (before !== undefined) {
      const old = collect(problems, () => parseSchema(before.text, before.path));
      if (old !== null)
        for (const found of incompatibilities(type, old)) problems.push(incompatible(found, path));
    }
    const name = recordName(type);
    if (name === null || sampled.has(name)) continue;
    sampled.add(name);
    const problem = await checkSampleFile(root, name, type);
    if (problem !== null) problems.push(problem);
  }
  for (const [name, file] of released)
    if (!current.some(({ path }) => basename(path) === name))
      problems.push(
        new CarbonError('SCHEMA_INCOMPATIBLE', `${file.path} was released and has no schema any more`, {
          position: { file: file.path },
          context: { rule: 'schema-removed' },
        }),
      );
  return { checked: current.length, problems };
}

function recordName(type: AvroType): string | null {
  return type.kind === 'record' ? type.name.slice(type.name.lastIndexOf('.') + 1) : null;
}

async function checkSampleFile(root: string, record: string, type: AvroType): Promise<CarbonError | null> {
  const file = `${SAMPLES}/${record}.json`;
  try {
    checkSample(type, JSON.parse(await readFile(join(root, file), 'utf8')), file);
    return null;
  } catch (error) {
    if (error instanceof CarbonError) return error;
    const what = isAbsent(error) ? `${record} has no sample` : `${file} is not readable JSON`;
    return new CarbonError('SCHEMA_INVALID', what, { position: { file }, cause: error });
  }
}

function collect<T>(problems: CarbonError[], work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof CarbonError)) throw error;
    problems.push(error);
    return null;
  }
}
