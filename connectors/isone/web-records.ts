/**
 * Reads the records of ISO New England's web services and charts, in JSON or XML.
 *
 * The JSON is XML turned over: attributes are `@LocId`, text is `$`, a list of one is the object itself, an empty one is
 * an empty text. `/current` may lack the outer container. So records are looked for wherever they stand: an object
 * with a begin, under the name of its kind. They are counted from 1.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Payload } from '../kit/contract.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject, readJson } from '../kit/readers/json.ts';
import { readXml, type XmlElement } from '../kit/readers/xml.ts';
import type { WebKind } from './web-kind.ts';
import { NAMELESS } from './web-kinds.ts';

/** A record, what it is, and where it stands. */
export interface WebRecord {
  readonly kind: WebKind;
  readonly record: JsonObject;
  readonly row: number;
  /** The number that its list stands under in a chart of ties: their place where a record names none. */
  readonly under?: string;
}

/** What was found; damage only in XML, whose records are read one by one. */
export interface WebRecords {
  readonly records: readonly WebRecord[];
  readonly damage: CarbonError | null;
}

const DEEPEST = 8;

/** Keys by which a record tells its time. */
export const STAMPS: readonly string[] = ['BeginDate', 'interval_begin_date', 'market_hour', 'MarketDate'];

/** The key of a publication. */
export const PUBLISHED = 'CreationDate';

/** The records of some kinds, in order. Throws as {@link readJson} and {@link readXml}. */
export function readWebRecords(payload: Payload, kinds: readonly WebKind[]): WebRecords {
  const start = new TextDecoder().decode(payload.bytes.subarray(0, 512));
  if (/^\s*</.test(start)) return recordsOfXml(payload, kinds);
  const records: WebRecord[] = [];
  const find = (value: Json, name: string, depth: number): void => {
    if (depth > DEEPEST) return;
    if (isJsonArray(value)) for (const each of value) find(each, name, depth + 1);
    else if (isJsonObject(value)) {
      const kind = STAMPS.some((key) => Object.hasOwn(value, key)) ? kindOf(value, name, kinds) : null;
      if (kind !== null)
        records.push({
          kind,
          record: value,
          row: records.length + 1,
          ...(/^\d+$/.test(name) ? { under: name } : {}),
        });
      else for (const [key, each] of Object.entries(value)) find(each, key, depth + 1);
    }
  };
  find(readJson(payload), '', 0);
  return { records: records.flatMap(withLists), damage: null };
}

/** The kind of a record: by its name, in charts by what it holds. */
function kindOf(record: JsonObject, name: string, kinds: readonly WebKind[]): WebKind | null {
  const named = kinds.find((kind) => kind.key === name);
  if (named !== undefined) return named;
  const shapes = shapesOf(record);
  return kinds.find((kind) => shapes.includes(kind.key)) ?? null;
}

/** Records without a name, of charts and of lists that were taken out of their answer, are known by their keys. */
function shapesOf(record: JsonObject): readonly (string | undefined)[] {
  const has = (key: string): boolean => Object.hasOwn(record, key);
  if (has('Actual') && has('Current')) return ['flow'];
  if (has('NaturalGas') || has('Nuclear')) return ['fuels'];
  const shape = NAMELESS.find(({ keys }) => keys.every(has));
  return [shape?.fine, shape?.hourly];
}

function recordsOfXml(payload: Payload, kinds: readonly WebKind[]): WebRecords {
  const records: WebRecord[] = [];
  const { damage } = readXml(payload, (element) => {
    const kind = kinds.find((each) => each.key === element.name);
    if (kind === undefined) return false;
    const record = jsonOf(element);
    if (!isJsonObject(record)) return true;
    records.push({ kind, record, row: element.line });
    return true;
  });
  return { records: records.flatMap(withLists), damage };
}

/** A record, and the entries of its lists, which stand where it stands. */
function withLists(found: WebRecord): WebRecord[] {
  const { kind, record, row } = found;
  const entries = (kind.lists ?? []).flatMap((list) =>
    entriesOf(record, list.key, 0).map((entry) => {
      const own = STAMPS.some((key) => Object.hasOwn(entry, key));
      const begin = own ? {} : Object.fromEntries(STAMPS.flatMap((key) => pair(record, key)));
      const more = Object.fromEntries(pair(record, PUBLISHED));
      return { kind: list, record: { ...begin, ...more, ...entry }, row };
    }),
  );
  return [found, ...entries.flatMap(withLists)];
}

const pair = (record: JsonObject, key: string): [string, Json][] => {
  const value = record[key];
  return value === undefined ? [] : [[key, value]];
};

/** The entries under a key of a record, or of an object in it; a list of one is the entry itself. */
function entriesOf(record: JsonObject, key: string, depth: number): JsonObject[] {
  const value = record[key];
  if (value !== undefined) return (isJsonArray(value) ? value : [value]).filter(isJsonObject);
  if (depth >= 2) return [];
  return Object.values(record)
    .filter(isJsonObject)
    .flatMap((each) => entriesOf(each, key, depth + 1));
}

/** An element as the JSON of the same service: text, or an object of attributes, text and children. */
function jsonOf(element: XmlElement): Json {
  const attributes = [...element.attributes].filter(([name]) => name !== 'xmlns');
  if (attributes.length === 0 && element.children.length === 0) return element.text;
  const object: Record<string, Json> = {};
  for (const [name, value] of attributes) object[`@${name}`] = value;
  if (element.text !== '') object['$'] = element.text;
  for (const child of element.children) object[child.name] = jsonOf(child);
  return object;
}

/** The text of a value: itself, or the text of an object with attributes; null for none and for blank. */
export function textIn(value: Json | undefined): string | null {
  const text = isJsonObject(value) ? value['$'] : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : null;
}

/** SOURCE_EMPTY, for a body that holds no record of these kinds. */
export function noRecord(payload: Payload, kinds: readonly WebKind[]): CarbonError {
  const expected = kinds.map((kind) => kind.key).join(', ');
  return new CarbonError('SOURCE_EMPTY', `the body holds no record of ${expected}`, {
    position: { ...(payload.name === '' ? {} : { file: payload.name }), line: 1, expected },
  });
}
