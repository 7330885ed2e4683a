/**
 * Reading curves: which there are, the points of one, what became of its quotes. Each for the statement that holds now or
 * that held at a time, of a day of the market or of the newest one that has points.
 */

import type { CurveDay } from '../../core/math/curves/forward-curve.ts';
import type { Queries, Row, SqlParameters } from '../../core/ports/warehouse.ts';
import type { Micros } from '../../core/time/instant.ts';
import { limitTo, type Page } from './page.ts';
import { isoTime, microsOf } from './sql-time.ts';

/** Whose curve, of which day, as known when. */
export interface CurveFilter {
  readonly tenant: string;
  readonly curve: string;
  /** Day of the market; null for the newest one that has points. */
  readonly asOfDate: CurveDay | null;
  /** As known at this time; null for what holds now. */
  readonly asOf: Micros | null;
}

/** A statement of a curve without its points. */
export interface FoundStatement {
  /** `2026-11-10` */
  readonly asOfDate: string;
  readonly knownAt: string;
  readonly statement: number;
  readonly metadata: string;
}

/** One row for each curve that is served, by name: its active snapshot without the points. */
export function readCurves(warehouse: Queries, tenant: string, page: Page | null = null): Promise<Row[]> {
  const after = page?.after ?? null;
  return warehouse.queryRows(
    `SELECT curve_id, toString(as_of_date) AS as_of_date, ${isoTime('c.known_at')} AS known_at, unit, method,
  length(prices) AS points, toString(toDate(delivery_starts[1])) AS delivery_start, toString(toDate(arrayMax(delivery_ends))) AS delivery_end
FROM (SELECT * FROM served_curves WHERE tenant_id = {tenant:String}${after === null ? '' : ' AND curve_id > {after:String}'}) AS c
ORDER BY curve_id${limitTo(page?.limit ?? null)}`,
    { tenant, ...(after === null ? {} : { after: after[0] }) },
  );
}

/** The statement that the filter means; null where there is none. */
export async function findStatement(
  warehouse: Queries,
  { tenant, curve, asOfDate, asOf }: CurveFilter,
): Promise<FoundStatement | null> {
  const conditions = ["block = ''"];
  const parameters: Record<string, string | number> = { tenant, curve };
  if (asOfDate !== null) {
    conditions.push('as_of_date = toDate({asOfDate:UInt16})');
    parameters['asOfDate'] = asOfDate;
  }
  if (asOf !== null) {
    conditions.push("known_at <= fromUnixTimestamp64Micro({asOf:Int64}, 'UTC')");
    parameters['asOf'] = asOf;
  }
  const [row] = await warehouse.queryRows(
    `SELECT toString(as_of_date) AS day, ${isoTime('s.known_at')} AS known, toString(statement) AS number, metadata
FROM (
  SELECT as_of_date, known_at, statement, metadata FROM curves_computed
  PREWHERE tenant_id = {tenant:String} AND curve_id = {curve:String}
  WHERE ${conditions.join(' AND ')}
  ORDER BY as_of_date DESC, known_at DESC, statement DESC LIMIT 1 BY as_of_date
) AS s
ORDER BY JSONExtractUInt(metadata, 'points') > 0 DESC, as_of_date DESC LIMIT 1`,
    parameters,
  );
  if (row === undefined) return null;
  return {
    asOfDate: String(row['day']),
    knownAt: String(row['known']),
    statement: Number(row['number']),
    metadata: String(row['metadata']),
  };
}

/** Points of a statement in order of delivery and block; `after` of the page are the delivery and block of a point. */
export function readPoints(
  warehouse: Queries,
  tenant: string,
  curve: string,
  { asOfDate, knownAt, statement }: FoundStatement,
  page: Page | null = null,
): Promise<Row[]> {
  const [start, end, block] = page?.after ?? [];
  const goOn =
    start === undefined
      ? ''
      : ' AND (toDate(delivery_start), toDate(delivery_end), block) > (toDate({start:String}), toDate({end:String}), {block:String})';
  const parameters: SqlParameters = {
    ...{ tenant, curve, asOfDate, knownAt: microsOf(knownAt), statement },
    ...(start === undefined ? {} : { start, end, block }),
  };
  return warehouse.queryRows(
    `SELECT curve_id, toString(p.as_of_date) AS as_of_date, toString(toDate(p.delivery_start)) AS delivery_start,
  toString(toDate(p.delivery_end)) AS delivery_end, block, toString(p.price) AS price, unit, point_source AS source, method,
  ${isoTime('p.known_at')} AS known_at
FROM (
  SELECT DISTINCT curve_id, as_of_date, delivery_start, delivery_end, block, price, unit, point_source, method, known_at
  FROM curves_computed
  PREWHERE tenant_id = {tenant:String} AND curve_id = {curve:String}
  WHERE as_of_date = toDate({asOfDate:String}) AND known_at = fromUnixTimestamp64Micro({knownAt:Int64}, 'UTC')
    AND statement = {statement:UInt64} AND block != ''${goOn}
) AS p ORDER BY p.delivery_start, p.delivery_end, block${limitTo(page?.limit ?? null)}`,
    parameters,
  );
}

/** What became of each quote of a statement, in order of delivery: used, or dropped with a reason and a residual. */
export function quotesOf({ asOfDate, metadata }: FoundStatement): Row[] {
  const { quotes } = JSON.parse(metadata) as { quotes: Row[] };
  const place = (row: Row): string => [row['start'], row['end'], row['block'], row['contract']].join(' ');
  return quotes
    .map((row) => ({ as_of_date: asOfDate, implied: null, residual: null, ...row }))
    .sort((a, b) => (place(a) < place(b) ? -1 : 1))
    .map((row: Row) => ({
      contract: row['contract'],
      delivery_start: row['start'],
      delivery_end: row['end'],
      block: row['block'],
      price: row['price'],
      kind: row['kind'],
      quoted_at: row['quoted_at'],
      known_at: row['known_at'],
      fate: row['fate'],
      implied: row['implied'],
      residual: row['residual'],
      event_id: row['event_id'],
    }));
}

/** Why there is nothing to show of a curve: names of those there are. */
export async function whyNoCurve(warehouse: Queries, { tenant, curve }: CurveFilter): Promise<string> {
  const rows = await warehouse.queryRows(
    'SELECT DISTINCT curve_id FROM curves_computed PREWHERE tenant_id = {tenant:String} ORDER BY curve_id LIMIT 50',
    { tenant },
  );
  const names = rows.map((row) => String(row['curve_id']));
  if (names.includes(curve)) return `the curve ${curve} was not known then, or not of that day`;
  return names.length === 0
    ? `there is no curve ${curve}, nor any other: none has a quote yet`
    : `there is no curve ${curve}; there are ${names.join(', ')}`;
}
