import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { utf8 } from '../../../core/codec/bytes.ts';
import { RecordBatchWriter } from '../../../core/codec/kafka/record-batch.ts';
import { decodeRawEvents } from '../../../core/codec/topics/raw.ts';
import { TickScan } from '../../../core/codec/topics/raw-json-scan.ts';
import { Names } from '../../../core/model/names.ts';
import { RawBatch } from '../../../core/model/raw-batch.ts';
import type { LogSlice } from '../../../core/ports/event-log.ts';
import { formatInstant } from '../../../core/time/instant.ts';
import { rawBatchRows } from '../../support/raw-batch-rows.ts';

const LOG_MS = 1_772_323_200_123;

function sliceOf(lines: readonly string[]): LogSlice {
  const writer = new RecordBatchWriter();
  for (const line of lines) {
    const value = utf8(line);
    writer.add(LOG_MS, null, 0, 0, value, 0, value.length);
  }
  return { topic: 'ingestion.miso.raw.v1', partition: 0, from: 0, to: lines.length, bytes: writer.finish() };
}

/** Reads a record after others that are read and thrown away. */
function decodeAfter(before: readonly string[], line: string): ReturnType<typeof decodeRawEvents> {
  const names = new Names();
  for (const other of before) decodeRawEvents(sliceOf([other]), 0, 1, names);
  return decodeRawEvents(sliceOf([line]), 0, 1, names);
}

/** The same record with an ignored key that only the other reader takes: its name is an escape. */
const spelledOut = (line: string): string => line.replace(/\}(\s*)$/, ',"\\u0078":0}$1');

const word = fc.stringMatching(/^[A-Za-z0-9_.:| -]{0,12}$/);
const name = fc.stringMatching(/^[A-Z0-9_.]{1,10}$/);
const decimal = fc.oneof(
  fc.stringMatching(/^-?(0|[1-9]\d{0,9})(\.\d{1,9})?$/),
  fc.constantFrom('null', '"12.50"', '""', '"x"', '1e3', '1.5E-2', '-0', 'true', '[1]'),
);
const time = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.integer({ min: 0, max: 4_000_000_000_000_000 }).map((at) => `"${formatInstant(at)}"`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '"2026-03-01"',
      '"2026-03-01T00:00Z"',
      '"2026-02-30T00:00:00Z"',
      '"2026-03-01T24:00:00Z"',
      '1772323200000000',
      '"2026-03-01T00:00:00+01:00"',
      '"2026-03-01T00:00:00.1234567Z"',
      '"2026-03-01T00:00:00."',
      '""',
      'null',
      '"2026-03-01t00:00:00z"',
      '"2026-13-01T00:00:00Z"',
      '"2026-03-01T00:00:00.Z"',
    ),
  },
);
const integer = fc.oneof(
  fc.integer({ min: -1, max: 2 ** 45 }).map(String),
  fc.constantFrom('null', '"7"', '"007"', '-0', '1.0', '9007199254740993', '"x"', 'false'),
);
const optional = <T>(a: fc.Arbitrary<T>) => fc.option(a, { nil: undefined });
const quoted = (text: string) => `"${text}"`;
const text = fc.oneof(
  { weight: 5, arbitrary: word.map(quoted) },
  { weight: 1, arbitrary: fc.constantFrom('null', '5', '"é"', '"a\\nb"') },
);

const tick = fc.record({
  tenant_id: optional(text),
  trace_id: optional(text),
  source: optional(text),
  market: fc.oneof(
    { weight: 9, arbitrary: name.map(quoted) },
    { weight: 1, arbitrary: fc.constantFrom('""', 'null', '5') },
  ),
  instrument_id: name.map(quoted),
  location: optional(text),
  ts: time,
  price: optional(decimal),
  volume: optional(decimal),
  bid: optional(decimal),
  ask: optional(decimal),
  unit: optional(text),
  sequence: optional(integer),
  trade_id: optional(text),
  cancels: optional(fc.constantFrom('true', 'false', 'null', '"true"', '1')),
  occurred_at: optional(time),
  archive_sha256: optional(text),
  archive_member: optional(text),
  archive_row: optional(integer),
  side: optional(text),
  extra: optional(fc.constantFrom('{"a":1}', '[1,2]', '0', '-1.5e9', '01', 'nul')),
});
const envelope = fc.record({
  tenant_id: optional(text),
  trace_id: optional(text),
  source: optional(text),
  occurred_at: optional(time),
  timestamp: optional(time),
});

