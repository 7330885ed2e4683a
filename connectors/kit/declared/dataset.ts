/** A dataset and a connector of declarations: the contract of the kit, without code of their own. */

import { CarbonError } from '../../../core/errors.ts';
import { parseDuration } from '../../../core/time/duration.ts';
import { HOUR } from '../../../core/time/instant.ts';
import type { Connector, Dataset, Payload, PayloadHead, Recognition } from '../contract.ts';
import { NULL_WORDS } from '../null-words.ts';
import { containerOf, firstLine, headOf, pageTitle, placeOf } from '../payload.ts';
import { type Json, readJson } from '../readers/json.ts';
import { normaliseHeader } from '../readers/table.ts';
import type { RepeatedRule, TimeConvention } from '../time/convention.ts';
import type { Declaration, ReadDeclaration, TimeDeclaration } from './declaration.ts';
import { decodeDeclared, neededColumns } from './decode.ts';
import { OFFSET_WORDS, offsetOf } from './offset.ts';
import { pathOf, rowsAt, textOfJson, valueAt } from './path.ts';
import { declaredPlan, nextPage } from './requests.ts';
import { declaredStream } from './stream.ts';

/** A connector whose datasets need no code. */
export interface DeclaredConnector {
  readonly name: string;
  readonly market: string;
  readonly datasets: readonly Declaration[];
  /** Query parameters that the runner adds to requests, and that no address may hold. */
  readonly secrets: readonly string[];
}

/** The connector as a value. Declarations are checked before; nothing is thrown here. */
export function declaredConnector({ name, market, datasets, secrets }: DeclaredConnector): Connector {
  return {
    name,
    market,
    datasets: datasets.map((declaration) => declaredDataset(declaration, secrets)),
    pushed: [],
    describe: (head) => {
      const page = pageTitle(head.text);
      return page === null ? firstLine(head.text) || null : `an HTML page: ${page}`;
    },
    refusal: (payload) => refusalOf(payload, datasets),
  };
}

function declaredDataset(declaration: Declaration, secrets: readonly string[]): Dataset {
  const { name, title, request, read, order } = declaration;
  const fields = new Map(read.values.map(({ field, unit, what }) => [field, { field, unit, what }]));
  return {
    name,
    title,
    time: conventionOf(name, read.time),
    nullWords: read.null_words === 'usual' ? NULL_WORDS : read.null_words.map((word) => word.toLowerCase()),
    coverage:
      order === 'free' ? null : { contiguous: order === 'contiguous', sameSpan: false, forward: true },
    fields: [...fields.values()],
    recognise: (head) => recognise(head, declaration),
    plan: (window, settings) => declaredPlan(declaration, window, settings),
    ...(request.page === undefined
      ? {}
      : { next: (asked, payload) => nextPage(declaration, asked, payload, secrets) }),
    ...(declaration.stream === undefined ? {} : { stream: declaredStream(name, declaration.stream) }),
    decode: (payload) => decodeDeclared(payload, read),
  };
}

function conventionOf(name: string, time: TimeDeclaration): TimeConvention {
  const cadence = time.cadence === undefined ? null : parseDuration(time.cadence);
  return {
    name: `${name.replaceAll('_', '-')}-${time.stamp}`,
    zone: time.zone,
    pattern: time.pattern,
    stamp: time.stamp,
    length: time.stamp === 'instant' ? 0 : (parseDuration(time.length ?? '') ?? HOUR),
    onGrid: time.on_grid && time.stamp !== 'instant',
    repeated: ruleOf(time),
    ...(cadence === null ? {} : { cadence }),
    ...(time.publishes === undefined ? {} : { publishes: time.publishes }),
  };
}

function ruleOf({ offset, repeated }: TimeDeclaration): RepeatedRule {
  if (offset) return { by: 'zone', words: OFFSET_WORDS };
  if (repeated === 'none' || repeated === 'order') return { by: repeated };
  if ('first' in repeated) return { by: 'flag', ...repeated };
  const words = Object.entries(repeated.words).map(([word, text]) => [word, offsetOf(text) ?? 0]);
  return { by: 'zone', words: Object.fromEntries(words) };
}

