/** The gate before publishing: a payload that its dataset's assertions refuse stays in the archive (D8). */

import { encodeAnomalies } from '../../core/codec/topics/reports.ts';
import { Topic } from '../../core/codec/topics/topic-names.ts';
import { CarbonError } from '../../core/errors.ts';
import type { Anomaly } from '../../core/model/anomaly.ts';
import type { Archived } from '../../core/ports/payload-archive.ts';
import { topicSubject } from '../../core/schema/subject.ts';
import {
  type AssertionFailure,
  assertQuality,
  QualityTally,
  type RefinedPayload,
} from '../../services/normalization/assertions.ts';
import type { Stores } from '../stores/open-stores.ts';
import type { ReadBody } from './read-file.ts';

/** A body of the payload; `member` is its path inside a container, null for a payload that is none. */
export interface JudgedBody {
  readonly member: string | null;
  readonly refined: RefinedPayload;
}

/**
 * Judges every body of an archived payload by the rules in force. When one fails, an anomaly per failed assertion goes
 * to data.quality.anomalies.v1 and QUALITY_ASSERTION_FAILED is thrown: the caller publishes nothing. The payload is
 * released by loading it again once the bound is another; its known time stays that of its first archiving.
 */
export async function requireQuality(
  stores: Stores,
  bodies: readonly JudgedBody[],
  archived: Pick<Archived, 'sha256' | 'exchange'>,
  traceId: string,
): Promise<void> {
  const found = bodies.flatMap(({ member, refined }) =>
    assertQuality(refined, stores.settings.normalization).map(
      (failure): BodyFailure => ({ body: { member, ...refined }, failure }),
    ),
  );
  await requireNone(stores, found, archived, traceId);
}

/** The same of bodies whose rows come a few at a time: they are read for it only where the dataset has assertions. */
export async function requireQualityOf(
  stores: Stores,
  bodies: readonly ReadBody[],
  archived: Pick<Archived, 'sha256' | 'exchange'>,
  traceId: string,
): Promise<void> {
  const found: BodyFailure[] = [];
  for (const { member, market, dataset, batches } of bodies) {
    const tally = new QualityTally(market, dataset.name, stores.settings.normalization);
    if (!tally.isAsserted) continue;
    for await (const { rows, rejected } of batches()) tally.add(rows, rejected.length);
    for (const failure of tally.failures())
      found.push({ body: { member, market, dataset: dataset.name }, failure });
  }
  await requireNone(stores, found, archived, traceId);
}

/** An assertion that a body does not keep to. */
interface BodyFailure {
  readonly body: { readonly member: string | null; readonly market: string; readonly dataset: string };
  readonly failure: AssertionFailure;
}

async function requireNone(
  stores: Stores,
  found: readonly BodyFailure[],
  archived: Pick<Archived, 'sha256' | 'exchange'>,
  traceId: string,
): Promise<void> {
  const [first] = found;
  if (first === undefined) return;
  const anomalies = found.map(({ body, failure }) =>
    anomalyOf(stores.runtime.tenant, body, failure, archived, traceId),
  );
  await publishAnomalies(stores, anomalies);
  const { market, dataset } = first.body;
  const { assertion, bound, cases, of } = first.failure;
  const more = found.length > 1 ? ` (and ${found.length - 1} more assertions)` : '';
  throw new CarbonError(
    'QUALITY_ASSERTION_FAILED',
    `${market}/${dataset}${first.body.member === null ? '' : ` in ${first.body.member}`}: ${messageOf(first.failure)}${more}; nothing is published, the payload is archived as ${archived.sha256}`,
    {
      position: {
        field: assertion,
        expected: assertion === 'min_rows' ? `at least ${bound}` : `at most ${bound}`,
        got: `${cases} of ${of}`,
      },
      context: { market, dataset, sha256: archived.sha256, failures: found.length },
    },
  );
}

function messageOf({ assertion, bound, measured, cases, of }: AssertionFailure): string {
  if (assertion === 'min_rows') return `${cases} rows, where ${bound} are the least`;
  const share = `${Number((100 * measured).toFixed(2))} % (${cases} of ${of})`;
  return `${WORDS[assertion]} are ${share}, where ${Number((100 * bound).toFixed(2))} % are the most`;
}

const WORDS = {
  max_rejected_ratio: 'unreadable rows',
  max_null_ratio: 'required values without a number',
  max_out_of_range_ratio: 'values out of range',
} as const;

function anomalyOf(
  tenant: string,
  { member, market, dataset }: BodyFailure['body'],
  failure: AssertionFailure,
  archived: Pick<Archived, 'sha256' | 'exchange'>,
  traceId: string,
): Anomaly {
  return {
    tenant,
    traceId,
    knownAt: archived.exchange.archivedAt,
    type: 'QUALITY_ASSERTION_FAILED',
    severity: 'critical',
    stage: 'normalization',
    market,
    dataset,
    instrumentId: null,
    ts: null,
    message: messageOf(failure),
    count: failure.cases,
    context: {
      assertion: failure.assertion,
      bound: String(failure.bound),
      of: String(failure.of),
      archive_sha256: archived.sha256,
      ...(member === null ? {} : { member }),
    },
  };
}

/** Puts findings of ingestion on data.quality.anomalies.v1, durable when it resolves, and tells telemetry of each. */
export async function publishAnomalies(stores: Stores, anomalies: readonly Anomaly[]): Promise<void> {
  const { id } = await stores.registry.latest(topicSubject(Topic.anomalies));
  const partitions = stores.partitions.get(Topic.anomalies) ?? 1;
  for (const { partition, batch } of encodeAnomalies(anomalies, id, partitions, '254carbon-ingestion'))
    await stores.log.append(Topic.anomalies, partition, [batch]);
  for (const { market, dataset, tenant, count, type, severity, stage } of anomalies)
    stores.telemetry.emit({
      name: 'anomaly.found',
      level: 'warning',
      facts: { stage, type, severity, tenant_id: tenant, market, dataset, count },
    });
}
