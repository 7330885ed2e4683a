/** One exchange with a source: asked with what it wants to know, answered without what must not be kept. */

import type { SourceRequest } from '../../connectors/kit/contract.ts';
import type { FetchRecord } from '../../core/ports/fetch-ledger.ts';
import type { HttpResponse } from '../../core/ports/http.ts';
import { CODE_VERSION } from '../version.ts';
import type { DatasetRun } from './dataset-run.ts';
import { textWithoutSecrets, withoutSecrets } from './secrets.ts';
import { credentialsOf, schemesFor } from './source-auth.ts';

/**
 * Asks for a request at an address without secrets; `last` is the body published last, whose tags are shown. A token
 * that the source no longer takes is renewed once. The answer holds none of the secrets it was asked with. Throws as
 * `Http.get` and `credentialsOf` do.
 */
export async function exchangeWith(
  run: DatasetRun,
  request: SourceRequest,
  url: URL,
  last: FetchRecord | null,
): Promise<HttpResponse> {
  const { stores, manifest } = run;
  const around = {
    http: stores.http,
    now: () => stores.clock.now(),
    variables: stores.runtime.env,
    origin: run.request.origin,
  };
  // Who asks is told to the operator's host, whatever stands in for it.
  const schemes = schemesFor(manifest.auth, new URL(request.url).host);
  const first = await credentialsOf(schemes, around);
  const response = await askOnce(run, request, url, last, first);
  if (response.status !== 401 || !first.hasToken) return response;
  return askOnce(run, request, url, last, await credentialsOf(schemes, around, true));
}

async function askOnce(
  run: DatasetRun,
  request: SourceRequest,
  url: URL,
  last: FetchRecord | null,
  { headers, query, secrets }: Awaited<ReturnType<typeof credentialsOf>>,
): Promise<HttpResponse> {
  const { stores, manifest, settings } = run;
  const { origin } = run.request;
  const address = new URL(url);
  for (const [name, secret] of Object.entries(query)) address.searchParams.set(name, secret);
  const asked = {
    url: address.href,
    headers: { ...OURS, ...conditions(url, last), ...headers },
    maxBytes: request.maxBytes,
    timeoutMs: settings.timeout_seconds * 1000,
    allowedHosts: origin === undefined ? manifest.hosts : [url.host],
    allowsPrivate: origin !== undefined,
  };
  const answer =
    request.post === undefined
      ? await stores.http.get(asked)
      : await stores.http.post({ ...asked, ...request.post });
  if (secrets.length === 0) return answer;
  const clean = (text: string): string => textWithoutSecrets(text, secrets);
  return {
    url: clean(answer.url),
    status: answer.status,
    headers: Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, clean(value)])),
    body: withoutSecrets(answer.body, secrets),
  };
}

/** What every source is told. */
const OURS = { 'user-agent': `Mozilla/5.0 (compatible; 254carbon/${CODE_VERSION})`, accept: '*/*' };

/** Tags of a body belong to the address that gave them. */
function conditions(url: URL, last: FetchRecord | null): Record<string, string> {
  if (last === null || last.url !== url.href) return {};
  return {
    ...(last.etag === null ? {} : { 'if-none-match': last.etag }),
    ...(last.lastModified === null ? {} : { 'if-modified-since': last.lastModified }),
  };
}
