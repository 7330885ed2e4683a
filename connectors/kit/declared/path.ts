/** Paths into a JSON document: `response.data`, `Location.@LocId`, `links[rel=next].href`. */

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../readers/json.ts';

interface Step {
  readonly key: string;
  /** Of the objects of the array at `key`, the one whose member has this value. */
  readonly where: { readonly key: string; readonly is: string } | null;
}

/** A path, ready to be followed. */
export type Path = readonly Step[];

const STEP = /^([^[\].]+)(?:\[([^=\]]+)=([^\]]*)\])?$/;
const compiled = new Map<string, Path | null>();

/** The steps of a path; null when it is none. */
export function pathOf(text: string): Path | null {
  let path = compiled.get(text);
  if (path === undefined) {
    path = parse(text);
    compiled.set(text, path);
  }
  return path;
}

function parse(text: string): Path | null {
  const steps: Step[] = [];
  // A dot inside brackets belongs to the value there.
  for (const part of text.match(/(?:[^.[]|\[[^\]]*\])+/g) ?? []) {
    const m = STEP.exec(part);
    if (m === null) return null;
    const [, key = '', member, is = ''] = m;
    steps.push({ key, where: member === undefined ? null : { key: member, is } });
  }
  const isWhole = steps.length > 0 && !/^\.|\.\.|\.$/.test(text);
  return isWhole ? steps : null;
}

/** The value at a path; undefined where it leads nowhere. */
export function valueAt(document: Json | undefined, path: Path): Json | undefined {
  let at = document;
  for (const { key, where } of path) {
    at = isJsonObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
    if (where === null || !isJsonArray(at)) continue;
    at = at.find((member) => isJsonObject(member) && textOfJson(member[where.key]) === where.is);
  }
  return at;
}

/**
 * The rows at a path: the members of the array there, or the one value that stands in place of an array of one. Arrays
 * on the way are gone through in order. Null when the path leads nowhere; no rows for null and an empty text there.
 */
export function rowsAt(document: Json, path: Path): Json[] | null {
  const [step, ...rest] = path;
  if (step === undefined) {
    if (isJsonArray(document)) return [...document];
    return document === null || document === '' ? [] : [document];
  }
  if (isJsonArray(document)) {
    const found = document.map((member) => rowsAt(member, path));
    return found.every((rows) => rows === null) && found.length > 0
      ? null
      : found.flatMap((rows) => rows ?? []);
  }
  // An empty container may be printed as an empty text in place of its object.
  if (document === '') return [];
  const next = valueAt(document, [step]);
  return next === undefined ? null : rowsAt(next, rest);
}

/** A plain value as text, null as null; undefined for what is no plain value. */
export function textOfJson(value: Json | undefined): string | null | undefined {
  if (value === null || typeof value === 'string') return value;
  return typeof value === 'boolean' ? String(value) : undefined;
}

/** A row of positions as an object by the names of its columns. */
export function namedRow(names: readonly string[], cells: readonly Json[]): JsonObject {
  return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? null]));
}
