/** What strangers write: records of raw topics in both forms, and blocks of the store in its Native format. */

import { readNative } from '../../core/codec/native/native-reader.ts';
import { decodeRawEvents } from '../../core/codec/topics/raw.ts';
import type { RawBatch } from '../../core/model/raw-batch.ts';
import { rawBatchRows } from '../support/raw-batch-rows.ts';
import { JSON_VALUES, NATIVE_BLOCKS, RAW_VALUES } from './codec-bodies.ts';
import { checkUndecodable, recentNames, sliceOfValues } from './codec-targets.ts';
import { type FuzzTarget, type Outcome, promise, refusedAs } from './target.ts';

const TOPIC = 'ingestion.miso.raw.v1';

/** Raw events as Avro and as JSON, and Native blocks. */
export function rawTargets(): FuzzTarget[] {
  return [
    {
      name: 'topic.raw',
      market: null,
      form: 'binary',
      bodies: RAW_VALUES,
      check: checkOf(RAW_VALUES[0] as Uint8Array),
    },
    {
      name: 'topic.raw-json',
      market: null,
      form: 'text',
      bodies: JSON_VALUES,
      check: checkOf(JSON_VALUES[0] as Uint8Array),
    },
    { name: 'store.native', market: null, form: 'binary', bodies: NATIVE_BLOCKS, check: checkNative },
  ];
}

function checkOf(good: Uint8Array) {
  const namesOf = recentNames();
  return (value: Uint8Array): Outcome => {
    const names = namesOf();
    const { batch, rejected } = decodeRawEvents(sliceOfValues([good, value, good], TOPIC), 0, 3, names);
    promise(batch.length + rejected.length === 3, `${batch.length} and ${rejected.length} of 3 records`);
    checkUndecodable(rejected, 3);
    checkRaw(batch);
    const longWay = decodeRawEvents(sliceOfValues([spelledOut(value)], TOPIC), 0, 1, names);
    if (batch.length < 3) {
      promise(batch.length === 2 && rejected[0]?.offset === 1, 'the good neighbours were not read');
      return { kind: 'EVENT_UNDECODABLE', rows: 0, rejected: 1 };
    }
    const rows = rawBatchRows(batch);
    promise(JSON.stringify(rows[0]) === JSON.stringify(rows[2]), 'a good neighbour was changed');
    const [slow] = rawBatchRows(longWay.batch);
    promise(JSON.stringify(rows[1]) === JSON.stringify(slow), 'the two readers of JSON differ');
    return { kind: 'whole', rows: 1, rejected: 0 };
  };
}

/** The same object with an ignored key that only the thorough reader takes, its name being an escape. */
function spelledOut(value: Uint8Array): Uint8Array {
  const text = Buffer.from(value).toString('latin1');
  return new Uint8Array(Buffer.from(text.replace(/\}(\s*)$/, ',"\\u0078":0}$1'), 'latin1'));
}

function checkRaw(batch: RawBatch): void {
  for (let i = 0; i < batch.length; i++) {
    const times = [batch.eventStart[i], batch.eventEnd[i], batch.knownAt[i]];
    promise(times.every(Number.isSafeInteger), `times ${times.join()}`);
    promise(Number.isSafeInteger(batch.sequence[i]), `sequence ${batch.sequence[i]}`);
    promise(batch.firstValue[i] <= batch.firstValue[i + 1], 'values counted backwards');
  }
  promise(batch.firstValue[batch.length] === batch.valueCount, 'values of no row');
  for (let v = 0; v < batch.valueCount; v++)
    promise(
      batch.valueFrom[v] <= batch.valueTo[v] && batch.valueTo[v] <= batch.bytes.length,
      'a value beyond the bytes',
    );
}

function checkNative(bytes: Uint8Array): Outcome {
  try {
    const columns = readNative(bytes);
    promise(columns.names.length === columns.columns.length, 'columns without a name');
    for (const column of columns.columns) {
      const { kind, nulls } = column;
      const length =
        kind === 'number'
          ? column.values.length
          : kind === 'words'
            ? column.words.length / column.width
            : kind === 'uuid'
              ? column.ids.length / 4
              : kind === 'dictionary'
                ? column.codes.length
                : column.offsets.length - 1;
      promise(length === columns.rows, `a column of ${length} in ${columns.rows} rows`);
      promise(nulls === null || nulls.length === columns.rows, 'nulls of another length');
      if (kind === 'dictionary')
        for (const code of column.codes)
          promise(code < column.entries.length, `code ${code} of ${column.entries.length}`);
    }
    return { kind: 'whole', rows: columns.rows, rejected: 0 };
  } catch (error) {
    return refusedAs(error, ['STORE_REFUSED']);
  }
}
