/**
 * Rolling metrics made anew from plain objects and BigInt, each figure by its definition: slow and obvious on purpose, and
 * of no code of the stages. Figures are mantissas at scale 8.
 */

/** What is known of one bar from one moment on. */
export interface PlainStatement {
  /** Number of the bar in its series; bars that follow one another have numbers that do. */
  readonly bar: number;
  readonly knownAt: number;
  readonly status: 'final' | 'revised' | 'empty' | 'retracted';
  readonly high: bigint;
  readonly low: bigint;
  readonly close: bigint;
  /** Scale 8, and price times volume at scale 16. */
  readonly volume: bigint;
  readonly notional: bigint;
  readonly flags: number;
}

/** The figures of a window. */
export interface PlainMetric {
  readonly bars: number;
  readonly sma: bigint;
  readonly vwap: bigint | null;
  readonly high: bigint;
  readonly low: bigint;
  readonly stddev: bigint | null;
  readonly zscore: bigint | null;
  readonly rmsChange: bigint | null;
  readonly flags: number;
}

const SCALE = 10n ** 8n;

/** The figures of bars in their order; at least one. */
export function plainMetric(bars: readonly PlainStatement[]): PlainMetric {
  const closes = bars.map(({ close }) => close);
  const last = closes[closes.length - 1] ?? 0n;
  const before = closes.slice(0, -1);
  const changes = closes.slice(1).map((close, k) => close - (closes[k] ?? 0n));
  const volume = sum(bars.map((bar) => bar.volume));
  return {
    bars: bars.length,
    sma: nearest(sum(closes), BigInt(closes.length)),
    vwap: volume === 0n ? null : nearest(sum(bars.map((bar) => bar.notional)), volume),
    high: sorted(bars.map(({ high }) => high)).at(-1) ?? 0n,
    low: sorted(bars.map(({ low }) => low))[0] ?? 0n,
    stddev: closes.length < 2 ? null : nearestRoot(...variance(closes)),
    zscore: score(last, before),
    rmsChange: changes.length === 0 ? null : nearestRoot(squares(changes), BigInt(changes.length)),
    flags: bars.reduce((all, { flags }) => all | flags, 0),
  };
}

/** Sample variance as a fraction: Σ (x − mean)² / (n − 1), with every x − mean as (n x − Σ x) / n. */
function variance(values: readonly bigint[]): [up: bigint, by: bigint] {
  const n = BigInt(values.length);
  const total = sum(values);
  return [squares(values.map((x) => n * x - total)), n * n * (n - 1n)];
}

/** (last − mean) / deviation = √((n last − Σ)² / n² · by / up), times 10^8. */
function score(last: bigint, before: readonly bigint[]): bigint | null {
  if (before.length < 2) return null;
  const [up, by] = variance(before);
  if (up === 0n) return null;
  const n = BigInt(before.length);
  const distance = n * last - sum(before);
  const size = nearestRoot(distance * distance * by * SCALE * SCALE, n * n * up);
  return distance < 0n ? -size : size;
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, x) => total + x, 0n);
const sorted = (values: readonly bigint[]): bigint[] =>
  [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
const squares = (values: readonly bigint[]): bigint => sum(values.map((x) => x * x));

function nearest(up: bigint, by: bigint): bigint {
  const sign = up < 0n !== by < 0n ? -1n : 1n;
  const [u, b] = [up < 0n ? -up : up, by < 0n ? -by : by];
  const floor = u / b;
  const twice = 2n * (u % b);
  return sign * (twice > b || (twice === b && floor % 2n === 1n) ? floor + 1n : floor);
}

/** By halving: the greatest r with (2r − 1)² · by <= 4 · up, down by one where that is an odd half. */
function nearestRoot(up: bigint, by: bigint): bigint {
  let [low, high] = [0n, 1n];
  const fits = (r: bigint): boolean => (2n * r - 1n) ** 2n * by <= 4n * up;
  while (fits(high)) high *= 2n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  const isHalf = low > 0n && (2n * low - 1n) ** 2n * by === 4n * up;
  return isHalf && low % 2n === 1n ? low - 1n : low;
}

/** A row that readers may see: a known time, and the figures; null says that no bar ends with the window. */
export interface PlainRow {
  readonly bar: number;
  readonly knownAt: number;
  readonly isFirst: boolean;
  readonly metric: PlainMetric | null;
}

/** All rows of all windows of `length` bars, by bar and known time. */
export function plainRows(statements: readonly PlainStatement[], length: number): PlainRow[] {
  const standing = statements.filter(({ status }) => status !== 'retracted');
  const ends = [...new Set(standing.map(({ bar }) => bar))].sort((a, b) => a - b);
  return ends.flatMap((end) => {
    const inside = standing.filter(({ bar }) => bar > end - length && bar <= end);
    const begin = Math.min(...inside.filter(({ bar }) => bar === end).map(({ knownAt }) => knownAt));
    const times = [...new Set(inside.map(({ knownAt }) => knownAt))].filter((at) => at >= begin);
    return times
      .sort((a, b) => a - b)
      .map((knownAt) => {
        const known = [...new Set(inside.map(({ bar }) => bar))]
          .sort((a, b) => a - b)
          .flatMap((bar) => {
            const newest = inside
              .filter((one) => one.bar === bar && one.knownAt <= knownAt)
              .sort((a, b) => b.knownAt - a.knownAt)[0];
            return newest === undefined || newest.status === 'empty' ? [] : [newest];
          });
        const hasEnd = known.some(({ bar }) => bar === end);
        return {
          bar: end,
          knownAt,
          isFirst: knownAt === begin,
          metric: hasEnd ? plainMetric(known) : null,
        };
      });
  });
}
