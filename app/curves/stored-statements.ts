/** What is stored of a curve and a day: its inputs, the statements that hold, and the snapshot. */

import type { CurveDay } from '../../core/math/curves/forward-curve.ts';
import type { PlacedInput } from '../../core/model/curve-input.ts';
import type { CurveStatement } from '../../core/model/curve-statement.ts';
import { bigMantissaAt } from '../../core/model/decimal.ts';
import type { Queries } from '../../core/ports/warehouse.ts';
import { CURVE_INPUT_COLUMNS, curveInputsFromColumns } from '../../core/store/tables/curves-base.ts';
import { DAY, type Micros } from '../../core/time/instant.ts';

/** A curve on a day of the market that has inputs. */
export interface CurveDayKey {
  readonly curve: string;
  readonly asOf: CurveDay;
}

/** Days of the market, first and last in it. */
export interface CurveDays {
  readonly first: CurveDay;
  readonly last: CurveDay;
}

/** A stored statement: its number, and its points in a form that can be compared. */
export interface StoredStatement {
  readonly statement: number;
  readonly inputs: string;
  readonly points: string;
}

/** Curves and days with inputs, in order; all, or those asked for. */
export async function daysWithInputs(
  warehouse: Queries,
  tenant: string,
  curves: readonly string[] | null,
  days: CurveDays | null,
): Promise<CurveDayKey[]> {
  const named = curves === null ? '' : ' AND curve_id IN {curves:Array(String)}';
  const between = ' AND as_of_date BETWEEN toDate({first:UInt16}) AND toDate({last:UInt16})';
  const rows = await warehouse.queryRows(
    `SELECT DISTINCT curve_id, toUInt16(as_of_date) AS day FROM curves_base PREWHERE tenant_id = {tenant:String}
WHERE 1${named}${days === null ? '' : between}
ORDER BY curve_id, day`,
    { tenant, ...(curves === null ? {} : { curves }), ...days },
  );
  return rows.map((row) => ({ curve: String(row['curve_id']), asOf: Number(row['day']) }));
}

const OF_DAY = `PREWHERE tenant_id = {tenant:String} AND curve_id = {curve:String}
WHERE as_of_date = toDate({asOf:UInt16})`;

/** All inputs of a day. */
export async function inputsOfDay(
  warehouse: Queries,
  tenant: string,
  { curve, asOf }: CurveDayKey,
): Promise<PlacedInput[]> {
  const sql = `SELECT ${CURVE_INPUT_COLUMNS} FROM curves_base FINAL ${OF_DAY}`;
  return curveInputsFromColumns(await warehouse.queryColumns(sql, { tenant, curve, asOf }));
}

/** The statements that hold, by known time. */
export async function statementsOfDay(
  warehouse: Queries,
  tenant: string,
  { curve, asOf }: CurveDayKey,
): Promise<Map<Micros, StoredStatement>> {
  const parameters = { tenant, curve, asOf };
  const found = new Map<Micros, { statement: number; inputs: string; points: string[] }>();
  const heads = await warehouse.queryColumns(
    `SELECT known_at, statement, JSONExtractString(metadata, 'inputs') AS inputs FROM curves_computed ${OF_DAY} AND block = ''
ORDER BY known_at, statement DESC LIMIT 1 BY known_at`,
    parameters,
  );
  if (heads.rows === 0) return found as never;
  const inputs = heads.strings('inputs');
  const numbers = heads.numbers('statement');
  heads.numbers('known_at').forEach((at, i) => {
    found.set(at, { statement: numbers[i], inputs: inputs[i], points: [] });
  });
  const points = await warehouse.queryColumns(
    `SELECT DISTINCT known_at, statement, delivery_start, delivery_end, block, price, point_source FROM curves_computed ${OF_DAY} AND block != ''
ORDER BY delivery_start, delivery_end, block`,
    parameters,
  );
  if (points.rows > 0) {
    const [at, of, start, end] = ['known_at', 'statement', 'delivery_start', 'delivery_end'].map((name) =>
      points.numbers(name),
    );
    const [block, source] = [points.strings('block'), points.strings('point_source')];
    const price = points.words('price', 2);
    for (let i = 0; i < points.rows; i++) {
      const own = found.get(at[i]);
      if (own?.statement === of[i])
        own.points.push(pointText(start[i] / DAY, end[i] / DAY, block[i], price, i, source[i]));
    }
  }
  return new Map([...found].map(([known, each]) => [known, { ...each, points: each.points.join() }]));
}

/** Points of a made statement in the same form. */
export function pointsText({ points }: Pick<CurveStatement, 'points'>): string {
  return points
    .toSorted((a, b) => a.start - b.start || a.end - b.end || (a.block < b.block ? -1 : 1))
    .map(({ start, end, block, price, source }) => pointText(start, end, block, price, 0, source))
    .join();
}

function pointText(
  start: CurveDay,
  end: CurveDay,
  block: string,
  price: Int32Array,
  i: number,
  source: string,
): string {
  return `${start} ${end} ${block} ${bigMantissaAt(price, i)} ${source}`;
}

/** Known time and number of the statement that the snapshot of a day is of; null where there is no snapshot. */
export async function snapshotOfDay(
  warehouse: Queries,
  tenant: string,
  { curve, asOf }: CurveDayKey,
): Promise<{ readonly knownAt: Micros; readonly statement: number } | null> {
  const columns = await warehouse.queryColumns(
    `SELECT known_at, statement FROM served_curve_snapshots ${OF_DAY} ORDER BY statement DESC LIMIT 1`,
    { tenant, curve, asOf },
  );
  if (columns.rows === 0) return null;
  return { knownAt: columns.numbers('known_at')[0], statement: columns.numbers('statement')[0] };
}
