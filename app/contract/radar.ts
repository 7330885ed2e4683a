/** Re-checks the stored payloads of a dataset against its contract: decoded with today's code, shape by shape. */

import { type SourceShape, shapeText } from '../../connectors/kit/shape.ts';
import { CarbonError } from '../../core/errors.ts';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import type { PayloadArchive } from '../../core/ports/payload-archive.ts';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';
import type { Micros } from '../../core/time/instant.ts';
import { settingsOf } from '../connectors/manifest.ts';
import { openPayload } from '../ingest/open-payload.ts';
import { type CalendarSource, scopeOf } from '../ledger/calendar.ts';
import { knownShapes, learnShape } from './shape-book.ts';
import { driftWords, judgeShape } from './source-contract.ts';

/** What the radar reads. */
export interface RadarStores {
  readonly reference: Pick<ReferenceStore, 'listFetches' | 'loadCursor' | 'saveCursor'>;
  readonly archive: Pick<PayloadArchive, 'get'>;
}

/** Bodies of one shape, or of one refusal, of a dataset. */
export interface RadarEcho {
  readonly connector: string;
  readonly dataset: string;
  /** `good`; `drift` (goes on, and would be told); `refused` (by the contract, or by the decoder). */
  readonly verdict: 'good' | 'drift' | 'refused';
  readonly bodies: number;
  readonly rows: number;
  readonly rejected: number;
  /** First and last known time of the bodies, UTC micros. */
  readonly first: Micros;
  readonly last: Micros;
  /** What changed, or why the body is refused; null for a good one. */
  readonly why: string | null;
  /** Columns that the decoder does not know. */
  readonly unread: readonly string[];
  readonly shape: string | null;
  /** One of the bodies. */
  readonly sha256: string;
}

/** Ledger rows that are looked at for bodies. */
const ROWS = 5_000;

/**
 * Looks at the last `limit` bodies of a dataset, oldest first; `accept` makes their shapes known. Bodies that the archive
 * has lost are told by ARCHIVE_MISSING.
 */
export async function radarOf(
  { reference, archive }: RadarStores,
  tenant: string,
  source: CalendarSource,
  limit: number,
  accept: boolean,
): Promise<RadarEcho[]> {
  const { connector, dataset, manifest } = source;
  const scope = scopeOf(tenant, source);
  const rows = await reference.listFetches({
    tenant,
    connector: connector.name,
    dataset: dataset.name,
    limit: ROWS,
  });
  const bodies = new Map<string, FetchRecord>();
  for (const row of rows)
    if (
      row.sha256 !== null &&
      (row.outcome === 'published' || row.outcome === 'rejected') &&
      bodies.size < limit
    )
      bodies.getOrInsert(row.sha256, row);
  const { contract } = settingsOf(manifest, dataset.name);
  const known = await knownShapes(reference, scope);
  const echoes = new Map<string, RadarEcho>();
  for (const record of [...bodies.values()].reverse())
    for (const seen of await look(source, record, await archive.get(record.sha256 as string))) {
      const drifted = seen.shape === null ? null : judgeShape(dataset.name, known, seen.shape, contract);
      const refused = seen.error !== null || drifted?.refused === true;
      const why = seen.error ?? (drifted === null ? null : driftWords(drifted));
      const text = seen.shape === null ? null : shapeText(seen.shape);
      const key = `${text} ${seen.error === null ? '' : seen.error.replace(/\d+/g, 'n')}`;
      const before = echoes.get(key);
      const at = record.knownAt ?? record.startedAt;
      echoes.set(key, {
        connector: connector.name,
        dataset: dataset.name,
        verdict: refused ? 'refused' : drifted === null ? 'good' : 'drift',
        bodies: (before?.bodies ?? 0) + 1,
        rows: (before?.rows ?? 0) + seen.rows,
        rejected: (before?.rejected ?? 0) + seen.rejected,
        first: Math.min(before?.first ?? at, at),
        last: Math.max(before?.last ?? at, at),
        why,
        unread: seen.unread,
        shape: text,
        sha256: record.sha256 as string,
      });
      if (accept && seen.shape !== null && seen.error === null)
        await learnShape(reference, scope, seen.shape);
    }
  return [...echoes.values()];
}

interface Seen {
  readonly shape: SourceShape | null;
  readonly rows: number;
  readonly rejected: number;
  readonly unread: readonly string[];
  readonly error: string | null;
}

async function look(
  { connector, dataset }: CalendarSource,
  record: FetchRecord,
  bytes: Uint8Array,
): Promise<Seen[]> {
  try {
    const asked = { market: connector.market, dataset: dataset.name };
    const { members } = await openPayload({ name: record.request, bytes }, asked);
    return members.map(({ shape, refined }) => ({
      shape,
      rows: refined.rows.length,
      rejected: refined.rejected.length,
      unread: refined.drift.map(({ column }) => column),
      error: refined.damage === null ? null : `${refined.damage.code}: ${refined.damage.message}`,
    }));
  } catch (error) {
    if (!(error instanceof CarbonError) || !error.code.startsWith('SOURCE_')) throw error;
    return [{ shape: null, rows: 0, rejected: 0, unread: [], error: `${error.code}: ${error.message}` }];
  }
}
