/** A policy file read and checked against its schema: every problem names file, line, key and what is allowed. */

import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { CarbonError } from '../../core/errors.ts';
import { type FileStates, keepIn, keptIn } from './file-states.ts';
import { hasVariable, keepValue, keptValue, parsedText } from './kept-values.ts';

/** The code of a schema: what it accepted once is not checked again while its files are the same. */
export interface SchemaCode {
  /** Another name for each schema, with all that its answer follows from besides the files. */
  readonly name: string;
  readonly states: FileStates;
}

/**
 * Reads a YAML file. Throws FILE_UNREADABLE, or CONFIG_INVALID for the first of its problems, naming how many. With `checks`
 * a text that was good is not checked again: a check of all policies is an eighth of a short command's work.
 */
export async function readYaml<T>(
  path: string,
  schema: z.ZodType<T>,
  variables: Readonly<Record<string, string | undefined>>,
  checks: SchemaCode | null = null,
): Promise<T> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new CarbonError('FILE_UNREADABLE', `cannot read ${path}`, { position: { file: path }, cause });
  }
  const accepted = checks && keptIn(checks.states, 'checked', checkedText(text, checks));
  if (accepted !== undefined && accepted !== null) return accepted as T;
  const kept = keptValue(text);
  if (kept !== null) {
    const { success, data } = schema.safeParse(kept.value);
    if (success) return keptChecked(text, data, checks);
  }
  // The parser knows the places of mistakes; most starts need neither.
  const { YamlSource } = await import('../connectors/yaml-source.ts');
  const source = new YamlSource(text, variables);
  const [flaw] = source.problems;
  if (flaw !== undefined)
    throw invalid(
      path,
      flaw.line,
      flaw.column,
      flaw.path.join('.'),
      flaw.message,
      flaw.expected,
      flaw.got,
      source.problems.length,
    );
  keepValue(text, source.value());
  const checked = schema.safeParse(source.value());
  if (checked.success) return keptChecked(text, checked.data, checks);
  const [issue] = checked.error.issues;
  const keys = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : null;
  const { line, column } = unknown === null ? source.placeOf(keys) : source.placeOfKey(keys, unknown);
  const field = (unknown === null ? keys : [...keys, unknown]).join('.');
  const got = unknown ?? JSON.stringify(valueAt(source.value(), keys)) ?? 'nothing';
  throw invalid(
    path,
    line,
    column,
    field,
    issue.message,
    expectation(issue),
    got,
    checked.error.issues.length,
  );
}

/** Text and code say what the value is, unless the text has variables. */
function keptChecked<T>(text: string, value: T, checks: SchemaCode | null): T {
  if (checks !== null && !hasVariable(text))
    keepIn(checks.states, 'checked', checkedText(text, checks), value);
  return value;
}

/** A text, who parses it and who checks it. */
function checkedText(text: string, { name }: SchemaCode): string {
  return `${name}\n${parsedText(text)}`;
}

function invalid(
  file: string,
  line: number,
  column: number,
  field: string,
  message: string,
  expected: string,
  got: string,
  count: number,
): CarbonError {
  const more = count > 1 ? ` (and ${count - 1} more)` : '';
  return new CarbonError('CONFIG_INVALID', `${file}:${line}:${column} ${field}: ${message}${more}`, {
    position: { file, line, column, field, expected, got },
  });
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return issue.values.map(String).join(', ');
  if (issue.code === 'invalid_type') return issue.expected;
  if (issue.code === 'unrecognized_keys') return 'a known key';
  return issue.message;
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  let at = value;
  for (const key of path)
    at = at === null || typeof at !== 'object' ? undefined : (at as Record<string | number, unknown>)[key];
  return at;
}
