/** `carbon schemas serve`: the file registry on a port, for clients of Confluent's registry. */

import { serveSchemaFiles } from '../../../drivers/schema-files/http-front.ts';
import { openSchemaFiles } from '../../../drivers/schema-files/registry.ts';
import { numberOption } from '../option-values.ts';
import { type GlobalOptions, note, runtimeOf } from '../session.ts';
import { stopOnSignals } from '../stop-signals.ts';

/** Where the documents have a schema registry. */
const PORT = 8081;

/** Options as they stand on the command line. */
export interface SchemasServeOptions {
  readonly port?: string;
}

/**
 * Serves the contracts of the checkout, and what is registered in the data directory, until a signal. Listens on the
 * address of DATA_PROC_HTTP_HOST. Throws PORT_TAKEN.
 */
export async function schemasServe(options: SchemasServeOptions, globals: GlobalOptions): Promise<number> {
  const { root, dataDir, httpHost: host } = runtimeOf(globals);
  const port = numberOption('--port', options.port, PORT, { least: 0, most: 65_535, whole: true });
  const registry = await openSchemaFiles(root, dataDir);
  const server = await serveSchemaFiles(registry, { host, port });
  note(`the schema registry is on ${server.url}; Ctrl-C stops it`);
  note(`for others: SCHEMA_REGISTRY_URL=${server.url}`);
  const { signal } = stopOnSignals(() => {});
  await new Promise<void>((done) => signal.addEventListener('abort', () => done()));
  await server.close();
  return 0;
}
