/** `carbon config print` and `carbon config validate`: the settings of a process, and what is wrong with them. */

import { resolve } from 'node:path';
import { CarbonError } from '../../../core/errors.ts';
import { loadLogPolicy } from '../../config/logging.ts';
import { printable } from '../../config/redact.ts';
import { RUNTIME_SETTINGS, resolveRuntime, underFirstNames } from '../../config/runtime.ts';
import { nearestName } from '../../connectors/nearest-name.ts';
import { loadStageSettings, policyPaths } from '../../pipeline/settings.ts';
import { loadTopicPolicy, topicPolicyPath } from '../../pipeline/topic-policy.ts';
import { chainTopics } from '../../stores/topics.ts';
import { type GlobalOptions, note, optionsOf, report, show } from '../session.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** Settings with their values and where each came from: those that are given, or with `effective` all of them. */
export async function print(options: { effective?: boolean }, globals: GlobalOptions): Promise<number> {
  const { settings, problems } = resolveRuntime(optionsOf(globals), process.env);
  const rows = [...settings.values()]
    .filter(({ source, value }) => options.effective === true || source !== 'default' || value === undefined)
    .map(({ setting, text, source, value }) => ({
      setting: setting.variable,
      value: value === undefined ? 'refused' : printable(setting, text),
      source: value === undefined ? '' : source,
    }));
  await show(rows, globals);
  if (rows.length === 0) note('nothing is given, so every setting has its default; --effective shows them');
  return tell(problems, globals);
}

/** Checks every setting and every policy file, and tells all problems. Exit code 0 without one, else 78. */
export async function validate(globals: GlobalOptions): Promise<number> {
  const { settings, problems } = resolveRuntime(optionsOf(globals), process.env);
  const all = [...problems];
  const env = underFirstNames(process.env, settings);
  const partitions = Number(settings.get('partitions')?.value ?? RUNTIME_SETTINGS.partitions.fallback);
  for (const work of [
    () => loadStageSettings(policyPaths(ROOT, env), env),
    () => loadTopicPolicy(topicPolicyPath(ROOT, env), env, partitions, chainTopics()),
    () => loadLogPolicy(ROOT, env),
  ])
    try {
      await work();
    } catch (error) {
      if (!(error instanceof CarbonError)) throw error;
      all.push(error);
    }
  for (const line of unknownVariables(process.env)) note(line);
  const code = tell(all, globals);
  note(`${settings.size} settings and the policy files checked, ${all.length} problems`);
  return code;
}

function tell(problems: readonly CarbonError[], globals: GlobalOptions): number {
  for (const problem of problems) report(problem, globals.json === true);
  return problems.length === 0 ? 0 : 78;
}

/** A variable with our prefix that nothing reads is most often misspelt. */
function unknownVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = Object.values(RUNTIME_SETTINGS).flatMap((setting) => {
    const aliases: readonly string[] = 'aliases' in setting && setting.aliases ? setting.aliases : [];
    const names = [setting.variable, ...aliases];
    return 'isSecret' in setting ? [...names, ...names.map((name) => `${name}_FILE`)] : names;
  });
  return Object.keys(env)
    .filter((name) => name.startsWith('DATA_PROC_') && !known.includes(name))
    .map((name) => {
      const near = nearestName(name, known);
      return `warning: nothing reads ${name}${near === null ? '' : `; is ${near} meant?`}`;
    });
}
