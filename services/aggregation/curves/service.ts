/** Wiring of curves: prestage from enriched ticks, and from its topic the tables, the updates, the snapshots, the cache. */

import { encodeCurveInputs, encodeCurveUpdates } from '../../../core/codec/topics/curves.ts';
import { Topic } from '../../../core/codec/topics/topic-names.ts';
import type { CurveInput } from '../../../core/model/curve-input.ts';
import type {
  CurveStatement,
  CurveUpdate,
  CurveUpdatePoint,
  StatedPoint,
} from '../../../core/model/curve-statement.ts';
import { compareDecimals, formatDecimal } from '../../../core/model/decimal.ts';
import type { Emission } from '../../../core/stage/emission.ts';
import type { Plan } from '../../../core/stage/plan.ts';
import type { StageResult } from '../../../core/stage/stage.ts';
import { blocksOf, recordsOf, reportsOf, type Wire } from '../../../core/stage/wire.ts';
import { curveInputBlocks } from '../../../core/store/tables/curves-base.ts';
import { curveSnapshotBlocks, curveStatementBlocks } from '../../../core/store/tables/curves-computed.ts';
import { formatDay } from '../../../core/time/calendar-day.ts';
import { formatInstant } from '../../../core/time/instant.ts';
import type { CurvesSettings } from './config.ts';
import type { CurveBatch } from './curve.stage.ts';
import type { Stated } from './curve-day.ts';

/** Records of the prestage topic. */
export function prestageEmissions(inputs: readonly CurveInput[], wire: Wire): Emission[] {
  const topic = Topic.curvePrestage;
  if (inputs.length === 0 || !wire.feeds(topic)) return [];
  return recordsOf(
    topic,
    encodeCurveInputs(inputs, wire.schemaId(topic), wire.partitions(topic), wire.producer),
  );
}

/** What is to be written for one batch of inputs. */
export function curveEmissions(
  result: StageResult<CurveBatch>,
  settings: CurvesSettings,
  plan: Pick<Plan, 'topic' | 'partition'>,
  wire: Wire,
): Emission[] {
  const { inputs, stated, active } = result.output;
  const statements = stated.map(({ statement }) => statement);
  // A day whose curve failed keeps the snapshot that it has.
  const made = stated.flatMap(({ statement }) => (isFailed(statement) ? [] : [statement]));
  const emissions = [
    ...blocksOf('curves_base', curveInputBlocks(inputs, plan.topic, plan.partition)),
    ...blocksOf('curves_computed', curveStatementBlocks(statements)),
    ...blocksOf('served_curve_snapshots', curveSnapshotBlocks(made)),
  ];
  emissions.push(...updateRecords(stated, settings, wire), ...reportsOf('curves', result, wire));
  if (active.length > 0) emissions.push({ kind: 'cache', entries: active.map(cacheEntry) });
  return emissions;
}

/**
 * What is to be written for statements that were made anew by hand: `snapshot` is the last one of their day where what is
 * served is another, `isActive` says that it is the curve's newest day.
 */
export function rebuiltEmissions(
  stated: readonly Stated[],
  snapshot: CurveStatement | null,
  isActive: boolean,
  settings: CurvesSettings,
  wire: Wire,
): Emission[] {
  const statements = stated.map(({ statement }) => statement);
  const emissions = [
    ...blocksOf('curves_computed', curveStatementBlocks(statements)),
    ...blocksOf('served_curve_snapshots', curveSnapshotBlocks(snapshot === null ? [] : [snapshot])),
    ...updateRecords(stated, settings, wire),
  ];
  if (snapshot !== null && isActive) emissions.push({ kind: 'cache', entries: [cacheEntry(snapshot)] });
  return emissions;
}

function updateRecords(stated: readonly Stated[], settings: CurvesSettings, wire: Wire): Emission[] {
  const topic = Topic.curveUpdates;
  if (stated.length === 0 || !wire.feeds(topic)) return [];
  const updates = stated.map((each) => updateOf(each, settings));
  return recordsOf(
    topic,
    encodeCurveUpdates(updates, wire.schemaId(topic), wire.partitions(topic), wire.producer),
  );
}

/** Whether no curve could be made of the quotes: what was served before it stays. */
export function isFailed({ points, metadata }: Pick<CurveStatement, 'points' | 'metadata'>): boolean {
  return points.length === 0 && (JSON.parse(metadata) as { status: string }).status === 'FAILED';
}

/** A statement as its curve's policy has it told: whole, or what differs from the one before. */
export function updateOf({ statement, previous }: Stated, { curves }: CurvesSettings): CurveUpdate {
  const curve = curves.find(({ curve_id }) => curve_id === statement.curve);
  const isDelta = curve?.updates === 'delta' && previous !== null;
  const points = isDelta ? differences(previous.points, statement.points) : statement.points;
  return { ...statement, previousKnownAt: previous?.knownAt ?? null, isDelta, points };
}

function differences(before: readonly StatedPoint[], now: readonly StatedPoint[]): CurveUpdatePoint[] {
  const key = ({ start, end, block }: StatedPoint): string => `${start} ${end} ${block}`;
  const old = new Map(before.map((point) => [key(point), point]));
  const changed: CurveUpdatePoint[] = now.filter((point) => {
    const was = old.get(key(point));
    old.delete(key(point));
    return (
      was === undefined || was.source !== point.source || compareDecimals(was.price, 0, point.price, 0) !== 0
    );
  });
  for (const { start, end, block } of old.values())
    changed.push({ start, end, block, price: null, source: 'GONE' });
  return changed.sort((a, b) => a.start - b.start || a.end - b.end || (a.block < b.block ? -1 : 1));
}

/** `tenant:{tenant_id}:curve:{curve_id}` with the active curve as JSON. */
function cacheEntry({
  tenant,
  curve,
  asOf,
  knownAt,
  method,
  unit,
  points,
}: CurveStatement): [string, string] {
  const value = {
    curve_id: curve,
    as_of_date: formatDay(asOf),
    known_at: formatInstant(knownAt),
    method,
    unit,
    points: points.map(({ start, end, block, price, source }) => ({
      delivery_start: formatDay(start),
      delivery_end: formatDay(end),
      block,
      price: formatDecimal(price, 0),
      source,
    })),
  };
  return [`tenant:${tenant}:curve:${curve}`, JSON.stringify(value)];
}