type Entries = [string, string | undefined][];
function objectOf(entries: Entries, order: number, gap: string): string {
  const present = entries.filter((entry): entry is [string, string] => entry[1] !== undefined);
  const turned = [
    ...present.slice(order % (present.length + 1)),
    ...present.slice(0, order % (present.length + 1)),
  ];
  return `{${gap}${turned.map(([key, value]) => `"${key}":${gap}${value}`).join(`,${gap}`)}${gap}}`;
}

/** Records of all three forms, in any order of keys and with any gaps; many of them are wrong in some way. */
const record = fc
  .record({
    tick,
    envelope,
    form: fc.constantFrom('plain', 'nested', 'mixed'),
    order: fc.nat(30),
    gap: fc.constantFrom('', '', ' ', '\n\t'),
  })
  .map(({ tick: t, envelope: e, form, order, gap }) => {
    if (form === 'plain') return objectOf(Object.entries(t), order, gap);
    const { ts, price, volume, bid, ask, sequence, cancels, ...rest } = t;
    const data = objectOf(
      Object.entries({ timestamp: ts, price, volume, bid, ask, sequence, cancels }),
      order,
      gap,
    );
    const payload = objectOf([...Object.entries(rest), ['raw_data', data]], order, gap);
    return form === 'nested'
      ? objectOf(
          [
            ['envelope', objectOf(Object.entries(e), order, gap)],
            ['payload', payload],
          ],
          order,
          gap,
        )
      : objectOf([...Object.entries(e), ['payload', payload]], order, gap);
  });

test('what the scanner reads, the other reader reads the same', () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 8 }), (lines) => {
      const fast = decodeRawEvents(sliceOf(lines), 0, lines.length, new Names());
      const slow = decodeRawEvents(sliceOf(lines.map(spelledOut)), 0, lines.length, new Names());
      assert.deepEqual(rawBatchRows(fast.batch), rawBatchRows(slow.batch));
      assert.deepEqual(
        [...fast.batch.srcOffset.subarray(0, fast.batch.length)],
        [...slow.batch.srcOffset.subarray(0, slow.batch.length)],
      );
      assert.deepEqual(
        fast.rejected.map((r) => [r.offset, r.field, r.expected]),
        slow.rejected.map((r) => [r.offset, r.field, r.expected]),
      );
    }),
    { numRuns: 2000 },
  );
});

