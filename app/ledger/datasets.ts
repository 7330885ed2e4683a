/** Which datasets a question to the ledger is about. */

import { join } from 'node:path';
import { CarbonError } from '../../core/errors.ts';
import { allConnectors } from '../connectors/catalogue.ts';
import { connectorsFolder, loadManifest } from '../connectors/manifest.ts';
import type { CalendarSource } from './calendar.ts';

/**
 * The fetched datasets of a market or connector, of all when none is named. Throws CONNECTOR_UNKNOWN with the names
 * there are.
 */
export async function ledgerDatasets(market?: string, dataset?: string): Promise<CalendarSource[]> {
  const fetched = allConnectors().filter(({ datasets }) => datasets.length > 0);
  const wanted = market?.toUpperCase();
  const connectors = fetched.filter(
    (connector) =>
      wanted === undefined || connector.market === wanted || connector.name.toUpperCase() === wanted,
  );
  if (connectors.length === 0)
    throw unknown(
      'market',
      market ?? '',
      fetched.map(({ name }) => name),
    );
  const sources: CalendarSource[] = [];
  for (const connector of connectors) {
    const manifest = await loadManifest(join(connectorsFolder(), connector.name, 'connector.yaml'));
    for (const each of connector.datasets)
      if (dataset === undefined || each.name === dataset)
        sources.push({ connector, dataset: each, manifest });
  }
  if (sources.length === 0)
    throw unknown(
      'dataset',
      dataset ?? '',
      connectors.flatMap(({ datasets }) => datasets.map(({ name }) => name)),
    );
  return sources;
}

function unknown(field: string, got: string, known: readonly string[]): CarbonError {
  const expected = [...new Set(known)].join(', ');
  return new CarbonError('CONNECTOR_UNKNOWN', `no ${field} ${got} is fetched; there is: ${expected}`, {
    position: { field, expected, got },
  });
}
