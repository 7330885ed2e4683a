/** The simulated OASIS: `/oasisapi/SingleZip` for the four price queries. */

import { DAY, HOUR, instantFromCivil, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { plainText } from '../decimal-text.ts';
import { clockText, compactDate, wallAt } from '../local-time.ts';
import type { Answer, MarketSimulation, Refusal } from '../market.ts';
import type { MarketTraits, PriceNode, PriceProcess } from '../price-process.ts';
import { partsPublished, regularIntervals } from '../series.ts';
import { csvOf } from '../table.ts';
import { invalidRequest, oasisError, policyViolation, zipHeaders } from './error-report.ts';
import { csvTable, OASIS_COMPONENTS, oasisXml, priceGroups, xmlTable } from './lmp-report.ts';
import { caisoNodes } from './nodes.ts';
import { CAISO_ZONE, caisoDay, caisoDayOf, type OasisQuery, oasisQueries } from './publication.ts';

const SINGLE_ZIP = '/oasisapi/SingleZip';
const LONGEST = 31 * DAY;
/** About 39 months. */
const RETENTION = 1186 * DAY;

interface CaisoWorld {
  readonly process: PriceProcess;
  readonly queries: readonly OasisQuery[];
  readonly nodes: readonly PriceNode[];
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
  const world: CaisoWorld = {
    process,
    queries: oasisQueries(process),
    nodes: caisoNodes(process, nodes).slice(0, traits.places),
  };
  return {
    name: 'caiso',
    market: 'CAISO',
    datasets: world.queries.map(({ series }) => series.dataset),
    pace: { requests: 1, seconds: 5, covers: () => true },
    tooSoon: policyViolation,
    examples: (at) => world.queries.map((query) => exampleOf(query, at)),
    respond: (path, parameters, at) => (path === SINGLE_ZIP ? singleZip(world, parameters, at) : notFound()),
    *published(dataset, window, at) {
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

/** `YYYYMMDDTHH:MM-0000`. */
function queryTime(at: Micros): string {
  return `${compactDate(Math.floor(at / DAY))}T${clockText(wallAt('UTC', at), false)}-0000`;
}

function exampleOf({ queryname, version, marketRun, series, isDayAhead }: OasisQuery, at: Micros) {
  const { start, end } = isDayAhead
    ? caisoDay(caisoDayOf(at))
    : { start: Math.floor(at / HOUR) * HOUR - HOUR, end: Math.floor(at / HOUR) * HOUR };
  const parameters = [
    `queryname=${queryname}`,
    `version=${version}`,
    `market_run_id=${marketRun}`,
    `startdatetime=${queryTime(start)}`,
    `enddatetime=${queryTime(end)}`,
    'resultformat=6',
    'node=TH_NP15_GEN-APND',
  ];
  return { dataset: series.dataset, path: `${SINGLE_ZIP}?${parameters.join('&')}` };
}

const QUERY_TIME = /^(\d{4})(\d{2})(\d{2})T(\d{2}):(\d{2})-0000$/;

function instantOf(text: string | null): Micros | null {
  const m = QUERY_TIME.exec(text ?? '');
  return m === null
    ? null
    : instantFromCivil(Number(m[1]), Number(m[2]), Number(m[3]), Number(m[4]), Number(m[5]));
}

function singleZip(world: CaisoWorld, parameters: URLSearchParams, at: Micros): Answer {
  const name = parameters.get('queryname');
  if (name === null) return invalidRequest('queryname is missing', at);
  const version = parameters.get('version');
  if (version === null) return invalidRequest('version is missing', at);
  const start = instantOf(parameters.get('startdatetime'));
  if (start === null) return invalidRequest('startdatetime is missing or not YYYYMMDDTHH:MM-0000', at);
  const end = parameters.has('enddatetime') ? instantOf(parameters.get('enddatetime')) : start + DAY;
  if (end === null || end <= start) return invalidRequest('enddatetime is not after startdatetime', at);
  const query = world.queries.find(({ queryname }) => queryname === name);
  if (query === undefined)
    // The many reports that are not simulated have no data; what can be no name of a report is refused.
    return /^[A-Z]{2,4}(_[A-Z]{1,12}){1,4}$/.test(name)
      ? oasisError('1000', `${compactDate(caisoDayOf(start))}_${name}_v${version.slice(0, 4)}`, at)
      : invalidRequest('queryname is not known', at);
  if (query.version !== version) return invalidRequest(`no version ${version.slice(0, 10)}`, at);
  return priceAnswer(world, query, parameters, { start, end }, at);
}

function priceAnswer(
  world: CaisoWorld,
  query: OasisQuery,
  parameters: URLSearchParams,
  window: Interval,
  at: Micros,
): Answer {
  const run = parameters.get('market_run_id') ?? query.marketRun;
  const stem = stemOf(query, run, window, at);
  if (window.end - window.start > LONGEST) return oasisError('1004', stem, at);
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
  if (window.start < at - RETENTION || run !== query.marketRun) return oasisError('1000', stem, at);
  const groups = priceGroups(world.process, query, nodes, window, at);
  if (groups.length === 0) return oasisError('1000', stem, at);
  const isCsv = parameters.get('resultformat') === '6';
  const column = names === null ? query.priceColumn.all : query.priceColumn.named;
  const table = isCsv
    ? csvTable(world.process, query, groups, column)
    : xmlTable(world.process, query, groups);
  return {
    kind: 'report',
    dataset: query.series.dataset,
    headers: zipHeaders(`${stem}.zip`),
    members: [
      {
        name: `${stem}.${isCsv ? 'csv' : 'xml'}`,
        modifiedAt: at,
        table,
        render: isCsv ? csvOf : oasisXml(query, at),
      },
    ],
    container: 'zip',
    zone: CAISO_ZONE,
    lastModified: null,
    neighbour: null,
  };
}

/** `20250204_20250211_PRC_LMP_DAM_20250214_04_52_10_v12`: days asked for, query, run, Pacific time of making, version. */
function stemOf(query: OasisQuery, run: string, window: Interval, at: Micros): string {
  const made = clockText(wallAt(CAISO_ZONE, at), true).replaceAll(':', '_');
  const days = [window.start, window.end].map((each) => compactDate(caisoDayOf(each)));
  const safeRun = run.replaceAll(/[^A-Z0-9]/g, '').slice(0, 10);
  return `${days.join('_')}_${query.queryname}_${safeRun}_${compactDate(caisoDayOf(at))}_${made}_v${query.version}`;
}
