/** What a run is asked for, checked before anything is done. */

import type { Connector, Dataset } from '../../connectors/kit/contract.ts';
import { CarbonError } from '../../core/errors.ts';
import { type Manifest, settingsOf } from '../connectors/manifest.ts';
import type { RunRequest } from './run-report.ts';

/**
 * Datasets that are fetched: those named, else all that are enabled and not streams. Throws CONNECTOR_UNKNOWN for a name
 * that is none of them, and when there are none.
 */
export function chosenDatasets(connector: Connector, manifest: Manifest, request: RunRequest): Dataset[] {
  const names = connector.datasets.map((dataset) => dataset.name);
  const unknown = request.datasets?.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new CarbonError(
      'CONNECTOR_UNKNOWN',
      `${connector.name} has no dataset ${unknown} that is fetched`,
      {
        position: { field: '--dataset', expected: names.join(', ') || 'none', got: unknown },
      },
    );
  const datasets = connector.datasets.filter(({ name }) => {
    if (request.datasets !== undefined) return request.datasets.includes(name);
    const { enabled, mode } = settingsOf(manifest, name);
    return enabled && mode !== 'streaming';
  });
  if (datasets.length > 0) return datasets;
  throw new CarbonError('CONNECTOR_UNKNOWN', `${connector.name} has no dataset that is enabled and fetched`, {
    position: { field: 'enabled', expected: 'a dataset that is fetched', got: names.join(', ') || 'none' },
  });
}

/** Throws USAGE_INVALID for an origin that is more or less than scheme, host and port. */
export function requireOrigin(origin: string | undefined): void {
  if (origin === undefined) return;
  const url = URL.parse(origin);
  const isPlain =
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '';
  if (isPlain) return;
  throw new CarbonError('USAGE_INVALID', `--origin is no origin: ${origin}`, {
    position: { field: '--origin', expected: 'scheme, host and port, as http://127.0.0.1:8600', got: origin },
  });
}
