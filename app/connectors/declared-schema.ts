/** The keys by which a dataset of `connector.yaml` needs no code: `request`, `read`, `stream`, `title`, `order`. */

import { z } from 'zod';
import type { Declaration } from '../../connectors/kit/declared/declaration.ts';
import { offsetOf } from '../../connectors/kit/declared/offset.ts';
import { pathOf } from '../../connectors/kit/declared/path.ts';
import { publication } from '../../connectors/kit/declared/template.ts';
import { stampPattern } from '../../connectors/kit/time/stamp.ts';
import { parseDuration } from '../../core/time/duration.ts';
import { offsetAt } from '../../core/time/zone.ts';

const isDuration = (text: string): boolean => parseDuration(text) !== null;
const Duration = z.string().refine(isDuration);
const Column = z.string().min(1);
const Words = z.record(z.string(), z.string());

const Zone = z.string().refine((zone) => {
  try {
    return Number.isFinite(offsetAt(zone, 0));
  } catch {
    return false;
  }
});

const PathText = z.string().refine((text) => pathOf(text) !== null);

const Pattern = z.string().refine((pattern) => {
  try {
    return /YYYY|MM|DD|hh/.test(pattern) && stampPattern(pattern) !== null;
  } catch {
    return false;
  }
});

const Page = z
  .strictObject({
    by: z.enum(['offset', 'page', 'cursor', 'link']),
    parameter: z.string().min(1).optional(),
    size: z.int().min(1).max(1_000_000).optional(),
    size_parameter: z.string().min(1).optional(),
    first: z.int().min(0).max(1).optional(),
    from: PathText.optional(),
    total: PathText.optional(),
  })
  .refine(({ by, parameter }) => by === 'link' || parameter !== undefined, { path: ['parameter'] })
  .refine(({ by, from }) => (by !== 'link' && by !== 'cursor') || from !== undefined, { path: ['from'] })
  .refine(({ by, size }) => (by !== 'offset' && by !== 'page') || size !== undefined, { path: ['size'] });

const Request = z.strictObject({
  url: z.string().regex(/^https?:\/\/[^\s/@]+(?:\/\S*)?$/),
  query: Words.default({}),
  name: z
    .string()
    .regex(/^[^/\\\s]+$/)
    .optional(),
  span: z
    .string()
    .refine((text) => ['day', 'month', 'year', 'window'].includes(text) || isDuration(text))
    .default('day'),
  zone: Zone.default('UTC'),
  each: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), z.array(z.string().min(1)).min(1)).default({}),
  published: z
    .string()
    .refine((text) => publication(text) !== null)
    .default('end'),
  max_bytes: z.int().min(1).max(1_000_000_000).default(50_000_000),
  page: Page.optional(),
});

const Repeated = z.union([
  z.enum(['none', 'order']),
  z.strictObject({ first: z.array(z.string()).min(1), second: z.array(z.string()).min(1) }),
  z.strictObject({
    words: z.record(
      z.string(),
      z.string().refine((text) => offsetOf(text) !== null),
    ),
  }),
]);

const Time = z
  .strictObject({
    from: z.union([Column, z.array(Column).min(1)]),
    until: Column.optional(),
    zone: Zone,
    pattern: Pattern,
    stamp: z.enum(['beginning', 'ending-label', 'ending-clock', 'instant', 'bounds']),
    length: Duration.optional(),
    offset: z.boolean().default(false),
    on_grid: z.boolean().default(true),
    hint: Column.optional(),
    repeated: Repeated.default('none'),
    cadence: Duration.optional(),
    publishes: z.literal('weekdays').optional(),
  })
  .refine(({ stamp, until }) => (stamp === 'bounds') === (until !== undefined), { path: ['until'] })
  .refine(({ stamp, length }) => stamp === 'instant' || length !== undefined, { path: ['length'] })
  .refine(({ repeated, hint }) => typeof repeated === 'string' || hint !== undefined, { path: ['hint'] });

const SourceOf = z.union([Column, z.strictObject({ is: z.string().min(1) })]);

const Value = z.strictObject({
  field: z.string().regex(/^[a-z][a-z0-9_]*$/),
  from: Column,
  unit: z.string().min(1),
  what: z.string().min(1),
  when: Words.default({}),
});

const Read = z
  .strictObject({
    format: z.enum(['csv', 'json', 'xml']),
    rows: PathText.optional(),
    columns: PathText.optional(),
    delimiter: z.string().length(1).default(','),
    row_marker: z.string().min(1).optional(),
    marks: z.array(z.string().min(1)).default([]),
    lacks: z.array(z.string().min(1)).default([]),
    refusal: PathText.optional(),
    time: Time,
    location: SourceOf,
    series: SourceOf.optional(),
    sequence: Column.optional(),
    published_at: Column.optional(),
    values: z.array(Value).min(1),
    skip: z.record(z.string(), z.array(z.string()).min(1)).default({}),
    null_words: z.union([z.literal('usual'), z.array(z.string())]).default([]),
    known: z.array(z.string()).default([]),
  })
  .refine(({ format, rows }) => format !== 'xml' || rows !== undefined, { path: ['rows'] });

const Stream = z.strictObject({
  url: z.string().regex(/^wss?:\/\/[^\s/@]+(?:\/\S*)?$/),
  subscribe: z.array(z.string().min(1)).default([]),
  ping: z.string().min(1).optional(),
  every: Duration.default('15s'),
  silent: Duration.default('45s'),
  max_length: z.int().min(1).max(50_000_000).default(1_000_000),
  sequence: PathText,
  channel: PathText.optional(),
  when: Words.default({}),
  refusal: PathText.optional(),
});

/** The keys of a declared dataset; `request` and `read` stand together. */
export const DeclaredKeys = {
  title: z.string().min(1),
  order: z.enum(['contiguous', 'forward', 'free']),
  request: Request,
  read: Read,
  stream: Stream,
};

/** A dataset entry as it was read, as far as it concerns declarations. */
export interface DeclaredEntry {
  readonly name: string;
  readonly title?: string | undefined;
  readonly order?: Declaration['order'] | undefined;
  readonly request?: z.infer<typeof Request> | undefined;
  readonly read?: z.infer<typeof Read> | undefined;
  readonly stream?: z.infer<typeof Stream> | undefined;
}

/** The declaration of an entry; null for a dataset with code. */
export function declarationOf({
  name,
  title,
  order,
  request,
  read,
  stream,
}: DeclaredEntry): Declaration | null {
  if (request === undefined || read === undefined) return null;
  return { name, title: title ?? name, order: order ?? 'free', request, read, stream };
}
