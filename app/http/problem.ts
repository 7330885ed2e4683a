/** Errors as answers: the status that a code means over HTTP, and the body that says what, where and what to do. */

import { CarbonError, type ErrorCode } from '../../core/errors.ts';
import type { ServerReply, ServerRequest } from '../../core/ports/http-server.ts';

const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  REQUEST_INVALID: 400,
  USAGE_INVALID: 400,
  NOT_FOUND: 404,
  CONNECTOR_UNKNOWN: 404,
  READ_BUSY: 503,
  PLAN_CONFLICT: 409,
  JOB_CONFLICT: 409,
  SECRET_MISSING: 503,
  STORE_UNREACHABLE: 503,
  STORE_BUSY: 503,
};

/** Seconds after which asking again can help. */
const RETRY_AFTER = '2';

/** What the server says to a body that is too long. */
const TOO_LARGE = 413;

/** The body of every answer that is an error. */
export interface ProblemBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly remedy: string;
    readonly field?: string;
    readonly expected?: string;
    readonly got?: string;
  };
}

/** A request that is not understood: which part, what is allowed, what came. */
export function refused(
  message: string,
  field: string,
  expected: string,
  got: string,
  status = 400,
): CarbonError {
  return new CarbonError('REQUEST_INVALID', message, {
    position: { field, expected, got },
    context: { status },
  });
}

/**
 * The answer to an error. What was not foreseen says no more than that; its words are for the log (`foreseen` is false
 * then).
 */
export function problemReply(error: unknown): { readonly reply: ServerReply; readonly foreseen: boolean } {
  const known = error instanceof CarbonError ? error : fromFramework(error);
  if (known === null) {
    const body = {
      code: 'UNEXPECTED',
      message: 'the server failed',
      remedy: 'Look into the log of the service.',
    };
    return { reply: jsonReply(500, { error: body }), foreseen: false };
  }
  const named = known.code === 'REQUEST_INVALID' ? Number(known.context['status']) : Number.NaN;
  const status = named > 0 ? named : (STATUS[known.code] ?? 500);
  const { field, expected, got } = known.position;
  const body: ProblemBody = {
    error: {
      code: known.code,
      message: known.message,
      remedy: String(known.toJSON()['remedy']),
      ...(field === undefined ? {} : { field }),
      ...(expected === undefined ? {} : { expected }),
      ...(got === undefined ? {} : { got }),
    },
  };
  const headers = status === 503 ? { 'retry-after': RETRY_AFTER } : {};
  return { reply: jsonReply(status, body, headers), foreseen: status !== 500 };
}

/** No route fits: 405 with the methods of a path that is known, else 404 with the paths that are. */
export function noRouteReply(
  request: ServerRequest,
  allowed: readonly string[],
  paths: readonly string[],
): ServerReply {
  const [path] = request.url.split('?');
  if (allowed.length > 0) {
    const words = `${path} takes no ${request.method}`;
    const { reply } = problemReply(refused(words, 'method', allowed.join(', '), request.method, 405));
    return { ...reply, headers: { ...reply.headers, allow: allowed.join(', ') } };
  }
  return problemReply(
    new CarbonError('NOT_FOUND', `there is nothing at ${path}`, {
      position: { field: 'path', expected: paths.join(', '), got: path },
    }),
  ).reply;
}

/** A JSON answer that nobody keeps. */
export function jsonReply(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): ServerReply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: `${JSON.stringify(body)}\n`,
  };
}

/** What the server itself refuses (a damaged URL, a body too large) has a status below 500. */
function fromFramework(error: unknown): CarbonError | null {
  const { statusCode, message } = error as { statusCode?: unknown; message?: unknown };
  if (typeof statusCode !== 'number' || statusCode >= 500) return null;
  if (statusCode === TOO_LARGE)
    return refused(String(message), 'request', 'a shorter body', 'a longer one', TOO_LARGE);
  return refused(String(message), 'request', 'a well-formed request', 'another');
}
