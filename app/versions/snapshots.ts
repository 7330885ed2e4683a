/** The connectors of a checkout, now or at a revision of git, as the version policy sees them. */

import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CarbonError } from '../../core/errors.ts';
import { YamlSource } from '../connectors/yaml-source.ts';
import type { ConnectorSnapshot } from './demanded-bump.ts';

const run = promisify(execFile);
const OUTPUT = { maxBuffer: 64_000_000 };

/**
 * The connectors at a revision: its `core` and `connectors` are laid out in a folder of their own, and asked in a process
 * of their own. Throws USAGE_INVALID for a revision that git does not know.
 */
export async function snapshotsAt(root: string, revision: string): Promise<Map<string, ConnectorSnapshot>> {
  const folder = mkdtempSync(join(tmpdir(), 'carbon-revision-'));
  try {
    await run('git', ['-C', root, 'rev-parse', '--verify', '--quiet', `${revision}^{commit}`]).catch(() => {
      throw new CarbonError('USAGE_INVALID', `git knows no revision ${revision}`, {
        position: { field: '--since', expected: 'a commit, branch or tag', got: revision },
      });
    });
    const archive = join(folder, 'tree.tar');
    await run('git', [
      '-C',
      root,
      'archive',
      '--output',
      archive,
      revision,
      'connectors',
      'core',
      'package.json',
    ]);
    await run('tar', ['-xf', archive, '-C', folder]);
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    return await snapshotsOf(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The connectors that lie in a folder. */
export async function snapshotsOf(root: string): Promise<Map<string, ConnectorSnapshot>> {
  const fields = await codedFields(root);
  const found = new Map<string, ConnectorSnapshot>();
  const folder = join(root, 'connectors');
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name, 'connector.yaml');
    if (!existsSync(path)) continue;
    const manifest = new YamlSource(readFileSync(path, 'utf8'), {}).value() as Manifest;
    found.set(name, snapshotOf(manifest, fields[name] ?? {}, schemasOf(join(folder, name, 'schemas'))));
  }
  return found;
}

interface Manifest {
  readonly version?: unknown;
  readonly schedule?: unknown;
  readonly datasets?: readonly Entry[];
  readonly [key: string]: unknown;
}

interface Entry {
  readonly name?: unknown;
  readonly schedule?: unknown;
  readonly read?: { readonly values?: readonly { readonly field?: unknown }[] };
}

function snapshotOf(
  { version, schedule, datasets = [], ...rest }: Manifest,
  coded: Readonly<Record<string, readonly string[]>>,
  schemas: Record<string, string[]>,
): ConnectorSnapshot {
  const fields: Record<string, readonly string[]> = { ...coded };
  const schedules: Record<string, string> = {};
  for (const name of Object.keys(coded)) schedules[name] = String(schedule ?? '');
  const others: unknown[] = [];
  for (const { schedule: own, ...entry } of datasets) {
    const name = String(entry.name);
    schedules[name] = String(own ?? schedule ?? '');
    const declared = entry.read?.values?.map(({ field }) => String(field));
    if (declared !== undefined) fields[name] = [...new Set(declared)];
    // A dataset that comes or goes is told as that.
    if (fields[name] !== undefined && entry.read === undefined) others.push(entry);
  }
  return {
    version: String(version),
    datasets: fields,
    schemas,
    schedules,
    rest: JSON.stringify([rest, others]),
  };
}

function schemasOf(folder: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  if (!existsSync(folder)) return found;
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.avsc'))) {
    const names = new Set<string>();
    JSON.parse(readFileSync(join(folder, file), 'utf8'), (key, value: unknown) => {
      if (key === 'fields' && Array.isArray(value))
        for (const field of value as { name: string }[]) names.add(field.name);
      return value;
    });
    found[file] = [...names];
  }
  return found;
}

const ASK = `const { CONNECTORS } = await import(process.argv[1]);
process.stdout.write(JSON.stringify(Object.fromEntries(CONNECTORS.map(({ name, datasets }) =>
  [name, Object.fromEntries(datasets.map((each) => [each.name, [...new Set(each.fields.map(({ field }) => field))]]))]))));`;

/** Fields of the datasets with code, by connector and dataset. */
async function codedFields(root: string): Promise<Record<string, Record<string, string[]>>> {
  const catalogue = join(root, 'connectors/catalog.ts');
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', ASK, catalogue];
  const { stdout } = await run(process.execPath, args, OUTPUT);
  return JSON.parse(stdout) as Record<string, Record<string, string[]>>;
}
