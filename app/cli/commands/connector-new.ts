/** `carbon connector new NAME`: the folder of a new connector, with a golden test that fails until it is filled in. */

import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CarbonError } from '../../../core/errors.ts';
import { connectorFiles, type NewConnector, nextSteps } from '../../scaffold/connector-files.ts';
import { print } from '../output.ts';
import { note } from '../session.ts';

/** Options as they stand on the command line. */
export interface ConnectorNewOptions {
  readonly kind?: string;
  readonly market?: string;
  readonly dataset?: string;
  readonly root?: string;
  readonly dryRun?: boolean;
}

/** The raw schema that a new one is a copy of. */
const RAW_SCHEMA = 'connectors/generic/schemas/raw_generic_trade.avsc';

/** Prints the files that it made. Throws USAGE_INVALID for names that cannot be, and where one of the files exists. */
export async function newConnector(name: string, options: ConnectorNewOptions): Promise<void> {
  const root = resolve(options.root ?? join(import.meta.dirname, '../../..'));
  const made = namesOf(name, options);
  const files = connectorFiles(
    made,
    await readFile(join(import.meta.dirname, '../../..', RAW_SCHEMA), 'utf8'),
  );
  const taken = [...files.keys()].find((path) => existsSync(join(root, path)));
  if (taken !== undefined || existsSync(join(root, 'connectors', name)))
    throw usage(
      'name',
      'the name of a connector that does not exist',
      name,
      `there is ${taken ?? `connectors/${name}`} already`,
    );
  for (const [path, text] of files) {
    await print(`${path}\n`);
    if (options.dryRun === true) continue;
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  note('next:');
  for (const [i, step] of nextSteps(made).entries()) note(`  ${i + 1}. ${step}`);
}

function namesOf(name: string, options: ConnectorNewOptions): NewConnector {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw usage('name', 'lower-case letters, digits, hyphens', name, `no connector can be called ${name}`);
  const market = (options.market ?? name.split('-')[0] ?? name).toUpperCase();
  if (!/^[A-Z][A-Z0-9]*$/.test(market) || name.split('-')[0] !== market.toLowerCase())
    throw usage(
      '--market',
      `the first word of the name, ${name.split('-')[0]?.toUpperCase()}`,
      market,
      'the name of a connector begins with its market',
    );
  const dataset = options.dataset ?? 'load';
  if (!/^[a-z][a-z0-9_]*$/.test(dataset))
    throw usage(
      '--dataset',
      'lower-case letters, digits, underscores',
      dataset,
      `no dataset can be called ${dataset}`,
    );
  return { name, market, dataset, kind: options.kind === 'code' ? 'code' : 'http' };
}

function usage(field: string, expected: string, got: string, message: string): CarbonError {
  return new CarbonError('USAGE_INVALID', message, { position: { field, expected, got } });
}
