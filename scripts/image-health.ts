/**
 * The health check of the image: asks the ports of all services, one of which runs in this container, or all of them.
 * Ends with 0 when at least one answers that its process lives and none answers otherwise; says on one line what it heard.
 */

import { request } from 'node:http';
import { runtimeSettings } from '../app/config/runtime.ts';

/** Less than what the image gives the check as a whole. */
const PATIENCE_MS = 5000;

/** Status of a service, or null where nobody listens. */
function livenessOf(port: number): Promise<number | null> {
  return new Promise((done, fail) => {
    const asked = request({ host: '127.0.0.1', port, path: '/livez', timeout: PATIENCE_MS }, (answer) => {
      answer.resume();
      done(answer.statusCode ?? 0);
    });
    asked.on('timeout', () => asked.destroy(new Error(`does not answer within ${PATIENCE_MS} ms`)));
    asked.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNREFUSED' ? done(null) : fail(error),
    );
    asked.end();
  });
}

const { ports } = runtimeSettings({}, process.env);
const heard: string[] = [];
let isHealthy = true;
for (const [service, port] of Object.entries(ports)) {
  const status = await livenessOf(port).catch((error: Error) => error.message);
  if (status === null) continue;
  heard.push(`${service} ${status}`);
  isHealthy &&= status === 200;
}
process.stdout.write(`${heard.length === 0 ? 'no service listens' : heard.join(', ')}\n`);
process.exitCode = isHealthy && heard.length > 0 ? 0 : 1;
