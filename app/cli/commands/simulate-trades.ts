/** `carbon connector simulate NAME --trades`: made-up trades on standard output, or onto the raw topic. */

import { rawTopic } from '../../../core/codec/topics/topic-names.ts';
import { CarbonError } from '../../../core/errors.ts';
import { SECOND } from '../../../core/time/instant.ts';
import { systemClock } from '../../../drivers/system-clock/clock.ts';
import { SIMULATORS } from '../../../simulators/catalog.ts';
import { type TradeEvent, tradeEvents, tradeInstruments } from '../../../simulators/trades.ts';
import { publishJson } from '../../ingest/publish-json.ts';
import type { Stores } from '../../stores/open-stores.ts';
import { numberOption, timeOption } from '../option-values.ts';
import { print } from '../output.ts';
import { type GlobalOptions, note, runtimeOf, show, withStores } from '../session.ts';

/** Options as they stand on the command line. */
export interface TradeOptions {
  readonly seed?: string;
  readonly at?: string;
  readonly count?: string;
  readonly rate?: string;
  readonly duplicates?: string;
  readonly late?: string;
  readonly invalid?: string;
  readonly publish?: boolean;
}

/** How many events are told at once when no rate is given. */
const CHUNK = 5000;
/** How often events are told at a rate, in milliseconds. */
const PACE_MS = 100;
const NEWS_MS = 10_000;

/** Tells the trades at the rate asked for. Throws CONNECTOR_UNKNOWN for a market that is not simulated. */
export async function simulateTrades(
  name: string,
  options: TradeOptions,
  globals: GlobalOptions,
): Promise<number> {
  const market = marketOf(name);
  const { tenant } = runtimeOf(globals);
  const count = numberOption('--count', options.count, 1000, { least: 1, most: 100_000_000, whole: true });
  const rate = numberOption('--rate', options.rate, 0, { least: 0, most: 1_000_000 });
  const share = (option: string, text: string | undefined): number =>
    numberOption(option, text, 0, { least: 0, most: 1 });
  const spacing = rate > 0 ? Math.max(1, Math.floor(SECOND / rate)) : SECOND;
  // Told at a rate they happen as they are told; told at once they end at the time asked for.
  const at = options.at === undefined ? systemClock.now() : timeOption('--at', options.at);
  const events = tradeEvents({
    seed: numberOption('--seed', options.seed, 1, { least: 0, most: 2 ** 31, whole: true }),
    market,
    tenant,
    count,
    start: rate > 0 ? at : at - count * spacing,
    spacing,
    duplicates: share('--duplicates', options.duplicates),
    late: share('--late', options.late),
    invalid: share('--invalid', options.invalid),
  });
  if (options.publish !== true) {
    await paced(events, rate, async (chunk) => print(chunk.map(({ json }) => `${json}\n`).join('')));
    return 0;
  }
  return withStores(globals, true, async (stores) => {
    const kinds = await paced(events, rate, (chunk) => publish(stores, market, chunk));
    const totals = Object.fromEntries(kinds);
    const records = [...kinds.values()].reduce((sum, n) => sum + n, 0);
    await show([{ topic: rawTopic(market), published: records, ...totals }], globals);
    note(`next: carbon tap ${rawTopic(market)}, carbon up, carbon latest ${tradeInstruments(market, at)[0]}`);
    return 0;
  });
}

function marketOf(name: string): string {
  if (name === 'generic') return 'MISO';
  if (SIMULATORS.some((each) => each === name)) return name.toUpperCase();
  const expected = ['generic', ...SIMULATORS].join(', ');
  throw new CarbonError('CONNECTOR_UNKNOWN', `no trades of ${name}; there are ${expected}`, {
    position: { field: 'name', expected, got: name },
  });
}

async function publish(stores: Stores, market: string, chunk: readonly TradeEvent[]): Promise<boolean> {
  await publishJson(
    stores,
    market,
    chunk.map(({ json, instrument, knownAt }) => ({ json, place: instrument, at: knownAt })),
  );
  return true;
}

/** Hands the events on in chunks, so many a second; stops when they are no longer wanted. Counts them by kind. */
async function paced(
  events: Iterable<TradeEvent>,
  rate: number,
  tell: (chunk: readonly TradeEvent[]) => Promise<boolean>,
): Promise<Map<string, number>> {
  const kinds = new Map<string, number>();
  const began = systemClock.now();
  let told = 0;
  let news = began;
  const hand = async (chunk: readonly TradeEvent[]): Promise<boolean> => {
    for (const { kind } of chunk) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    told += chunk.length;
    return tell(chunk);
  };
  let chunk: TradeEvent[] = [];
  const size = rate > 0 ? Math.max(1, Math.floor((rate * PACE_MS) / 1000)) : CHUNK;
  for (const event of events) {
    chunk.push(event);
    if (chunk.length < size) continue;
    if (!(await hand(chunk))) return kinds;
    chunk = [];
    if (rate === 0) continue;
    const ahead = (told / rate) * 1000 - (systemClock.now() - began) / 1000;
    if (ahead > 0) await systemClock.sleep(ahead);
    if (systemClock.now() - news < NEWS_MS * 1000) continue;
    news = systemClock.now();
    note(`${told} events told`);
  }
  if (chunk.length > 0) await hand(chunk);
  return kinds;
}
