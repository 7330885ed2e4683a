/** A process with the NYISO samples taken in for two tenants, and its ports open, for tests over real sockets. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runtimeSettings } from '../../../app/config/runtime.ts';
import { type HttpSide, serveProcess } from '../../../app/http/serve.ts';
import { loadPayload } from '../../../app/ingest/load.ts';
import { startWorker, type Worker } from '../../../app/pipeline/worker.ts';
import { openStores, type Stores } from '../../../app/stores/open-stores.ts';
import { HTTP_SERVICES, type HttpService } from '../../../app/telemetry/http-service.ts';
import { ServiceMetrics } from '../../../app/telemetry/service-metrics.ts';
import { formatInstant, type Micros } from '../../../core/time/instant.ts';

const SAMPLES = resolve(import.meta.dirname, '../../../samples');
export const SPRING = readFileSync(join(SAMPLES, 'nyiso_20250309damlbmp_zone.csv'), 'utf8');
export const AUTUMN = readFileSync(join(SAMPLES, 'nyiso_20251102damlbmp_zone.csv'), 'utf8');
export const CAPITL = 'NYISO.DA.LMP.CAPITL';

export type Json = Record<string, unknown>;

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  readonly body: Json;
}

/** What the tests of a file share. */
export interface Served {
  readonly stores: Stores;
  readonly http: HttpSide;
  readonly worker: Worker;
  /** Between the first state of the spring day and the correction of one of its values. */
  readonly beforeCorrection: string;
  /** Asks the port of a service, projection when none is named. */
  ask(path: string, headers?: Readonly<Record<string, string>>, service?: HttpService): Promise<Answer>;
  /** Takes a payload in for a tenant and lets the pipeline come to its end; returns when it was archived. */
  load(text: string, tenant: string): Promise<Micros>;
  close(): Promise<void>;
}

/** Spring and its correction for `default`, autumn for `acme`. */
export async function openServed(variables: Readonly<Record<string, string>> = {}): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'carbon-http-'));
  const ports = Object.fromEntries(
    HTTP_SERVICES.map((name) => [`DATA_PROC_${name.replace('-', '_').toUpperCase()}_PORT`, '0']),
  );
  const runtime = runtimeSettings({ dataDir: folder, logLevel: 'error' }, { ...ports, ...variables });
  const metrics = new ServiceMetrics(HTTP_SERVICES, 'test', () => 0);
  const stores = await openStores(runtime, { service: 'pipeline', serve: true, listeners: [metrics] });
  const worker = await startWorker('pipeline', stores);
  const load = async (text: string, tenant: string): Promise<Micros> => {
    const owned = { ...stores, runtime: { ...stores.runtime, tenant } };
    const bytes = new TextEncoder().encode(text);
    const { archivedAt } = await loadPayload(owned, { name: 'sample.csv', bytes, partial: false });
    await worker.catchUp();
    return archivedAt;
  };
  const first = await load(SPRING, 'default');
  await stores.clock.sleep(5);
  const corrected = SPRING.replace('"CAPITL",61757,-3.31,', '"CAPITL",61757,77.25,');
  assert.notEqual(corrected, SPRING);
  await load(corrected, 'default');
  await load(AUTUMN, 'acme');
  const http = await serveProcess('pipeline', stores, metrics, () => worker.pulse());
  return {
    stores,
    http,
    worker,
    beforeCorrection: formatInstant(first),
    load,
    ask: async (path, headers = {}, service = 'projection') => {
      const response = await fetch(`${http.urls.get(service)}${path}`, { headers });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: isJson ? (JSON.parse(text) as Json) : {},
      };
    },
    close: async () => {
      await http.close();
      await worker.close();
      await stores.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** The rows of a list's answer, which must be good. */
export function rowsIn({ status, body, text }: Answer): Json[] {
  assert.equal(status, 200, text);
  return body['data'] as Json[];
}

/** The error of an answer, which must be one. */
export function errorIn({ body, text }: Answer): Json {
  assert.ok(body['error'] !== undefined, text);
  return body['error'] as Json;
}
