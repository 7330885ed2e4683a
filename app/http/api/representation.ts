/** The forms of an answer: JSON in an envelope, NDJSON and CSV as streams. */

import { createHash } from 'node:crypto';
import type { ServerReply, ServerRequest } from '../../../core/ports/http-server.ts';
import type { Row } from '../../../core/ports/warehouse.ts';
import { render } from '../../cli/output.ts';
import { refused } from '../problem.ts';

/** Media types of a list, the usual one first. */
export const LIST_TYPES = ['application/json', 'application/x-ndjson', 'text/csv'] as const;
export type ListType = (typeof LIST_TYPES)[number];

/** What answers differ by besides the URL. */
const VARY = 'Accept, X-Tenant-Id';

/** The first type of the header Accept that is offered, by its weight. Throws REQUEST_INVALID when none is. */
export function typeOf<T extends string>(request: ServerRequest, offered: readonly T[]): T {
  const header = String(request.headers['accept'] ?? '');
  if (header.trim() === '') return offered[0];
  const wanted = header
    .split(',')
    .map((part) => {
      const [type, ...parameters] = part.trim().toLowerCase().split(';');
      const weight = parameters.find((p) => p.trim().startsWith('q='));
      return { type: type.trim(), weight: weight === undefined ? 1 : Number(weight.trim().slice(2)) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { type } of wanted) {
    const found = offered.find(
      (candidate) => type === candidate || type === '*/*' || type === `${candidate.split('/')[0]}/*`,
    );
    if (found !== undefined) return found;
  }
  throw refused('none of the types asked for is there', 'Accept', offered.join(', '), header, 406);
}

/**
 * A JSON answer with an ETag over its content, without the time of the answer: 304 when the client has it. Answers
 * belong to a tenant and may change at any time, so caches keep them and ask.
 */
export function jsonAnswer(
  request: ServerRequest,
  content: Readonly<Record<string, unknown>>,
  beside: Readonly<Record<string, unknown>>,
): ServerReply {
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 22);
  const etag = `W/"${digest}"`;
  const headers = { etag, 'cache-control': 'private, no-cache', vary: VARY };
  const known = String(request.headers['if-none-match'] ?? '');
  if (known === '*' || known.split(',').some((tag) => tag.trim() === etag))
    return { status: 304, headers, body: '' };
  return {
    status: 200,
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    body: `${JSON.stringify({ ...content, ...beside })}\n`,
  };
}

/** Pages of rows as one stream. The first page is read before the status is sent, so that a refusal has one. */
export async function streamAnswer(
  type: Exclude<ListType, 'application/json'>,
  columns: readonly string[],
  pages: AsyncIterable<readonly Row[]>,
): Promise<ServerReply> {
  const iterator = pages[Symbol.asyncIterator]();
  const first = await iterator.next();
  const isCsv = type === 'text/csv';
  async function* parts(): AsyncGenerator<string> {
    if (isCsv) yield await render([], 'csv', columns);
    try {
      for (let page = first; page.done !== true; page = await iterator.next())
        if (page.value.length > 0)
          yield isCsv
            ? withoutHead(await render(page.value, 'csv', columns))
            : await render(page.value, 'ndjson');
    } finally {
      await iterator.return?.();
    }
  }
  return {
    status: 200,
    headers: {
      'content-type': isCsv
        ? 'text/csv; charset=utf-8; header=present'
        : 'application/x-ndjson; charset=utf-8',
      'cache-control': 'private, no-store',
      vary: VARY,
    },
    body: parts(),
  };
}

function withoutHead(csv: string): string {
  return csv.slice(csv.indexOf('\n') + 1);
}
