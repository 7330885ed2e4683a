/**
 * The contract of a dataset with its source: what happens when a column appears, vanishes, changes its type or its
 * meaning. Kept before anything is published, so that no row of a shape that the contract refuses goes on.
 */

import type { Connector, Dataset, Payload } from '../../connectors/kit/contract.ts';
import { containerOf } from '../../connectors/kit/payload.ts';
import {
  changesOf,
  type ShapeChange,
  type SourceShape,
  shapeOf,
  shapeText,
} from '../../connectors/kit/shape.ts';
import { CarbonError } from '../../core/errors.ts';
import type { Anomaly } from '../../core/model/anomaly.ts';
import type { LedgerScope } from '../../core/ports/interval-ledger.ts';
import { type DatasetSettings, settingsOf } from '../connectors/manifest.ts';
import type { OpenedMember } from '../ingest/open-payload.ts';
import { publishAnomalies } from '../ingest/quality.ts';
import type { Stores } from '../stores/open-stores.ts';
import { knownShapes, learnShape, nearestShape, type Route, shapeScope } from './shape-book.ts';

/** What is done about a change, by the gravest of its kinds. */
export type ContractMode = DatasetSettings['contract'][ShapeChange['what']];

/** A body whose shape is another than those known. */
export interface Drifted {
  readonly dataset: string;
  readonly before: SourceShape;
  readonly after: SourceShape;
  readonly changes: readonly ShapeChange[];
  /** `freeze` or `discard_row` when one of the changes is; else the body goes on. */
  readonly refused: boolean;
}

/** Judges a shape by those that are known; null where it is one of them, or the first of its kind. */
export function judgeShape(
  dataset: string,
  known: readonly SourceShape[],
  shape: SourceShape,
  contract: DatasetSettings['contract'],
): Drifted | null {
  const before = nearestShape(known, shape);
  if (before === null) return null;
  const changes = changesOf(before, shape);
  if (changes.length === 0) return null;
  const refused = changes.some(({ what }) => isRefused(what, contract[what]));
  return { dataset, before, after: shape, changes, refused };
}

/**
 * Rows of another type are set aside one by one when they are read. Values whose unit is another cannot be told from the
 * good ones: leaving them out is leaving the body out.
 */
function isRefused(what: ShapeChange['what'], mode: ContractMode): boolean {
  if (mode === 'freeze') return true;
  if (what === 'type') return false;
  return mode === 'discard_row' || (what === 'meaning' && mode === 'discard_value');
}

/** A body as its contract sees it. */
export type ShapedBody = Pick<OpenedMember, 'connector' | 'dataset' | 'manifest' | 'shape' | 'market'> & {
  readonly refined: Pick<OpenedMember['refined'], 'dataset' | 'discarded'>;
};

/**
 * Holds the bodies of a payload to the contracts of their datasets. A change is told once as SOURCE_DRIFT with old and
 * new shape; one that is refused throws SOURCE_DRIFT, and the caller publishes nothing. What goes on is known from then.
 */
export async function requireContract(
  stores: Stores,
  members: readonly ShapedBody[],
  archived: { readonly sha256: string; readonly knownAt: number },
  traceId: string,
  route: Route = 'body',
): Promise<void> {
  const { reference, runtime } = stores;
  const anomalies: Anomaly[] = [];
  const learnt: [LedgerScope, SourceShape][] = [];
  let refused: Drifted | null = null;
  for (const { connector, dataset, manifest, shape, market, refined } of members) {
    const { contract } = settingsOf(manifest, dataset.name);
    const scope = shapeScope(runtime.tenant, connector.name, dataset.name, route);
    if (refined.discarded.length > 0)
      anomalies.push(discardedAnomaly(runtime.tenant, market, refined, archived, traceId));
    if (shape === null) continue;
    const drifted = judgeShape(dataset.name, await knownShapes(reference, scope), shape, contract);
    if (drifted !== null) anomalies.push(anomalyOf(runtime.tenant, market, drifted, archived, traceId));
    if (drifted?.refused === true) refused ??= drifted;
    else learnt.push([scope, shape]);
  }
  if (anomalies.length > 0) await publishAnomalies(stores, anomalies);
  if (refused !== null) throw driftError(refused, archived.sha256);
  for (const [scope, shape] of learnt) await learnShape(reference, scope, shape);
}

