/** `carbon replay FILE`: a payload through the whole pipeline, from bytes to served values. */

import { basename } from 'node:path';
import { CarbonError } from '../../../core/errors.ts';
import type { RunTotals } from '../../../core/stage/totals.ts';
import { type Loaded, type LoadFileRequest, loadPayload, previewPayload } from '../../ingest/load.ts';
import { servedSummary } from '../../read/summary.ts';
import type { Stores } from '../../stores/open-stores.ts';
import { type GlobalOptions, note, show, withStores } from '../session.ts';
import { tellStages, workThroughShown } from '../stage-report.ts';

interface ReplayOptions {
  readonly market?: string;
  readonly dataset?: string;
  readonly partial?: boolean;
  readonly dryRun?: boolean;
}

/** Exit code 4 when values were rejected on the way. An error of the body names the file by the path that was given. */
export async function replay(file: string, options: ReplayOptions, globals: GlobalOptions): Promise<number> {
  try {
    return await replayFile(file, options, globals);
  } catch (error) {
    if (!(error instanceof CarbonError) || error.position.file !== basename(file)) throw error;
    const { code, message, position, context, cause } = error;
    throw new CarbonError(code, message, { position: { ...position, file }, context, cause });
  }
}

async function replayFile(file: string, options: ReplayOptions, globals: GlobalOptions): Promise<number> {
  const request: LoadFileRequest = {
    path: file,
    partial: options.partial === true,
    ...(options.market === undefined ? {} : { market: options.market }),
    ...(options.dataset === undefined ? {} : { dataset: options.dataset }),
  };
  if (options.dryRun === true) {
    const { market, dataset, topic, rows, values } = await previewPayload(request);
    await show([{ would_publish: rows, values, market, dataset, topic }], globals);
    return 0;
  }
  return withStores(globals, true, async (stores) => {
    const loaded = await loadPayload(stores, request);
    note(`archived ${loaded.sha256}${loaded.isNew ? '' : ' (known before)'}`);
    note(
      `published ${loaded.rows} rows, ${loaded.values} values of ${loaded.market}/${loaded.dataset} to ${loaded.topic}`,
    );
    const totals = await workThroughShown(stores, [loaded.topic]);
    return summarise(stores, loaded, totals, globals);
  });
}

async function summarise(
  stores: Stores,
  loaded: Loaded,
  totals: RunTotals | null,
  globals: GlobalOptions,
): Promise<number> {
  const rejected = tellStages(totals);
  await show(await servedSummary(stores.warehouse, stores.runtime.tenant, loaded.market), globals);
  note('next: carbon latest, carbon bars <instrument>, carbon why <instrument> --interval 1h');
  return rejected > 0 ? 4 : 0;
}
