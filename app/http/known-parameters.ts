/** Parameters that a path takes. */

import type { ServerRequest } from '../../core/ports/http-server.ts';
import { refused } from './problem.ts';

/** Throws REQUEST_INVALID for a parameter that the path does not take: it would be passed over in silence. */
export function requireKnown(query: ServerRequest['query'], parameters: readonly string[]): void {
  for (const key of Object.keys(query))
    if (!parameters.includes(key))
      throw refused(
        `there is no parameter ${key}`,
        key,
        parameters.length === 0 ? 'no parameters' : parameters.join(', '),
        String(query[key]),
      );
}
