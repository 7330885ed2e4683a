/** Judges what a source answered: by its content first, then by its status (a market says "no data" with 200, too). */

import type { Connector, SourceRequest } from '../../connectors/kit/contract.ts';
import { headOf, pageTitle } from '../../connectors/kit/payload.ts';
import { CarbonError, type ErrorCode } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/ports/http.ts';
import { formatInstant, type Micros } from '../../core/time/instant.ts';
import { openContainer } from '../../drivers/containers/container.ts';

/** Refusals are short; a larger body is data, and is looked at when it is read. */
const LARGEST_REFUSAL = 65_536;

/**
 * Why an answer brings no data; null for a body to read and for 304. Throws nothing of its own.
 *
 * 404 and 410 before the expected publication are SOURCE_NO_DATA, after it SOURCE_MISSING. 429, and 503 with a
 * Retry-After, are SOURCE_BUSY with `retry_after_seconds` in the context. Other 5xx are SOURCE_UNREACHABLE, other 4xx
 * SOURCE_REFUSED, unless the market's own words say more.
 */
export async function failureOfAnswer(
  connector: Connector,
  request: SourceRequest,
  response: HttpResponse,
  now: Micros,
): Promise<CarbonError | null> {
  const { status } = response;
  if (status === 304) return null;
  const said = await refusalOf(connector, request, response);
  if (status >= 200 && status < 300) return said;
  if (status === 404 || status === 410) return absent(connector, request, response, said, now);
  const pause = retryAfterSeconds(response.headers['retry-after'], now);
  if (status === 429 || (status === 503 && pause !== null))
    return failure('SOURCE_BUSY', 'asks to come back later', connector, request, response, said, pause);
  if (said !== null && said.code !== 'SOURCE_REFUSED') return said;
  if (status >= 500 || status === 408 || status === 425)
    return failure('SOURCE_UNREACHABLE', 'has a failure of its own', connector, request, response, said);
  return failure('SOURCE_REFUSED', 'refuses the request', connector, request, response, said);
}

/** The market's own refusal, also inside a container; null when the body is none. */
async function refusalOf(
  connector: Connector,
  request: SourceRequest,
  { body }: HttpResponse,
): Promise<CarbonError | null> {
  if (connector.refusal === undefined || body.length === 0 || body.length > LARGEST_REFUSAL) return null;
  const payload = { name: request.name, bytes: body };
  try {
    const { members } = await openContainer(payload);
    for (const member of members) {
      const refusal = connector.refusal(member);
      if (refusal !== null) return refusal;
    }
  } catch (error) {
    // A damaged container is told with its place when the body is read.
    if (!(error instanceof CarbonError)) throw error;
  }
  return null;
}

function absent(
  connector: Connector,
  request: SourceRequest,
  response: HttpResponse,
  said: CarbonError | null,
  now: Micros,
): CarbonError {
  const expected = formatInstant(request.expectedAt);
  if (now < request.expectedAt)
    return failure(
      'SOURCE_NO_DATA',
      `has not published it yet (expected ${expected})`,
      connector,
      request,
      response,
      said,
    );
  const what = `does not have it, although it was expected at ${expected}`;
  return failure('SOURCE_MISSING', what, connector, request, response, said);
}

function failure(
  code: ErrorCode,
  what: string,
  connector: Connector,
  request: SourceRequest,
  response: HttpResponse,
  said: CarbonError | null,
  pause: number | null = null,
): CarbonError {
  const words = said?.message ?? wordsOf(connector, request, response);
  const tail = words === null ? '' : `: ${words}`;
  return new CarbonError(code, `${request.name}: ${connector.market} ${what} (${response.status})${tail}`, {
    position: { file: request.name },
    context: {
      status: response.status,
      ...said?.context,
      ...(pause === null ? {} : { retry_after_seconds: pause }),
    },
    ...(said === null ? {} : { cause: said }),
  });
}

function wordsOf(connector: Connector, request: SourceRequest, { body }: HttpResponse): string | null {
  if (body.length === 0) return null;
  const head = headOf({ name: request.name, bytes: body });
  return pageTitle(head.text) ?? connector.describe(head);
}

/** Seconds of a Retry-After header, as a number or as a date; null when there is none that can be read. */
export function retryAfterSeconds(header: string | undefined, now: Micros): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil(at / 1000 - now / 1_000_000));
}
