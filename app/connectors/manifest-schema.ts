/** The keys of `connector.yaml` (A2): one table gives the type, the check, the error texts and the page in docs. */

import { z } from 'zod';
import { TRANSFORM_NAMES } from '../../connectors/kit/transforms/registry.ts';
import { parseDuration } from '../../core/time/duration.ts';
import { AuthSchema } from './auth-schema.ts';
import { cronProblem } from './cron.ts';
import { DeclaredKeys } from './declared-schema.ts';

/** What the docs and the messages say about a key. */
export interface KeyDoc {
  readonly what: string;
  /** What a value may be, as the error says it. */
  readonly expected: string;
  /** Value that holds when the key is absent; null when the key must be given. */
  readonly fallback: string | null;
}

/** Documentation of every key, in the order of the docs. */
export const KEY_DOCS: Readonly<Record<string, KeyDoc>> = {
  name: {
    what: 'Name of the connector, equal to its folder',
    expected: 'lower-case letters, digits, hyphens',
    fallback: null,
  },
  version: {
    what: 'Version of the connector (`docs/add-a-connector.md`, versions)',
    expected: 'three numbers, as 1.2.0',
    fallback: null,
  },
  market: {
    what: 'Market of its rows; `ANY` where each event names its own',
    expected: 'upper-case letters and digits, as NYISO, or ANY',
    fallback: null,
  },
  mode: { what: 'How it runs', expected: 'batch, streaming, hybrid', fallback: null },
  schedule: {
    what: 'When it runs, in UTC; needed unless streaming',
    expected: 'a cron expression of 5 fields, as "0 */1 * * *"',
    fallback: 'none',
  },
  enabled: { what: 'Switches it on', expected: 'true, false', fallback: 'true' },
  output_topic: {
    what: 'Topic that its raw events go to',
    expected: 'ingestion.<market in lower case>.raw.v1',
    fallback: null,
  },
  schema: {
    what: 'Avro schema of its raw events, relative to the file',
    expected: 'a path that ends in .avsc and exists',
    fallback: null,
  },
  retries: {
    what: 'Further attempts after a failed fetch',
    expected: 'a whole number from 0 to 20',
    fallback: '3',
  },
  backoff_seconds: {
    what: 'Pause before the first further attempt; it doubles each time',
    expected: 'a number from 0 to 3600',
    fallback: '30',
  },
  hosts: {
    what: 'Hosts that may be asked, redirects included; no other is',
    expected: 'a list of host names, as mis.nyiso.com, or with a port, as localhost:8600',
    fallback: '[]',
  },
  auth: {
    what: 'How a source is told who asks, below; secrets come from the environment or a file',
    expected: 'a list of entries with kind',
    fallback: '[]',
  },
  min_interval_ms: {
    what: 'Least pause between the starts of two requests to one host, in milliseconds',
    expected: 'a whole number from 0 to 600000',
    fallback: '1000',
  },
  max_concurrency: {
    what: 'Requests to one host at a time',
    expected: 'a whole number from 1 to 16',
    fallback: '1',
  },
  timeout_seconds: {
    what: 'Longest time of one exchange, redirects included',
    expected: 'a number from 1 to 240',
    fallback: '60',
  },
  lookback: {
    what: 'How far before now a scheduled run begins, so that corrections come in',
    expected: 'a number with s, m, h or d, as 5d',
    fallback: '1d',
  },
  grace: {
    what: 'How long after its expected publication an interval counts as missing in the ledger',
    expected: 'a number with s, m, h or d, as 5d',
    fallback: '1h',
  },
  contract: {
    what: 'What happens when a column appears, vanishes, changes its type or its meaning (docs/pulling.md)',
    expected: 'a map of appears, vanishes, type, meaning to evolve, freeze, discard_value, discard_row',
    fallback: '{}',
  },
  options: {
    what: 'Choices that the datasets document, such as `files: zone,gen`',
    expected: 'a map of texts',
    fallback: '{}',
  },
  tenant_strategy: {
    what: 'One tenant for all rows, or the tenant that each event names',
    expected: 'single, multi',
    fallback: 'single',
  },
  transforms: {
    what: 'Transforms that run over decoded rows, in this order, as names or `- name: x`',
    expected: `a list of: ${TRANSFORM_NAMES.join(', ')}`,
    fallback: '[]',
  },
  owner: { what: 'Team that answers for it', expected: 'a name', fallback: null },
  description: { what: 'One sentence for people', expected: 'a text', fallback: '""' },
  sample: {
    what: 'A body to validate with, relative to the file',
    expected: 'a path that exists',
    fallback: 'none',
  },
  datasets: {
    what: 'Datasets it carries; each entry has `name` and may override mode, schedule, enabled, schema, transforms, sample, min_interval_ms, timeout_seconds, lookback, grace, contract, options; one without code has request and read, below',
    expected: 'a list of entries with name',
    fallback: '[]',
  },
};

