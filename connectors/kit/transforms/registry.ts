/** The named transforms of `connector.yaml` (A16), by the name that the file uses. */

import { CarbonError } from '../../../core/errors.ts';
import type { Transform } from '../contract.ts';
import { sanitizeNumeric } from './sanitize-numeric.ts';
import { standardizeTimezone } from './standardize-timezone.ts';

const TRANSFORMS: ReadonlyMap<string, Transform> = new Map([
  ['sanitize_numeric', sanitizeNumeric],
  ['standardize_timezone', standardizeTimezone],
]);

/** Every name that a connector may list. */
export const TRANSFORM_NAMES: readonly string[] = [...TRANSFORMS.keys()];

/** The transform of a name. Throws CONNECTOR_INVALID with the names that exist. */
export function transformNamed(name: string): Transform {
  const transform = TRANSFORMS.get(name);
  if (transform === undefined)
    throw new CarbonError('CONNECTOR_INVALID', `no transform is called ${name}`, {
      position: { field: 'transforms', expected: TRANSFORM_NAMES.join(', '), got: name },
    });
  return transform;
}
