/** The log policy: `configs/logging.yaml` (J2). One schema gives type, check and docs. */

import { join } from 'node:path';
import { z } from 'zod';
import type { LogPolicy } from '../../core/ports/log-policy.ts';
import { readYaml } from './yaml-file.ts';

const level = z.enum(['debug', 'info', 'warning', 'error']);

export const loggingSchema = z.strictObject({
  version: z.literal(1).describe('Version of the form of this file.'),
  level: level
    .default('info')
    .describe('Least level of log lines; DATA_PROC_LOG_LEVEL and --log-level go before it.'),
  loggers: z
    .record(
      z.string(),
      z.strictObject({
        level: level.optional().describe('Least level of this logger.'),
        keys: z.array(z.string()).default([]).describe('Facts printed first, in this order.'),
        omit: z.array(z.string()).default([]).describe('Facts left out.'),
      }),
    )
    .default({})
    .describe('By service: pipeline, normalization …; carbon stands for commands.'),
  redact: z
    .array(z.string().regex(/^[a-z0-9_]+$/))
    .default([])
    .describe('Facts whose values are never printed. Passwords, tokens and keys inside texts never are.'),
});

/** Reads and checks the policy. Throws FILE_UNREADABLE, or CONFIG_INVALID with line, key and what is allowed. */
export function loadLogPolicy(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<LogPolicy> {
  return readYaml(env['LOGGING_CONFIG_PATH'] ?? join(root, 'configs/logging.yaml'), loggingSchema, env);
}
