/** Writes into the interval ledger what a published payload brought. */

import { landingsOf } from '../../connectors/kit/landed.ts';
import type { Landing } from '../../core/ports/interval-ledger.ts';
import type { OpenedMember, OpenedPayload } from '../ingest/open-payload.ts';
import type { PublishContext } from '../ingest/publish.ts';
import type { Stores } from '../stores/open-stores.ts';

/**
 * Notes the intervals of all members, by dataset. Called after the rows are durable: what the ledger calls landed can
 * be read. Repeating it is harmless.
 */
export async function noteLandings(
  { reference, runtime }: Pick<Stores, 'reference' | 'runtime'>,
  opened: OpenedPayload,
  context: Pick<PublishContext, 'sha256' | 'knownAt'>,
): Promise<void> {
  for (const { connector, dataset, refined } of opened.members) {
    const landings = landingsOf(refined.rows, { ...context, sha256: context.sha256 ?? '' });
    await noteIntervals({ reference, runtime }, { connector, dataset }, landings);
  }
}

/** Notes the intervals of one body, as {@link noteLandings}. */
export async function noteIntervals(
  { reference, runtime }: Pick<Stores, 'reference' | 'runtime'>,
  { connector, dataset }: Pick<OpenedMember, 'connector' | 'dataset'>,
  landings: readonly Landing[],
): Promise<void> {
  const scope = { tenant: runtime.tenant, connector: connector.name, dataset: dataset.name };
  if (landings.length > 0) await reference.recordLandings(scope, landings);
}
