/** `carbon ledger fetches`: what was fetched, attempt by attempt, newest first. */

import { withReference } from '../../stores/open-reference.ts';
import { numberOption } from '../option-values.ts';
import { wholeRow } from '../run-output.ts';
import { type GlobalOptions, runtimeOf, show as showRows } from '../session.ts';

/** Options as they stand on the command line. */
export interface LedgerFetchesOptions {
  readonly connector?: string;
  readonly dataset?: string;
  readonly run?: string;
  readonly request?: string;
  readonly limit?: string;
}

/** One row per attempt; none where nothing was fetched yet. */
export async function fetches(options: LedgerFetchesOptions, globals: GlobalOptions): Promise<void> {
  const runtime = runtimeOf(globals);
  const limit = numberOption('--limit', options.limit, 50, { least: 1, most: 1_000_000, whole: true });
  const records = await withReference(runtime, async (reference) =>
    reference === null
      ? []
      : reference.listFetches({
          tenant: runtime.tenant,
          ...(options.connector === undefined ? {} : { connector: options.connector }),
          ...(options.dataset === undefined ? {} : { dataset: options.dataset }),
          ...(options.run === undefined ? {} : { runId: options.run }),
          ...(options.request === undefined ? {} : { request: options.request }),
          limit,
        }),
  );
  const brief = globals.json !== true && globals.output === undefined;
  const rows = records.map((record) => {
    const { connector, dataset, request, attempt, outcome, status, rows, rejected, code, started_at } =
      wholeRow(record);
    return brief
      ? {
          started_at,
          connector,
          dataset,
          request,
          attempt,
          outcome,
          status,
          rows,
          rejected,
          code,
          run: record.runId,
        }
      : wholeRow(record);
  });
  await showRows(rows, globals);
}
