/** Reads `connector.yaml` files: every problem of a file at once, each with its line, key and allowed values (A2). */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import type { Connector } from '../../connectors/kit/contract.ts';
import { CarbonError } from '../../core/errors.ts';
import { keepValue, keptValue } from '../config/kept-values.ts';
import { codedConnectors } from './coded.ts';
import { cronProblem } from './cron.ts';
import { type Complaint, complaintsOf, type Path, record } from './manifest-complaints.ts';
import {
  DATASET_KEYS,
  type DatasetSettings,
  KEY_DOCS,
  type Manifest,
  ManifestSchema,
} from './manifest-schema.ts';
import { nearestName } from './nearest-name.ts';
import { nestedDoc, nestedNames } from './nested-keys.ts';
import type { YamlSource } from './yaml-source.ts';

export type { DatasetSettings, Manifest } from './manifest-schema.ts';

/** The folder of the connectors that come with the program. */
export function connectorsFolder(): string {
  return resolve(import.meta.dirname, '../../connectors');
}

/** What a manifest is checked against; the program's own unless a test says otherwise. */
export interface ManifestSurroundings {
  readonly connectors?: readonly Connector[];
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/** What came of reading one file: a manifest, or all that is wrong with it, in the order of the file. */
export interface Inspected {
  readonly manifest: Manifest | null;
  readonly problems: readonly CarbonError[];
}

/**
 * Reads and checks one file. Every problem is a CONNECTOR_INVALID with file, line, column, field, expected and got.
 * Throws FILE_UNREADABLE when there is no such file.
 */
export async function inspectManifest(path: string, around: ManifestSurroundings = {}): Promise<Inspected> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new CarbonError('FILE_UNREADABLE', `cannot read ${path}`, { position: { file: path }, cause });
  }
  return inspectText(path, text, around);
}

/** The same for a text that was read; `path` is for messages, and for the files that the text names. */
export function inspectText(path: string, text: string, around: ManifestSurroundings = {}): Inspected {
  const judge = (value: unknown) => ({
    checked: ManifestSchema.safeParse(value),
    complaints: complaintsOf(value, dirname(path), around.connectors ?? codedConnectors()),
  });
  const kept = keptValue(text);
  if (kept !== null) {
    const { checked, complaints } = judge(kept.value);
    if (checked.success && complaints.length === 0) return { manifest: checked.data, problems: [] };
  }
  const source = parsed(text, around.variables ?? process.env);
  const book = new ProblemBook(path, source);
  for (const found of source.problems) {
    const { line, column, expected, got } = found;
    book.write(found.message, { line, column }, found.path.join('.'), expected, got);
  }
  if (source.problems.length > 0) return { manifest: null, problems: book.sorted() };
  const value = source.value();
  keepValue(text, value);
  const { checked, complaints } = judge(value);
  for (const issue of checked.error?.issues ?? []) book.issue(issue, value);
  for (const complaint of complaints) book.complain(complaint);
  const problems = book.sorted();
  return { manifest: problems.length === 0 ? (checked.data ?? null) : null, problems };
}

const load = createRequire(import.meta.url);

/** The parser is loaded by who needs it: most starts find what the files say kept. */
function parsed(text: string, variables: Readonly<Record<string, string | undefined>>): YamlSource {
  const source = load('./yaml-source.ts') as typeof import('./yaml-source.ts');
  return new source.YamlSource(text, variables);
}

/**
 * Reads one file and returns it, or throws CONNECTOR_INVALID at its first problem; the message counts the further
 * ones and lists them line by line.
 */
export async function loadManifest(path: string, around: ManifestSurroundings = {}): Promise<Manifest> {
  return requireManifest(await inspectManifest(path, around));
}

/** The manifest of what was inspected; throws as {@link loadManifest} does. */
export function requireManifest({ manifest, problems }: Inspected): Manifest {
  if (manifest !== null) return manifest;
  const [first, ...more] = problems as [CarbonError, ...CarbonError[]];
  const rest = more.map((problem) => `\n  also ${problem.message}`).join('');
  throw new CarbonError('CONNECTOR_INVALID', `${first.message}${rest}`, {
    position: first.position,
    context: { problems: problems.length },
    cause: new AggregateError(problems),
  });
}

