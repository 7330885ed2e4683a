/**
 * Transform and load, the second and third act: an archived body onto its raw topic.
 *
 * Good rows of a whole body are published and its rejected rows dead-lettered: a run goes on by itself, and nobody is
 * there to decide. (`carbon replay` without --partial stops at the first rejected row, as somebody is.) A damaged body,
 * or one past a bound of its dataset, publishes nothing of itself.
 */

import { randomBytes } from 'node:crypto';
import { CarbonError, type ErrorCode } from '../../core/errors.ts';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import { requireContract, tellUnreadable } from '../contract/source-contract.ts';
import { noteLandings } from '../ledger/note-landings.ts';
import { type DatasetRun, factsOf, recorded } from './dataset-run.ts';
import { isKnownRefusal, refuseBody, refuseRows } from './dead-letters.ts';
import { type OpenedPayload, openPayload } from './open-payload.ts';
import { destinationOf, publishMembers } from './publish.ts';
import { requireQuality } from './quality.ts';
import { faultOf, outcomeOf } from './run-report.ts';

/** Refusals that say that a source has another layout than it had. */
const LAYOUT: readonly ErrorCode[] = ['SOURCE_COLUMN_MISSING', 'SOURCE_UNRECOGNISED'];

/** A body read: what would be published, or why nothing would. */
interface Read {
  readonly opened: OpenedPayload;
  readonly counts: Pick<FetchRecord, 'rows' | 'values' | 'rejected'>;
}

/** Publishes an archived body and gives its row the final outcome. Repeating it is harmless. */
export async function loadBody(
  run: DatasetRun,
  record: FetchRecord,
  bytes: Uint8Array,
): Promise<FetchRecord> {
  const { stores } = run;
  const traceId = randomBytes(16).toString('hex');
  let done: FetchRecord;
  try {
    const { opened, counts } = await read(run, record, bytes);
    const sha256 = record.sha256 as string;
    const knownAt = record.knownAt as number;
    const exchange = { ...(await stores.archive.exchangeOf(sha256)), archivedAt: knownAt };
    await requireContract(stores, opened.members, { sha256, knownAt }, traceId);
    await requireQuality(stores, opened.members, { sha256, exchange }, traceId);
    await publishMembers(stores, opened, destinationOf(opened), { sha256, knownAt, traceId });
    await noteLandings(stores, opened, { sha256, knownAt });
    done = {
      ...record,
      ...counts,
      outcome: counts.rows > 0 ? 'published' : 'rejected',
      ...firstFault(opened),
    };
    if (!(await isKnownRefusal(run, done))) await refuseRows(run, record, opened, traceId);
  } catch (error) {
    const refusal = refusalOf(error);
    done = { ...record, outcome: outcomeOf(refusal), ...faultOf(refusal) };
    if (done.outcome === 'rejected' && !(await isKnownRefusal(run, done))) {
      await refuseBody(run, done, refusal);
      if (LAYOUT.includes(refusal.code)) {
        const archived = { sha256: record.sha256 as string, knownAt: record.knownAt as number };
        await tellUnreadable(stores, run, { name: record.request, bytes }, refusal, archived);
      }
    }
  }
  const final = await recorded(run, done);
  stores.telemetry.emit({
    name: final.outcome === 'published' ? 'payload.published' : 'payload.rejected',
    level: final.outcome === 'published' && final.rejected === 0 ? 'info' : 'warning',
    facts: { ...factsOf(final), trace_id: traceId },
  });
  return final;
}

/** What loading the body would do, as its row would say it; nothing is written. */
export async function validateBody(
  run: DatasetRun,
  record: FetchRecord,
  bytes: Uint8Array,
): Promise<FetchRecord> {
  try {
    const { opened, counts } = await read(run, record, bytes);
    const outcome = counts.rows > 0 ? record.outcome : 'rejected';
    return { ...record, ...counts, outcome, ...firstFault(opened) };
  } catch (error) {
    const refusal = refusalOf(error);
    return { ...record, outcome: outcomeOf(refusal), ...faultOf(refusal) };
  }
}

async function read(run: DatasetRun, record: FetchRecord, bytes: Uint8Array): Promise<Read> {
  const payload = { name: record.request, bytes };
  const asked = { market: run.connector.market, dataset: run.dataset.name };
  const opened = await openPayload(payload, asked);
  const counts = { rows: 0, values: 0, rejected: 0 };
  for (const { refined, failure } of opened.members) {
    if (refined.damage !== null) throw failure ?? refined.damage;
    counts.rows += refined.rows.length;
    counts.rejected += refined.rejected.length;
    for (const row of refined.rows) counts.values += row.values.length;
  }
  // A whole body without a row says that there is nothing; one whose rows are all bad is refused.
  if (counts.rows + counts.rejected === 0)
    throw new CarbonError('SOURCE_NO_DATA', `${record.request} has no rows`, {
      position: { field: 'rows', expected: 'at least one row', got: 'none' },
    });
  return { opened, counts };
}

/** Rejected rows leave their first reason in the ledger; the others are in the dead letters. */
function firstFault(opened: OpenedPayload): Pick<FetchRecord, 'code' | 'message'> {
  for (const { failure } of opened.members) if (failure !== null) return faultOf(failure);
  return { code: null, message: null };
}

/** The error as the refusal of the body; one of the program or of a store is thrown on. */
function refusalOf(error: unknown): CarbonError {
  const isOfBody =
    error instanceof CarbonError &&
    (error.code.startsWith('SOURCE_') || error.code === 'QUALITY_ASSERTION_FAILED');
  if (isOfBody) return error;
  throw error;
}
