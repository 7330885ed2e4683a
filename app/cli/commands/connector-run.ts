/** `carbon connector run NAME`: pulls a window from a market, and takes what it brought through the pipeline. */

import { randomBytes } from 'node:crypto';
import { CarbonError } from '../../../core/errors.ts';
import { DAY, formatInstant, type Micros } from '../../../core/time/instant.ts';
import { formatInterval, type Interval, parseWindow } from '../../../core/time/interval.ts';
import { systemClock } from '../../../drivers/system-clock/clock.ts';
import { pullInRuns } from '../../ingest/pull-in-runs.ts';
import { previewRun, runConnector } from '../../ingest/run-connector.ts';
import { ACTS, type Patience, type RunReport, type RunRequest } from '../../ingest/run-report.ts';
import { cursorOf } from '../../ingest/run-window.ts';
import { withReference } from '../../stores/open-reference.ts';
import { numberOption, timeOption } from '../option-values.ts';
import { formatOf } from '../output.ts';
import { startProgress } from '../progress.ts';
import { exitOfRun, runRows, tellRun } from '../run-output.ts';
import { type GlobalOptions, note, runtimeOf, show, withStores } from '../session.ts';
import { tellStages, workThroughShown } from '../stage-report.ts';
import { SIGNAL_EXITS, stopOnSignals } from '../stop-signals.ts';

/** Options as they stand on the command line. */
export interface ConnectorRunOptions {
  readonly dataset?: string;
  readonly from?: string;
  readonly to?: string;
  readonly origin?: string;
  readonly act?: string;
  readonly run?: string;
  readonly dueAt?: string;
  readonly since?: string;
  readonly option?: readonly string[];
  readonly retries?: string;
  readonly backoffSeconds?: string;
  readonly minIntervalMs?: string;
  readonly maxRejected?: string;
  /** False with `--no-pipeline`. */
  readonly pipeline?: boolean;
  readonly dryRun?: boolean;
  /** Run after run, until nothing of the window is left. */
  readonly whole?: boolean;
}

/**
 * Exit code 0 when all went well, also when there was nothing new; 7 when the source could not be reached; that of the
 * error for what else failed; 4 when more was rejected than allowed; 130 or 143 after a signal.
 */
export async function runCommand(
  name: string,
  options: ConnectorRunOptions,
  globals: GlobalOptions,
): Promise<number> {
  const request = requestOf(name, options);
  const allowed = numberOption('--max-rejected', options.maxRejected, 0, { least: 0, most: 100 });
  if (options.dryRun === true) return preview(request, globals);
  if (request.window !== 'due') note(`window ${formatInterval(request.window)}`);
  const { signal, received } = stopOnSignals((each) => note(`${each}: finishing the requests in flight`));
  return withStores(globals, true, async (stores) => {
    const { window } = request;
    const isWhole = options.whole === true && window !== 'due';
    const reports = await underProgress(request, async (watched) =>
      isWhole
        ? pullInRuns(stores, { ...watched, window }, signal)
        : [await runConnector(stores, watched, signal)],
    );
    for (const report of reports) tellRun(report);
    let rejectedValues = 0;
    const { market, act } = reports[0] as RunReport;
    if ((act === null || act === 'load') && options.pipeline !== false && !signal.aborted) {
      const topics = [...stores.partitions.keys()].filter((topic) =>
        topic.startsWith(`ingestion.${market.toLowerCase()}.`),
      );
      rejectedValues = tellStages(await workThroughShown(stores, topics));
    }
    const isTable = formatOf(globals) === 'table';
    await show(
      reports.flatMap((report) => runRows(report, isTable)),
      globals,
    );
    const stopped = received();
    if (stopped !== null) return SIGNAL_EXITS[stopped];
    return Math.max(...reports.map((report) => exitOfRun(report, allowed, rejectedValues)));
  });
}

function requestOf(name: string, options: ConnectorRunOptions): RunRequest {
  const act = options.act === undefined ? undefined : ACTS.find((each) => each === options.act);
  if (options.act !== undefined && act === undefined)
    throw usage('--act', ACTS.join(', '), options.act, `no act ${options.act}`);
  if (options.whole === true && options.from === undefined)
    throw usage('--from', 'a date or a time', 'nothing', '--whole needs --from');
  if (act !== undefined && options.run === undefined)
    throw usage('--run', 'the name of the run', 'nothing', 'the acts of a run share its name: --run');
  return {
    connector: name,
    ...(options.dataset === undefined ? {} : { datasets: options.dataset.split(',') }),
    window: windowOf(options),
    runId: options.run ?? newRunId(systemClock.now()),
    ...dueOf(options),
    ...(options.origin === undefined ? {} : { origin: options.origin }),
    ...(act === undefined ? {} : { act }),
    ...(options.option === undefined ? {} : { options: choicesOf(options.option) }),
    patience: patienceOf(options),
  };
}

