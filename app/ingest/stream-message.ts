/**
 * One message of a stream onto its raw topic. A message whose rows are all good is not archived: the raw topic is the
 * archive of streams. One that is refused, or of which a row is, goes into the archive and the ledger like a body.
 */

import { randomBytes } from 'node:crypto';
import type { Payload } from '../../connectors/kit/contract.ts';
import { CarbonError } from '../../core/errors.ts';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import { noteLandings } from '../ledger/note-landings.ts';
import { type DatasetRun, newRecord, recorded } from './dataset-run.ts';
import { refuseBody, refuseRows } from './dead-letters.ts';
import { type OpenedPayload, readAs } from './open-payload.ts';
import { destinationOf, publishMembers } from './publish.ts';
import { faultOf } from './run-report.ts';

/**
 * Publishes the rows of a message, durable when it resolves, and returns how many; `refusal` is why it is none of the
 * stream. Throws what the stores say.
 */
export async function takeMessage(
  run: DatasetRun,
  payload: Payload,
  refusal: CarbonError | null,
): Promise<number> {
  const traceId = randomBytes(16).toString('hex');
  const knownAt = run.stores.clock.now();
  if (refusal !== null) return refuse(run, payload, refusal);
  let opened: OpenedPayload;
  try {
    opened = readAs(payload, run.connector, run.dataset, run.manifest);
    const [member] = opened.members;
    if (member !== undefined && member.refined.damage !== null) throw member.refined.damage;
  } catch (error) {
    if (error instanceof CarbonError && error.code.startsWith('SOURCE_')) return refuse(run, payload, error);
    throw error;
  }
  const [{ refined }] = opened.members as [OpenedPayload['members'][number]];
  const record = refined.rejected.length === 0 ? null : await kept(run, payload);
  const context = { sha256: record?.sha256 ?? null, knownAt, traceId };
  await publishMembers(run.stores, opened, destinationOf(opened), context);
  await noteLandings(run.stores, opened, context);
  if (record !== null) {
    await refuseRows(run, record, opened, traceId);
    const [{ failure }] = opened.members as [OpenedPayload['members'][number]];
    const counts = { rows: refined.rows.length, rejected: refined.rejected.length };
    const fault = failure === null ? {} : faultOf(failure);
    await recorded(run, { ...record, ...counts, ...fault, outcome: 'published' });
  }
  return refined.rows.length;
}

async function refuse(run: DatasetRun, payload: Payload, error: CarbonError): Promise<number> {
  const record: FetchRecord = { ...(await kept(run, payload)), outcome: 'rejected', ...faultOf(error) };
  await refuseBody(run, record, error);
  await recorded(run, record);
  run.stores.telemetry.emit({
    name: 'payload.rejected',
    level: 'warning',
    facts: { connector: record.connector, dataset: record.dataset, code: error.code, error: error.message },
  });
  return 0;
}

/** The message in the archive, and a ledger row about it. */
async function kept(run: DatasetRun, payload: Payload): Promise<FetchRecord> {
  const { stores, connector, dataset } = run;
  const now = stores.clock.now();
  const url = new URL(dataset.stream?.url ?? 'ws://stream');
  const archived = await stores.archive.put(payload.bytes, {
    url: url.href,
    market: connector.market,
    dataset: dataset.name,
    archivedAt: now,
  });
  const record = newRecord(run, { name: payload.name, window: { start: now, end: now } }, url, 1);
  return { ...record, sha256: archived.sha256, bytes: payload.bytes.length, knownAt: now };
}
