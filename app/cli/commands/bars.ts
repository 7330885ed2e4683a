/** `carbon bars INSTRUMENT`. */

import { CarbonError } from '../../../core/errors.ts';
import { parseWindow } from '../../../core/time/interval.ts';
import { ALL_TIME, type BarsFilter, intervalOf, readBars, readBarsAsOf } from '../../read/bars.ts';
import { whyNothing } from '../../read/instruments.ts';
import { type GlobalOptions, readStores, show } from '../session.ts';
import { instantOf } from './latest.ts';

interface BarsOptions {
  readonly interval?: string;
  readonly from?: string;
  readonly to?: string;
  readonly asOf?: string;
  readonly history?: boolean;
}

/** Throws NOT_FOUND (exit code 5) when there is no bar. */
export async function bars(
  instrument: string,
  options: BarsOptions,
  globals: GlobalOptions,
): Promise<number> {
  return readStores(globals, async (stores) => {
    const interval = options.interval ?? '1h';
    intervalOf(stores, interval);
    const window = windowOf(options);
    const filter: BarsFilter = { tenant: stores.runtime.tenant, instrument, interval, ...window };
    const rows =
      options.asOf === undefined
        ? await readBars(stores.warehouse, filter, options.history === true)
        : await readBarsAsOf(stores, filter, instantOf('--as-of', options.asOf));
    if (rows.length === 0)
      throw new CarbonError(
        'NOT_FOUND',
        await whyNothing(stores.warehouse, stores.runtime.tenant, instrument),
        { context: { instrument, interval } },
      );
    await show(rows, globals);
    return 0;
  });
}

/** The stretch of time of `--from` and `--to`. Throws USAGE_INVALID for what is none. */
export function windowOf(options: Pick<BarsOptions, 'from' | 'to'>): { from: number; to: number } {
  if (options.from === undefined && options.to === undefined) return ALL_TIME;
  const { start, end } = parseWindow(options.from ?? '1970-01-01', options.to ?? '2099-12-31');
  return { from: start, to: end };
}
