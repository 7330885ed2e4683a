/** A record that is no event keeps what its place in the log says of it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeRawInput, decodeTickInput } from '../../../app/pipeline/decode-input.ts';
import { encodeHeaders, RecordBatchWriter } from '../../../core/codec/kafka/record-batch.ts';
import type { DeadLetter } from '../../../core/model/dead-letter.ts';
import { Names } from '../../../core/model/names.ts';
import { RawBatch } from '../../../core/model/raw-batch.ts';
import type { LogSlice } from '../../../core/ports/event-log.ts';
import { asSlice } from '../codec/events.ts';

const CAME_MS = 1_700_000_000_123;
const KNOWN_AT = 1_700_000_000_123_000;

function recordOf(key: string | null, headers: readonly (readonly [string, string])[] = []): LogSlice {
  const writer = new RecordBatchWriter();
  const name = key === null ? null : Buffer.from(key);
  const body = Buffer.from('{"envelope":');
  writer.add(CAME_MS, name, 0, name?.length ?? 0, body, 0, body.length, encodeHeaders(headers));
  return asSlice({ partition: 0, batch: writer.finish(), count: 1 });
}

function rawLetter(slice: LogSlice): DeadLetter {
  const memory = new RawBatch(new Names(), new Uint8Array(0), 0, 0, 1);
  return decodeRawInput([slice], 0, 1, memory).input.undecodable[0] as DeadLetter;
}

test('it came when the log says, not in 1970, whatever stage reads it', () => {
  assert.equal(rawLetter(recordOf(null)).knownAt, KNOWN_AT);
  const { input } = decodeTickInput([recordOf(null)], 0, 1, new Names(), 'aggregation');
  assert.deepEqual(
    input.undecodable.map(({ knownAt, stage, code }) => [knownAt, stage, code]),
    [[KNOWN_AT, 'aggregation', 'EVENT_UNDECODABLE']],
  );
});

test('it belongs to the tenant that its key begins with, and to its trace', () => {
  const letter = rawLetter(recordOf('acme|MISO|HUB', [['trace_id', 'abc']]));
  assert.deepEqual([letter.tenant, letter.traceId], ['acme', 'abc']);
});

test('a key of another kind names no tenant', () => {
  for (const key of [
    null,
    '',
    'NG_HH_BALMO',
    '|MISO|HUB',
    'a b|MISO|HUB',
    'acme|MISO',
    `${'x'.repeat(65)}|a|b`,
  ]) {
    const letter = rawLetter(recordOf(key));
    assert.deepEqual([letter.tenant, letter.traceId], ['default', ''], String(key));
  }
});
