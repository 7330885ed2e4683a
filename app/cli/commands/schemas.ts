/** `carbon schemas validate`, `register` and `diff`. */

import { resolve } from 'node:path';
import { CarbonError } from '../../../core/errors.ts';
import { COMPATIBILITY_LEVELS, isCompatibilityLevel } from '../../../core/schema/compatibility-level.ts';
import { openConfluentRegistry } from '../../../drivers/schema-confluent/registry.ts';
import { diffSchemas } from '../../schemas/diff.ts';
import { registerSchemas } from '../../schemas/register.ts';
import { specsLockProblems } from '../../schemas/specs-lock.ts';
import { validateSchemas } from '../../schemas/validate.ts';
import { openRegistry } from '../../stores/open-log.ts';
import { type GlobalOptions, note, report, runtimeOf, show } from '../session.ts';

/** Exit code 0 when all is well, 8 when a change breaks readers, 3 for anything else that is wrong. */
export async function validate(options: { root?: string }, globals: GlobalOptions): Promise<number> {
  const root = resolve(options.root ?? resolve(import.meta.dirname, '../../..'));
  const { checked, problems } = await validateSchemas(root);
  // The lock is about valid contracts: what is wrong with them comes first.
  if (problems.length === 0) problems.push(...(await specsLockProblems(root)));
  for (const problem of problems) report(problem, globals.json === true);
  note(`${checked} schemas checked, ${problems.length} problems`);
  if (problems.length === 0) return 0;
  return problems.some((problem) => problem.code === 'SCHEMA_INCOMPATIBLE') ? 8 : 3;
}

/** Options as they stand on the command line. */
export interface RegisterOptions {
  readonly root?: string;
  readonly registry?: string;
  readonly compatibility?: string;
  readonly dryRun?: boolean;
}

/** One row per subject; the registry is the one named, that of SCHEMA_REGISTRY_URL, or the files of the data directory. */
export async function register(options: RegisterOptions, globals: GlobalOptions): Promise<void> {
  const runtime = runtimeOf(globals);
  const level = options.compatibility ?? 'BACKWARD';
  if (!isCompatibilityLevel(level))
    throw new CarbonError('USAGE_INVALID', `no level of compatibility is named ${level}`, {
      position: { field: '--compatibility', expected: COMPATIBILITY_LEVELS.join(', '), got: level },
    });
  const url = options.registry ?? process.env['SCHEMA_REGISTRY_URL'] ?? '';
  const registry = url === '' ? await openRegistry(runtime) : openConfluentRegistry({ url });
  const root = resolve(options.root ?? runtime.root);
  const rows = await registerSchemas(root, registry, { level, dryRun: options.dryRun === true });
  const changed = rows.filter(({ outcome }) => outcome !== 'unchanged').length;
  note(
    `${rows.length} subjects, ${changed} ${options.dryRun === true ? 'would be registered' : 'registered'}`,
  );
  await show(
    rows.map((row) => ({ ...row })),
    globals,
  );
}

/**
 * One row per difference, and what it demands on standard error. Exit code 8 when readers break, unless the second is a
 * later version of the first's topic.
 */
export async function diff(
  before: string,
  after: string | undefined,
  options: { root?: string },
  globals: GlobalOptions,
): Promise<number> {
  const root = resolve(options.root ?? resolve(import.meta.dirname, '../../..'));
  const found = await diffSchemas(root, before, after ?? null);
  await show(
    found.changes.map(({ path, change, before: was, after: is, breaks, bump }) => ({
      field: path === '' ? '(schema)' : path,
      change,
      before: was,
      after: is,
      compatible: breaks === null,
      rule: breaks,
      bump,
    })),
    globals,
  );
  note(`${found.before} → ${found.after}: ${found.verdict}`);
  return found.breaks && !found.isSuccessor ? 8 : 0;
}
