/** A real schema registry for tests, shared as the broker is. */

import { freePort, sharedEngine } from './engine-server.ts';

/** URL of the registry; or, as `{ reason }`, why there is none. Under CI it is an error when there is none. */
export async function sharedRegistry(): Promise<{ readonly url: string } | { readonly reason: string }> {
  const more = { CARBON_REGISTRY_MANAGEMENT_PORT: String(await freePort()) };
  const server = await sharedEngine('registry', { more });
  return typeof server === 'string'
    ? { reason: server }
    : { url: `http://127.0.0.1:${server.port}/apis/ccompat/v7` };
}
