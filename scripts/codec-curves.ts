/** Which property of a row object each field stands for: inputs and statements of forward curves. See `codec-rows.ts`. */

import type { Binding } from './codec-columns.ts';
import { optionalProperty, property, rowEnvelope } from './codec-rows.ts';

const uuid = (take: string): Binding => ({
  type: 'string uuid',
  write: `w.uuid(row.${take}, 0);`,
  read: `r.uuid(${take}, 0);`,
});

const position: Record<string, Binding> = {
  'payload.source_topic': property('string', 'srcTopic'),
  'payload.source_partition': property('int', 'srcPartition'),
  'payload.source_offset': property('long', 'srcOffset'),
};

/** Fields of CurvePrestage. */
export const curvePrestage: Record<string, Binding> = {
  ...rowEnvelope,
  'payload.curve_id': property('string', 'curve'),
  'payload.as_of_date': property('int date', 'asOf'),
  'payload.instrument_id': property('string', 'contract'),
  'payload.delivery_start': property('int date', 'start'),
  'payload.delivery_end': property('int date', 'end'),
  'payload.block': property('string', 'block'),
  'payload.kind': property('string', 'kind'),
  'payload.price': {
    type: 'bytes decimal(18,8)',
    present: '!row.withdrawn',
    write: 'w.decimal(row.price, 0);',
    read: 'r.decimal(price, 0);',
    absent: 'hasPrice = false;',
  },
  'payload.unit': property('string', 'unit'),
  'payload.withdrawn': {
    ...property('boolean', 'withdrawn'),
    read: "withdrawn = r.boolean(); if (withdrawn === hasPrice) r.fail('true without a price, else false');",
  },
  'payload.event_time': property('long timestamp-micros', 'eventTime'),
  'payload.sequence': optionalProperty('long', 'sequence'),
  'payload.source': property('string', 'source'),
  'payload.dataset': property('string', 'dataset'),
  'payload.value_key': uuid('valueKey'),
  'payload.value_id': uuid('valueId'),
  ...position,
};

/** Fields of CurveUpdate. */
export const curveUpdate: Record<string, Binding> = {
  ...rowEnvelope,
  'payload.curve_id': property('string', 'curve'),
  'payload.as_of_date': property('int date', 'asOf'),
  'payload.statement': property('long', 'statement'),
  'payload.previous_known_at': optionalProperty('long timestamp-micros', 'previousKnownAt'),
  'payload.is_delta': property('boolean', 'isDelta'),
  'payload.unit': property('string', 'unit'),
  'payload.method': property('string', 'method'),
  'payload.points': {
    type: 'array<record>',
    opens: 'let price: Int32Array | null;',
    write: 'row.points',
    read: "points.push({ start, end, block: block as CurveUpdatePoint['block'], price, source: source as CurveUpdatePoint['source'] });",
    items: {
      delivery_start: { type: 'int date', write: 'w.long(item.start);', read: 'const start = r.long();' },
      delivery_end: { type: 'int date', write: 'w.long(item.end);', read: 'const end = r.long();' },
      block: { type: 'string', write: 'w.text(item.block);', read: 'const block = r.text();' },
      price: {
        type: 'bytes decimal(18,8)',
        present: 'item.price !== null',
        write: 'w.decimal(item.price, 0);',
        read: 'price = new Int32Array(2); r.decimal(price, 0);',
        absent: 'price = null;',
      },
      source: { type: 'string', write: 'w.text(item.source);', read: 'const source = r.text();' },
    },
  },
  'payload.metadata': property('string', 'metadata'),
  ...position,
};
