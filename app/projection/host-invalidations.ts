/**
 * `projection.invalidate.instrument.v1` in the process of projection (G2): what is served of each instrument named is made
 * anew from silver, in table, topic and cache, and counted by the reason given.
 */

import { z } from 'zod';
import { decodeInvalidations } from '../../core/codec/topics/jobs.ts';
import type { ReadJson } from '../../core/codec/topics/object-records.ts';
import { Topic } from '../../core/codec/topics/topic-names.ts';
import type { Invalidation } from '../../core/model/job.ts';
import { askStores } from '../../core/store/answers.ts';
import { cacheEntries } from '../../services/projection/service.ts';
import { bodyOf, faultOf, firstIssue, readObject } from '../pipeline/control-json.ts';
import { ControlReader, INVALIDATION_GROUP } from '../pipeline/control-reader.ts';
import { untilTold } from '../pipeline/until-told.ts';
import type { Stores } from '../stores/open-stores.ts';
import { rebuildLatest } from './rebuild.ts';

/** How often the topic is looked at when nobody is woken, in milliseconds. */
const LOOK_MS = 1000;
/** Instruments that are made anew together. */
const PAGE = 500;

/** What a reason looks like: it is a label of a metric. */
export const REASON = /^[a-z][a-z0-9_]{0,39}$/;
const body = z.strictObject({
  instrument_id: z.string().min(1).max(200),
  reason: z
    .string()
    .regex(REASON, { error: 'must be one word of small letters, such as manual' })
    .default('manual'),
  requested_by: z.string().max(200).default(''),
});

/** An invalidation from JSON text: `{"instrument_id": "NG_HH_BALMO", "reason": "manual"}`, with or without an envelope. */
export const readInvalidationJson: ReadJson<Invalidation> = (text, at) => {
  const event = readObject(text);
  if (event === null) return faultOf(null, 'a JSON object', text);
  const parsed = body.safeParse(bodyOf(event));
  if (!parsed.success) return faultOf(...firstIssue(parsed.error), text);
  const { instrument_id, reason, requested_by } = parsed.data;
  const { tenant_id, trace_id } = event;
  return {
    value: {
      tenant: typeof tenant_id === 'string' ? tenant_id : 'default',
      traceId: typeof trace_id === 'string' ? trace_id : '',
      knownAt: at,
      instrument: instrument_id,
      reason,
      requestedBy: requested_by,
    },
  };
};

/** Follows the topic until the signal aborts. */
export async function hostInvalidations(stores: Stores, signal: AbortSignal): Promise<void> {
  // What comes first may have been begun by a process that was killed before it left its mark.
  let isFirst = true;
  const reader = new ControlReader<Invalidation>(stores, {
    topic: Topic.invalidateInstrument,
    group: INVALIDATION_GROUP,
    stage: 'projection',
    decode: (slice, from, to) => decodeInvalidations(slice, from, to, readInvalidationJson),
    handle: async (records) => {
      if (records.length === 0) return;
      const values = records.map(({ value }) => value);
      await invalidate(stores, values, isFirst);
      isFirst = false;
    },
  });
  const turn = async (): Promise<void> => {
    await reader.read();
    if (!signal.aborted) await stores.log.waitForAppend([Topic.invalidateInstrument], LOOK_MS);
  };
  await untilTold(stores, 'invalidations', turn, signal);
  await reader.close().catch(() => {});
}

/** Makes anew what is served of the instruments named, and counts. `again`: another may have begun it, and died. */
export async function invalidate(
  stores: Stores,
  invalidations: readonly Invalidation[],
  again: boolean,
): Promise<void> {
  for (const [tenant, rows] of Map.groupBy(invalidations, (one) => one.tenant)) {
    const own: Stores = { ...stores, runtime: { ...stores.runtime, tenant } };
    const instruments = [...new Set(rows.map(({ instrument }) => instrument))].sort();
    for (let from = 0; from < instruments.length; from += PAGE)
      await refresh(own, instruments.slice(from, from + PAGE), again);
  }
  for (const [reason, rows] of Map.groupBy(invalidations, (one) => wordOf(one.reason)))
    stores.telemetry.emit({
      name: 'projection.invalidated',
      level: 'info',
      facts: { stage: 'projection', projection: 'latest_prices', reason, count: rows.length },
    });
}

async function refresh(stores: Stores, instruments: readonly string[], again: boolean): Promise<void> {
  const { warehouse, names, cache, settings, runtime } = stores;
  const pageAfter = async (after: string): Promise<readonly string[]> => (after === '' ? instruments : []);
  await rebuildLatest(stores, {
    since: null,
    dryRun: false,
    onlyIfChanged: !again,
    reason: null,
    pageAfter,
  });
  // The cache may hold what the table never said: whoever asks next finds what is served now.
  const [served] = await askStores(
    warehouse,
    null,
    names,
    [],
  )([{ kind: 'latest', tenant: runtime.tenant, instruments }]);
  if (served?.kind !== 'latest') throw new Error('a question for served rows is answered with them');
  await cache
    .setMany(cacheEntries(served.ticks, served.gone), settings.projection.latest_prices.cache_ttl_seconds)
    .catch(() => undefined);
}

/** A label of a metric: one word, whatever a producer wrote. */
function wordOf(reason: string): string {
  return REASON.test(reason) ? reason : 'other';
}
