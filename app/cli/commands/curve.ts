/** `carbon curve list`, `carbon curve show` and `carbon curve diff`. */

import { CarbonError } from '../../../core/errors.ts';
import type { CurveDay } from '../../../core/math/curves/forward-curve.ts';
import { bigMantissaAt, formatScaled, Parsed, parseDecimal, SCALE } from '../../../core/model/decimal.ts';
import type { Row } from '../../../core/ports/warehouse.ts';
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
import type { Stores } from '../../stores/open-stores.ts';
import { timeOption } from '../option-values.ts';
import type { OutputRow } from '../output.ts';
import { type GlobalOptions, note, readStores, show } from '../session.ts';

/** Options as they stand on the command line. */
interface ShowOptions {
  readonly asOfDate?: string;
  readonly asOf?: string;
  readonly inputs?: boolean;
}

/** Options as they stand on the command line. */
interface DiffOptions {
  readonly asOfDate?: string;
  readonly all?: boolean;
}

/** One row per curve. Throws NOT_FOUND (exit code 5) when none is served. */
export async function list(globals: GlobalOptions): Promise<void> {
  await readStores(globals, async (stores) => {
    const rows = await readCurves(stores.warehouse, stores.runtime.tenant);
    if (rows.length === 0)
      throw new CarbonError('NOT_FOUND', 'no curve is served: none of the policy has a quote yet');
    await show(rows, globals);
  });
}

/** Throws NOT_FOUND (exit code 5) when there is no such curve, or it was not known then. */
export async function showCurve(curve: string, options: ShowOptions, globals: GlobalOptions): Promise<void> {
  const asOfDate = options.asOfDate === undefined ? null : dayOption('--as-of-date', options.asOfDate);
  const asOf = options.asOf === undefined ? null : timeOption('--as-of', options.asOf);
  await readStores(globals, async (stores) => {
    const filter = { tenant: stores.runtime.tenant, curve, asOfDate, asOf };
    const found = await statementOf(stores, filter);
    tellOf(found);
    const rows =
      options.inputs === true
        ? quotesOf(found)
        : await readPoints(stores.warehouse, filter.tenant, curve, found);
    await show(rows, globals);
  });
}

async function statementOf({ warehouse }: Stores, filter: CurveFilter): Promise<FoundStatement> {
  const found = await findStatement(warehouse, filter);
  if (found !== null) return found;
  throw new CarbonError('NOT_FOUND', await whyNoCurve(warehouse, filter), {
    position: { field: 'curve', got: filter.curve },
  });
}

/** A line about the statement, on standard error: who reads the rows sees what they are of. */
function tellOf(found: FoundStatement): void {
  const { status, failure } = JSON.parse(found.metadata) as { status: string; failure?: string };
  const quotes = quotesOf(found);
  const used = quotes.filter(({ fate }) => fate === 'USED').length;
  note(
    `of ${found.asOfDate}, known ${found.knownAt}: ${used} of ${quotes.length} quotes used${status === 'OK' ? '' : `; it could not be made: ${failure}`}`,
  );
}

/** A day of the market. Throws USAGE_INVALID with the option. */
export function dayOption(option: string, text: string): CurveDay {
  const day = parseDay(text);
  if (day !== null && day >= 0) return day;
  throw new CarbonError('USAGE_INVALID', `${option} is not a day: ${text}`, {
    position: { field: option, expected: 'YYYY-MM-DD', got: text },
  });
}

/** One row per delivery that differs, in order of delivery. Exit code 0, differences or not. */
export async function diff(
  curve: string,
  before: string,
  after: string | undefined,
  options: DiffOptions,
  globals: GlobalOptions,
): Promise<void> {
  const day = options.asOfDate === undefined ? null : dayOption('--as-of-date', options.asOfDate);
  const sides = [before, after].map((text, k) => sideOf(k === 0 ? 'before' : 'after', text, day));
  await readStores(globals, async (stores) => {
    const { tenant } = stores.runtime;
    const found: FoundStatement[] = [];
    for (const side of sides) found.push(await statementOf(stores, { tenant, curve, ...side }));
    const [old, now] = await Promise.all(
      found.map((statement) => readPoints(stores.warehouse, tenant, curve, statement)),
    );
    const rows = compared(old, now);
    const different = rows.filter(({ change }) => change !== '0');
    const [was, is] = found.map(({ asOfDate, knownAt }) => `${asOfDate} as known ${knownAt}`);
    note(`${was} → ${is}: ${different.length} of ${rows.length} points differ`);
    await show(options.all === true ? rows : different, globals);
  });
}

function sideOf(
  name: string,
  text: string | undefined,
  day: CurveDay | null,
): Pick<CurveFilter, 'asOfDate' | 'asOf'> {
  if (text === undefined) return { asOfDate: day, asOf: null };
  const own = parseDay(text);
  return own === null ? { asOfDate: day, asOf: timeOption(name, text) } : { asOfDate: own, asOf: null };
}

function compared(old: readonly Row[], now: readonly Row[]): OutputRow[] {
  const key = (row: Row): string => `${row['delivery_start']} ${row['delivery_end']} ${row['block']}`;
  const was = new Map(old.map((row) => [key(row), row]));
  const is = new Map(now.map((row) => [key(row), row]));
  const keys = [...new Set([...was.keys(), ...is.keys()])].sort();
  return keys.map((each) => {
    const [a, b] = [was.get(each), is.get(each)];
    const row = (a ?? b) as Row;
    return {
      delivery_start: row['delivery_start'],
      delivery_end: row['delivery_end'],
      block: row['block'],
      before: a?.['price'] ?? null,
      after: b?.['price'] ?? null,
      change: a === undefined || b === undefined ? null : difference(String(a['price']), String(b['price'])),
    };
  });
}

/** Exact difference of two stored prices. */
function difference(a: string, b: string): string {
  return formatScaled(mantissaOf(b) - mantissaOf(a), SCALE);
}

function mantissaOf(text: string): bigint {
  const words = new Int32Array(2);
  const bytes = new TextEncoder().encode(text);
  const read = parseDecimal(bytes, 0, bytes.length, words, 0);
  if (read !== Parsed.exact) throw new CarbonError('STORE_REFUSED', `a stored price is ${text}`);
  return bigMantissaAt(words, 0);
}