/** A scheduler that runs act by act says itself what is due: acts leave the cursor alone. */
function dueOf({ dueAt, since, act, from }: ConnectorRunOptions): Pick<RunRequest, 'due'> {
  if (since !== undefined && dueAt === undefined)
    throw usage('--due-at', 'a time', 'nothing', '--since needs --due-at');
  if (dueAt === undefined) return {};
  if (act === undefined)
    throw usage(
      '--act',
      ACTS.join(', '),
      'nothing',
      '--due-at is for the acts of a scheduler: it needs --act',
    );
  if (from !== undefined)
    throw usage('--due-at', 'no --from beside it', dueAt, '--due-at and --from both say the window');
  const at = timeOption('--due-at', dueAt);
  return { due: { at, since: since === undefined ? null : timeOption('--since', since) } };
}

/** `--from` alone goes to now and what is published ahead; `--to` needs `--from`. */
function windowOf({ from, to }: ConnectorRunOptions): Interval | 'due' {
  if (from === undefined && to === undefined) return 'due';
  if (from === undefined) throw usage('--from', 'a date or a time', 'nothing', '--to needs --from');
  return parseWindow(from, to ?? formatInstant(systemClock.now() + DAY));
}

/** `20260308T050000Z-3fa9c1` */
export function newRunId(now: Micros): string {
  const stamp = formatInstant(now).replace(/[-:]|\.\d+/g, '');
  return `${stamp}-${randomBytes(3).toString('hex')}`;
}

function choicesOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw usage('--option', 'name=value', pair, `--option is no choice: ${pair}`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** A source is asked at the pace of its manifest; a simulator may be asked faster. */
export function patienceOf(
  options: Pick<ConnectorRunOptions, 'origin' | 'retries' | 'backoffSeconds' | 'minIntervalMs'>,
): Patience {
  const given = { '--backoff-seconds': options.backoffSeconds, '--min-interval-ms': options.minIntervalMs };
  for (const [option, text] of Object.entries(given))
    if (text !== undefined && options.origin === undefined)
      throw usage(
        option,
        '--origin beside it',
        text,
        `${option} is for simulators and mirrors: it needs --origin`,
      );
  const number = (option: string, text: string | undefined, most: number, whole: boolean) =>
    text === undefined ? undefined : numberOption(option, text, 0, { least: 0, most, whole });
  const retries = number('--retries', options.retries, 20, true);
  const backoffSeconds = number('--backoff-seconds', options.backoffSeconds, 3600, false);
  const minIntervalMs = number('--min-interval-ms', options.minIntervalMs, 600_000, true);
  return {
    ...(retries === undefined ? {} : { retries }),
    ...(backoffSeconds === undefined ? {} : { backoffSeconds }),
    ...(minIntervalMs === undefined ? {} : { minIntervalMs }),
  };
}

function usage(field: string, expected: string, got: string, message: string): CarbonError {
  return new CarbonError('USAGE_INVALID', message, { position: { field, expected, got } });
}

async function underProgress(
  request: RunRequest,
  run: (watched: RunRequest) => Promise<RunReport[]>,
): Promise<RunReport[]> {
  let text = `${request.connector}: asking`;
  const progress = startProgress(() => text);
  try {
    return await run({
      ...request,
      onProgress: (done, planned, record) => {
        text = `${request.connector} ${record.dataset}: ${done} of ${planned} requests, last ${record.request} ${record.outcome}`;
      },
    });
  } finally {
    progress.stop();
  }
}

async function preview(request: RunRequest, globals: GlobalOptions): Promise<number> {
  const runtime = runtimeOf(globals);
  const planned = await withReference(runtime, (reference) =>
    previewRun(
      request,
      systemClock.now(),
      async (connector, dataset) =>
        reference === null ? null : cursorOf(reference, runtime.tenant, connector, dataset),
      runtime.env,
    ),
  );
  const rows = planned.map(({ dataset, name, window, url, expectedAt }) => ({
    dataset,
    request: name,
    from: formatInstant(window.start),
    to: formatInstant(window.end),
    expected: formatInstant(expectedAt),
    url,
  }));
  await show(rows, globals);
  return 0;
}