const TransformName = z
  .union([z.string(), z.strictObject({ name: z.string() }).transform((entry) => entry.name)])
  .refine((name) => TRANSFORM_NAMES.includes(name));

const Mode = z.enum(['evolve', 'freeze', 'discard_value', 'discard_row']);

const Contract = z.strictObject({
  appears: Mode.default('evolve'),
  vanishes: Mode.default('evolve'),
  type: Mode.default('discard_row'),
  meaning: Mode.default('freeze'),
});

const Overridable = {
  mode: z.enum(['batch', 'streaming', 'hybrid']),
  schedule: z.string().refine((text) => cronProblem(text) === null),
  enabled: z.boolean(),
  schema: z.string().regex(/^[^/\\].*\.avsc$/),
  transforms: z.array(TransformName),
  sample: z.string().min(1),
  min_interval_ms: z.int().min(0).max(600_000),
  timeout_seconds: z.number().min(1).max(240),
  lookback: z.string().refine((text) => parseDuration(text) !== null),
  grace: z.string().refine((text) => parseDuration(text) !== null),
  contract: Contract,
  options: z.record(z.string(), z.string()),
};

const DatasetEntry = z
  .strictObject({ ...Overridable, ...DeclaredKeys })
  .partial()
  .extend({ name: z.string().regex(/^[a-z][a-z0-9_]*$/) });

/** The shape of the file; names and paths are checked beyond it in `manifest.ts`. */
export const ManifestSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  market: z.string().regex(/^[A-Z][A-Z0-9]*$/),
  mode: Overridable.mode,
  schedule: Overridable.schedule.optional(),
  enabled: Overridable.enabled.default(true),
  output_topic: z.string(),
  schema: Overridable.schema,
  retries: z.int().min(0).max(20).default(3),
  backoff_seconds: z.number().min(0).max(3600).default(30),
  tenant_strategy: z.enum(['single', 'multi']).default('single'),
  transforms: Overridable.transforms.default([]),
  owner: z.string().min(1),
  description: z.string().default(''),
  sample: Overridable.sample.optional(),
  hosts: z.array(z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/)).default([]),
  auth: AuthSchema,
  min_interval_ms: Overridable.min_interval_ms.default(1000),
  max_concurrency: z.int().min(1).max(16).default(1),
  timeout_seconds: Overridable.timeout_seconds.default(60),
  lookback: Overridable.lookback.default('1d'),
  grace: Overridable.grace.default('1h'),
  contract: Overridable.contract.prefault({}),
  options: Overridable.options.default({}),
  datasets: z.array(DatasetEntry).default([]),
});

/** Settings that a dataset may have of its own. */
export type DatasetSettings = Pick<Manifest, keyof typeof Overridable>;

/** A connector.yaml that was read and found good. */
export type Manifest = z.infer<typeof ManifestSchema>;

/** Keys that an entry of `datasets` may hold. */
export const DATASET_KEYS: readonly string[] = [
  'name',
  ...Object.keys(Overridable),
  ...Object.keys(DeclaredKeys),
];

/** The topic of a market's raw events; the market `ANY` keeps the place open for the market of each event. */
export function rawTopicOf(market: string): string {
  return `ingestion.${market === 'ANY' ? '{market}' : market.toLowerCase()}.raw.v1`;
}

/** The keys as a Markdown table, for `docs/add-a-connector.md`. */
export function manifestReference(): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const rows = Object.entries(KEY_DOCS).map(
    ([key, doc]) =>
      `| \`${key}\` | ${cell(doc.what)} | ${cell(doc.expected)} | ${doc.fallback === null ? 'required' : `\`${doc.fallback}\``} |`,
  );
  return ['| key | what | allowed | when absent |', '|---|---|---|---|', ...rows].join('\n');
}
