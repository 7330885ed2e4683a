/** Answers about one instrument that are empty: fine when it is known, else an error with names like it. */

import { CarbonError } from '../../../core/errors.ts';
import type { Row } from '../../../core/ports/warehouse.ts';
import { isKnown, whyNothing } from '../../read/instruments.ts';
import type { ReadScope } from './operation.ts';

/** The instrument of the examples in the document. */
export const EXAMPLE = 'NYISO.DA.LMP.N.Y.C.';

/** The rows; where there are none, throws NOT_FOUND unless the tenant ever had a value of the instrument. */
export async function knownOr404(
  { stores, tenant }: ReadScope,
  instrument: string,
  rows: Row[],
): Promise<Row[]> {
  if (rows.length > 0 || (await isKnown(stores.warehouse, tenant, instrument))) return rows;
  throw await nothingFound({ stores, tenant }, instrument);
}

/** The error NOT_FOUND that names instruments like it. */
export async function nothingFound(
  { stores, tenant }: Pick<ReadScope, 'stores' | 'tenant'>,
  instrument: string,
): Promise<CarbonError> {
  const message = await whyNothing(stores.warehouse, tenant, instrument);
  return new CarbonError('NOT_FOUND', message, { position: { field: 'instrument', got: instrument } });
}
