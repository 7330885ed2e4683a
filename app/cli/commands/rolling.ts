/** `carbon rolling INSTRUMENT`. */

import { CarbonError } from '../../../core/errors.ts';
import { whyNothing } from '../../read/instruments.ts';
import { checkRolling, readRolling } from '../../read/rolling.ts';
import { type GlobalOptions, readStores, show } from '../session.ts';
import { windowOf } from './bars.ts';
import { instantOf } from './latest.ts';

interface RollingOptions {
  readonly interval?: string;
  readonly window?: string;
  readonly from?: string;
  readonly to?: string;
  readonly asOf?: string;
  readonly history?: boolean;
}

/** Throws NOT_FOUND (exit code 5) when there is no row, USAGE_INVALID for a window that the policy does not make. */
export async function rolling(
  instrument: string,
  options: RollingOptions,
  globals: GlobalOptions,
): Promise<number> {
  if (options.asOf !== undefined && options.history === true)
    throw new CarbonError('USAGE_INVALID', '--as-of and --history do not go together', {
      position: { field: '--history', expected: 'one of the two', got: '--as-of beside it' },
    });
  return readStores(globals, async (stores) => {
    const interval = options.interval ?? '1h';
    const window = options.window ?? null;
    checkRolling(stores.settings.aggregation, interval, window);
    const { tenant } = stores.runtime;
    const filter = { tenant, instrument, interval, window, ...windowOf(options), page: null };
    const revisions =
      options.asOf !== undefined
        ? { asOf: instantOf('--as-of', options.asOf) }
        : options.history === true
          ? 'history'
          : 'current';
    const rows = await readRolling(stores.warehouse, filter, revisions);
    if (rows.length === 0) {
      const makesNone = stores.settings.aggregation.rolling.length === 0;
      const message = makesNone
        ? 'the policy makes no rolling metrics, and none are stored of this question'
        : await whyNothing(stores.warehouse, tenant, instrument);
      throw new CarbonError('NOT_FOUND', message, { context: { instrument, interval } });
    }
    await show(rows, globals);
    return 0;
  });
}
