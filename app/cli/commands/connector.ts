/** `carbon connector list`, `show` and `validate`. */

import { join } from 'node:path';
import type { Connector } from '../../../connectors/kit/contract.ts';
import type { ReferenceStore } from '../../../core/ports/reference-store.ts';
import { formatInstant } from '../../../core/time/instant.ts';
import { allConnectors, catalogueOf, connectorNamed } from '../../connectors/catalogue.ts';
import type { Described } from '../../connectors/connector-index.ts';
import { connectorsFolder, loadManifest, settingsOf } from '../../connectors/manifest.ts';
import { validateConnector } from '../../connectors/validate.ts';
import { cursorOf } from '../../ingest/run-window.ts';
import { withReference } from '../../stores/open-reference.ts';
import { formatOf, type OutputRow, print, render } from '../output.ts';
import { type GlobalOptions, note, report, runtimeOf, show as showRows } from '../session.ts';

const manifestPath = (name: string): string => join(connectorsFolder(), name, 'connector.yaml');

/** A connector with its manifest. Throws CONNECTOR_INVALID. */
export async function describe(connector: Connector): Promise<Described> {
  return { connector, manifest: await loadManifest(manifestPath(connector.name)) };
}

/** How the last fetch of a dataset went; nulls before the first. */
async function lastFetch(
  reference: ReferenceStore | null,
  tenant: string,
  connector: string,
  dataset: string,
): Promise<{ last_fetch: string | null; last_outcome: string | null; cursor: string | null }> {
  if (reference === null) return { last_fetch: null, last_outcome: null, cursor: null };
  const [last] = await reference.listFetches({ tenant, connector, dataset, limit: 1 });
  const cursor = await cursorOf(reference, tenant, connector, dataset);
  return {
    last_fetch: last === undefined ? null : formatInstant(last.startedAt),
    last_outcome: last === undefined ? null : [last.outcome, last.code ?? ''].join(' ').trim(),
    cursor: cursor === null ? null : formatInstant(cursor),
  };
}

/** One row per connector and dataset, those that producers push included. */
export async function list(globals: GlobalOptions): Promise<void> {
  const runtime = runtimeOf(globals);
  const rows = await withReference(runtime, async (reference) => {
    const found: OutputRow[] = [];
    for (const connector of allConnectors()) {
      const { manifest } = await describe(connector);
      for (const dataset of [...connector.datasets.map(({ name }) => name), ...connector.pushed]) {
        const { mode, schedule, enabled } = settingsOf(manifest, dataset);
        found.push({
          connector: connector.name,
          version: manifest.version,
          market: connector.market,
          dataset,
          mode,
          schedule: schedule ?? null,
          enabled,
          topic: manifest.output_topic,
          ...(await lastFetch(reference, runtime.tenant, connector.name, dataset)),
        });
      }
    }
    return found;
  });
  await showRows(rows, globals);
}

/** Everything about one connector: its manifest, its datasets with their fields, and how far each has come. */
export async function show(name: string, globals: GlobalOptions): Promise<void> {
  const connector = connectorNamed(name);
  const { manifest } = await describe(connector);
  const { datasets: _, transforms, ...head } = manifest;
  const runtime = runtimeOf(globals);
  const datasets = await withReference(runtime, async (reference) => {
    const found: OutputRow[] = [];
    for (const dataset of connector.datasets)
      found.push({
        dataset: dataset.name,
        title: dataset.title,
        ...settingsOf(manifest, dataset.name),
        time: dataset.time.name,
        fields: dataset.fields,
        ...(await lastFetch(reference, runtime.tenant, connector.name, dataset.name)),
      });
    return found;
  });
  const format = formatOf(globals);
  const whole = { ...head, transforms, pushed: connector.pushed };
  if (format !== 'table') return void (await print(await render([{ ...whole, datasets }], format)));
  const facts = Object.entries(whole).map(([key, value]) => ({ key, value }));
  await print(await render(facts, 'table'));
  for (const { fields, ...dataset } of datasets) {
    await print('\n');
    const known = Object.entries(dataset).map(([key, value]) => ({ key, value }));
    await print(await render(known, 'table'));
    await print(
      await render(
        (fields as OutputRow[]).map(({ field, unit, what }) => ({ field, unit, what })),
        'table',
      ),
    );
  }
}

/** Exit code 3 when anything is wrong; every problem is told. */
export async function validate(files: readonly string[], globals: GlobalOptions): Promise<number> {
  const chosen = files.length > 0 ? files : allConnectors().map(({ name }) => manifestPath(name));
  let count = 0;
  for (const file of chosen) {
    const { problems, samples } = await validateConnector(pathOf(file));
    count += problems.length;
    for (const problem of problems) report(problem, globals.json === true);
    if (problems.length === 0) note(`${file}: good (${samples.length} samples fit their schema)`);
  }
  return count === 0 ? 0 : 3;
}

/** A connector may be named in place of its file, also one whose file is not good. */
function pathOf(file: string): string {
  const { connectors, broken } = catalogueOf(connectorsFolder());
  return broken.has(file) || connectors.some(({ name }) => name === file) ? manifestPath(file) : file;
}
