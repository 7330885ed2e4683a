/** The simulated CAISO: reports of OASIS at `/oasisapi/SingleZip`, and the tables of the Outlook. */

import { HOUR, type Micros } from '../../core/time/instant.ts';
import { plainText } from '../decimal-text.ts';
import { type Feed, publishedBy } from '../feed.ts';
import type { Answer, Example, MarketSimulation, Refusal } from '../market.ts';
import type { MarketTraits, PriceNode, PriceProcess } from '../price-process.ts';
import { partsPublished, regularIntervals } from '../series.ts';
import { invalidRequest, oasisError, policyViolation } from './error-report.ts';
import { caisoFeeds, feedsOf } from './feeds.ts';
import { figureReports } from './figure-reports.ts';
import { type FigureReport, figuresOf, figureTable, type Sheet } from './figure-tables.ts';
import { csvTable, OASIS_COMPONENTS, priceGroups, xmlTable } from './lmp-report.ts';
import { caisoNodes } from './nodes.ts';
import {
  isTooLong,
  isTooOld,
  type OasisRequest,
  oasisReport,
  queryTime,
  readRequest,
  SINGLE_ZIP,
  stemOf,
  unknownReport,
} from './oasis-request.ts';
import { OUTLOOK, outlookAnswer, outlookExamples, outlookFeeds, outlookPages } from './outlook.ts';
import { CAISO_ZONE, caisoDay, caisoDayOf, type OasisQuery, oasisQueries } from './publication.ts';

interface CaisoWorld {
  readonly process: PriceProcess;
  readonly queries: readonly OasisQuery[];
  readonly nodes: readonly PriceNode[];
  readonly reports: readonly FigureReport[];
}

/** `nodes` is the number of pricing nodes; hubs and load aggregation points are always among them. */
export function simulateCaiso(seed: number, nodes: number, traits: MarketTraits = {}): MarketSimulation {
  const process: PriceProcess = {
    seed,
    market: 'CAISO',
    zone: CAISO_ZONE,
    decimals: 5,
    level: 42,
    sun: 62,
    calm: traits.calm,
  };
  const demand = { seed, market: 'CAISO', zone: CAISO_ZONE, level: 25_500 };
  const feeds = caisoFeeds(process, demand);
  const pages = outlookPages(demand);
  const others: readonly Feed[] = [...feedsOf(feeds), ...outlookFeeds(pages)];
  const world: CaisoWorld = {
    process,
    queries: oasisQueries(process),
    nodes: caisoNodes(process, nodes).slice(0, traits.places),
    reports: figureReports(feeds),
  };
  return {
    name: 'caiso',
    market: 'CAISO',
    datasets: [
      ...world.queries.map(({ series }) => series.dataset),
      ...new Set(others.map(({ dataset }) => dataset)),
    ],
    pace: { requests: 1, seconds: 5, covers: (path) => path === SINGLE_ZIP },
    tooSoon: policyViolation,
    examples: (at) => [
      ...world.queries.map((query) => priceExample(query, at)),
      ...world.reports.flatMap((report) => report.sheets.map((sheet) => figureExample(report, sheet, at))),
      ...outlookExamples(pages),
    ],
    respond: (path, parameters, at) => {
      if (path === SINGLE_ZIP) return singleZip(world, parameters, at);
      return path.startsWith(OUTLOOK) ? outlookAnswer(pages, path.slice(OUTLOOK.length), at) : notFound();
    },
    *published(dataset, window, at) {
      yield* publishedBy(others, dataset, window, at);
      const query = world.queries.find(({ series }) => series.dataset === dataset);
      if (query === undefined) return;
      for (const interval of regularIntervals(window, query.series.step))
        for (const node of world.nodes) {
          const parts = partsPublished(process, query.series, node, interval, at);
          if (parts === null) continue;
          for (const { field, of } of OASIS_COMPONENTS)
            yield {
              dataset,
              location: node.name,
              field,
              ...interval,
              value: plainText(of(parts), process.decimals),
            };
        }
    },
  };
}

function notFound(): Refusal {
  const body = '<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>';
  return { kind: 'refusal', status: 404, headers: { 'content-type': 'text/html' }, body };
}

/** A query by its parameters, as CSV. */
function pathOf(parameters: readonly (readonly [name: string, value: string])[]): string {
  return `${SINGLE_ZIP}?${parameters.map(([name, value]) => `${name}=${value}`).join('&')}`;
}

function spanOf(start: Micros, end: Micros): [string, string][] {
  return [
    ['startdatetime', queryTime(start)],
    ['enddatetime', queryTime(end)],
    ['resultformat', '6'],
  ];
}

/** The hour before the one that an instant lies in. */
function lastHour(at: Micros): [start: Micros, end: Micros] {
  const end = Math.floor(at / HOUR) * HOUR;
  return [end - HOUR, end];
}

