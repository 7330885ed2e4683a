/** Refusals: why a value or a row of a raw event is no tick, with position, what was expected and what stood there. */

import type { ErrorCode } from '../../core/errors.ts';
import type { DeadLetter } from '../../core/model/dead-letter.ts';
import type { RawBatch } from '../../core/model/raw-batch.ts';
import { formatInstant, type Micros } from '../../core/time/instant.ts';
import type { FieldRule } from './rules.ts';

/** A reason to refuse; `got` is cut to 200 bytes, the letter keeps the whole record. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly field: string;
  readonly expected: string | null;
  readonly got: string;
}

/** The rules know no such dataset. */
export function noRule(raw: RawBatch, r: number): Refusal {
  const got = `${raw.names.markets.nameOf(raw.market[r])}/${raw.names.datasets.nameOf(raw.dataset[r])}`;
  return {
    code: 'DATASET_UNKNOWN',
    message: `no rule for ${got}`,
    field: 'dataset',
    expected: 'a dataset of the rules file',
    got,
  };
}

/** The dataset's rule knows no such field. */
export function unknownField(raw: RawBatch, v: number): Refusal {
  const got = raw.names.fields.nameOf(raw.field[v]);
  return {
    code: 'FIELD_UNKNOWN',
    message: `no rule for the field ${got}`,
    field: got,
    expected: "a field of the dataset's rule",
    got,
  };
}

/** A withdrawal has to say what it withdraws. */
export const NO_FIELD_WITHDRAWN: Refusal = {
  code: 'EVENT_UNDECODABLE',
  message: 'a withdrawal that names no field',
  field: 'values',
  expected: 'the fields that are withdrawn',
  got: 'no values',
};

/** A trade states each of its numbers once. */
export function fieldTwice(raw: RawBatch, v: number): Refusal {
  const got = raw.names.fields.nameOf(raw.field[v]);
  return {
    code: 'EVENT_UNDECODABLE',
    message: `the field ${got} stands twice in one trade`,
    field: got,
    expected: 'each field once',
    got,
  };
}

/** The dead letter of row `r`, standing for so many values of the balance. */
export function letter(raw: RawBatch, r: number, refusal: Refusal, values: number): DeadLetter {
  const names = raw.names;
  return {
    tenant: names.tenants.nameOf(raw.tenant[r]),
    traceId: names.traces.nameOf(raw.trace[r]),
    knownAt: raw.knownAt[r],
    stage: 'normalization',
    code: refusal.code,
    message: refusal.message,
    sourceTopic: names.topics.nameOf(raw.srcTopic),
    sourcePartition: raw.srcPartition,
    sourceOffset: raw.srcOffset[r],
    field: refusal.field,
    expected: refusal.expected,
    got: refusal.got,
    raw: raw.bytes.slice(raw.recordFrom[r], raw.recordTo[r]),
    values,
  };
}

/** At most 200 bytes as text. */
export function text(bytes: Uint8Array, from: number, to: number): string {
  return new TextDecoder().decode(bytes.subarray(from, Math.min(to, from + 200)));
}

/** A required field is absent from the row, or stands there without a number. */
export function valueMissing(field: string): Refusal {
  return {
    code: 'VALUE_MISSING',
    message: `the required field ${field} has no value`,
    field,
    expected: 'a number',
    got: 'nothing',
  };
}

/** The number is no value of this field, whatever it is: it lies past the bounds of refusal. */
export function pastBounds(raw: RawBatch, v: number, field: FieldRule): Refusal {
  const side = (bound: number): string => (Number.isFinite(bound) ? String(bound / 1e8) : 'any');
  return {
    code: 'QUALITY_ASSERTION_FAILED',
    message: `the value of ${field.name} lies past the bounds of refusal`,
    field: field.name,
    expected: `${side(field.refuseBelow)} to ${side(field.refuseAbove)}`,
    got: text(raw.bytes, raw.valueFrom[v], raw.valueTo[v]),
  };
}

/** The text is no decimal, or one that the store cannot hold. */
export function notNumeric(raw: RawBatch, v: number, field: FieldRule, isNumber: boolean): Refusal {
  return {
    code: isNumber ? 'VALUE_OUT_OF_RANGE' : 'VALUE_NOT_NUMERIC',
    message: `the value of ${field.name} is not a number that Decimal(18, 8) holds`,
    field: field.name,
    expected: 'a decimal of at most 10 digits before the point',
    got: text(raw.bytes, raw.valueFrom[v], raw.valueTo[v]),
  };
}

/** The event begins before the earliest moment or after the horizon. */
export function outsideTime(start: Micros, earliest: Micros, latest: Micros): Refusal {
  return {
    code: 'TIME_OUT_OF_RANGE',
    message: `event time ${formatInstant(start)} is outside what the dataset allows`,
    field: 'interval_start',
    expected: `${formatInstant(earliest)} to ${formatInstant(latest)}`,
    got: formatInstant(start),
  };
}

/** The interval ends before it begins, or in another century. */
export function badInterval(start: Micros, end: Micros, latest: Micros): Refusal {
  return {
    code: 'TIME_OUT_OF_RANGE',
    message: `the interval ends at ${formatInstant(end)}, which is not between its start and ${formatInstant(latest)}`,
    field: 'interval_end',
    expected: `${formatInstant(start)} to ${formatInstant(latest)}`,
    got: formatInstant(end),
  };
}
