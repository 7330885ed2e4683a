/** A real schema registry for tests, shared as the broker is. */

import { portsOfCheckout, startEngine, TEST_INFRA } from './shared-engine.ts';

/** URL of the registry; or, as `{ reason }`, why there is none. Under CI it is an error when there is none. */
export function sharedRegistry(): { readonly url: string } | { readonly reason: string } {
  const port = portsOfCheckout() + 7;
  const env = {
    CARBON_INFRA_DIR: TEST_INFRA,
    CARBON_REGISTRY_PORT: String(port),
    CARBON_REGISTRY_FRESH: '1',
  };
  const reason = startEngine({ name: 'registry', env, shared: true });
  return reason === null ? { url: `http://127.0.0.1:${port}/apis/ccompat/v7` } : { reason };
}
