/** What one setting of a process is: its variable and other names, what is allowed, its default, and what it means. */

import { z } from 'zod';

/** Part of a text that says several things at once, such as the database of a DSN. */
export interface SettingPart {
  readonly variable: string;
  /** The part, or null when the text does not say it. Throws an Error that says what is wrong with the text. */
  readonly of: (text: string) => string | null;
}

/** Which engine or matter a setting belongs to; pages and examples are arranged by it. */
export type SettingGroup =
  | 'process'
  | 'kafka'
  | 'registry'
  | 'clickhouse'
  | 'postgres'
  | 'redis'
  | 'policies'
  | 'beside';

/** One setting. `docs/configuration.md` and the files `env.example` are made from the table of them. */
export interface Setting<S extends z.ZodType = z.ZodType> {
  readonly group: SettingGroup;
  readonly variable: string;
  /** Other names that the documents give it. Two that disagree are an error. */
  readonly aliases?: readonly string[];
  /** Where else it can stand, as a part of something larger. */
  readonly part?: SettingPart;
  /** True when both values can be meant at once; equal texts always can. */
  readonly agrees?: (one: string, other: string) => boolean;
  readonly schema: S;
  /** What is allowed, in words. */
  readonly allowed: string;
  /** Empty for none. */
  readonly fallback: string;
  readonly what: string;
  /** Never printed; can be given as a file by the variable with `_FILE`. */
  readonly isSecret?: boolean;
}

type Rest = Omit<Setting, 'group' | 'schema' | 'allowed' | 'variable'>;

/** A whole number of a range. */
export const integerSetting = (
  group: SettingGroup,
  variable: string,
  [min, max]: readonly [number, number],
  rest: Rest,
) => ({
  group,
  variable,
  allowed: `a whole number from ${min} to ${max}`,
  schema: z.coerce.number().int().min(min).max(max),
  ...rest,
});

/** One word of a list. */
export const choiceSetting = <const C extends readonly [string, ...string[]]>(
  group: SettingGroup,
  variable: string,
  choices: C,
  rest: Rest,
) => ({
  group,
  variable,
  allowed: choices.length === 2 ? choices.join(' or ') : `one of ${choices.join(', ')}`,
  schema: z.enum(choices),
  ...rest,
});

/** Any text that matches; `allowed` says in words what that is. */
export const textSetting = (
  group: SettingGroup,
  variable: string,
  allowed: string,
  pattern: RegExp,
  rest: Rest,
) => ({ group, variable, allowed, schema: z.string().regex(pattern), ...rest });

/** Any text; empty where there is none. */
export const freeSetting = (group: SettingGroup, variable: string, allowed: string, rest: Rest) => ({
  group,
  variable,
  allowed,
  schema: z.string(),
  ...rest,
});
