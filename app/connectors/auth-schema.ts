/**
 * The key `auth` of `connector.yaml`: how a source is told who asks. Only names of variables stand there; a secret
 * itself is in the environment, or in the file that `<NAME>_FILE` names.
 */

import { z } from 'zod';

const Variable = z.string().regex(/^[A-Z][A-Z0-9_]*$/);
/** What every scheme may say: where it is for, and whether it may be left out. */
const SHARED = {
  hosts: z.array(z.string().min(1)).min(1).optional(),
  optional: z.boolean().default(false),
};

/** One way of showing who asks; several are applied together. */
const Scheme = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('basic'), user: Variable, password: Variable, ...SHARED }),
  z.strictObject({ kind: z.literal('bearer'), secret: Variable, ...SHARED }),
  z.strictObject({
    kind: z.literal('header'),
    name: z.string().regex(/^[A-Za-z0-9-]+$/),
    secret: Variable,
    ...SHARED,
  }),
  z.strictObject({
    kind: z.literal('query'),
    name: z.string().regex(/^[\w.~-]+$/),
    secret: Variable,
    ...SHARED,
  }),
  z.strictObject({
    kind: z.literal('token'),
    url: z.url({ protocol: /^https?$/ }),
    form: z.record(z.string(), z.string()).default({}),
    secrets: z.record(z.string(), Variable),
    field: z.string().default('access_token'),
    lifetime_seconds: z.int().min(60).max(86_400).default(3600),
    ...SHARED,
  }),
  z.strictObject({
    kind: z.literal('cookie'),
    url: z.url({ protocol: /^https?$/ }),
    lifetime_seconds: z.int().min(60).max(86_400).default(3600),
    ...SHARED,
  }),
]);

/** All schemes of a connector. */
export const AuthSchema = z.array(Scheme).default([]);

/** One scheme as it was read. */
export type AuthScheme = z.infer<typeof Scheme>;
