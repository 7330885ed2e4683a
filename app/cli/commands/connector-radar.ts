/** `carbon connector radar [NAME]`: stored payloads against the contracts of their datasets. */

import { formatInstant } from '../../../core/time/instant.ts';
import { type RadarEcho, radarOf } from '../../contract/radar.ts';
import { ledgerDatasets } from '../../ledger/datasets.ts';
import { numberOption } from '../option-values.ts';
import { formatOf, type OutputRow } from '../output.ts';
import { type GlobalOptions, note, readStores, show } from '../session.ts';

/** Options as they stand on the command line. */
export interface ConnectorRadarOptions {
  readonly dataset?: string;
  readonly limit?: string;
  readonly accept?: boolean;
}

/** One row per dataset and shape. Exit code 8 when a body would be refused, unless it is accepted. */
export async function radar(
  name: string | undefined,
  options: ConnectorRadarOptions,
  globals: GlobalOptions,
): Promise<number> {
  const limit = numberOption('--limit', options.limit, 50, { least: 1, most: 5000, whole: true });
  const accept = options.accept === true;
  const sources = await ledgerDatasets(name, options.dataset);
  return readStores(globals, async (stores) => {
    const echoes: RadarEcho[] = [];
    for (const source of sources)
      echoes.push(...(await radarOf(stores, stores.runtime.tenant, source, limit, accept)));
    const brief = formatOf(globals) === 'table';
    await show(
      echoes.map((echo) => rowOf(echo, brief)),
      globals,
    );
    const refused = echoes.filter(({ verdict }) => verdict === 'refused');
    if (accept) note('the shapes that could be read are known from now on');
    else if (refused.length > 0) note('carbon connector radar NAME --accept makes the shapes known');
    return refused.length > 0 && !accept ? 8 : 0;
  });
}

function rowOf({ first, last, shape, ...echo }: RadarEcho, brief: boolean): OutputRow {
  const times = { first: formatInstant(first), last: formatInstant(last) };
  if (!brief) return { ...echo, ...times, shape };
  const { sha256, why, ...rest } = echo;
  return { ...rest, ...times, why: why ?? '', sha256: sha256.slice(0, 12) };
}
