/** What the connector registry tells: connectors, their versions, markets, modes and datasets. */

import { join } from 'node:path';
import type { Connector } from '../../connectors/kit/contract.ts';
import { CarbonError } from '../../core/errors.ts';
import type { ServerRoute } from '../../core/ports/http-server.ts';
import { allConnectors } from '../connectors/catalogue.ts';
import { connectorsFolder, loadManifest, settingsOf } from '../connectors/manifest.ts';
import { jsonReply } from './problem.ts';

/** Routes of port 8500 beside those of every port. */
export function connectorRoutes(): ServerRoute[] {
  return [
    {
      method: 'GET',
      path: '/connectors',
      answer: async () => jsonReply(200, { data: await Promise.all(allConnectors().map(described)) }),
    },
    {
      method: 'GET',
      path: '/connectors/:name',
      answer: async ({ params }) => {
        const connector = allConnectors().find(({ name }) => name === params['name']);
        if (connector !== undefined) return jsonReply(200, { data: await described(connector) });
        throw new CarbonError('CONNECTOR_UNKNOWN', `no connector ${params['name']}`, {
          position: {
            field: 'name',
            expected: allConnectors()
              .map(({ name }) => name)
              .join(', '),
            got: String(params['name']),
          },
        });
      },
    },
  ];
}

async function described(connector: Connector): Promise<object> {
  const manifest = await loadManifest(join(connectorsFolder(), connector.name, 'connector.yaml'));
  return {
    name: manifest.name,
    version: manifest.version,
    market: manifest.market,
    enabled: manifest.enabled,
    output_topic: manifest.output_topic,
    owner: manifest.owner,
    datasets: connector.datasets.map(({ name, title }) => {
      const { mode, schedule, enabled } = settingsOf(manifest, name);
      return { name, title, mode, schedule: schedule ?? null, enabled };
    }),
    pushed: connector.pushed,
  };
}
