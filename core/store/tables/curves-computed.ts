/** Tables `curves_computed` and `served_curve_snapshots` (migration 008): statements of curves as rows. */

import { identity } from '../../codec/native/native-bytes.ts';
import { NativeWriter } from '../../codec/native/native-writer.ts';
import type { CurveStatement, StatedPoint } from '../../model/curve-statement.ts';
import { DAY } from '../../time/instant.ts';
import { columnsOf, compareTexts } from './curve-rows.ts';
import { cutByPartition } from './row-order.ts';

/** One row: a point of a statement, or null for the statement itself. */
interface Row {
  readonly statement: CurveStatement;
  readonly point: StatedPoint | null;
}

const NO_PRICE = new Int32Array(2);

/** Blocks of all statements in the order of the table's key: a statement is never cut. */
export function curveStatementBlocks(statements: readonly CurveStatement[]): Uint8Array[] {
  const rows: Row[] = inOrder(statements).flatMap((statement) => [
    { statement, point: null },
    ...statement.points
      .toSorted((a, b) => a.start - b.start || a.end - b.end || compareTexts(a.block, b.block))
      .map((point) => ({ statement, point })),
  ]);
  return cutByPartition(identity(rows.length), (row) => rows[row].statement.asOf).map((order) =>
    writeRows(order, rows),
  );
}

/** By (tenant, curve, day, known time, statement). */
function inOrder(statements: readonly CurveStatement[]): CurveStatement[] {
  return statements.toSorted(
    (a, b) =>
      compareTexts(a.tenant, b.tenant) ||
      compareTexts(a.curve, b.curve) ||
      a.asOf - b.asOf ||
      a.knownAt - b.knownAt ||
      a.statement - b.statement,
  );
}

function writeRows(order: Uint32Array, rows: readonly Row[]): Uint8Array {
  const { numbers, words } = columnsOf(rows);
  const all = identity(rows.length);
  return new NativeWriter(order)
    .lowCardinalityOf('tenant_id', all, (row) => rows[row].statement.tenant)
    .lowCardinalityOf('curve_id', all, (row) => rows[row].statement.curve)
    .date(
      'as_of_date',
      numbers(({ statement }) => statement.asOf),
    )
    .dateTime64(
      'known_at',
      numbers(({ statement }) => statement.knownAt),
    )
    .dateTime64(
      'delivery_start',
      numbers(({ point }) => DAY * (point?.start ?? 0)),
    )
    .dateTime64(
      'delivery_end',
      numbers(({ point }) => DAY * (point?.end ?? 0)),
    )
    .lowCardinalityOf('block', all, (row) => rows[row].point?.block ?? '')
    .decimal64(
      'price',
      words(2, ({ point }) => point?.price ?? NO_PRICE),
    )
    .lowCardinalityOf('unit', all, (row) => rows[row].statement.unit)
    .lowCardinalityOf('point_source', all, (row) => rows[row].point?.source ?? '')
    .lowCardinalityOf('method', all, (row) => rows[row].statement.method)
    .uint64(
      'statement',
      numbers(({ statement }) => statement.statement),
    )
    .string(
      'metadata',
      rows.map(({ statement, point }) => (point === null ? statement.metadata : '')),
    )
    .string(
      'trace_id',
      rows.map(({ statement }) => statement.traceId),
    )
    .lowCardinalityOf('src_topic', all, (row) => rows[row].statement.srcTopic)
    .uint32(
      'src_partition',
      numbers(({ statement }) => statement.srcPartition),
    )
    .uint64(
      'src_offset',
      numbers(({ statement }) => statement.srcOffset),
    )
    .finish();
}

/** Blocks of the last statement of each curve and day among these. */
export function curveSnapshotBlocks(statements: readonly CurveStatement[]): Uint8Array[] {
  const sorted = inOrder(statements);
  const rows = sorted.filter((statement, k) => {
    const next = sorted[k + 1];
    return (
      next === undefined ||
      next.tenant !== statement.tenant ||
      next.curve !== statement.curve ||
      next.asOf !== statement.asOf
    );
  });
  return cutByPartition(identity(rows.length), (row) => rows[row].asOf).map((order) =>
    writeSnapshots(order, rows),
  );
}

function writeSnapshots(order: Uint32Array, rows: readonly CurveStatement[]): Uint8Array {
  const { numbers } = columnsOf(rows);
  const all = identity(rows.length);
  const lists = <T>(of: (point: StatedPoint) => T): T[][] => rows.map(({ points }) => points.map(of));
  return new NativeWriter(order)
    .lowCardinalityOf('tenant_id', all, (row) => rows[row].tenant)
    .lowCardinalityOf('curve_id', all, (row) => rows[row].curve)
    .date(
      'as_of_date',
      numbers(({ asOf }) => asOf),
    )
    .dateTime64(
      'known_at',
      numbers(({ knownAt }) => knownAt),
    )
    .lowCardinalityOf('method', all, (row) => rows[row].method)
    .lowCardinalityOf('unit', all, (row) => rows[row].unit)
    .dateTime64Lists(
      'delivery_starts',
      lists(({ start }) => DAY * start),
    )
    .dateTime64Lists(
      'delivery_ends',
      lists(({ end }) => DAY * end),
    )
    .stringLists(
      'blocks',
      lists(({ block }) => block),
    )
    .decimal64Lists(
      'prices',
      lists(({ price }) => price),
    )
    .stringLists(
      'point_sources',
      lists(({ source }) => source),
    )
    .uint64(
      'statement',
      numbers(({ statement }) => statement),
    )
    .string(
      'metadata',
      rows.map(({ metadata }) => metadata),
    )
    .lowCardinalityOf('src_topic', all, (row) => rows[row].srcTopic)
    .uint32(
      'src_partition',
      numbers(({ srcPartition }) => srcPartition),
    )
    .uint64(
      'src_offset',
      numbers(({ srcOffset }) => srcOffset),
    )
    .finish();
}
