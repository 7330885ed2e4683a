/** Trades in the nested form of raw events, with numbers of our own making, and the rows that they must decode to. */

import type { Made } from './miso-sample-bodies.ts';
import { utc } from './printed-line.ts';

/** Events of the nested form: instrument, second of the day, and the numbers that it has. */
const TRADES: readonly (readonly [
  instrument: string,
  second: number,
  data: Readonly<Record<string, number>>,
])[] = [
  ['NG_HH_BALMO', 0, { price: 3.412, volume: 10_000, bid: 3.41, ask: 3.415 }],
  ['NG_HH_BALMO', 41, { price: 3.4145, volume: 2500, bid: 3.412, ask: 3.417 }],
  ['NG_HH_BALMO', 75, { bid: 3.415, ask: 3.42 }],
  ['PWR_INDY_PEAK_BALMO', 80, { price: 41.25, volume: 50, bid: 41, ask: 41.5 }],
  ['NG_HH_BALMO', 133, { price: 3.42, volume: 5000, bid: 3.418, ask: 3.4225 }],
  ['PWR_INDY_OFFPEAK_BALMO', 150, { price: -1.75, volume: 25, bid: -2, ask: -1.5 }],
];

/** Trades as producers write them: one event to a line. */
export function trades(): Made {
  const begin = Date.parse('2026-03-09T14:30:00Z');
  const expected: string[] = [];
  const lines = TRADES.map(([instrument, second, data], n) => {
    const at = utc(begin + second * 1000);
    const known = new Date(begin + second * 1000 + 180).toISOString();
    for (const [field, value] of Object.entries(data))
      expected.push(
        JSON.stringify({
          market: 'MISO',
          dataset: 'trade',
          location: null,
          series: instrument,
          interval_start: at,
          interval_end: at,
          field,
          value: String(value),
          unit: field === 'volume' ? '' : 'USD',
          published_at: known,
        }),
      );
    return JSON.stringify({
      envelope: {
        event_type: 'ingestion.market.raw.v1',
        event_id: `7f0c1d2e-0000-8000-8000-${String(n + 1).padStart(12, '0')}`,
        timestamp: known,
        tenant_id: 'default',
        source: 'ingestion.miso',
        version: '1.0',
      },
      payload: { market: 'MISO', instrument_id: instrument, raw_data: { timestamp: at, ...data } },
    });
  });
  return { payload: `${lines.join('\n')}\n`, expected: `${expected.join('\n')}\n` };
}