/**
 * By layout only, unless the name is the one that the plan gives: a dataset with code knows its bodies better, and goes
 * first. All columns that are read must be seen, all marks, and nothing that it lacks.
 */
function recognise(head: PayloadHead, { read, request, name }: Declaration): Recognition {
  if (!fits(head, read)) return 0;
  const given = request.name ?? `${name}_`;
  const start = given.slice(0, given.search(/\{|$/));
  return start.length > 3 && head.name.startsWith(start) ? 3 : 1;
}

function fits(head: PayloadHead, read: ReadDeclaration): boolean {
  const text = head.text.trimStart();
  const isPage = pageTitle(head.text) !== null;
  const format = /^[[{]/.test(text) ? 'json' : text.startsWith('<') ? 'xml' : 'csv';
  if (isPage || format !== read.format || !isMarked(head, read)) return false;
  const columns = neededColumns(read);
  if (format === 'csv') return hasHeader(text, read, columns);
  const seen = (column: string): boolean => {
    const last = (pathOf(column)?.at(-1)?.key ?? column).replace(/^@/, '');
    if (last === '$') return true;
    return format === 'json'
      ? head.text.includes(`"${last}"`) || head.text.includes(`"@${last}"`)
      : head.text.includes(`<${last}`) || head.text.includes(`:${last}`) || head.text.includes(` ${last}=`);
  };
  return columns.every(seen);
}

/** Marks are compared without blanks: the same document may be printed over lines. */
function isMarked({ text }: PayloadHead, { marks, lacks }: ReadDeclaration): boolean {
  const bare = text.replace(/\s+/g, '');
  const holds = (mark: string): boolean => bare.includes(mark.replace(/\s+/g, ''));
  return marks.every(holds) && !lacks.some(holds);
}

/** True when a line of the start has every column. */
function hasHeader(text: string, read: ReadDeclaration, columns: readonly string[]): boolean {
  const wanted = columns.map(normaliseHeader);
  return text.split(/\r?\n/, 60).some((line) => {
    const names = line.split(read.delimiter).map((field) => normaliseHeader(field.replace(/^"|"$/g, '')));
    return wanted.every((column) => names.includes(column));
  });
}

/** The words with which the source refuses (SOURCE_REFUSED), or an answer without rows (SOURCE_NO_DATA). */
function refusalOf(payload: Payload, datasets: readonly Declaration[]): CarbonError | null {
  if (containerOf(payload.bytes) !== null) return null;
  const head = headOf(payload);
  if (!/^\s*[[{]/.test(head.text)) return null;
  let document: Json;
  try {
    document = readJson(payload);
  } catch {
    // Damage is told with its place when the body is read.
    return null;
  }
  for (const { read } of datasets) {
    if (read.format !== 'json') continue;
    const rows = rowsIn(document, read);
    const words = rows === null ? wordsAt(document, read.refusal) : null;
    const { position } = placeOf(payload);
    if (words !== null)
      return new CarbonError('SOURCE_REFUSED', `the source refuses: ${words}`, {
        position: { ...position, expected: 'rows of data', got: words.slice(0, 80) },
      });
    const isOurs = isMarked(head, read);
    if (rows?.length === 0 && isOurs)
      return new CarbonError('SOURCE_NO_DATA', 'the source answers with no row', { position });
  }
  return null;
}

function rowsIn(document: Json, read: ReadDeclaration): Json[] | null {
  const path = pathOf(read.rows ?? '');
  if (path === null) return Array.isArray(document) ? [...document] : null;
  return rowsAt(document, path);
}

function wordsAt(document: Json, refusal: string | undefined): string | null {
  const path = refusal === undefined ? null : pathOf(refusal);
  const found = path === null ? undefined : valueAt(document, path);
  if (found === undefined || found === null) return null;
  return textOfJson(found) ?? JSON.stringify(found).slice(0, 200);
}
