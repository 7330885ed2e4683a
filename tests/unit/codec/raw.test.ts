import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeRawEvents, encodeRawRows } from '../../../core/codec/topics/raw.ts';
import { Names } from '../../../core/model/names.ts';
import type { RawBatch } from '../../../core/model/raw-batch.ts';
import type { RawContext, RawRow } from '../../../core/model/raw-row.ts';
import { asSlice, avscType, framed, plain, recordsOf, sliceOf } from './events.ts';

const type = avscType('connectors/nyiso/schemas/raw_nyiso_lmp.avsc');
const word = fc.string({ unit: 'grapheme', maxLength: 10 });
const micros = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });
const values = fc.array(
  fc.record({ field: word, value: fc.option(fc.string({ minLength: 1, maxLength: 80 })), unit: word }),
  { maxLength: 5 },
);
const row: fc.Arbitrary<RawRow> = fc.record({
  market: word,
  dataset: word,
  location: fc.option(word),
  series: fc.option(word),
  sourceTime: word,
  intervalStart: micros,
  intervalEnd: micros,
  timeRule: word,
  values,
  sequence: fc.option(fc.integer({ min: -(2 ** 52), max: 2 ** 52 })),
  tradeId: fc.option(word),
  cancels: fc.boolean(),
  publishedAt: fc.option(micros),
  row: fc.nat(),
});
const context: fc.Arbitrary<RawContext> = fc.record({
  tenant: word,
  source: word,
  traceId: word,
  archiveSha256: fc.option(word),
  archiveMember: fc.option(word),
  archivedAt: micros,
});

/** A decoded row in the words of the row that was encoded. */
function rowAt(b: RawBatch, i: number): Record<string, unknown> {
  const n = b.names;
  const list = [];
  for (let v = b.firstValue[i]; v < b.firstValue[i + 1]; v++) {
    const text = Buffer.from(b.bytes.subarray(b.valueFrom[v], b.valueTo[v])).toString();
    list.push({
      field: n.fields.nameOf(b.field[v]),
      value: text === '' ? null : text,
      unit: n.units.nameOf(b.unit[v]),
    });
  }
  return {
    tenant: n.tenants.nameOf(b.tenant[i]),
    source: n.sources.nameOf(b.source[i]),
    trace: n.traces.nameOf(b.trace[i]),
    archive: n.archives.nameOf(b.archive[i]),
    market: n.markets.nameOf(b.market[i]),
    dataset: n.datasets.nameOf(b.dataset[i]),
    location: n.locations.nameOf(b.location[i]),
    series: n.series.nameOf(b.series[i]),
    rule: n.rules.nameOf(b.rule[i]),
    start: b.eventStart[i],
    end: b.eventEnd[i],
    knownAt: b.knownAt[i],
    sequence: b.hasSequence[i] === 1 ? b.sequence[i] : null,
    tradeId: b.tradeId[i],
    cancels: b.cancels[i] === 1,
    row: b.row[i],
    values: list,
  };
}

const expectedRow = (r: RawRow, c: RawContext): Record<string, unknown> => ({
  tenant: c.tenant,
  source: c.source,
  trace: c.traceId,
  archive: c.archiveSha256 ?? '',
  market: r.market,
  dataset: r.dataset,
  location: r.location ?? '',
  series: r.series ?? '',
  rule: r.timeRule,
  start: r.intervalStart,
  end: r.intervalEnd,
  knownAt: r.publishedAt ?? c.archivedAt,
  sequence: r.sequence,
  tradeId: r.tradeId ?? '',
  cancels: r.cancels,
  row: r.row,
  values: r.values.map((v) => ({ ...v })),
});

const decoded = (
  slice: ReturnType<typeof sliceOf>,
): { rows: Record<string, unknown>[]; rejected: unknown[] } => {
  const { batch, rejected } = decodeRawEvents(slice, slice.from, slice.to, new Names());
  return { rows: Array.from({ length: batch.length }, (_, i) => rowAt(batch, i)), rejected };
};

