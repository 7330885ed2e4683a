/**
 * `specs.lock.json`: every contract pinned by version and hash (C5). The schemas of topics and of connectors by the bytes of
 * their files, policies by the form that a file has to have. `make specs-sync` writes it, `carbon schemas validate` checks it.
 */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { versionOfTopic } from '../../core/codec/topics/topic-names.ts';
import { CarbonError } from '../../core/errors.ts';
import { parseSchema } from '../../core/schema/avro-schema.ts';
import { schemaFingerprint } from '../../core/schema/fingerprint.ts';
import { subjectOfFile } from '../../core/schema/subject.ts';
import { isAbsent, readReleasedIds, readSchemaFiles } from '../../drivers/schema-files/files.ts';
import { inspectManifest } from '../connectors/manifest.ts';
import { CONFIG_FILES } from '../pipeline/policy-files.ts';

/** The file, at the root of the checkout. */
export const SPECS_LOCK = 'specs.lock.json';

const pinSchema = z.strictObject({
  version: z.string(),
  sha256: z.string(),
  subject: z.string().optional(),
  id: z.int().nullable().optional(),
});
const lockSchema = z.strictObject({ version: z.literal(1), contracts: z.record(z.string(), pinSchema) });

/** One contract: `v2` of a topic, the version of a connector's manifest, or that of the form of a policy file. */
export type Pin = z.infer<typeof pinSchema>;

/** Contracts by path from the root. */
export type SpecsLock = z.infer<typeof lockSchema>;

/** The lock as the contracts of the checkout are now. Throws SCHEMA_INVALID or CONFIG_INVALID for one that is not valid. */
export async function specsLock(root: string): Promise<SpecsLock> {
  const ids = await readReleasedIds(root);
  const versions = new Map<string, string>();
  const contracts: Record<string, Pin> = {};
  for (const { path, text } of await readSchemaFiles(root)) {
    const subject = subjectOfFile(path, parseSchema(text, path)) ?? '';
    const market = /^connectors\/([^/]+)\//.exec(path)?.[1];
    if (market !== undefined && !versions.has(market))
      versions.set(market, await manifestVersion(root, market));
    const version = market === undefined ? topicVersion(path) : (versions.get(market) as string);
    contracts[path] = {
      version,
      sha256: sha256(text),
      subject,
      id: ids.get(schemaFingerprint(text)) ?? null,
    };
  }
  for (const { file, schema } of CONFIG_FILES)
    contracts[file] = { version: formVersion(schema), sha256: sha256(formOf(schema)) };
  return { version: 1, contracts };
}

/** The text of the file: one contract after another, in order of path. */
export function specsLockText({ version, contracts }: SpecsLock): string {
  const sorted = Object.entries(contracts).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify({ version, contracts: Object.fromEntries(sorted) }, null, 2)}\n`;
}

/** One CONTRACT_UNPINNED for each contract that the lock does not have, has otherwise, or has and should not. */
export async function specsLockProblems(root: string): Promise<CarbonError[]> {
  let pinned: SpecsLock['contracts'];
  try {
    const text = await readFile(join(root, SPECS_LOCK), 'utf8');
    pinned = lockSchema.parse(JSON.parse(text)).contracts;
  } catch (cause) {
    return [unpinned(null, isAbsent(cause) ? 'is not there' : 'is not a lock of contracts', cause)];
  }
  const { contracts } = await specsLock(root);
  const problems: CarbonError[] = [];
  for (const path of new Set([...Object.keys(contracts), ...Object.keys(pinned)])) {
    const [now, then] = [contracts[path], pinned[path]];
    if (then === undefined) problems.push(unpinned(path, 'is not pinned'));
    else if (now === undefined) problems.push(unpinned(path, 'is pinned and is no contract any more'));
    else {
      const keys = ['version', 'sha256', 'subject', 'id'] as const;
      const key = keys.find((each) => now[each] !== then[each]);
      if (key !== undefined) {
        const what = `is pinned with ${key} ${then[key]} and has ${now[key]}`;
        problems.push(unpinned(path, what));
      }
    }
  }
  return problems;
}

function unpinned(path: string | null, what: string, cause?: unknown): CarbonError {
  const message = `${SPECS_LOCK}: ${path === null ? what : `${path} ${what}`}`;
  return new CarbonError('CONTRACT_UNPINNED', message, {
    position: { file: SPECS_LOCK, ...(path === null ? {} : { field: path }) },
    cause,
  });
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const topicVersion = (path: string): string => `v${versionOfTopic(path.replace(/\.avsc$/, '')) ?? 1}`;

async function manifestVersion(root: string, market: string): Promise<string> {
  const { manifest, problems } = await inspectManifest(join(root, 'connectors', market, 'connector.yaml'));
  if (manifest === null) throw problems[0];
  return manifest.version;
}

/** The form of a policy file, as JSON Schema. */
const formOf = (schema: z.ZodType): string => JSON.stringify(z.toJSONSchema(schema, { io: 'input' }));

/** The number that the form wants under `version`. */
function formVersion(schema: z.ZodType): string {
  const { properties } = z.toJSONSchema(schema, { io: 'input' });
  const version = properties?.['version'];
  return String(typeof version === 'object' ? (version.const ?? 1) : 1);
}