/**
 * Tells of a body that its decoder could not read because a column is gone or the layout is another: with the shape that
 * was known, where there was one.
 */
export async function tellUnreadable(
  stores: Stores,
  { connector, dataset }: { readonly connector: Connector; readonly dataset: Dataset },
  payload: Payload,
  error: CarbonError,
  archived: { readonly sha256: string; readonly knownAt: number },
): Promise<void> {
  const scope = { tenant: stores.runtime.tenant, connector: connector.name, dataset: dataset.name };
  const after = containerOf(payload.bytes) === null ? shapeOf(payload) : null;
  const known = await knownShapes(stores.reference, scope);
  const before = after === null ? null : (nearestShape(known, after) ?? known.at(-1) ?? null);
  await publishAnomalies(stores, [
    {
      tenant: scope.tenant,
      traceId: '',
      knownAt: archived.knownAt,
      type: 'SOURCE_DRIFT',
      severity: 'critical',
      stage: 'ingestion',
      market: connector.market,
      dataset: dataset.name,
      instrumentId: null,
      ts: null,
      message: error.message,
      count: 1,
      context: {
        archive_sha256: archived.sha256,
        refused: 'true',
        code: error.code,
        ...(before === null ? {} : { old_shape: shapeText(before) }),
        ...(after === null ? {} : { new_shape: shapeText(after) }),
      },
    },
  ]);
}

const wordsOf = ({ what, column, before, after }: ShapeChange): string => {
  if (what === 'appears') return `${column} appears (${after})`;
  if (what === 'vanishes') return `${column} vanishes`;
  const change = `from ${before === '' ? 'none' : before} to ${after === '' ? 'none' : after}`;
  return what === 'type'
    ? `${column} changes from ${before} to ${after}`
    : `${column} changes its unit ${change}`;
};

/** What changed, in one sentence. */
export function driftWords({ changes }: Pick<Drifted, 'changes'>): string {
  const more = changes.length > 5 ? ` and ${changes.length - 5} more` : '';
  return `${changes.slice(0, 5).map(wordsOf).join('; ')}${more}`;
}

function driftError(drifted: Drifted, sha256: string): CarbonError {
  const { dataset, before, after } = drifted;
  return new CarbonError(
    'SOURCE_DRIFT',
    `${dataset} has another shape: ${driftWords(drifted)}; nothing is published, the payload is archived as ${sha256}`,
    {
      position: { field: 'contract', expected: shapeText(before), got: shapeText(after) },
      context: { sha256, changes: drifted.changes.length },
    },
  );
}

function anomalyOf(
  tenant: string,
  market: string,
  drifted: Drifted,
  { sha256, knownAt }: { readonly sha256: string; readonly knownAt: number },
  traceId: string,
): Anomaly {
  return {
    tenant,
    traceId,
    knownAt,
    type: 'SOURCE_DRIFT',
    severity: drifted.refused ? 'critical' : 'warning',
    stage: 'ingestion',
    market,
    dataset: drifted.dataset,
    instrumentId: null,
    ts: null,
    message: driftWords(drifted),
    count: drifted.changes.length,
    context: {
      archive_sha256: sha256,
      refused: String(drifted.refused),
      old_shape: shapeText(drifted.before),
      new_shape: shapeText(drifted.after),
    },
  };
}

function discardedAnomaly(
  tenant: string,
  market: string,
  { dataset, discarded }: ShapedBody['refined'],
  { sha256, knownAt }: { readonly sha256: string; readonly knownAt: number },
  traceId: string,
): Anomaly {
  const [first] = discarded;
  const fields = [...new Set(discarded.map(({ field }) => field))].join(', ');
  return {
    tenant,
    traceId,
    knownAt,
    type: 'SOURCE_DRIFT',
    severity: 'warning',
    stage: 'ingestion',
    market,
    dataset,
    instrumentId: null,
    ts: null,
    message: `${discarded.length} values of ${fields} are no numbers and were left out, the first is ${first?.got ?? ''}`,
    count: discarded.length,
    context: { archive_sha256: sha256, refused: 'false', row: String(first?.row ?? 0), fields },
  };
}
