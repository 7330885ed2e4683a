/** `carbon schemas diff`: two schemas named, read, and compared. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { topicWithVersion, versionOfTopic } from '../../core/codec/topics/topic-names.ts';
import { CarbonError } from '../../core/errors.ts';
import { parseSchema } from '../../core/schema/avro-schema.ts';
import { type Bump, bumpOf, type SchemaChange, schemaChanges } from '../../core/schema/schema-diff.ts';
import { readReleasedFiles, readSchemaFiles } from '../../drivers/schema-files/files.ts';
import { nearestName } from '../connectors/nearest-name.ts';

/** What came of a comparison. */
export interface SchemaDiff {
  /** What was compared, as `name` or `name@released`. */
  readonly before: string;
  readonly after: string;
  readonly changes: readonly SchemaChange[];
  readonly bump: Bump;
  /** Some change breaks readers. */
  readonly breaks: boolean;
  /** The second is a later version of the topic of the first: a change that breaks readers is where it belongs. */
  readonly isSuccessor: boolean;
  /** What the change demands, as a sentence. */
  readonly verdict: string;
}

interface Found {
  readonly name: string;
  readonly text: string;
}

const RELEASED = '@released';

/**
 * Compares two schemas; with one named, its released form and today's. A name is the path of an `.avsc` file, or the name
 * of one of the checkout (`served.market.latest_prices.v1`, `raw_nyiso_lmp`), with `@released` for the form that was
 * released last. Throws USAGE_INVALID for a name that is none, SCHEMA_INVALID for a file that is no schema.
 */
export async function diffSchemas(root: string, first: string, second: string | null): Promise<SchemaDiff> {
  const before = await find(root, second === null ? `${first}${RELEASED}` : first);
  const after = await find(root, second ?? first);
  const changes = schemaChanges(parseSchema(before.text, before.name), parseSchema(after.text, after.name));
  const bump = bumpOf(changes);
  const breaks = changes.some((change) => change.breaks !== null);
  const [from, to] = [topicOf(before.name), topicOf(after.name)];
  const [was, is] = [versionOfTopic(from), versionOfTopic(to)];
  const isSuccessor = was !== null && is !== null && is > was && topicWithVersion(from, is) === to;
  return {
    before: before.name,
    after: after.name,
    changes,
    bump,
    breaks,
    isSuccessor,
    verdict: verdictOf(bump, breaks, isSuccessor, was === null ? null : topicWithVersion(from, was + 1)),
  };
}

function verdictOf(bump: Bump, breaks: boolean, isSuccessor: boolean, next: string | null): string {
  if (bump === 'none') return 'the same contract';
  if (isSuccessor)
    return breaks
      ? 'breaks readers, and is a new version of the topic, as it has to be'
      : `would be compatible (${bump}): no new version of the topic is needed`;
  if (breaks)
    return `breaks readers: major, ${next === null ? 'a new schema and a new topic' : `a new topic, ${next}`}`;
  const stays = 'a reader with the new schema gets along, the topic stays';
  return bump === 'major' ? `major: ${stays}, and who uses what is gone has to look` : `${bump}: ${stays}`;
}

const topicOf = (name: string): string => basename(name.replace(RELEASED, ''), '.avsc');

async function find(root: string, name: string): Promise<Found> {
  if (name.endsWith('.avsc') && existsSync(name)) return { name, text: await readFile(name, 'utf8') };
  const isReleased = name.endsWith(RELEASED);
  const files = isReleased ? [...(await readReleasedFiles(root)).values()] : await readSchemaFiles(root);
  const wanted = topicOf(name);
  const found = files.find(({ path }) => topicOf(path) === wanted);
  if (found !== undefined) return { name, text: found.text };
  const near = nearestName(
    wanted,
    files.map(({ path }) => topicOf(path)),
  );
  const hint = near === null ? '' : `; did you mean ${near}?`;
  const what = isReleased ? 'was released and is called' : 'is called';
  throw new CarbonError('USAGE_INVALID', `no schema ${what} ${wanted}${hint}`, {
    position: {
      field: 'schema',
      expected: near ?? 'a topic, the name of a raw schema, or a file',
      got: name,
    },
  });
}
