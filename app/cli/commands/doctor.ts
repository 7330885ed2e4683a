/** `carbon doctor`: is this machine, this configuration and this data directory fit for work? Makes nothing. */

import { existsSync } from 'node:fs';
import type { RuntimeSettings } from '../../config/runtime.ts';
import { examineManifests, examinePolicies, examineSchemas } from '../../doctor/files.ts';
import { examine, exitOf, type Finding, fine } from '../../doctor/finding.ts';
import { examineDataFolder, examineEngine, examineMachine } from '../../doctor/machine.ts';
import { type GlobalOptions, note, runtimeOf, show } from '../session.ts';

/** Exit code 0 without a failure, else 78 (machine or settings), 7 (a store) or 3 (a file), the first that holds. */
export async function doctor(globals: GlobalOptions): Promise<number> {
  const findings: Finding[] = await examineMachine();
  let runtime: RuntimeSettings | null = null;
  findings.push(
    await examine('settings', 78, () => {
      runtime = runtimeOf(globals);
      return fine(`tenant ${runtime.tenant}, durability ${runtime.durability}`);
    }),
  );
  findings.push(await examineEngine());
  if (runtime !== null) findings.push(...(await examineProject(runtime)));
  await show(
    findings.map(({ check, status, detail, fix }) => ({ check, status, detail, what_to_do: fix })),
    globals,
  );
  const count = (status: Finding['status']): number => findings.filter((f) => f.status === status).length;
  note(`${findings.length} checks, ${count('warning')} warnings, ${count('fail')} failures`);
  return exitOf(findings);
}

async function examineProject(runtime: RuntimeSettings): Promise<Finding[]> {
  const [policies, facts] = await examinePolicies(runtime.root, runtime.env);
  const findings = [
    ...policies,
    ...(await examineManifests()),
    await examineSchemas(runtime.root),
    await examineDataFolder(runtime.dataDir),
  ];
  if (runtime.profile === 'cluster') {
    const { examineEngines } = await import('../../doctor/engines.ts');
    return [...findings, ...(await examineEngines(runtime, facts))];
  }
  if (!existsSync(runtime.dataDir) || findings.at(-1)?.status === 'fail') return findings;
  const { examineStores } = await import('../../doctor/stores.ts');
  return [...findings, ...(await examineStores(runtime, facts))];
}
