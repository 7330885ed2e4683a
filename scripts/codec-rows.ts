/**
 * Which property of a row object each field stands for: raw rows, dead letters, anomalies, notices, jobs. The words of the code
 * are those of `codec-columns.ts`; `row` is the object.
 */

import { type Binding, constant } from './codec-columns.ts';

/** A property of a row object; `take` names the variable that the reader returns. */
export const property = (type: string, take: string, from = `row.${take}`): Binding => {
  const call = {
    string: 'text',
    bytes: 'data',
    'map<string>': 'textMap',
    'array<string>': 'texts',
    int: 'long',
    'int date': 'long',
    'long timestamp-micros': 'long',
  }[type];
  return { type, write: `w.${call ?? type}(${from});`, read: `${take} = r.${call ?? type}();` };
};
/** A property that may be null. */
export const optionalProperty = (type: string, take: string): Binding => ({
  ...property(type, take),
  present: `row.${take} !== null`,
  absent: `${take} = null;`,
});
/** The envelope of a row object. */
export const rowEnvelope: Record<string, Binding> = {
  event_id: { type: 'string uuid', write: 'w.uuid(ids, 0);', read: 'r.span();' },
  trace_id: property('string', 'traceId'),
  occurred_at: property('long timestamp-micros', 'knownAt'),
  tenant_id: property('string', 'tenant'),
  schema_version: constant('schemaVersion'),
  producer: constant('producer'),
};

const text = (of: string, read: string): Binding => ({
  type: 'string',
  write: `w.block(texts.bytesOf(${of}));`,
  read,
});
/** Fields of a raw row: written from a RawRow, read into a RawBatch. */
export const raw: Record<string, Binding> = {
  event_id: { type: 'string uuid', write: 'w.uuid(ids, 0);', read: 'r.span();' },
  trace_id: text('context.traceId', 'b.trace[i] = r.name(x.traces);'),
  occurred_at: {
    type: 'long timestamp-micros',
    write: 'w.long(row.publishedAt ?? context.archivedAt);',
    read: 'b.knownAt[i] = r.long();',
  },
  tenant_id: text('context.tenant', 'b.tenant[i] = r.name(x.tenants);'),
  schema_version: constant('schemaVersion'),
  producer: constant('producer'),
  'payload.source': text('context.source', 'b.source[i] = r.name(x.sources);'),
  'payload.market': text('row.market', 'b.market[i] = r.name(x.markets);'),
  'payload.dataset': text('row.dataset', 'b.dataset[i] = r.name(x.datasets);'),
  'payload.location': {
    ...text('row.location', 'b.location[i] = r.name(x.locations);'),
    present: 'row.location !== null',
    absent: 'b.location[i] = 0;',
  },
  'payload.series': {
    ...text('row.series', 'b.series[i] = r.name(x.series);'),
    present: 'row.series !== null',
    absent: 'b.series[i] = 0;',
  },
  'payload.source_time': { type: 'string', write: 'w.text(row.sourceTime);', read: 'r.span();' },
  'payload.interval_start': {
    type: 'long timestamp-micros',
    write: 'w.long(row.intervalStart);',
    read: 'b.eventStart[i] = r.long();',
  },
  'payload.interval_end': {
    type: 'long timestamp-micros',
    write: 'w.long(row.intervalEnd);',
    read: 'b.eventEnd[i] = r.long();',
  },
  'payload.time_rule': text('row.timeRule', 'b.rule[i] = r.name(x.rules);'),
  'payload.sequence': {
    type: 'long',
    present: 'row.sequence !== null',
    write: 'w.long(row.sequence);',
    read: 'b.sequence[i] = r.long(); b.hasSequence[i] = 1;',
    absent: 'b.sequence[i] = 0; b.hasSequence[i] = 0;',
  },
  'payload.trade_id': {
    type: 'string',
    present: 'row.tradeId !== null',
    write: 'w.text(row.tradeId);',
    read: 'b.tradeId[i] = r.text();',
    absent: "b.tradeId[i] = '';",
  },
  'payload.cancels': {
    type: 'boolean',
    write: 'w.boolean(row.cancels);',
    read: 'b.cancels[i] = r.boolean() ? 1 : 0;',
  },
  'payload.published_at': {
    type: 'long timestamp-micros',
    present: 'row.publishedAt !== null',
    write: 'w.long(row.publishedAt);',
    read: 'r.long();',
    absent: '',
  },
  'payload.values': {
    type: 'array<record>',
    opens: 'let valueFrom = 0; let valueTo = 0;',
    write: 'row.values',
    read: 'b.addValue(field, unit, valueFrom, valueTo);',
    items: {
      field: text('item.field', 'const field = r.name(x.fields);'),
      value: {
        type: 'string',
        present: 'item.value !== null',
        write: 'w.text(item.value);',
        read: 'r.span(); valueFrom = r.from; valueTo = r.to;',
        absent: 'valueFrom = valueTo = 0;',
      },
      unit: text('item.unit', 'const unit = r.name(x.units);'),
    },
  },
  'payload.archive_sha256': {
    ...text('context.archiveSha256', 'b.archive[i] = r.name(x.archives);'),
    present: 'context.archiveSha256 !== null',
    absent: 'b.archive[i] = 0;',
  },
  'payload.archive_row': {
    type: 'long',
    present: 'row.row !== 0',
    write: 'w.long(row.row);',
    read: 'b.row[i] = r.long();',
    absent: 'b.row[i] = 0;',
  },
  'payload.archive_member': {
    ...text('context.archiveMember', 'r.span();'),
    present: 'context.archiveMember !== null',
    absent: '',
  },
};

