/** The operations of the read API about forward curves. */

import { z } from 'zod';
import { CarbonError } from '../../../core/errors.ts';
import { parseDay } from '../../../core/time/calendar-day.ts';
import {
  type CurveFilter,
  type FoundStatement,
  findStatement,
  quotesOf,
  readCurves,
  readPoints,
  whyNoCurve,
} from '../../read/curves.ts';
import type { Page } from '../../read/page.ts';
import { type ListOperation, type Question, type ReadScope, textOf } from './operation.ts';
import { asOf, asOfDate, microsOrNull, paging } from './parameters.ts';
import { curvePointRow, curveQuoteRow, curveRow } from './rows.ts';

const EXAMPLE = 'NG_HH';

const curves: ListOperation = {
  kind: 'list',
  path: '/v1/curves',
  id: 'curves',
  summary: 'The forward curves that are served.',
  description:
    'The active snapshot of each curve, without its points: the last statement of the newest day of the market. As a topic: pricing.curve.updates.v1.',
  query: z.strictObject({ ...paging }),
  row: curveRow,
  example: '/v1/curves',
  read: ({ stores, tenant }, _asked, page) => readCurves(stores.warehouse, tenant, page),
  placeOf: (row) => [String(row['curve_id'])],
};

const curve: ListOperation = {
  kind: 'list',
  path: '/v1/curves/{curve}',
  id: 'curve',
  summary: 'The points of a forward curve.',
  description:
    'As it is known now, or with as_of as it was known at a time; of the newest day of the market that has points, or of as_of_date.',
  query: z.strictObject({ ...asOfDate, ...asOf, ...paging }),
  row: curvePointRow,
  example: `/v1/curves/${EXAMPLE}`,
  read: async (scope, asked, page) => {
    const [found, rest] = await placed(scope, asked, page);
    const rows = await readPoints(scope.stores.warehouse, scope.tenant, asked.curve, found, rest);
    // Pages go on in the statement that the first was of, whatever is stated meanwhile.
    return rows.map((row) => ({ ...row, statement: String(found.statement) }));
  },
  placeOf: (row) =>
    ['as_of_date', 'known_at', 'statement', 'delivery_start', 'delivery_end', 'block'].map((name) =>
      String(row[name]),
    ),
};

const inputs: ListOperation = {
  kind: 'list',
  path: '/v1/curves/{curve}/inputs',
  id: 'curve_inputs',
  summary: 'What became of the quotes of a forward curve.',
  description:
    'Each contract with its price: used, or dropped with a reason, what the others imply, and how far it is from that.',
  query: z.strictObject({ ...asOfDate, ...asOf, ...paging }),
  row: curveQuoteRow,
  example: `/v1/curves/${EXAMPLE}/inputs`,
  read: async (scope, asked, { after, limit }) => {
    const rows = quotesOf(await statementOf(scope, filterOf(scope, asked)));
    const from = after === null ? 0 : 1 + rows.findIndex((row) => row['contract'] === after[0]);
    return rows.slice(from, limit === null ? undefined : from + limit);
  },
  placeOf: (row) => [String(row['contract'])],
};

/** The statement that a page is of, and the page within it. */
async function placed(scope: ReadScope, asked: Question, page: Page): Promise<[FoundStatement, Page]> {
  if (page.after === null) return [await statementOf(scope, filterOf(scope, asked)), page];
  const [day, knownAt, statement, ...after] = page.after;
  return [
    { asOfDate: day, knownAt, statement: Number(statement), metadata: '' },
    { after, limit: page.limit },
  ];
}

function filterOf({ tenant }: ReadScope, asked: Question): CurveFilter {
  const day = textOf(asked, 'as_of_date');
  return {
    tenant,
    curve: asked.curve,
    asOfDate: day === undefined ? null : parseDay(day),
    asOf: microsOrNull(textOf(asked, 'as_of')),
  };
}

async function statementOf({ stores }: ReadScope, filter: CurveFilter): Promise<FoundStatement> {
  const found = await findStatement(stores.warehouse, filter);
  if (found !== null) return found;
  throw new CarbonError('NOT_FOUND', await whyNoCurve(stores.warehouse, filter), {
    position: { field: 'curve', got: filter.curve },
  });
}

/** All of them. */
export const CURVE_OPERATIONS: readonly ListOperation[] = [curves, curve, inputs];
