/** Windows of requests. */

import { CarbonError } from '../../core/errors.ts';
import { type Interval, parseWindow } from '../../core/time/interval.ts';
import { refused } from './problem.ts';

/** A window in the words of a request: those of the command name its options. Throws REQUEST_INVALID. */
export function readWindow(from: string, to: string): Interval {
  try {
    return parseWindow(from, to);
  } catch (error) {
    if (!(error instanceof CarbonError) || error.code !== 'USAGE_INVALID') throw error;
    const { field, expected, got } = error.position;
    const name = field?.replace('--', '') ?? 'from';
    throw refused(
      error.message.replaceAll('--', ''),
      name,
      expected?.replaceAll('--', '') ?? 'a date or a time',
      got ?? '',
    );
  }
}
