/** `carbon connector follow NAME`: takes a stream in until a signal, and works what it brings through the pipeline. */

import { join } from 'node:path';
import { CarbonError } from '../../../core/errors.ts';
import { openUndiciStreams } from '../../../drivers/http-undici/stream.ts';
import { systemClock } from '../../../drivers/system-clock/clock.ts';
import { connectorNamed } from '../../connectors/catalogue.ts';
import { connectorsFolder, loadManifest, settingsOf } from '../../connectors/manifest.ts';
import { followStream, type StreamTotals } from '../../ingest/follow-stream.ts';
import { startProgress } from '../progress.ts';
import { type GlobalOptions, note, show, withStores } from '../session.ts';
import { tellStages, workThroughShown } from '../stage-report.ts';
import { SIGNAL_EXITS, stopOnSignals } from '../stop-signals.ts';
import { newRunId } from './connector-run.ts';

/** Options as they stand on the command line. */
export interface ConnectorFollowOptions {
  readonly dataset?: string;
  readonly origin?: string;
  /** False with `--no-pipeline`. */
  readonly pipeline?: boolean;
}

/** Exit code 130 or 143 after a signal. */
export async function follow(
  name: string,
  options: ConnectorFollowOptions,
  globals: GlobalOptions,
): Promise<number> {
  const connector = connectorNamed(name);
  const streams = connector.datasets.filter(
    (each) => each.stream !== undefined && (options.dataset === undefined || each.name === options.dataset),
  );
  const [dataset, ...more] = streams;
  if (dataset === undefined || more.length > 0)
    throw new CarbonError('CONNECTOR_UNKNOWN', `${name} has ${streams.length} streams of that name`, {
      position: {
        field: '--dataset',
        expected: 'one dataset with a stream',
        got: options.dataset ?? (streams.map((each) => each.name).join(', ') || 'none'),
      },
    });
  const manifest = await loadManifest(join(connectorsFolder(), connector.name, 'connector.yaml'));
  const { signal, received } = stopOnSignals((each) => note(`${each}: finishing the message at hand`));
  return withStores(globals, true, async (stores) => {
    let totals: StreamTotals = { messages: 0, rows: 0, known: 0, gaps: 0, openings: 0 };
    const progress = startProgress(
      () =>
        `${connector.name} ${dataset.name}: ${totals.messages} messages, ${totals.rows} rows, ${totals.gaps} gaps`,
    );
    const source = openUndiciStreams();
    try {
      totals = await followStream(
        {
          stores,
          connector,
          manifest,
          dataset,
          settings: settingsOf(manifest, dataset.name),
          signedIn: [],
          request: {
            connector: connector.name,
            window: 'due',
            runId: `follow-${newRunId(systemClock.now())}`,
            ...(options.origin === undefined ? {} : { origin: options.origin }),
          },
          startedAt: stores.clock.now(),
          signal,
        },
        source,
        (each) => {
          totals = each;
        },
      );
    } finally {
      progress.stop();
      await source.close();
    }
    if (options.pipeline !== false) {
      const topics = [`ingestion.${connector.market.toLowerCase()}.raw.v1`];
      tellStages(await workThroughShown(stores, topics));
    }
    await show([{ connector: connector.name, dataset: dataset.name, ...totals }], globals);
    const stopped = received();
    return stopped === null ? 0 : SIGNAL_EXITS[stopped];
  });
}
