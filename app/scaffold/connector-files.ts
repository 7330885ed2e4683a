/**
 * The files of a new connector: enough to run, wrong on purpose where only its author knows better. The golden test
 * fails until the expected lines are those that the source's manual says.
 */

import { CODE_DATASET, CODE_INDEX, CODE_MANIFEST, CODE_PAYLOAD } from './code-kind.ts';
import { HTTP_MANIFEST, HTTP_PAYLOAD } from './http-kind.ts';

/** What a new connector is called. */
export interface NewConnector {
  /** Its folder: the market in lower case, or that, a hyphen and more. */
  readonly name: string;
  readonly market: string;
  readonly dataset: string;
  readonly kind: 'http' | 'code';
}

/** Files by path from the root. `rawSchema` is the text of a raw schema to copy, whose record is `RawGenericTrade`. */
export function connectorFiles(made: NewConnector, rawSchema: string): Map<string, string> {
  const { name, dataset, kind } = made;
  const folder = `connectors/${name}`;
  const golden = `tests/data/golden/decode/${name}/${dataset}/first-case`;
  const payload = kind === 'http' ? 'payload.json' : 'payload.csv';
  const files = new Map([
    [`${folder}/connector.yaml`, filled(kind === 'http' ? HTTP_MANIFEST : CODE_MANIFEST, made)],
    [`${folder}/schemas/${schemaName(name)}.avsc`, schemaOf(made, rawSchema)],
    [`tests/data/golden/events/${recordName(name)}.json`, eventOf(made)],
    [`${golden}/${payload}`, kind === 'http' ? HTTP_PAYLOAD : CODE_PAYLOAD],
    [`${golden}/expected.jsonl`, expectedLine(made)],
    [`${golden}/source.json`, SOURCE],
    [`tests/unit/connectors/${name}.test.ts`, filled(GOLDEN_TEST, made)],
  ]);
  if (kind === 'code') {
    files.set(`${folder}/index.ts`, filled(CODE_INDEX, made));
    files.set(`${folder}/${fileName(dataset)}.ts`, filled(CODE_DATASET, made));
  }
  return files;
}

/** What is left to do, in order. */
export function nextSteps({ name, market, dataset, kind }: NewConnector): string[] {
  const steps = [
    `connectors/${name}/connector.yaml: the address, the hosts, when it is published, how a body is read`,
    `tests/data/golden/decode/${name}/${dataset}/first-case: a body of your own making in the source's layout, and the lines that its manual says; both days on which the clock changes as further cases`,
    `configs/normalization_rules.yaml: a section for ${market} ${dataset}`,
    `carbon connector validate ${name}; scripts/node --test tests/unit/connectors/${name}.test.ts`,
    'make docs; a section in docs/datasets.md',
  ];
  if (kind === 'code') steps.splice(1, 0, `connectors/catalog.ts: one line for ${camel(name)}`);
  return steps;
}

const SOURCE = `${JSON.stringify({ what: 'say what this case shows', origin: 'say where it comes from', licence: 'own work' }, null, 2)}\n`;

/** A line that no decoder gives: the golden test is red until it is replaced. */
function expectedLine({ market, dataset }: NewConnector): string {
  const line = {
    market,
    dataset,
    location: 'REPLACE ME',
    interval_start: '2025-03-09T05:00:00Z',
    interval_end: '2025-03-09T06:00:00Z',
    field: 'load',
    value: '0',
    unit: 'MW',
  };
  return `${JSON.stringify(line)}\n`;
}

/** `raw_eia_subba` */
export function schemaName(name: string): string {
  return `raw_${name.replaceAll('-', '_')}${name.includes('-') ? '' : '_row'}`;
}

/** `RawEiaSubba` */
function recordName(name: string): string {
  return schemaName(name)
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** A raw event as the schema's sample: what `carbon schemas validate` reads it by. */
function eventOf({ name, market, dataset }: NewConnector): string {
  const event = {
    event_id: '0b6f2c1e-77a1-8c3d-9e4f-5a6b7c8d9e0f',
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    occurred_at: 1_741_503_600_000_000,
    tenant_id: 'default',
    schema_version: '1.0.0',
    producer: name,
    payload: {
      source: name,
      market,
      dataset,
      location: { string: 'NORTH' },
      series: null,
      source_time: '2025-03-09T05:00:00Z',
      interval_start: 1_741_496_400_000_000,
      interval_end: 1_741_500_000_000_000,
      time_rule: 'say-the-rule',
      sequence: null,
      trade_id: null,
      cancels: false,
      published_at: null,
      values: [{ field: 'load', value: { string: '1234.5' }, unit: 'MW' }],
      archive_sha256: { string: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' },
      archive_row: { long: 1 },
      archive_member: null,
    },
  };
  return `${JSON.stringify(event, null, 2)}\n`;
}

function schemaOf({ name, market }: NewConnector, rawSchema: string): string {
  const record = recordName(name);
  const schema = JSON.parse(rawSchema.replaceAll('RawGenericTrade', record)) as Record<string, unknown>;
  const doc = `One row of a report of ${market}, with the words of the source kept and its time resolved to UTC.`;
  return `${JSON.stringify({ ...schema, doc }, null, 2)}\n`;
}

const fileName = (dataset: string): string => dataset.replaceAll('_', '-');

function camel(text: string): string {
  return text.replace(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase());
}

function filled(template: string, { name, market, dataset }: NewConnector): string {
  return template
    .replaceAll('__NAME__', name)
    .replaceAll('__MARKET__', market)
    .replaceAll('__TOPIC__', `ingestion.${market.toLowerCase()}.raw.v1`)
    .replaceAll('__SCHEMA__', schemaName(name))
    .replaceAll('__VALUE__', camel(name))
    .replaceAll('__DATASET_VALUE__', camel(dataset))
    .replaceAll('__DATASET_FILE__', fileName(dataset))
    .replaceAll('__DATASET__', dataset);
}

const GOLDEN_TEST = `import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { line } from '../../../app/cli/commands/decode.ts';
import { connectorNamed } from '../../../app/connectors/catalogue.ts';
import { recognise } from '../../../connectors/kit/recognise.ts';
import { refine, requireWhole } from '../../../connectors/kit/refine.ts';

const GOLDEN = resolve(import.meta.dirname, '../../data/golden/decode/__NAME__');

for (const dataset of readdirSync(GOLDEN))
  for (const name of readdirSync(join(GOLDEN, dataset)))
    test(\`golden: __NAME__ \${dataset} \${name}\`, () => {
      const folder = join(GOLDEN, dataset, name);
      const file = readdirSync(folder).find((entry) => entry.startsWith('payload')) as string;
      const payload = { name: file, bytes: readFileSync(join(folder, file)) };
      const connector = connectorNamed('__NAME__');
      const found = recognise([connector], payload);
      assert.equal(found.dataset.name, dataset);
      const transforms = ['sanitize_numeric', 'standardize_timezone'];
      const refined = requireWhole(refine(connector.market, found.dataset, payload, transforms));
      assert.deepEqual(refined.rejected, []);
      const lines = refined.rows.flatMap((row) =>
        row.values.map((value) => JSON.stringify(line(row, value))),
      );
      assert.equal(\`\${lines.join('\\n')}\\n\`, readFileSync(join(folder, 'expected.jsonl'), 'utf8'));
    });
`;
