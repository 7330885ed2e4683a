/** `carbon latest`: the served values. */

import { CarbonError } from '../../../core/errors.ts';
import { type Micros, parseInstant } from '../../../core/time/instant.ts';
import { readLatest } from '../../read/latest.ts';
import { type GlobalOptions, note, show, withStores } from '../session.ts';

interface LatestOptions {
  readonly market?: string;
  readonly field?: string;
  readonly inDelivery?: boolean;
  readonly at?: string;
}

/** Exit code 5 when nothing matches. */
export async function latest(
  instruments: readonly string[],
  options: LatestOptions,
  globals: GlobalOptions,
): Promise<number> {
  return withStores(globals, false, async (stores) => {
    const now = options.at === undefined ? stores.clock.now() : instantOf('--at', options.at);
    const rows = await readLatest(stores.warehouse, {
      tenant: stores.runtime.tenant,
      instruments,
      market: options.market?.toUpperCase() ?? null,
      field: options.field ?? null,
      inDeliveryAt: options.inDelivery === true || options.at !== undefined ? now : null,
      asOf: stores.clock.now(),
    });
    await show(rows, globals);
    if (rows.length > 0) return 0;
    note(
      instruments.length === 0
        ? 'nothing is served yet; carbon replay FILE takes a payload in'
        : 'no instrument of that name has a value',
    );
    return 5;
  });
}

/** A time given on the command line. Throws USAGE_INVALID. */
export function instantOf(option: string, text: string): Micros {
  const at = parseInstant(text);
  if (at !== null) return at;
  throw new CarbonError('USAGE_INVALID', `${option} is not a time: ${text}`, {
    position: { field: option, expected: 'YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ', got: text },
  });
}
