/** `carbon connector list` and `validate`. */

import { join } from 'node:path';
import { CONNECTORS } from '../../../connectors/catalog.ts';
import { connectorsFolder, loadManifest, settingsOf } from '../../connectors/manifest.ts';
import { validateConnector } from '../../connectors/validate.ts';
import { type GlobalOptions, note, report, show } from '../session.ts';

const manifests = (): string[] =>
  CONNECTORS.map(({ name }) => join(connectorsFolder(), name, 'connector.yaml'));

/** One row per connector and dataset. */
export async function list(globals: GlobalOptions): Promise<void> {
  const rows = await Promise.all(
    CONNECTORS.map(async (connector) => {
      const manifest = await loadManifest(join(connectorsFolder(), connector.name, 'connector.yaml'));
      return connector.datasets.map((dataset) => {
        const { mode, schedule } = settingsOf(manifest, dataset.name);
        return {
          connector: connector.name,
          version: manifest.version,
          market: connector.market,
          dataset: dataset.name,
          mode,
          schedule: schedule ?? null,
          enabled: manifest.enabled,
          topic: manifest.output_topic,
        };
      });
    }),
  );
  await show(rows.flat(), globals);
}

/** Exit code 3 when anything is wrong; every problem is told. */
export async function validate(files: readonly string[], globals: GlobalOptions): Promise<number> {
  const chosen = files.length > 0 ? files : manifests();
  let count = 0;
  for (const file of chosen) {
    const { problems, samples } = await validateConnector(file);
    count += problems.length;
    for (const problem of problems) report(problem, globals.json === true);
    if (problems.length === 0) note(`${file}: good (${samples.length} samples fit their schema)`);
  }
  return count === 0 ? 0 : 3;
}