/** Records of a few spellings, one after the other by turns: keys, order and gaps of each stay, its values change. */
const spellings = fc
  .array(
    fc.record({
      ticks: fc.array(tick, { minLength: 3, maxLength: 3 }),
      order: fc.nat(30),
      gap: fc.constantFrom('', '', ' '),
      isNested: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((feeds) =>
    [0, 1, 2].flatMap((k) =>
      feeds.map(({ ticks, order, gap, isNested }) => {
        const values = new Map(Object.entries(ticks[k]));
        const same = Object.entries(ticks[0]).map(([key, first]): [string, string | undefined] => [
          key,
          first === undefined ? undefined : (values.get(key) ?? first),
        ]);
        if (!isNested) return objectOf(same, order, gap);
        const isOfData = ([key]: [string, string | undefined]): boolean =>
          ['ts', 'price', 'volume', 'bid', 'ask', 'sequence', 'cancels'].includes(key);
        const data = same
          .filter(isOfData)
          .map(([key, v]): [string, string | undefined] => [key.replace(/^ts$/, 'timestamp'), v]);
        const rest = same.filter((entry) => !isOfData(entry));
        return objectOf(
          [['payload', objectOf([...rest, ['raw_data', objectOf(data, order, gap)]], order, gap)]],
          order,
          gap,
        );
      }),
    ),
  );

test('records spelled like others before them are read as by the other reader', () => {
  fc.assert(
    fc.property(spellings, (lines) => {
      const fast = decodeRawEvents(sliceOf(lines), 0, lines.length, new Names());
      const slow = decodeRawEvents(sliceOf(lines.map(spelledOut)), 0, lines.length, new Names());
      assert.deepEqual(rawBatchRows(fast.batch), rawBatchRows(slow.batch));
      assert.deepEqual(
        fast.rejected.map((r) => [r.offset, r.field, r.expected]),
        slow.rejected.map((r) => [r.offset, r.field, r.expected]),
      );
    }),
    { numRuns: 2000 },
  );
});

test('keys of one form do not count in another', () => {
  const data = '"raw_data":{"timestamp":"2026-03-01T00:00:00Z","price":3.1}';
  for (const line of [
    `{"market":"MISO","payload":{"instrument_id":"A",${data}}}`,
    `{"instrument_id":"A","payload":{"market":"MISO",${data}}}`,
    `{"envelope":{},"market":"MISO","payload":{"instrument_id":"A",${data}}}`,
    `{"tenant_id":"t","envelope":{},"payload":{"market":"MISO","instrument_id":"A",${data}}}`,
    `{"market":"MISO","instrument_id":"A","ts":"2026-03-01T00:00:00Z","price":1,"envelope":{}}`,
    `{"market":"MISO","instrument_id":"A","ts":"2026-03-01T00:00:00Z","price":1,"payload":{}}`,
    `{"tenant_id":"t","payload":{"market":"MISO","instrument_id":"A",${data}}}`,
  ]) {
    const fast = decodeRawEvents(sliceOf([line]), 0, 1, new Names());
    const slow = decodeRawEvents(sliceOf([spelledOut(line)]), 0, 1, new Names());
    assert.deepEqual(rawBatchRows(fast.batch), rawBatchRows(slow.batch), line);
  }
});

test('cut or changed anywhere, a record is read as by the other reader or not at all', () => {
  const whole =
    '{"source":"feed","market":"MISO","instrument_id":"A","ts":"2026-03-01T00:00:00.250Z","price":1.50,"volume":2,"sequence":3,"cancels":false}';
  const check = (line: string): void => {
    // Once alone, and once after a record from which its spelling is known.
    for (const before of [[], [whole]]) {
      const fast = decodeAfter(before, line);
      const slow = decodeRawEvents(sliceOf([spelledOut(line)]), 0, 1, new Names());
      if (spelledOut(line) === line) assert.equal(fast.batch.length, 0, line);
      else assert.deepEqual(rawBatchRows(fast.batch), rawBatchRows(slow.batch), line);
    }
  };
  for (const rest of [' ', '\n', 'x', '}', whole]) check(whole + rest);
  for (let cut = 1; cut < whole.length; cut++) check(whole.slice(0, cut));
  for (let at = 1; at < whole.length; at++)
    for (const put of ['"', '}', ',', ' ', '0', 'Z', ':', '-'])
      check(whole.slice(0, at) + put + whole.slice(at + 1));
});

test('the usual spellings are read by the scanner itself', () => {
  const names = new Names();
  const batch = new RawBatch(names, new Uint8Array(0), 0, 0, 4);
  const scan = new TickScan(names);
  const log = Float64Array.of(LOG_MS);
  for (const line of [
    '{"source":"feed","market":"MISO","instrument_id":"A","ts":"2026-03-01T00:00:00Z","price":1.5,"volume":2,"unit":"USD/MWh","sequence":1,"side":"B"}',
    '{"ts":"2026-03-01T00:00:00.123Z", "instrument_id":"B", "market":"PJM", "price":null, "bid":"1.0"}',
    '{"envelope":{"source":"x","tenant_id":"t"},"payload":{"market":"MISO","instrument_id":"NG_HH_BALMO","raw_data":{"timestamp":"2026-03-01T00:00:00Z","price":3.1,"volume":10,"bid":3,"ask":3.2}}}',
  ]) {
    const bytes = utf8(line);
    assert.ok(scan.add(batch, bytes, 0, bytes.length, log, 0), line);
  }
  assert.equal(batch.length, 3);
});