function priceExample(
  { queryname, version, marketRun, series, isDayAhead }: OasisQuery,
  at: Micros,
): Example {
  const { start, end } = caisoDay(caisoDayOf(at));
  const path = pathOf([
    ['queryname', queryname],
    ['version', version],
    ['market_run_id', marketRun],
    ...(isDayAhead ? spanOf(start, end) : spanOf(...lastHour(at))),
    ['node', 'TH_NP15_GEN-APND'],
  ]);
  return { dataset: series.dataset, path };
}

/** A day that is over where the report tells of the past, today or the last hour elsewhere. */
function figureExample({ queryname, version }: FigureReport, sheet: Sheet, at: Micros): Example {
  const { feed, run, execution } = sheet;
  const isPast = run === 'ACTUAL';
  const { start, end } = caisoDay(caisoDayOf(at) - (isPast ? 2 : 0));
  const path = pathOf([
    ['queryname', queryname],
    ['version', version],
    ...(run === '' ? [] : [['market_run_id', run] as const]),
    ...(execution === null ? [] : [['execution_type', execution] as const]),
    ...(feed.step < HOUR ? spanOf(...lastHour(at)) : spanOf(start, end)),
  ]);
  return { dataset: feed.dataset, path };
}

function singleZip(world: CaisoWorld, parameters: URLSearchParams, at: Micros): Answer {
  const request = readRequest(parameters, at);
  if ('kind' in request) return request;
  const { queryname, version } = request;
  const query = world.queries.find((each) => each.queryname === queryname);
  const report = world.reports.find((each) => each.queryname === queryname);
  const known = query ?? report;
  if (known === undefined) return unknownReport(request, at);
  if (known.version !== version) return invalidRequest(`no version ${version.slice(0, 10)}`, at);
  if (query !== undefined) return priceAnswer(world, query, request, at);
  return report === undefined ? unknownReport(request, at) : figureAnswer(world, report, request, at);
}

function priceAnswer(world: CaisoWorld, query: OasisQuery, request: OasisRequest, at: Micros): Answer {
  const { window, parameters } = request;
  const run = request.run ?? query.marketRun;
  const stem = stemOf(request, run, at);
  if (isTooLong(request)) return oasisError('1004', stem, at);
  const names = parameters.get('node')?.split(',') ?? null;
  const group = parameters.get('grp_type');
  if (names === null && group !== 'ALL' && group !== 'ALL_APNODES')
    return invalidRequest('node or grp_type is missing', at);
  const span = window.end - window.start;
  if (names === null && span > (query.isDayAhead ? 25 * HOUR : HOUR))
    return invalidRequest('all nodes are served by the day, in real time by the hour', at);
  const nodes = world.nodes.filter(({ name }) =>
    names === null ? group === 'ALL' || name.endsWith('-APND') : names.includes(name),
  );
  if (isTooOld(request, at) || run !== query.marketRun) return oasisError('1000', stem, at);
  const groups = priceGroups(world.process, query, nodes, window, at);
  if (groups.length === 0) return oasisError('1000', stem, at);
  const column = names === null ? query.priceColumn.all : query.priceColumn.named;
  const table = request.isCsv
    ? csvTable(world.process, query, groups, column)
    : xmlTable(world.process, query, groups);
  const head = {
    queryname: query.queryname,
    marketRun: query.marketRun,
    execution: null,
    unit: 'US$/MWh',
    step: query.series.step,
  };
  return oasisReport(query.series.dataset, request, head, stem, table, at);
}

function figureAnswer(world: CaisoWorld, report: FigureReport, request: OasisRequest, at: Micros): Answer {
  const { window, parameters } = request;
  const execution = parameters.get('execution_type');
  const sheets = report.sheets.filter((each) => each.run === '' || each.run === request.run);
  const sheet = sheets.find((each) => execution === null || each.execution === execution);
  const run = request.run ?? '';
  const stem = stemOf(request, run, at);
  if (request.run === null && report.sheets.every((each) => each.run !== ''))
    return invalidRequest('market_run_id is missing', at);
  if (isTooLong(request)) return oasisError('1004', stem, at);
  if (isTooOld(request, at) || sheet === undefined) return oasisError('1000', stem, at);
  const figures = figuresOf(report, sheet, parameters, window, at, world.process.seed);
  if (figures.length === 0) return oasisError('1000', stem, at);
  const isPrice = report.columns.some(([name]) => name === 'PRC');
  const table = request.isCsv
    ? figureTable(report.columns, figures, isPrice ? 'PRC' : 'MW')
    : figureTable(report.tags, figures, 'VALUE');
  const head = {
    queryname: report.queryname,
    marketRun: run,
    execution: sheet.execution,
    unit: report.unit,
    step: sheet.feed.step,
  };
  return oasisReport(sheet.feed.dataset, request, head, stem, table, at);
}
