/** The log of a crash test: made from a seed, so that parent and children agree. */

import { type JsonEvent, publishJson } from '../../../app/ingest/publish-json.ts';
import type { Stores } from '../../../app/stores/open-stores.ts';
import { encodeRawRows } from '../../../core/codec/topics/raw.ts';
import { rawTopic } from '../../../core/codec/topics/topic-names.ts';
import { formatInstant } from '../../../core/time/instant.ts';
import { seededDays } from '../../support/generated-days.ts';
import { type RawEventSpec, rawRowOf } from '../../support/raw-events.ts';
import { seeded } from '../../support/seeded.ts';
import { PARTITIONS } from './runtime.ts';

/** Which events there are, and into how many pieces their log is cut: each piece is a record batch per partition. */
export interface LogSpec {
  readonly seed: number;
  readonly pieces: number;
  /** How far an event may be moved from its place in the order of known times. */
  readonly disorder: number;
  /** Days of NYISO alone when left out. Of several markets the trades of the second and later ones come as JSON. */
  readonly markets?: readonly Market[];
}

/** Markets whose days can be made. */
export type Market = 'NYISO' | 'MISO' | 'CAISO';

/** What the two places and the contract of a generated day are called elsewhere. */
const NAMES: Readonly<Record<Market, Readonly<Record<string, string>>>> = {
  NYISO: {},
  MISO: { WEST: 'INDIANA.HUB', 'N.Y.C.': 'MICHIGAN.HUB', NG_HH_BALMO: 'NG_CHI_BALMO' },
  CAISO: { WEST: 'TH_NP15_GEN-APND', 'N.Y.C.': 'TH_SP15_GEN-APND', NG_HH_BALMO: 'NG_SOCAL_BALMO' },
};

/** A record that no reader takes, once on each topic that has JSON. */
const SPOILT = '{"market":"MISO","instrument_id":"NG_CHI_BALMO","ts":';

const marketsOf = (spec: LogSpec): readonly Market[] => spec.markets ?? ['NYISO'];
const isJson = (event: RawEventSpec, spec: LogSpec): boolean =>
  event.dataset === 'trade' && event.market !== marketsOf(spec)[0];

/** Raw topics that a log has events on. */
export const topicsOf = (spec: LogSpec): string[] => marketsOf(spec).map(rawTopic);

/** How many records of a log cannot be read as events at all. */
export const spoiltOf = (spec: LogSpec): number => marketsOf(spec).length - 1;

const MADE = new WeakMap<LogSpec, readonly RawEventSpec[]>();

/** The events of a log in the order in which they are published. */
export function eventsOf(spec: LogSpec): readonly RawEventSpec[] {
  return MADE.getOrInsertComputed(spec, madeOf);
}

function madeOf(spec: LogSpec): RawEventSpec[] {
  const random = seeded(spec.seed);
  return marketsOf(spec)
    .flatMap((market, k) => seededDays(spec.seed + k).map((event) => inMarket(event, market)))
    .sort((a, b) => a.knownAt - b.knownAt)
    .map((event, i) => ({ event, place: i + spec.disorder * random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ event }) => event);
}

function inMarket(event: RawEventSpec, market: Market): RawEventSpec {
  const names = NAMES[market];
  const location = names[event.location] ?? event.location;
  return { ...event, market, location, series: names[event.series] ?? event.series };
}

/** Publishes pieces `[from, to)` of the log. */
export async function publish(stores: Stores, spec: LogSpec, from: number, to: number): Promise<void> {
  const events = eventsOf(spec);
  const at = (piece: number): number => Math.round((events.length * piece) / spec.pieces);
  for (let piece = from; piece < to; piece++)
    for (const market of marketsOf(spec)) {
      const own = events.slice(at(piece), at(piece + 1)).filter((event) => event.market === market);
      await publishRows(
        stores,
        market,
        own.filter((event) => !isJson(event, spec)),
        at(piece),
      );
      const json = own.filter((event) => isJson(event, spec)).map(jsonOf);
      if (piece === 0 && market !== marketsOf(spec)[0])
        json.push({ json: SPOILT, place: 'NG_CHI_BALMO', at: events[0].knownAt });
      await publishJson(stores, market, json);
    }
}

async function publishRows(
  stores: Stores,
  market: Market,
  events: readonly RawEventSpec[],
  before: number,
): Promise<void> {
  const topic = rawTopic(market);
  const subject = (await stores.registry.subjects()).find((name) => name.startsWith(`${topic}-`)) ?? '';
  const { id } = await stores.registry.latest(subject);
  const context = {
    tenant: 'default',
    source: 'test',
    traceId: '0af7651916cd43dd8448eb211c80319c',
    archiveSha256: null,
    archiveMember: null,
    archivedAt: 0,
  };
  const rows = events.map((event, i) => rawRowOf(event, before + i + 1));
  for (const { partition, batch } of encodeRawRows(rows, context, id, PARTITIONS, 900_000))
    await stores.log.append(topic, partition, [batch]);
}

/** A trade as a producer of streams writes it: nested where it has a trade id, plain otherwise. */
function jsonOf(event: RawEventSpec): JsonEvent {
  const { market, series, sequence, tradeId, cancels, value, volume } = event;
  const told = formatInstant(event.knownAt);
  const ts = formatInstant(event.start);
  const numbers = { price: value, ...(volume === null ? {} : { volume }), sequence, cancels };
  const record =
    tradeId === ''
      ? { source: 'test', market, instrument_id: series, ts, ...numbers, occurred_at: told }
      : {
          envelope: { tenant_id: 'default', source: 'test', timestamp: told },
          payload: {
            market,
            instrument_id: series,
            trade_id: tradeId,
            raw_data: { timestamp: ts, ...numbers },
          },
        };
  return { json: JSON.stringify(record), place: series, at: event.knownAt };
}
