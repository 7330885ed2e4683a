/** `carbon schemas validate`. */

import { resolve } from 'node:path';
import { validateSchemas } from '../../schemas/validate.ts';
import { type GlobalOptions, note, report } from '../session.ts';

/** Exit code 0 when all is well, 8 when a change breaks readers, 3 for anything else that is wrong. */
export async function validate(options: { root?: string }, globals: GlobalOptions): Promise<number> {
  const root = resolve(options.root ?? resolve(import.meta.dirname, '../../..'));
  const { checked, problems } = await validateSchemas(root);
  for (const problem of problems) report(problem, globals.json === true);
  note(`${checked} schemas checked, ${problems.length} problems`);
  if (problems.length === 0) return 0;
  return problems.some((problem) => problem.code === 'SCHEMA_INCOMPATIBLE') ? 8 : 3;
}
