/** What the demo prints fits a terminal of 100 columns at every time of day, and intervals read without doubt. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latestTable } from '../../../app/demo/overview-rows.ts';
import { formatInstant, HOUR, MINUTE, parseInstant } from '../../../core/time/instant.ts';

const MIDNIGHT = parseInstant('2025-11-20T00:00:00Z') ?? 0;

/** The text that is printed for an interval. */
function shown(from: number, to: number): unknown {
  const row = { ts: formatInstant(from), ts_end: formatInstant(to), known_at: formatInstant(from) };
  return latestTable({ latest: [{ what: 'real-time', row }], bars: [], why: null, at: from })[0]?.[
    'for (UTC)'
  ];
}

test('an interval of up to a day takes one width at every minute at which it may begin', () => {
  for (const length of [5 * MINUTE, 15 * MINUTE, HOUR])
    for (let from = MIDNIGHT; from + length <= MIDNIGHT + 24 * HOUR; from += 5 * MINUTE)
      assert.equal(
        String(shown(from, from + length)).length,
        '11-20 05:00-06:00'.length,
        formatInstant(from),
      );
});

test('an interval that ends with its day ends at 24:00; one that goes on names the other day', () => {
  assert.equal(shown(MIDNIGHT + 23 * HOUR, MIDNIGHT + 24 * HOUR), '11-20 23:00-24:00');
  assert.equal(shown(MIDNIGHT, MIDNIGHT + 24 * HOUR), '11-20 00:00-24:00');
  assert.equal(shown(MIDNIGHT + 5 * HOUR, MIDNIGHT + 29 * HOUR), '11-20 05:00-11-21 05:00');
  assert.equal(shown(MIDNIGHT, MIDNIGHT), '11-20 00:00:00');
});
