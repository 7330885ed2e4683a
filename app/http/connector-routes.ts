/** What the connector registry answers: connectors with their health, the catalogue of datasets, and pulls. */

import type { ServerRoute } from '../../core/ports/http-server.ts';
import { allConnectors, connectorNamed } from '../connectors/catalogue.ts';
import { connectorIndex } from '../connectors/connector-index.ts';
import type { Stores } from '../stores/open-stores.ts';
import { catalogueEntry, connectorDetail, connectorSummary, manifestFor } from './connector-facts.ts';
import { type Origins, PULL_PARAMETERS, pull } from './connector-pull.ts';
import { requireKnown } from './known-parameters.ts';
import { jsonReply } from './problem.ts';

/** Routes of port 8500 beside those of every port; with `origins`, pulls ask the simulators named and no market. */
export function connectorRoutes(stores: Stores, origins: Origins = null): ServerRoute[] {
  const get = (
    path: string,
    answer: (request: Parameters<ServerRoute['answer']>[0]) => Promise<unknown>,
    parameters: readonly string[] = [],
  ): ServerRoute => ({
    method: 'GET',
    path,
    answer: async (request) => {
      requireKnown(request.query, parameters);
      return jsonReply(200, await answer(request));
    },
  });
  const name = (params: Readonly<Record<string, string>>): string => String(params['name']);
  return [
    get('/connectors', async () => ({ data: await inOrder((each) => connectorSummary(stores, each)) })),
    get('/connectors/:name', async ({ params }) => ({
      data: await connectorDetail(stores, connectorNamed(name(params))),
    })),
    get(
      '/connectors/:name/pull',
      async ({ params, query }) => pull(stores, name(params), query, origins),
      PULL_PARAMETERS,
    ),
    get('/catalogue', async () => ({
      data: (
        await inOrder(async (connector) => {
          const entries: object[] = [];
          for (const dataset of connector.datasets)
            entries.push(await catalogueEntry(stores, connector, dataset));
          return entries;
        })
      ).flat(),
    })),
    get('/index', async () =>
      connectorIndex(
        await inOrder(async (connector) => ({ connector, manifest: await manifestFor(connector) })),
      ),
    ),
  ];
}

/** One after the other: a list of markets is no reason to keep the stores busy. */
async function inOrder<T>(work: (connector: ReturnType<typeof connectorNamed>) => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  for (const connector of allConnectors()) found.push(await work(connector));
  return found;
}