/** Fields of DeadLetter. */
export const deadLetter: Record<string, Binding> = {
  ...rowEnvelope,
  'payload.stage': property('string', 'stage'),
  'payload.code': property('string', 'code'),
  'payload.message': property('string', 'message'),
  'payload.source_topic': property('string', 'sourceTopic'),
  'payload.source_partition': property('int', 'sourcePartition'),
  'payload.source_offset': property('long', 'sourceOffset'),
  'payload.field': optionalProperty('string', 'field'),
  'payload.expected': optionalProperty('string', 'expected'),
  'payload.got': optionalProperty('string', 'got'),
  'payload.raw': property('bytes', 'raw'),
  'payload.values': property('long', 'values'),
};
/** Fields of DqAnomaly. */
export const anomaly: Record<string, Binding> = {
  ...rowEnvelope,
  'payload.type': property('string', 'type'),
  'payload.severity': property('string', 'severity'),
  'payload.stage': property('string', 'stage'),
  'payload.market': property('string', 'market'),
  'payload.dataset': property('string', 'dataset'),
  'payload.instrument_id': optionalProperty('string', 'instrumentId'),
  'payload.ts': optionalProperty('long timestamp-micros', 'ts'),
  'payload.message': property('string', 'message'),
  'payload.count': property('long', 'count'),
  'payload.context': property('map<string>', 'context'),
};

/** Fields of DeprecateNotice. */
export const deprecation: Record<string, Binding> = {
  ...rowEnvelope,
  'payload.topic': property('string', 'topic'),
  'payload.successor': property('string', 'successor'),
  'payload.revision': property('int', 'revision'),
  'payload.state': property('string', 'state'),
  'payload.write': property('string', 'write'),
  'payload.deprecated_since': property('int date', 'since'),
  'payload.removal_after': property('int date', 'removalAfter'),
  'payload.reason': property('string', 'reason'),
};

const jobScope: Record<string, Binding> = {
  'payload.window_start': property('long timestamp-micros', 'start'),
  'payload.window_end': property('long timestamp-micros', 'end'),
  'payload.instruments': property('array<string>', 'instruments'),
  'payload.market': optionalProperty('string', 'market'),
  'payload.dry_run': property('boolean', 'dryRun'),
};
/** Fields of BackfillRequest. */
export const backfillRequest: Record<string, Binding> = {
  ...rowEnvelope,
  ...jobScope,
  'payload.request_id': property('string', 'requestId'),
  'payload.requested_by': property('string', 'requestedBy'),
};

/** Fields of JobStatus. */
export const jobStatus: Record<string, Binding> = {
  ...rowEnvelope,
  ...jobScope,
  'payload.job_id': property('string', 'jobId'),
  'payload.kind': property('string', 'kind'),
  'payload.status': property('string', 'status'),
  'payload.request_id': property('string', 'requestId'),
  'payload.requested_by': property('string', 'requestedBy'),
  'payload.done': property('long', 'done'),
  'payload.total': property('long', 'total'),
  'payload.differences': property('long', 'differences'),
  'payload.error_code': optionalProperty('string', 'errorCode'),
  'payload.error_message': optionalProperty('string', 'errorMessage'),
};

/** Fields of InvalidateInstrument. */
export const invalidation: Record<string, Binding> = {
  ...rowEnvelope,
  'payload.instrument_id': property('string', 'instrument'),
  'payload.reason': property('string', 'reason'),
  'payload.requested_by': property('string', 'requestedBy'),
};
