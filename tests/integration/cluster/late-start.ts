/** A service that is started while an engine is away: it waits, says on its port what for, and works when it is there. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, within } from '../../support/engine-server.ts';
import { linesOf, newFolder, type Running, start } from '../cli/carbon.ts';
import { enginesOfRun } from './engines.ts';

interface Answer {
  readonly status: number;
  readonly body: {
    readonly status?: string;
    readonly checks?: { name: string; ok: boolean; detail: string }[];
  };
}

/** An answer of the port, once somebody listens there. */
function answerOf(port: number, path: string): Promise<Answer> {
  return within(30_000, async () => {
    try {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      return { status: response.status, body: (await response.json()) as Answer['body'] };
    } catch {
      return null;
    }
  });
}

/** Events of a service by name. */
const eventsOf = (running: Running, name: string): Record<string, unknown>[] =>
  linesOf(
    running
      .stderr()
      .split('\n')
      .filter((line) => line.startsWith('{') && line.includes(`"event":"${name}"`))
      .join('\n'),
  );

test('PostgreSQL is away at the start: live, not ready, told once; then it works', async (t) => {
  const engines = await enginesOfRun();
  if (typeof engines === 'string') return t.skip(engines);
  const { servers, emptied } = engines;
  const port = await freePort();
  const variables = { ...(await emptied()), DATA_PROC_ENRICHMENT_PORT: String(port) };
  await servers.postgres.signal('SIGKILL');
  const service = start(['--data', newFolder(), 'run', 'enrichment'], variables);
  try {
    const { status, body } = await answerOf(port, '/readyz?verbose');
    assert.equal(status, 503);
    const [stores] = (body.checks ?? []).filter(({ ok }) => !ok);
    assert.equal(stores.name, 'stores');
    assert.match(stores.detail, new RegExp(`PostgreSQL at 127.0.0.1:${servers.postgres.port}`));
    assert.equal((await answerOf(port, '/livez')).status, 200);
    assert.equal((await answerOf(port, '/metrics')).status, 503);
    await delay(3000);
    assert.equal(eventsOf(service, 'service.waiting').length, 1, 'what is waited for is told, not how often');
    await servers.postgres.start();
    await service.shown('"event":"service.started"');
    await within(30_000, async () => ((await answerOf(port, '/readyz')).status === 200 ? true : null));
  } finally {
    service.child.kill('SIGTERM');
    const { exit, stderr } = await service.ended;
    assert.equal(exit, 0, stderr.slice(-2000));
  }
});
