/** `carbon connector index` and `schema`: files that others work by, made from the manifests and their checks. */

import { writeFile } from 'node:fs/promises';
import { CarbonError } from '../../../core/errors.ts';
import { allConnectors } from '../../connectors/catalogue.ts';
import { connectorIndex } from '../../connectors/connector-index.ts';
import { manifestJsonSchema } from '../../connectors/manifest-json-schema.ts';
import { print } from '../output.ts';
import { note } from '../session.ts';
import { describe } from './connector.ts';

/** The index of all enabled connectors as one JSON object, on standard output or in a file. */
export async function index(options: { out?: string }): Promise<void> {
  const built = connectorIndex(await Promise.all(allConnectors().map(describe)));
  const told = `${built.entries.length} entries of ${built.enabled} connectors`;
  await printOrWrite(`${JSON.stringify(built, null, 2)}\n`, options.out, told);
}

/** The JSON Schema of `connector.yaml`, on standard output or in a file. */
export async function schema(options: { out?: string }): Promise<void> {
  await printOrWrite(manifestJsonSchema(), options.out, 'the schema of connector.yaml');
}

async function printOrWrite(text: string, out: string | undefined, told: string): Promise<void> {
  if (out === undefined) return void (await print(text));
  try {
    await writeFile(out, text);
  } catch (cause) {
    throw new CarbonError('USAGE_INVALID', `cannot write ${out}`, {
      position: { field: '--out', expected: 'a file that can be written', got: out },
      cause,
    });
  }
  note(`${out}: ${told}`);
}
