/**
 * Settings from where they are given: options first, then the environment under any of their names, a file that a
 * variable names, a part of a DSN, and last the default. Two that disagree are an error that names both: which one was
 * meant cannot be known.
 */

import { readFileSync } from 'node:fs';
import { CarbonError } from '../../core/errors.ts';
import { isHidden, printable } from './redact.ts';
import type { Setting } from './setting.ts';

/** Variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The text of a setting and where it stands. */
export interface Found {
  readonly text: string;
  /** `DATA_PROC_TENANT`, `--tenant`, `REDIS_URL`, `/run/secrets/x (by DATA_PROC_REDIS_PASSWORD_FILE)` or `default`. */
  readonly source: string;
}

/** A setting with its text found and checked. */
export interface Resolved extends Found {
  readonly setting: Setting;
  /** The text as what it stands for; undefined when it was refused. */
  readonly value: unknown;
}

/** What came of a table of settings. */
export interface Resolution<K extends string> {
  readonly settings: ReadonlyMap<K, Resolved>;
  /** One CONFIG_INVALID for each setting that is refused. */
  readonly problems: readonly CarbonError[];
}

/** An option of the command line, by the key of its setting. */
export interface GivenOption {
  readonly name: string;
  readonly text: string;
}

/** Resolves all settings of a table; nothing is thrown, so that every problem can be told at once. */
export function resolveSettings<K extends string>(
  table: Readonly<Record<K, Setting>>,
  options: Partial<Readonly<Record<K, GivenOption>>>,
  variables: Variables,
): Resolution<K> {
  const settings = new Map<K, Resolved>();
  const problems: CarbonError[] = [];
  for (const key of Object.keys(table) as K[]) {
    const setting = table[key];
    try {
      const found = find(setting, options[key], variables);
      settings.set(key, { setting, ...found, value: check(setting, found) });
    } catch (error) {
      if (!(error instanceof CarbonError)) throw error;
      problems.push(error);
      settings.set(key, { setting, text: setting.fallback, source: 'default', value: undefined });
    }
  }
  return { settings, problems };
}

function find(setting: Setting, option: GivenOption | undefined, variables: Variables): Found {
  if (option !== undefined) return { text: option.text, source: option.name };
  const given = givenIn(setting, variables);
  const [first] = given;
  if (first === undefined) return { text: setting.fallback, source: 'default' };
  const other = given.find(({ text }) => text !== first.text && setting.agrees?.(first.text, text) !== true);
  if (other !== undefined) throw disagree(setting, first, other);
  return first;
}

/** Every place where it is given, the setting's own name first. What is empty is not given. */
function givenIn(setting: Setting, variables: Variables): Found[] {
  const given: Found[] = [];
  for (const name of [setting.variable, ...(setting.aliases ?? [])]) {
    const text = variables[name];
    if (text !== undefined && text !== '') given.push({ text, source: name });
    const file = variables[`${name}_FILE`];
    if (setting.isSecret === true && file !== undefined && file !== '')
      given.push({ text: contentOf(file, `${name}_FILE`), source: `${file} (by ${name}_FILE)` });
  }
  const { part } = setting;
  const whole = part === undefined ? undefined : variables[part.variable];
  if (part === undefined || whole === undefined || whole === '') return given;
  let text: string | null;
  try {
    text = part.of(whole);
  } catch (error) {
    const expected = error instanceof Error ? error.message : String(error);
    throw invalid(part.variable, `${part.variable} is refused: ${expected}`, expected, '***');
  }
  return text === null ? given : [...given, { text, source: part.variable }];
}

function contentOf(file: string, variable: string): string {
  try {
    // An editor ends the last line, and a secret has no line of its own to end.
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw new CarbonError('CONFIG_INVALID', `${variable} names ${file}, which cannot be read`, {
      position: { field: variable, expected: 'a readable file', got: file },
      cause,
    });
  }
}

function check(setting: Setting, { text, source }: Found): unknown {
  const checked = setting.schema.safeParse(text);
  if (checked.success) return checked.data;
  const field = source === 'default' ? setting.variable : source;
  const shown = printable(setting, text);
  // A value that cannot be told apart from its password is not shown at all.
  const got = isHidden(setting) && shown === text ? '***' : shown;
  return refuse(
    field,
    `${field} is ${JSON.stringify(got)}, but must be ${setting.allowed}`,
    setting.allowed,
    got,
  );
}

function refuse(field: string, message: string, expected: string, got: string): never {
  throw invalid(field, message, expected, got);
}

function disagree(setting: Setting, one: Found, other: Found): CarbonError {
  const of = ({ text, source }: Found): string =>
    isHidden(setting) ? source : `${source} (${JSON.stringify(text)})`;
  return invalid(
    one.source,
    `${of(one)} and ${of(other)} disagree: both stand for ${setting.variable}; give one of them, or the same value`,
    'one value',
    `two, from ${one.source} and ${other.source}`,
  );
}

function invalid(field: string, message: string, expected: string, got: string): CarbonError {
  return new CarbonError('CONFIG_INVALID', message, { position: { field, expected, got } });
}
