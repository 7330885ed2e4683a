/**
 * Markets that want to know who asks, as their simulators do: with accounts and keys the routes behind them are asked,
 * without them the public ones where there are any.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { connectorsFolder, loadManifest } from '../../../app/connectors/manifest.ts';
import { runConnector } from '../../../app/ingest/run-connector.ts';
import { credentialsOf, missingSecrets, schemesFor } from '../../../app/ingest/source-auth.ts';
import type { FetchRecord } from '../../../core/ports/fetch-ledger.ts';
import { DAY, HOUR, type Micros, parseInstant } from '../../../core/time/instant.ts';
import { openUndiciHttp } from '../../../drivers/http-undici/http.ts';
import { type Simulator, startSimulator } from '../../../simulators/catalog.ts';
import { openIngestWorld } from '../../support/ingest-world.ts';

const EVENING = parseInstant('2025-07-09T20:00:00Z') as Micros;
const ERCOT = {
  ERCOT_SUBSCRIPTION_KEY: 'made-up-key-1',
  ERCOT_USER: 'somebody',
  ERCOT_PASSWORD: 'made-up-word',
};
const TOKEN = '/oauth2/v2.0/token';

interface Asked {
  readonly rows: readonly FetchRecord[];
  readonly paths: readonly string[];
}

/** Asks a market for yesterday, dataset by dataset; `hours` lie between two of them. */
async function ask(
  name: string,
  datasets: readonly string[],
  variables: Record<string, string>,
  hours = 0,
): Promise<Asked> {
  const time = { at: EVENING };
  const simulator: Simulator = await startSimulator(name, {
    seed: 3,
    clock: () => time.at,
    nodes: 1,
    credentials: true,
  });
  const world = await openIngestWorld(EVENING, undefined, variables);
  const rows: FetchRecord[] = [];
  try {
    for (const dataset of datasets) {
      const report = await runConnector(world.stores, {
        connector: name,
        datasets: [dataset],
        window: { start: EVENING - DAY - HOUR, end: EVENING - DAY },
        runId: dataset,
        origin: simulator.origin,
        patience: { retries: 0, minIntervalMs: 0 },
      });
      rows.push(...report.datasets.flatMap(({ results }) => results));
      time.at += hours * HOUR;
    }
    return { rows, paths: simulator.requests().map(({ path }) => path) };
  } finally {
    await simulator.close();
    await world.close();
  }
}

const outcomes = ({ rows }: Asked): string[] => rows.map(({ outcome }) => outcome);

test('ERCOT with a key: the API is asked, and a token that ran out is renewed once', async () => {
  const asked = await ask('ercot', ['rt_lmp', 'da_lmp', 'da_as_prices'], ERCOT, 2);
  assert.deepEqual(outcomes(asked), ['published', 'published', 'published']);
  assert.equal(asked.paths.filter((path) => path.endsWith(TOKEN)).length, 3);
  assert.ok(asked.rows.every(({ url }) => url.includes('/api/public-reports/')));
});

test('ERCOT without: pages and dashboards are asked, the archive for what has no page, the API for the rest', async () => {
  const asked = await ask('ercot', ['rt_lmp', 'da_lmp', 'fuel_mix'], {});
  assert.deepEqual(outcomes(asked), ['published', 'published', 'published']);
  const filed = await ask('ercot', ['da_as_prices', 'da_as_prices'], {});
  // Listing and document, then the listing alone: a document that was published never changes.
  assert.deepEqual(
    filed.paths.map((path) => path.split('?', 1)[0]?.split('/').at(-1)),
    ['IceDocListJsonWS', 'mirDownload', 'IceDocListJsonWS'],
  );
  assert.deepEqual(outcomes(filed), ['published', 'published', 'unchanged']);
  assert.deepEqual(
    filed.rows.map(({ rows }) => rows > 0),
    [false, true, false],
  );
  const open = [...asked.paths, ...filed.paths];
  assert.ok(open.every((path) => !path.includes('/public-reports/') && !path.endsWith(TOKEN)));
  const refused = await ask('ercot', ['outages_hourly'], {});
  assert.deepEqual(
    refused.rows.map(({ status, code }) => [status, code]),
    [[401, 'SOURCE_REFUSED']],
  );
});

test('PJM: nothing without its key, everything with it', async () => {
  assert.deepEqual(outcomes(await ask('pjm', ['load'], { PJM_SUBSCRIPTION_KEY: 'made-up-key-2' })), [
    'published',
  ]);
  const [refused] = (await ask('pjm', ['load'], {})).rows;
  assert.deepEqual([refused?.status, refused?.code], [401, 'SOURCE_REFUSED']);
});

test('ISO New England: the web services with an account, the files of the site and its cookie without', async () => {
  const datasets = ['da_lmp', 'load', 'fuel_mix'];
  const account = { ISONE_USER: 'somebody', ISONE_PASSWORD: 'made-up-word' };
  const signedIn = await ask('isone', datasets, account);
  assert.deepEqual(outcomes(signedIn), ['published', 'published', 'published']);
  assert.ok(signedIn.paths.every((path) => path.startsWith('/api/v1.1/')));
  const open = await ask('isone', datasets, {});
  assert.deepEqual(outcomes(open), ['published', 'published', 'published']);
  assert.equal(open.paths.filter((path) => path.startsWith('/isoexpress/')).length, 1);
  assert.ok(open.paths.every((path) => !path.startsWith('/api/v1.1/')));
});

test('EIA: the key comes from a file too, and no address bears it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signed-in-'));
  try {
    const file = join(folder, 'key');
    writeFileSync(file, 'made-up-key-3\n');
    const asked = await ask('eia', ['load_hourly'], { EIA_API_KEY_FILE: file });
    assert.deepEqual(outcomes(asked), ['published']);
    assert.ok(
      [...asked.paths, ...asked.rows.map(({ url }) => url)].every((each) => !each.includes('made-up')),
    );
    const [refused] = (await ask('eia', ['load_hourly'], {})).rows;
    assert.deepEqual([refused?.status, refused?.code], [403, 'SOURCE_REFUSED']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('asked for at the market itself, a key that is needed and not set is named', async () => {
  const http = openUndiciHttp();
  const around = { http, now: () => EVENING, variables: {} };
  const needed = [
    ['ercot', 'api.ercot.com', 'ERCOT_SUBSCRIPTION_KEY'],
    ['isone', 'webservices.iso-ne.com', 'ISONE_USER'],
    ['pjm', 'api.pjm.com', 'PJM_SUBSCRIPTION_KEY'],
    ['eia', 'api.eia.gov', 'EIA_API_KEY'],
  ] as const;
  try {
    for (const [name, host, variable] of needed) {
      const { auth } = await loadManifest(join(connectorsFolder(), name, 'connector.yaml'));
      await assert.rejects(credentialsOf(schemesFor(auth, host), around), {
        code: 'SECRET_MISSING',
        message: new RegExp(`${variable} is not set`),
      });
      // What is for one host alone does not keep the others from being asked.
      const locked = missingSecrets(auth, {});
      assert.deepEqual(locked, name === 'pjm' || name === 'eia' ? [variable] : []);
    }
    const { auth } = await loadManifest(join(connectorsFolder(), 'ercot', 'connector.yaml'));
    assert.deepEqual(schemesFor(auth, 'www.ercot.com'), []);
  } finally {
    await http.close();
  }
});
