/** The queries that CAISO's datasets plan, and that everything they bring is asked for once. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { caiso } from '../../../connectors/caiso/index.ts';
import { dayAheadLmp, realTimeLmp } from '../../../connectors/caiso/prices.ts';
import { DAY, formatInstant, HOUR, parseInstant } from '../../../core/time/instant.ts';

const at = (text: string): number => parseInstant(text) ?? Number.NaN;
const window = (from: string, to: string) => ({ start: at(from), end: at(to) });
const LATER = at('2030-01-01T00:00:00Z');

test('a trade day is asked for in GMT, from Pacific midnight, hubs and load points by default', () => {
  const [request, ...others] = dayAheadLmp.plan(window('2026-03-08T08:00:00Z', '2026-03-09T07:00:00Z'), {
    now: LATER,
  });
  assert.deepEqual(others, []);
  assert.equal(
    request?.url,
    'https://oasis.caiso.com/oasisapi/SingleZip?resultformat=6&queryname=PRC_LMP&version=12&market_run_id=DAM' +
      '&startdatetime=20260308T08:00-0000&enddatetime=20260309T07:00-0000' +
      '&node=TH_NP15_GEN-APND,TH_SP15_GEN-APND,TH_ZP26_GEN-APND,DLAP_PGAE-APND,DLAP_SCE-APND,DLAP_SDGE-APND',
  );
  assert.equal(request?.name, '20260308T0800_20260309T0700_PRC_LMP_DAM.zip');
});

test('day-ahead prices are expected at 13:00 Pacific of the day before, on the days of the change too', () => {
  for (const [day, expected] of [
    ['2026-03-08T12:00:00Z', '2026-03-07T21:00:00Z'],
    ['2026-03-09T12:00:00Z', '2026-03-08T21:00:00Z'],
    ['2025-07-16T12:00:00Z', '2025-07-15T20:00:00Z'],
  ] as const) {
    const [request] = dayAheadLmp.plan({ start: at(day), end: at(day) + HOUR }, { now: 0 });
    assert.equal(formatInstant(request?.expectedAt ?? 0), expected, day);
  }
});

test('published days share queries of at most 31 days; days to come are asked for one by one', () => {
  const past = dayAheadLmp.plan(window('2025-09-20T07:00:00Z', '2025-12-20T08:00:00Z'), { now: LATER });
  assert.equal(past.length, 3);
  const now = at('2025-07-15T21:00:00Z');
  const ahead = dayAheadLmp.plan(window('2025-07-14T07:00:00Z', '2025-07-19T07:00:00Z'), { now });
  assert.deepEqual(
    ahead.map((request) => formatInstant(request.window.end)),
    ['2025-07-17T07:00:00Z', '2025-07-18T07:00:00Z', '2025-07-19T07:00:00Z'],
  );
});

test('real-time queries hold the hours asked for, cut at trade days', () => {
  const requests = realTimeLmp.plan(window('2025-11-02T05:12:00Z', '2025-11-03T09:00:00Z'), { now: LATER });
  assert.deepEqual(
    requests.map(({ window: { start, end } }) => [formatInstant(start), formatInstant(end)]),
    [
      ['2025-11-02T05:00:00Z', '2025-11-02T07:00:00Z'],
      ['2025-11-02T07:00:00Z', '2025-11-03T08:00:00Z'],
      ['2025-11-03T08:00:00Z', '2025-11-03T09:00:00Z'],
    ],
  );
  assert.match(requests[0]?.url ?? '', /queryname=PRC_INTVL_LMP&version=3&market_run_id=RTM/);
  assert.equal(requests[0]?.expectedAt, at('2025-11-02T07:10:00Z'));
});

test('nodes by choice; all nodes are asked for by the day or the hour', () => {
  const day = window('2025-07-16T07:00:00Z', '2025-07-18T07:00:00Z');
  const chosen = dayAheadLmp.plan(day, { now: LATER, options: { nodes: 'A_1, B_2' } });
  assert.deepEqual([chosen.length, /&node=A_1,B_2$/.test(chosen[0]?.url ?? '')], [1, true]);
  const all = dayAheadLmp.plan(day, { now: LATER, options: { nodes: 'all_apnodes' } });
  assert.deepEqual([all.length, /&grp_type=ALL_APNODES$/.test(all[0]?.url ?? '')], [2, true]);
  assert.equal(realTimeLmp.plan(day, { now: LATER, options: { nodes: 'ALL' } }).length, 48);
});

/** Reports of OASIS that are asked for; pages have a file for each day, and other reports are only read. */
const ASKED_OF_OASIS = caiso.datasets.filter(
  ({ name, time }) => time.name === 'gmt-begin-and-end' && name !== 'figures',
);

test('whatever the window: requests follow each other, cover it, and keep to 31 days', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ASKED_OF_OASIS),
      fc.integer({ min: 0, max: 400 * 24 * 12 }),
      fc.integer({ min: 1, max: 90 * 24 * 12 }),
      fc.integer({ min: -50, max: 500 }),
      (dataset, from, length, published) => {
        const start = at('2025-01-01T00:00:00Z') + from * 300_000_000;
        const end = start + length * 300_000_000;
        const requests = dataset.plan({ start, end }, { now: start + published * DAY });
        assert.ok((requests[0]?.window.start ?? end) <= start);
        assert.ok((requests.at(-1)?.window.end ?? start) >= end);
        for (const [i, { window: span, url, name }] of requests.entries()) {
          assert.ok(span.end - span.start <= 31 * DAY, name);
          if (i > 0) assert.equal(span.start, requests[i - 1]?.window.end);
          assert.ok(URL.canParse(url) && !url.includes(' '));
        }
        assert.equal(new Set(requests.map(({ name }) => name)).size, requests.length);
      },
    ),
    { numRuns: 200 },
  );
});
