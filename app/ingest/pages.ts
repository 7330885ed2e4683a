/** Answers of several pages: the request for the next one, by what the body says. */

import type { SourceRequest } from '../../connectors/kit/contract.ts';
import { CarbonError } from '../../core/errors.ts';
import type { FetchOutcome, FetchRecord } from '../../core/ports/fetch-ledger.ts';
import type { DatasetRun } from './dataset-run.ts';

/** More pages than any answer has: a source that repeats itself is not followed for ever. */
const MOST_PAGES = 5_000;

const WITH_BODY: readonly FetchOutcome[] = ['published', 'unchanged', 'archived', 'rejected'];

/**
 * The page after the one of a record; null after the last, and where a dataset has no pages. A page whose rows were
 * set aside leads on, one that is no body of the dataset does not. Throws CONNECTOR_INVALID when it never ends.
 */
export async function pageAfter(
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
