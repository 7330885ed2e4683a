/** The services that have a port of their own. */

/** In the order of the flow of data; `carbon up` is all of them in one process. */
export const HTTP_SERVICES = [
  'connector-registry',
  'normalization',
  'enrichment',
  'aggregation',
  'projection',
] as const;

/** A service with a port of its own. */
export type HttpService = (typeof HTTP_SERVICES)[number];

/** The services that a process serves: all of them for `pipeline`. */
export function httpServicesOf(service: string): readonly HttpService[] {
  return service === 'pipeline' ? HTTP_SERVICES : HTTP_SERVICES.filter((name) => name === service);
}