test('raw rows: avsc agrees in both directions and nothing is lost', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), context, (rows, c) => {
      const encoded = encodeRawRows(rows, c, 7, 1, 900_000);
      assert.equal(encoded.length, 1);
      const slice = asSlice(encoded[0], 30);
      const back = decoded(slice);
      assert.deepEqual(back.rejected, []);
      const expected = rows.map((r) => expectedRow(r, c));
      assert.deepEqual(back.rows, expected);
      const events = recordsOf(encoded[0].batch).map((r) => plain(type.fromBuffer(r.value.subarray(5)))) as {
        event_id: string;
        producer: string;
        payload: Record<string, unknown>;
      }[];
      events.forEach((event, i) => {
        assert.match(event.event_id, /^[0-9a-f]{8}-[0-9a-f]{4}-8/);
        assert.equal(event.producer, c.source);
        const { source_time, published_at, location, archive_row } = event.payload;
        assert.deepEqual(
          [source_time, published_at, location, archive_row],
          [rows[i].sourceTime, rows[i].publishedAt, rows[i].location, rows[i].row === 0 ? null : rows[i].row],
        );
      });
      const foreign = sliceOf(events.map((e) => framed(type.toBuffer(e))));
      assert.deepEqual(decoded(foreign), { rows: expected, rejected: [] });
    }),
  );
});

const base: RawRow = {
  market: 'NYISO',
  dataset: 'da_lmp',
  location: 'CAPITL',
  series: null,
  sourceTime: '11/02/2025 01:00',
  intervalStart: 1_762_059_600_000_000,
  intervalEnd: 1_762_063_200_000_000,
  timeRule: 'eastern',
  values: [{ field: 'lmp', value: '57.29', unit: 'USD/MWh' }],
  sequence: null,
  tradeId: null,
  cancels: false,
  publishedAt: null,
  row: 1,
};
const where: RawContext = {
  tenant: 'default',
  source: 'nyiso',
  traceId: '',
  archiveSha256: 'ab',
  archiveMember: null,
  archivedAt: 5_000_001,
};
const eventIdOf = (r: RawRow, c: RawContext): string =>
  (
    type.fromBuffer(recordsOf(encodeRawRows([r], c, 1, 1, 9000)[0].batch)[0].value.subarray(5)) as {
      event_id: string;
    }
  ).event_id;

test('the event id follows from natural key, known time, values and row, and from nothing else', () => {
  const id = eventIdOf(base, where);
  assert.equal(eventIdOf({ ...base, sourceTime: 'else', timeRule: 'else' }, { ...where, traceId: 'x' }), id);
  const others: [Partial<RawRow>, Partial<RawContext>][] = [
    [{ market: 'PJM' }, {}],
    [{ location: null }, {}],
    [{ series: '' }, {}],
    [{ intervalStart: 1 }, {}],
    [{ sequence: 0 }, {}],
    [{ tradeId: '' }, {}],
    [{ publishedAt: 1 }, {}],
    [{ row: 2 }, {}],
    [{ cancels: true }, {}],
    [{ values: [{ field: 'lmp', value: null, unit: 'USD/MWh' }] }, {}],
    [{ values: [] }, {}],
    [{}, { tenant: 't' }],
    [{}, { source: 's' }],
    [{}, { archivedAt: 2 }],
  ];
  const ids = others.map(([r, c]) => eventIdOf({ ...base, ...r }, { ...where, ...c }));
  assert.equal(new Set([id, ...ids]).size, others.length + 1);
});

test('keys: location, else series, else dataset; the time of the record is the known time', () => {
  const rows = [base, { ...base, location: null, series: 'NG_HH' }, { ...base, location: '' }];
  const found = recordsOf(encodeRawRows(rows, where, 1, 1, 9000)[0].batch);
  assert.deepEqual(
    found.map((r) => r.key),
    ['default|NYISO|CAPITL', 'default|NYISO|NG_HH', 'default|NYISO|da_lmp'],
  );
  assert.equal(found[0].ms, 5000);
});

const nested = `{"envelope":{"event_type":"ingestion.market.raw.v1","event_id":"uuid","timestamp":"2024-01-01T00:00:01Z",
 "tenant_id":"tenant_1","source":"ingestion.miso","version":"1.0"},"payload":{"market":"MISO","instrument_id":"NG_HH_BALMO",
 "raw_data":{"timestamp":"2024-01-01T00:00:00Z","price":120.50,"volume":1000,"bid":120.450000000000000001,"ask":null}}}`;

