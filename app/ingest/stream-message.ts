/**
 * One message of a stream onto its raw topic. A message whose rows are all good is not archived: the raw topic is the
 * archive of streams. One that is refused, or of which a row is, or whose shape is new, goes into the archive and the
 * ledger like a body. The contract of its dataset holds for it; assertions do not, since shares of a few rows say little.
 */

import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Payload } from '../../connectors/kit/contract.ts';
import { CarbonError } from '../../core/errors.ts';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import { knownShapes, shapeScope } from '../contract/shape-book.ts';
import { requireContract } from '../contract/source-contract.ts';
import { noteLandings } from '../ledger/note-landings.ts';
import { type DatasetRun, newRecord, recorded } from './dataset-run.ts';
import { refuseBody, refuseRows } from './dead-letters.ts';
import { type OpenedMember, type OpenedPayload, readAs } from './open-payload.ts';
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
    const damage = opened.members[0]?.refined.damage ?? null;
    if (damage !== null) throw damage;
  } catch (error) {
    if (error instanceof CarbonError && error.code.startsWith('SOURCE_')) return refuse(run, payload, error);
    throw error;
  }
  const [member] = opened.members as [OpenedMember];
  const { refined } = member;
  const isPlain = refined.rejected.length === 0 && (await isUsual(run, member));
  const record = isPlain ? null : await kept(run, payload);
  if (record !== null) {
    const drift = await driftOf(run, opened, { sha256: record.sha256 as string, knownAt }, traceId);
    if (drift !== null) return refuse(run, payload, drift);
  }
  const context = { sha256: record?.sha256 ?? null, knownAt, traceId };
  await publishMembers(run.stores, opened, destinationOf(opened), context);
  await noteLandings(run.stores, opened, context);
  if (record !== null) {
    await refuseRows(run, record, opened, traceId);
    const counts = { rows: refined.rows.length, rejected: refined.rejected.length };
    const fault = member.failure === null ? {} : faultOf(member.failure);
    await recorded(run, { ...record, ...counts, ...fault, outcome: 'published' });
  }
  return refined.rows.length;
}

/** True for a message of a shape that is known, of which no value was left out. */
async function isUsual(
  { stores, connector }: DatasetRun,
  { dataset, shape, refined }: OpenedMember,
): Promise<boolean> {
  if (refined.discarded.length > 0) return false;
  if (shape === null) return true;
  const scope = shapeScope(stores.runtime.tenant, connector.name, dataset.name, 'message');
  const known = await knownShapes(stores.reference, scope);
  return known.some((each) => isDeepStrictEqual(each, shape));
}

/** Why the contract refuses the message; null when it goes on. */
async function driftOf(
  { stores }: DatasetRun,
  { members }: OpenedPayload,
  archived: Parameters<typeof requireContract>[2],
  traceId: string,
): Promise<CarbonError | null> {
  try {
    await requireContract(stores, members, archived, traceId, 'message');
    return null;
  } catch (error) {
    if (error instanceof CarbonError && error.code === 'SOURCE_DRIFT') return error;
    throw error;
  }
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
