/**
 * The streams of live sources: each dataset that its source tells by itself is followed for as long as a service runs.
 * One process follows a stream at a time; another one that is live too takes over when it ends.
 */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Connector, Dataset } from '../../connectors/kit/contract.ts';
import { CarbonError } from '../../core/errors.ts';
import type { StreamSource } from '../../core/ports/stream-source.ts';
import { formatInstant } from '../../core/time/instant.ts';
import { allConnectors } from '../connectors/catalogue.ts';
import { connectorsFolder, loadManifest, type Manifest, settingsOf } from '../connectors/manifest.ts';
import type { Stores } from '../stores/open-stores.ts';
import type { ScheduleOptions } from './connector-schedule.ts';
import { followStream } from './follow-stream.ts';
import { missingSecrets } from './source-auth.ts';

/** Between two looks whether a stream that another process follows is free, or one that failed answers again. */
const AGAIN_MS = 30_000;

/** A dataset with a stream that is to be followed. */
export interface LiveStream {
  readonly connector: Connector;
  readonly manifest: Manifest;
  readonly dataset: Dataset;
}

/**
 * Streams of the enabled datasets, in order of name. Where none is named, those whose secrets are not among the variables
 * are left out, as `scheduledJobs` tells.
 */
export async function liveStreams(
  names: readonly string[] | undefined,
  variables: Stores['runtime']['env'],
): Promise<LiveStream[]> {
  const streams: LiveStream[] = [];
  for (const connector of allConnectors()) {
    if (names !== undefined && !names.includes(connector.name)) continue;
    const manifest = await loadManifest(join(connectorsFolder(), connector.name, 'connector.yaml'));
    if (names === undefined && missingSecrets(manifest.auth, variables).length > 0) continue;
    for (const dataset of connector.datasets) {
      const { enabled, mode } = settingsOf(manifest, dataset.name);
      if (dataset.stream !== undefined && enabled && mode !== 'batch')
        streams.push({ connector, manifest, dataset });
    }
  }
  return streams;
}

/** Follows all until the signal. A stream that another process follows, or that fails, is tried again after a while. */
export async function followStreams(
  stores: Stores,
  streams: readonly LiveStream[],
  source: StreamSource,
  signal: AbortSignal,
  options: Pick<ScheduleOptions, 'origins' | 'patience'> & { readonly againMs?: number } = {},
): Promise<void> {
  await Promise.all(
    streams.map(async ({ connector, manifest, dataset }) => {
      const origin = options.origins?.[connector.name];
      while (!signal.aborted) {
        const startedAt = stores.clock.now();
        const request = {
          connector: connector.name,
          window: 'due' as const,
          runId: `live-${formatInstant(startedAt)}-${randomBytes(3).toString('hex')}`,
          ...(origin === undefined ? {} : { origin }),
          ...(options.patience === undefined ? {} : { patience: options.patience }),
        };
        const settings = settingsOf(manifest, dataset.name);
        try {
          await followStream(
            { stores, connector, manifest, dataset, settings, request, signedIn: [], startedAt, signal },
            source,
          );
        } catch (error) {
          if (!(error instanceof CarbonError)) throw error;
          const { code, message } = error;
          stores.telemetry.emit({
            name: code === 'PLAN_CONFLICT' ? 'stream.elsewhere' : 'stream.broken',
            level: code === 'PLAN_CONFLICT' ? 'info' : 'error',
            facts: { connector: connector.name, dataset: dataset.name, code, error: message },
          });
          await stores.clock.sleep(options.againMs ?? AGAIN_MS, signal);
        }
      }
    }),
  );
}
