/** What the demo prints fits a terminal of 100 columns at every time of day, and intervals read without doubt. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latestTable, whyLines } from '../../../app/demo/overview-rows.ts';
import { formatInstant, HOUR, MINUTE, parseInstant } from '../../../core/time/instant.ts';

const MIDNIGHT = parseInstant('2025-11-20T00:00:00Z') ?? 0;

/** The text that is printed for an interval. */
function shown(from: number, to: number): unknown {
  const row = { ts: formatInstant(from), ts_end: formatInstant(to), known_at: formatInstant(from) };
  return latestTable({ latest: [{ what: 'real-time', row }], bars: [], curve: [], why: null, at: from })[0]?.[
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

test('why a number is what it is fits, by the longest rule for a time and far into a log', () => {
  const input = {
    event_id: '',
    ts: '2025-11-02T06:00:00Z',
    ts_end: '2025-11-02T07:00:00Z',
    price: '-1234.56',
    volume: null,
    known_at: '2025-11-02T06:10:00.123Z',
    revision: 12,
    versions: 12,
    quality_flags: [],
    raw_event: { topic: 'ingestion.nyiso.raw.v1', partition: 255, offset: 123_456_789_012, values: null },
    time_rule: 'eastern-hour-beginning/repeated-by-order:second',
    payload: {
      sha256: 'c04ff1e123ef'.repeat(6),
      member: null,
      row: 1234,
      line: '11/02/2025 01:00,N.Y.C.,61761,-1234.56,-12.34,-123.45',
      url: 'http://mis.nyiso.com/public/csv/damlbmp/20251102damlbmp_zone.csv',
      archived_at: null,
    },
    trace_id: '',
  };
  const bar = {
    interval: '1h',
    interval_start: '2025-11-02T06:00:00Z',
    interval_end: '2025-11-02T07:00:00Z',
    close: '-1234.56',
    revision: '12',
  };
  const lines = whyLines({ instrument_id: 'NYISO.DA.LMP.N.Y.C.', bar, taxonomy: null, inputs: [input] });
  assert.equal(lines.length, 4);
  for (const line of lines) assert.ok(line.length <= 100, `${line.length}: ${line}`);
  assert.match(lines.join('\n'), /repeated-by-order:second, archived as c04ff1e123ef…/);
});
