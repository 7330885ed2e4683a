/** Trades without end: each pass says what the one before said, four hours later, and nothing else. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SPAN, tradeChunks } from '../../../bench/trades/generate.ts';
import { LaterPass } from '../../../bench/trades/passes.ts';

const linesOf = (bytes: Uint8Array): Record<string, unknown>[] =>
  new TextDecoder()
    .decode(bytes)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('a later pass moves both times of every line by whole spans, over the end of days and months', () => {
  const start = Date.parse('2026-02-27T22:00:00Z');
  for (const { bytes } of tradeChunks({ ticks: 20_000, instruments: 30, seed: 3, start }))
    for (const pass of [0, 1, 5, 200]) {
      const moved = bytes.slice();
      new LaterPass(pass).move(moved);
      const before = linesOf(bytes);
      for (const [k, line] of linesOf(moved).entries())
        for (const [key, value] of Object.entries(before[k]))
          if (key === 'ts' || key === 'occurred_at')
            assert.equal(Date.parse(String(line[key])) - Date.parse(String(value)), pass * SPAN);
          else assert.equal(line[key], value, key);
    }
});
