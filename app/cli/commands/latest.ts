/** `carbon latest`: the served values. */

import { CarbonError } from '../../../core/errors.ts';
import { type Micros, parseInstant } from '../../../core/time/instant.ts';
import { whyNothing } from '../../read/instruments.ts';
import { readLatest } from '../../read/latest.ts';
import type { Stores } from '../../stores/open-stores.ts';
import { type GlobalOptions, readStores, show } from '../session.ts';

interface LatestOptions {
  readonly market?: string;
  readonly field?: string;
  readonly inDelivery?: boolean;
  readonly at?: string;
  readonly asOf?: string;
}

/** Throws NOT_FOUND (exit code 5) when nothing matches. */
export async function latest(
  instruments: readonly string[],
  options: LatestOptions,
  globals: GlobalOptions,
): Promise<number> {
  return readStores(globals, async (stores) => {
    const now = options.at === undefined ? stores.clock.now() : instantOf('--at', options.at);
    const isInDelivery = options.inDelivery === true || options.at !== undefined;
    const asOf = options.asOf === undefined ? null : instantOf('--as-of', options.asOf);
    const rows = await readLatest(stores.warehouse, {
      tenant: stores.runtime.tenant,
      instruments,
      market: options.market?.toUpperCase() ?? null,
      field: options.field ?? null,
      inDeliveryAt: isInDelivery ? now : null,
      asOf: isInDelivery ? (asOf ?? stores.clock.now()) : asOf,
    });
    if (rows.length === 0) throw await nothingServed(stores, instruments);
    await show(rows, globals);
    return 0;
  });
}

async function nothingServed(stores: Stores, instruments: readonly string[]): Promise<CarbonError> {
  const [first] = instruments;
  const message =
    first === undefined
      ? 'nothing that matches is served; carbon replay FILE takes a payload in'
      : await whyNothing(stores.warehouse, stores.runtime.tenant, first);
  return new CarbonError('NOT_FOUND', message, { context: { instruments: instruments.join(' ') } });
}

/** A time given on the command line. Throws USAGE_INVALID. */
export function instantOf(option: string, text: string): Micros {
  const at = parseInstant(text);
  if (at !== null) return at;
  throw new CarbonError('USAGE_INVALID', `${option} is not a time: ${text}`, {
    position: { field: option, expected: 'YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ', got: text },
  });
}
