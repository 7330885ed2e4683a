/** What an answer leads to: the next page, or the documents that a listing names. */

import type { SourceRequest } from '../../connectors/kit/contract.ts';
import { CarbonError } from '../../core/errors.ts';
import type { FetchOutcome, FetchRecord } from '../../core/ports/fetch-ledger.ts';
import type { DatasetRun } from './dataset-run.ts';

/** More pages than any answer has: a source that repeats itself is not followed for ever. */
const MOST_PAGES = 5_000;

const WITH_BODY: readonly FetchOutcome[] = ['published', 'unchanged', 'archived', 'rejected'];

/** The requests that follow one, by what its body says. Throws CONNECTOR_INVALID for pages that never end. */
export async function requestsAfter(
  run: Pick<DatasetRun, 'connector' | 'dataset' | 'stores'>,
  request: SourceRequest,
  record: FetchRecord,
  pages: number,
): Promise<SourceRequest[]> {
  if (request.lists === true) return documentsOf(run, request, record);
  const page = await pageAfter(run, request, record, pages);
  return page === null ? [] : [page];
}

/** Documents of a listing that were not published yet: one that was never changes. */
async function documentsOf(
  { connector, dataset, stores }: Pick<DatasetRun, 'connector' | 'dataset' | 'stores'>,
  listing: SourceRequest,
  { sha256, outcome }: FetchRecord,
): Promise<SourceRequest[]> {
  if (sha256 === null || !WITH_BODY.includes(outcome)) return [];
  if (dataset.documents === undefined)
    throw new CarbonError('CONNECTOR_INVALID', `${dataset.name} plans listings and reads none`, {
      position: { field: 'documents', expected: 'a function', got: 'none' },
    });
  const documents = dataset.documents(listing, {
    name: listing.name,
    bytes: await stores.archive.get(sha256),
  });
  const question = {
    tenant: stores.runtime.tenant,
    connector: connector.name,
    dataset: dataset.name,
    limit: 1,
  };
  const open: SourceRequest[] = [];
  for (const document of documents) {
    const [last] = await stores.reference.listFetches({ ...question, request: document.name });
    if (last?.outcome !== 'published') open.push(document);
  }
  return open;
}

/**
 * The page after the one of a record; null after the last, and where a dataset has no pages. A page whose rows were
 * set aside leads on, one that is no body of the dataset does not. Throws CONNECTOR_INVALID when it never ends.
 */
async function pageAfter(
  { dataset, stores }: Pick<DatasetRun, 'dataset' | 'stores'>,
  request: SourceRequest,
  record: FetchRecord,
  pages: number,
): Promise<SourceRequest | null> {
  if (dataset.next === undefined || record.sha256 === null || !WITH_BODY.includes(record.outcome))
    return null;
  let following: SourceRequest | null;
  try {
    const bytes = await stores.archive.get(record.sha256);
    following = dataset.next(request, { name: request.name, bytes });
  } catch (error) {
    // Damage was told when the body was read; there is nothing to go on from.
    if (error instanceof CarbonError && error.code.startsWith('SOURCE_')) return null;
    throw error;
  }
  if (following === null) return null;
  if (pages < MOST_PAGES && following.name !== request.name) return following;
  throw new CarbonError('CONNECTOR_INVALID', `the pages of ${request.name} do not end`, {
    position: {
      field: 'page',
      expected: `at most ${MOST_PAGES} pages of different names`,
      got: following.name,
    },
  });
}
