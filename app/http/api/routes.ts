/** The read API as routes: a request checked, read through the gate as its tenant, and answered in its form. */

import { createHash } from 'node:crypto';
import { CarbonError } from '../../../core/errors.ts';
import { Names } from '../../../core/model/names.ts';
import type { ServerReply, ServerRequest, ServerRoute } from '../../../core/ports/http-server.ts';
import type { Queries, Row } from '../../../core/ports/warehouse.ts';
import { formatInstant, type Micros } from '../../../core/time/instant.ts';
import type { Page } from '../../read/page.ts';
import type { Stores } from '../../stores/open-stores.ts';
import { refused } from '../problem.ts';
import type { ReadGate } from '../read-gate.ts';
import type { ListOperation, Operation, Question, ReadScope } from './operation.ts';
import { operationsOf, questionOf } from './operations.ts';
import { checked, microsOrNull, PAGE_ROWS } from './parameters.ts';
import { jsonAnswer, LIST_TYPES, streamAnswer, typeOf } from './representation.ts';

/** Rows that a stream reads at once. */
const STREAM_ROWS = 5000;
const TENANT = /^[A-Za-z0-9_-]{1,64}$/;

/** Routes of all operations. The intervals are those of the policy in force when a request comes. */
export function readRoutes(stores: Stores, gate: ReadGate): ServerRoute[] {
  const operations = operationCache(stores);
  const guests = stores.warehouse.openGuests();
  return operations().map(({ id, path }) => ({
    method: 'GET',
    path: path.replace(/\{(\w+)\}/g, ':$1'),
    answer: (request) => {
      const operation = operations().find((candidate) => candidate.id === id) as Operation;
      const tenant = tenantOf(stores, request);
      const now = stores.clock.now();
      return answer(operation, request, () => scopeOf(stores, gate.through(guests), tenant, now));
    },
  }));
}

/** Made anew only when the intervals or the rolling windows have changed. */
function operationCache(stores: Stores): () => readonly Operation[] {
  let made: readonly Operation[] = [];
  let madeFor = '';
  return () => {
    const { intervals, rolling } = stores.settings.aggregation;
    const wanted = JSON.stringify([intervals, rolling]);
    if (wanted !== madeFor) {
      madeFor = wanted;
      made = operationsOf({ intervals, rolling });
    }
    return made;
  };
}

/** The tenant that the header names, else that of the process. Throws REQUEST_INVALID. */
function tenantOf(stores: Stores, request: ServerRequest): string {
  const tenant = String(request.headers['x-tenant-id'] ?? stores.runtime.tenant);
  if (TENANT.test(tenant)) return tenant;
  const expected = '1 to 64 letters, digits, hyphens and underscores';
  throw refused('X-Tenant-Id is not the name of a tenant', 'X-Tenant-Id', expected, tenant);
}

/**
 * The stores as a tenant sees them: its name in every query, queries that have passed the gate and nothing that writes,
 * dictionaries of its own.
 */
function scopeOf(stores: Stores, queries: Queries, tenant: string, now: Micros): ReadScope {
  const readsOnly = (): Promise<never> =>
    Promise.reject(new CarbonError('STORE_REFUSED', 'the read API does not write'));
  return {
    tenant,
    now,
    stores: {
      ...stores,
      runtime: { ...stores.runtime, tenant },
      names: new Names(),
      warehouse: {
        ...stores.warehouse,
        ...queries,
        openGuests: () => queries,
        insertBlock: readsOnly,
        execute: readsOnly,
      },
    },
  };
}

async function answer(
  operation: Operation,
  request: ServerRequest,
  open: () => ReadScope,
): Promise<ServerReply> {
  const query = checked(operation.query, request.query);
  const scope = open();
  const asked = questionOf(request.params, query);
  const known = microsOrNull(typeof query['as_of'] === 'string' ? query['as_of'] : undefined);
  const beside = { as_of: formatInstant(known ?? scope.now) };
  if (operation.kind === 'single') {
    typeOf(request, ['application/json']);
    return jsonAnswer(request, { data: await operation.read(scope, asked) }, beside);
  }
  const type = typeOf(request, LIST_TYPES);
  const limit = typeof query['limit'] === 'number' ? query['limit'] : null;
  const seal = sealOf(operation, asked, scope.tenant);
  const after = typeof query['cursor'] === 'string' ? openCursor(query['cursor'], seal) : null;
  if (type !== 'application/json')
    return streamAnswer(
      type,
      Object.keys(operation.row.shape),
      pagesOf(operation, open, asked, after, limit),
    );
  const size = limit ?? PAGE_ROWS.usual;
  const { rows, next } = await readPage(operation, scope, asked, { after, limit: size });
  return jsonAnswer(request, { data: rows, next: next === null ? null : cursorOf(next, seal) }, beside);
}

/** One row more than asked for tells whether there is a next page. */
async function readPage(
  operation: ListOperation,
  scope: ReadScope,
  asked: Question,
  { after, limit }: { after: Page['after']; limit: number },
): Promise<{ rows: Row[]; next: string[] | null }> {
  const rows = await operation.read(scope, asked, { after, limit: limit + 1 });
  if (rows.length <= limit) return { rows, next: null };
  const kept = rows.slice(0, limit);
  return { rows: kept, next: operation.placeOf(kept[limit - 1], asked) };
}

/** Pages until the end or the limit; the reader sets the pace, and each page has the whole time of a read. */
async function* pagesOf(
  operation: ListOperation,
  open: () => ReadScope,
  asked: Question,
  from: Page['after'],
  limit: number | null,
): AsyncGenerator<readonly Row[]> {
  let left = limit ?? Infinity;
  for (let after = from; left > 0; ) {
    const { rows, next } = await readPage(operation, open(), asked, {
      after,
      limit: Math.min(left, STREAM_ROWS),
    });
    yield rows;
    left -= rows.length;
    if (next === null) return;
    after = next;
  }
}

/** A cursor goes on with its own question only: operation, tenant, instrument and parameters but those of pages. */
function sealOf({ id }: ListOperation, { instrument, curve, query }: Question, tenant: string): string {
  const { cursor: _cursor, limit: _limit, ...rest } = query;
  const text = JSON.stringify([id, tenant, instrument, curve, Object.entries(rest).sort()]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 11);
}

function cursorOf(place: readonly string[], seal: string): string {
  return Buffer.from(JSON.stringify([seal, ...place])).toString('base64url');
}

function openCursor(cursor: string, seal: string): readonly string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parts) && parts.length > 1 && parts.every((part) => typeof part === 'string')) {
      const [sealed, ...place] = parts as string[];
      if (sealed === seal) return place;
    }
  } catch {
    // Not of our making: the same answer as for a cursor of another question.
  }
  throw refused(
    'the cursor does not belong to this question',
    'cursor',
    '`next` of the page before, with the same other parameters',
    cursor,
  );
}
