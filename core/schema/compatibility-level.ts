/** What a registry demands of the next version of a subject, by the names that Confluent gave the levels. */

import type { AvroType } from './avro-type.ts';
import { type Incompatibility, incompatibilities } from './compatibility.ts';

/**
 * BACKWARD: who reads with the new schema understands the version before. FORWARD: who reads with the version before
 * understands the new one. FULL: both. TRANSITIVE: not the version before alone, but all of them.
 */
export const COMPATIBILITY_LEVELS = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const;

/** A level, by its name. */
export type CompatibilityLevel = (typeof COMPATIBILITY_LEVELS)[number];

/** True for the name of a level, in capitals. */
export function isCompatibilityLevel(text: unknown): text is CompatibilityLevel {
  return COMPATIBILITY_LEVELS.includes(text as CompatibilityLevel);
}

/** Everything in which `next` breaks the level against the versions before it, oldest first. */
export function breaksOf(
  level: CompatibilityLevel,
  next: AvroType,
  before: readonly AvroType[],
): Incompatibility[] {
  const against = level.endsWith('_TRANSITIVE') ? before : before.slice(-1);
  const isBackward = level.startsWith('BACKWARD') || level.startsWith('FULL');
  const isForward = level.startsWith('FORWARD') || level.startsWith('FULL');
  return against.flatMap((version) => [
    ...(isBackward ? incompatibilities(next, version) : []),
    ...(isForward ? incompatibilities(version, next) : []),
  ]);
}
