/** `/api/public-reports/archive/{emilId}`: lists of documents however old, and zips of zips. Form: reference 4.2. */

import type { Micros } from '../../core/time/instant.ts';
import { deliver } from '../delivery.ts';
import { wallAt } from '../local-time.ts';
import type { Answer, ClientRequest } from '../market.ts';
import { jsonRefusal } from '../report.ts';
import { zipOf } from '../zip-writer.ts';
import { ERCOT_ZONE, isoText } from './clock.ts';
import { documentId, documentOf, type Found, type Product } from './documents.ts';
import { documentReport } from './mis-route.ts';
import { API, apiError, archiveWindow } from './public-api.ts';

const LARGEST_PAGE = 1000;
const NEVER_GONE = 36_500;

/** True for paths that are answered here. */
export function isArchivePath(path: string): boolean {
  return path.startsWith(`${API}/archive/`);
}

/** Lists documents (`GET`), gives one (`GET ?download=ID`) or many (`POST …/download`). */
export function archiveAnswer(
  products: readonly Product[],
  path: string,
  query: URLSearchParams,
  request: ClientRequest,
  at: Micros,
): Answer {
  const [emilId, verb] = path.slice(`${API}/archive/`.length).split('/');
  // The archive forgets nothing, and holds the CSV form only.
  const kept = products.map((each) => ({ ...each, keepDays: NEVER_GONE }));
  const product = kept.find((each) => each.emilId.toLowerCase() === emilId.toLowerCase());
  if (product === undefined) return apiError(404, 'NOT_FOUND', `No archive of ${emilId}`, at);
  if (verb === 'download') return manyDocuments(kept, request, at);
  const wanted = query.get('download');
  if (wanted === null) return list(kept, product, query, at);
  const found = documentOf(kept, wanted, at);
  return found === null ? apiError(404, 'NOT_FOUND', `No document ${wanted}`, at) : documentReport(found);
}

function list(products: readonly Product[], product: Product, query: URLSearchParams, at: Micros): Answer {
  const size = Math.min(LARGEST_PAGE, Number(query.get('size') ?? LARGEST_PAGE));
  const page = Number(query.get('page') ?? 1);
  if (!(size >= 1 && page >= 1)) return apiError(400, 'BAD_REQUEST', 'page and size must be positive', at);
  const documents = [...product.documents(archiveWindow(query, at))].reverse();
  const archives = documents.slice((page - 1) * size, page * size).map((document) => {
    const docId = Number(documentId(products, product, document, false));
    const href = `https://api.ercot.com${API}/archive/${product.emilId.toLowerCase()}?download=${docId}`;
    return {
      docId,
      friendlyName: `${document.name}_csv`,
      postDatetime: isoText(document.publishedAt),
      _links: { endpoint: { href } },
    };
  });
  return jsonRefusal(200, {
    _meta: {
      totalRecords: documents.length,
      pageSize: size,
      totalPages: Math.ceil(documents.length / size),
      currentPage: page,
    },
    product: { emilId: product.emilId, name: product.title, reportTypeId: Number(product.reportTypeId) },
    archives,
    _links: {
      self: { href: `https://api.ercot.com${API}/archive/${product.emilId.toLowerCase()}?${query}` },
    },
  });
}

/** `{"docIds":[…]}`: a zip whose members are the zips of the documents. */
function manyDocuments(products: readonly Product[], request: ClientRequest, at: Micros): Answer {
  const ids = request.method === 'POST' ? docIdsOf(request.body) : null;
  if (ids === null || ids.length > LARGEST_PAGE)
    return apiError(400, 'BAD_REQUEST', 'docIds must be a list of at most 1000 numbers', at);
  const found = ids.map((id) => documentOf(products, id, at)).filter((each) => each !== null);
  if (found.length < ids.length) return apiError(404, 'NOT_FOUND', 'A document does not exist', at);
  const members = found.map((each: Found) => {
    const report = documentReport(each);
    const { body } = deliver(report, null, 0, '', at);
    const name = `${report.members[0].name.replace(/\.csv$/, '')}_csv.zip`;
    return { name, bytes: body, modified: wallAt(ERCOT_ZONE, each.document.publishedAt) };
  });
  return {
    kind: 'refusal',
    status: 200,
    headers: { 'content-type': 'application/zip' },
    body: zipOf(members),
  };
}

function docIdsOf(body: string): string[] | null {
  try {
    const { docIds }: { docIds?: unknown } = JSON.parse(body);
    return Array.isArray(docIds) ? docIds.map(String) : null;
  } catch {
    return null;
  }
}
