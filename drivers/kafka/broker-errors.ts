/** What a failure of the client or an answer of a broker means: try again, ask again elsewhere, or stop. */

import { protocolErrorsCodesById } from '@platformatic/kafka';
import { CarbonError, type ErrorCode, type ErrorContext } from '../../core/errors.ts';

/** Names of the protocol for what passes by itself, or once we have asked who leads now. */
const PASSING: ReadonlySet<string> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'UNKNOWN_TOPIC_ID',
  'INCONSISTENT_TOPIC_ID',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'REQUEST_TIMED_OUT',
  'BROKER_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'NOT_CONTROLLER',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'KAFKA_STORAGE_ERROR',
  'OFFSET_NOT_AVAILABLE',
  'CONCURRENT_TRANSACTIONS',
  'THROTTLING_QUOTA_EXCEEDED',
  'UNSTABLE_OFFSET_COMMIT',
  'PREFERRED_LEADER_NOT_AVAILABLE',
  'UNKNOWN_CONTROLLER_ID',
]);

/** Answers after which a member of a group is no longer what it thinks it is. */
const FENCED: ReadonlySet<string> = new Set([
  'STALE_MEMBER_EPOCH',
  'ILLEGAL_GENERATION',
  'REBALANCE_IN_PROGRESS',
  'UNKNOWN_MEMBER_ID',
  'FENCED_MEMBER_EPOCH',
  'FENCED_INSTANCE_ID',
]);

/** Answers after which the broker does not know the sequences of a producer any more, or knows others. */
const SEQUENCE_LOST: ReadonlySet<string> = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'INVALID_PRODUCER_ID_MAPPING',
  'PRODUCER_FENCED',
]);

/** Answers that concern our rights, not our data. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
]);

const names = new Map<number, string>(
  Object.entries(protocolErrorsCodesById).map(([code, name]) => [Number(code), String(name)]),
);

/** The protocol's name of an error code: `NOT_LEADER_OR_FOLLOWER`. */
export function nameOfCode(code: number): string {
  return names.get(code) ?? `ERROR_${code}`;
}

/** A broker answered with an error code. */
export class BrokerRefusal extends Error {
  readonly brokerCode: string;

  constructor(brokerCode: string, detail: string | null = null) {
    super(detail === null ? brokerCode : `${brokerCode}: ${detail}`);
    this.name = 'BrokerRefusal';
    this.brokerCode = brokerCode;
  }
}

/** Throws for a code that is not 0. */
export function refuse(code: number, detail: string | null = null): void {
  if (code !== 0) throw new BrokerRefusal(nameOfCode(code), detail);
}

interface Nested {
  readonly apiId?: unknown;
  readonly errors?: unknown;
  readonly cause?: unknown;
}

/** Every name of the protocol in an error of the client, which nests them. */
export function brokerCodes(error: unknown): string[] {
  if (error instanceof BrokerRefusal) return [error.brokerCode];
  if (!(error instanceof Error)) return [];
  const { apiId, errors, cause } = error as Nested;
  return [
    ...(typeof apiId === 'string' ? [apiId] : []),
    ...(Array.isArray(errors) ? errors.flatMap(brokerCodes) : []),
    ...brokerCodes(cause),
  ];
}

/** True for a request that had no answer: whether it was carried out is not known. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof Error && !(error instanceof CarbonError) && brokerCodes(error).length === 0;
}

/** True when the same request may succeed later, or at another broker. */
export function isPassing(error: unknown): boolean {
  const codes = brokerCodes(error);
  if (codes.some((code) => FORBIDDEN.has(code)) || isBadConnection(error)) return false;
  return codes.length === 0 ? isUnanswered(error) : codes.every((code) => PASSING.has(code));
}

export function isFenced(error: unknown): boolean {
  return brokerCodes(error).some((code) => FENCED.has(code));
}

export function hasLostSequence(error: unknown): boolean {
  return brokerCodes(error).some((code) => SEQUENCE_LOST.has(code));
}

/** A connection that will never stand: wrong secret, wrong certificate, TLS on one side only. */
function isBadConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errors, cause } = error as Nested & { readonly code?: unknown };
  const text = typeof code === 'string' ? code : '';
  if (
    text === 'PLT_KFK_AUTHENTICATION' ||
    text === 'PLT_KFK_USER' ||
    /^(ERR_TLS|ERR_SSL|ERR_OSSL)/.test(text)
  )
    return true;
  if (/^(UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|CERT_|HOSTNAME_MISMATCH)/.test(text)) return true;
  return (Array.isArray(errors) && errors.some(isBadConnection)) || isBadConnection(cause);
}

/** The innermost message of an error: the outer ones say only that something failed so many times. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { errors, cause } = error as Nested;
  const inner = Array.isArray(errors) ? errors.at(-1) : cause;
  return inner instanceof Error ? reasonOf(inner) : error.message;
}

/**
 * The error of the house for one of the client: STORE_UNREACHABLE when trying again can help, CONFIG_INVALID for a
 * connection that never will stand, else STORE_REFUSED. The protocol's own name is in the context as `broker_code`.
 */
export function kafkaFailure(error: unknown, what: string, context: ErrorContext = {}): CarbonError {
  if (error instanceof CarbonError) return error;
  const [code] = brokerCodes(error);
  return new CarbonError(houseCode(error), `Kafka: ${what}: ${reasonOf(error)}`, {
    cause: error,
    context: code === undefined ? context : { ...context, broker_code: code },
  });
}

function houseCode(error: unknown): ErrorCode {
  if (isBadConnection(error)) return 'CONFIG_INVALID';
  if (isFenced(error)) return 'PLAN_CONFLICT';
  return isPassing(error) ? 'STORE_UNREACHABLE' : 'STORE_REFUSED';
}
