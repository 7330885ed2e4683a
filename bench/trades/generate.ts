/**
 * Data set D1: trades as newline-delimited JSON, the same bytes for the same seed.
 *
 * Instruments are drawn by Zipf's law with exponent 1 over four hours of event time; 1 % of the ticks are late by up
 * to ten minutes, 0.5 % are sent twice in a row, 0.5 % come again in runs (a feed that reconnects), 0.2 % have no
 * price and 0.1 % have their keys in another order.
 */

/** What a data set is made of. */
export interface TradeSet {
  readonly ticks: number;
  readonly instruments: number;
  readonly seed: number;
  /** When the first trade arrives, in milliseconds since the epoch; 2026-03-01T00:00:00Z when left out. */
  readonly start?: number;
}

/** Bytes of a chunk, which ends with a whole line, and the lines in it. */
export interface Chunk {
  readonly bytes: Uint8Array;
  readonly lines: number;
}

const MARKETS = ['ERCOT', 'PJM', 'MISO', 'CAISO', 'NYISO'] as const;
/** 2026-03-01T00:00:00Z in milliseconds. */
const START = 1_772_323_200_000;
/** Event time of a set, in milliseconds. */
export const SPAN = 4 * 3_600_000;
const CHUNK = 1 << 22;

/** xorshift32: uniform in [0, 1). */
function uniform(seed: number): () => number {
  let s = seed >>> 0 || 1;
  return () => {
    s ^= s << 13;
    s >>>= 0;
    s ^= s >>> 17;
    s ^= s << 5;
    s >>>= 0;
    return s / 4_294_967_296;
  };
}

/** Names of the instruments of a set, in order of their rank. */
export function instrumentsOf(set: TradeSet): { market: string; id: string }[] {
  return Array.from({ length: set.instruments }, (_, rank) => ({
    market: MARKETS[rank % MARKETS.length],
    id: `NODE_${String(rank).padStart(6, '0')}_${rank % 3 === 0 ? 'GEN' : 'HUB'}`,
  }));
}

/** Ranks by Zipf's law. */
function zipf(count: number, random: () => number): () => number {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) sums[rank] = sum += 1 / (rank + 1);
  return () => {
    const x = random() * sum;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] < x) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** The data set in chunks of about four megabytes; every chunk ends with a whole line. */
export function* tradeChunks(set: TradeSet): Generator<Chunk> {
  const random = uniform(set.seed);
  const names = instrumentsOf(set);
  const rankOf = zipf(set.instruments, random);
  const price = Float64Array.from(names, () => 20 + random() * 40);
  const start = set.start ?? START;
  const sequence = new Uint32Array(set.instruments);
  const encoder = new TextEncoder();
  const recent: string[] = [];
  let lines: string[] = [];
  let length = 0;
  let last = '';
  let replay: readonly string[] = [];
  let replayed = 0;
  for (let k = 0; k < set.ticks; k++) {
    const arrival = start + Math.floor((SPAN * k) / set.ticks);
    let line: string;
    if (replayed < replay.length) line = again(replay[replayed++], arrival);
    else if (last !== '' && random() < 0.005) line = last;
    else {
      if (recent.length === RUN && random() < 0.005 / RUN) {
        replay = [...recent];
        replayed = 0;
      }
      const rank = rankOf();
      price[rank] += (random() - 0.5) * 0.2;
      let at = arrival - Math.floor(random() * 200);
      if (random() < 0.01) at -= Math.floor(random() * 600_000);
      line = lineOf(names[rank], ++sequence[rank], at, arrival, price[rank], random);
      last = line;
      if (recent.length < RUN) recent.push(line);
      else recent[k % RUN] = line;
    }
    lines.push(line);
    length += line.length;
    if (length < CHUNK) continue;
    yield { bytes: encoder.encode(lines.join('')), lines: lines.length };
    lines = [];
    length = 0;
  }
  if (lines.length > 0) yield { bytes: encoder.encode(lines.join('')), lines: lines.length };
}

/** Ticks of one run that comes again. */
const RUN = 1000;

function again(line: string, arrival: number): string {
  return line.replace(/"occurred_at":"[^"]*"/, `"occurred_at":"${new Date(arrival).toISOString()}"`);
}

function lineOf(
  name: { market: string; id: string },
  sequence: number,
  at: number,
  arrival: number,
  price: number,
  random: () => number,
): string {
  const ts = new Date(at).toISOString();
  const known = new Date(arrival).toISOString();
  const quoted = random() < 0.002 ? 'null' : price.toFixed(2);
  const volume = (1 + random() * 99).toFixed(1);
  const side = random() < 0.5 ? 'B' : 'S';
  if (random() < 0.001)
    return `{ "instrument_id": "${name.id}", "price": ${quoted}, "volume": ${volume}, "ts": "${ts}", "market": "${name.market}", "sequence": ${sequence}, "side": "${side}", "unit": "USD/MWh", "source": "feed", "occurred_at":"${known}" }\n`;
  return `{"source":"feed","market":"${name.market}","instrument_id":"${name.id}","ts":"${ts}","price":${quoted},"volume":${volume},"unit":"USD/MWh","sequence":${sequence},"side":"${side}","occurred_at":"${known}"}\n`;
}
