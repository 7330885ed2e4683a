/** `carbon connector check-version --since REV`: which bump of its version each changed connector needs (A11). */

import { join } from 'node:path';
import { judgeVersion } from '../../versions/demanded-bump.ts';
import { snapshotsAt, snapshotsOf } from '../../versions/snapshots.ts';
import { type GlobalOptions, note, show } from '../session.ts';

/** Options as they stand on the command line. */
export interface CheckVersionOptions {
  readonly since: string;
  readonly root?: string;
}

/** One row per connector that changed. Exit code 3 when a version does not say what its change demands. */
export async function checkVersion(options: CheckVersionOptions, globals: GlobalOptions): Promise<number> {
  const root = options.root ?? join(import.meta.dirname, '../../..');
  const before = await snapshotsAt(root, options.since);
  const after = await snapshotsOf(root);
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  const judged = names
    .map((name) => judgeVersion(name, before.get(name) ?? null, after.get(name) ?? null))
    .filter(({ changes, before: old, after: now }) => changes.length > 0 || old !== now);
  await show(
    judged.map(({ name, before: old, after: now, demanded, done, changes, problems }) => ({
      connector: name,
      before: old,
      after: now,
      demanded,
      done,
      good: problems.length === 0,
      changes: changes.map(({ bump, what }) => `${bump}: ${what}`),
    })),
    globals,
  );
  for (const { name, problems } of judged) for (const problem of problems) note(`${name}: ${problem}`);
  const bad = judged.filter(({ problems }) => problems.length > 0).length;
  note(
    bad === 0
      ? `${judged.length} connectors changed, and keep to the policy`
      : `${bad} of ${judged.length} connectors need another version`,
  );
  return bad === 0 ? 0 : 3;
}