/** A dataset's settings: its own entry over the connector's. A dataset without an entry has the connector's. */
export function settingsOf(manifest: Manifest, dataset: string): DatasetSettings {
  const entry = manifest.datasets.find((candidate) => candidate.name === dataset);
  return {
    mode: entry?.mode ?? manifest.mode,
    schedule: entry?.schedule ?? manifest.schedule,
    enabled: manifest.enabled && (entry?.enabled ?? true),
    schema: entry?.schema ?? manifest.schema,
    transforms: entry?.transforms ?? manifest.transforms,
    sample: entry?.sample ?? manifest.sample,
    min_interval_ms: entry?.min_interval_ms ?? manifest.min_interval_ms,
    timeout_seconds: entry?.timeout_seconds ?? manifest.timeout_seconds,
    lookback: entry?.lookback ?? manifest.lookback,
    grace: entry?.grace ?? manifest.grace,
    contract: entry?.contract ?? manifest.contract,
    options: { ...manifest.options, ...entry?.options },
  };
}

/** The transforms that run for a dataset, in their order. */
export function transformsOf(manifest: Manifest, dataset: string): readonly string[] {
  return settingsOf(manifest, dataset).transforms;
}

/** Collects the problems of one file as errors with places. */
class ProblemBook {
  private readonly problems: CarbonError[] = [];
  private readonly file: string;
  private readonly source: YamlSource;

  constructor(file: string, source: YamlSource) {
    this.file = file;
    this.source = source;
  }

  write(
    what: string,
    at: { line: number; column: number },
    field: string,
    expected: string,
    got: string,
  ): void {
    const place = `${this.file}:${at.line}:${at.column}`;
    const key = field === '' ? '' : `${field}: `;
    this.problems.push(
      new CarbonError('CONNECTOR_INVALID', `${place}: ${key}${what}; allowed: ${expected}; found: ${got}`, {
        position: { file: this.file, ...at, ...(field === '' ? {} : { field }), expected, got },
      }),
    );
  }

  complain(complaint: Complaint): void {
    const { path, message, expected, got } = complaint;
    this.write(message, this.source.placeOf(path), path.join('.'), expected, got);
  }

  /** One problem of the schema; unknown keys become one problem each. */
  issue(issue: z.core.$ZodIssue, value: unknown): void {
    const path = issue.path.filter((step) => typeof step !== 'symbol');
    if (issue.code === 'unrecognized_keys') {
      const allowed = allowedAt(path);
      for (const key of issue.keys) {
        const meant = nearestName(key, allowed);
        const hint = meant === null ? 'unknown key' : `unknown key, did you mean ${meant}?`;
        this.write(
          hint,
          this.source.placeOfKey(path, key),
          [...path, key].join('.'),
          allowed.join(', '),
          key,
        );
      }
      return;
    }
    const got = valueAt(value, path);
    const key = path.findLast((step) => typeof step === 'string' && step in KEY_DOCS);
    const expected = (nestedDoc(path) ?? KEY_DOCS[String(key)])?.expected ?? 'a map of keys';
    const schedule = key === 'schedule' && typeof got === 'string' ? cronProblem(got) : null;
    const what = got === undefined ? 'is missing' : (schedule ?? 'is refused');
    this.write(what, this.source.placeOf(path), path.join('.'), expected, shown(got));
  }

  sorted(): CarbonError[] {
    const rank = (error: CarbonError): number =>
      (error.position.line ?? 0) * 1e6 + (error.position.column ?? 0);
    return this.problems.toSorted((a, b) => rank(a) - rank(b));
  }
}

/** Keys that a map may have. */
function allowedAt(path: Path): readonly string[] {
  if (path.length === 0) return Object.keys(KEY_DOCS);
  const nested = nestedNames(path);
  const isEntry = path[0] === 'datasets' && path.length === 2;
  return isEntry ? DATASET_KEYS : nested;
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) at = Array.isArray(at) ? at[Number(step)] : record(at)[String(step)];
  return at;
}

const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 120);
