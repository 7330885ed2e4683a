/**
 * `GET /connectors/{name}/pull?from&to`: asks a market for a window, as often as somebody likes. The same window is the
 * same run: bodies that did not change publish nothing, and the budget of the host is that of all runs.
 */

import type { ServerRequest } from '../../core/ports/http-server.ts';
import { DAY, formatInstant, type Micros } from '../../core/time/instant.ts';
import { contains, formatInterval, type Interval } from '../../core/time/interval.ts';
import { line } from '../cli/commands/decode.ts';
import { connectorNamed } from '../connectors/catalogue.ts';
import { openPayload } from '../ingest/open-payload.ts';
import { runConnector } from '../ingest/run-connector.ts';
import { type RunReport, totalsOf } from '../ingest/run-report.ts';
import type { Stores } from '../stores/open-stores.ts';
import { refused } from './problem.ts';
import { readWindow } from './window.ts';

/** Longest window; less where the rows are wanted, too. */
const LONGEST: Micros = 31 * DAY;
const LONGEST_WITH_ROWS: Micros = 7 * DAY;
/** What a pull may be asked with. */
export const PULL_PARAMETERS = ['from', 'to', 'dataset', 'rows'];

/** Simulators that stand in for the markets, by name of the connector; null where the markets themselves are asked. */
export type Origins = Readonly<Record<string, string>> | null;

/**
 * The report of the run, and with `rows=true` every value of the bodies that were had, one object each as `carbon decode`
 * prints them. Where simulators stand in, no market is asked that has none. Throws REQUEST_INVALID, and as `runConnector`
 * does.
 */
export async function pull(
  stores: Stores,
  name: string,
  query: ServerRequest['query'],
  origins: Origins = null,
): Promise<object> {
  const text = (key: string): string | undefined => {
    const value = query[key];
    return value === undefined ? undefined : String(value);
  };
  const rows = text('rows') ?? 'false';
  if (rows !== 'true' && rows !== 'false')
    throw refused('rows is not understood', 'rows', 'true or false', rows);
  const withRows = rows === 'true';
  const window = windowOf(text('from'), text('to'), withRows ? LONGEST_WITH_ROWS : LONGEST);
  const connector = connectorNamed(name);
  const dataset = text('dataset');
  const origin = origins?.[connector.name];
  if (origins !== null && origin === undefined)
    throw refused(
      `${connector.name} is not simulated here, and no market is asked`,
      'name',
      Object.keys(origins).sort().join(', '),
      connector.name,
    );
  const report = await runConnector(stores, {
    connector: connector.name,
    ...(dataset === undefined ? {} : { datasets: dataset.split(',') }),
    window,
    runId: `pull-${dataset ?? 'all'}-${formatInterval(window)}`,
    ...(origin === undefined ? {} : { origin }),
  });
  const facts = reportFacts(report, window);
  return withRows
    ? { data: facts, rows: await rowsOf(stores, connector.market, report, window) }
    : { data: facts };
}

function windowOf(from: string | undefined, to: string | undefined, longest: Micros): Interval {
  if (from === undefined || to === undefined)
    throw refused(
      'a pull needs its window',
      from === undefined ? 'from' : 'to',
      'a date or a time',
      'nothing',
    );
  const window = readWindow(from, to);
  if (window.end - window.start > longest)
    throw refused('the window is too long', 'to', `at most ${longest / DAY} days`, formatInterval(window));
  return window;
}

function reportFacts(report: RunReport, window: Interval): object {
  return {
    run: report.runId,
    connector: report.connector,
    market: report.market,
    status: report.status,
    from: formatInstant(window.start),
    to: formatInstant(window.end),
    datasets: report.datasets.map((each) => {
      const { planned, left, outcomes, rows, values, rejected } = totalsOf([each]);
      return { dataset: each.dataset, planned, left, ...outcomes, rows, values, rejected_rows: rejected };
    }),
  };
}

/** Values of the bodies of a run that lie in the window, in the order of the plan. */
async function rowsOf(
  stores: Stores,
  market: string,
  report: RunReport,
  window: Interval,
): Promise<object[]> {
  const found: object[] = [];
  for (const { dataset, results } of report.datasets)
    for (const { sha256, outcome, request } of results) {
      if (sha256 === null || (outcome !== 'published' && outcome !== 'unchanged')) continue;
      const bytes = await stores.archive.get(sha256);
      const { members } = await openPayload({ name: request, bytes }, { market, dataset });
      for (const { refined } of members)
        for (const row of refined.rows)
          if (contains(window, row.intervalStart))
            for (const value of row.values) found.push(line(row, value));
    }
  return found;
}