test('the nested form is read, and its numbers keep their digits', () => {
  const { rows, rejected } = decoded(sliceOf([Buffer.from(nested)]));
  assert.deepEqual(rejected, []);
  assert.deepEqual(rows[0], {
    ...expectedRow(base, where),
    tenant: 'tenant_1',
    source: 'ingestion.miso',
    trace: '',
    archive: '',
    market: 'MISO',
    dataset: 'trade',
    location: '',
    series: 'NG_HH_BALMO',
    rule: 'utc',
    start: 1_704_067_200_000_000,
    end: 1_704_067_200_000_000,
    knownAt: 1_704_067_201_000_000,
    row: 0,
    values: [
      { field: 'price', value: '120.50', unit: 'USD' },
      { field: 'volume', value: '1000', unit: '' },
      { field: 'bid', value: '120.450000000000000001', unit: 'USD' },
      { field: 'ask', value: null, unit: 'USD' },
    ],
  });
});

test('without an envelope time the known time is that of the log; without a source it is generic', () => {
  const text = nested
    .replace(/"timestamp":"2024-01-01T00:00:01Z",/, '')
    .replace(',"source":"ingestion.miso"', '')
    .replace('"source":"ingestion.miso",', '');
  const { rows } = decoded(sliceOf([Buffer.from(text)]));
  assert.equal(rows[0]['knownAt'], 1_700_000_000_000_000);
  assert.equal(rows[0]['source'], 'generic');
});

test('the flat envelope as JSON gives the row that Avro gives, also beside Avro records', () => {
  fc.assert(
    fc.property(row, context, fc.boolean(), (r, c, wrapped) => {
      fc.pre(
        r.market !== '' &&
          r.dataset !== '' &&
          r.values.every((v) => v.field !== '') &&
          r.publishedAt === null,
      );
      const [part] = encodeRawRows([r], c, 1, 1, 9000);
      const body = recordsOf(part.batch)[0].value;
      const event = type.fromBuffer(body.subarray(5));
      const json = wrapped ? type.toString(event) : JSON.stringify(event);
      const { rows, rejected } = decoded(sliceOf([body, Buffer.from(` ${json}`), body]));
      assert.deepEqual(rejected, []);
      const expected = expectedRow(r, c);
      assert.deepEqual(rows, [expected, expected, expected]);
    }),
  );
});

test('what is neither Avro nor an accepted JSON is rejected with field, expectation and bytes', () => {
  const cases: [string, string | null][] = [
    ['{"payload":', null],
    ['{"payload":5}', 'payload'],
    [nested.replace('120.50', '{"a":1}'), 'payload.raw_data.price'],
    [nested.replace('2024-01-01T00:00:00Z', 'yesterday'), 'payload.raw_data.timestamp'],
    [nested.replace('"instrument_id":"NG_HH_BALMO",', ''), 'payload.instrument_id'],
    [nested.replace(/"price".*null/, '"other":1'), 'payload.raw_data'],
    ['hello', null],
    ['[1]', null],
    ['', null],
  ];
  const { rows, rejected } = decoded(
    sliceOf([...cases.map(([text]) => Buffer.from(text)), null, Buffer.from(nested)]),
  );
  assert.equal(rows.length, 1);
  assert.deepEqual(
    rejected.map((r) => [
      Buffer.from((r as { raw: Uint8Array }).raw).toString(),
      (r as { field: string | null }).field,
    ]),
    [...cases, ['', null]],
  );
});

test('random JSON never throws out of the loop', () => {
  fc.assert(
    fc.property(fc.json(), fc.json(), (a, b) => {
      const texts = [
        `{"payload":${a}}`,
        `{"envelope":${a},"payload":{"raw_data":${b}}}`,
        `{"occurred_at":${a},"payload":{"values":${b}}}`,
        `{${a}`,
      ];
      const { rows, rejected } = decoded(sliceOf(texts.map((t) => Buffer.from(t))));
      assert.equal(rows.length + rejected.length, texts.length);
    }),
  );
});

test('damaged Avro is rejected alone', () => {
  const body = recordsOf(encodeRawRows([base], where, 1, 1, 9000)[0].batch)[0].value;
  for (let cut = 5; cut < body.length; cut++) {
    const { rows, rejected } = decoded(sliceOf([body.subarray(0, cut), body]));
    assert.deepEqual([rows.length, rejected.length], [1, 1]);
    assert.deepEqual(rows[0], expectedRow(base, where));
  }
});
