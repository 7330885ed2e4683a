/** What a client asks OASIS for: report, version, window. What it forgot or asked for in vain is told as OASIS tells it. */

import { DAY, instantFromCivil, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { clockText, compactDate, wallAt } from '../local-time.ts';
import type { Refusal, Report } from '../market.ts';
import { csvOf, type Table } from '../table.ts';
import { invalidRequest, oasisError, zipHeaders } from './error-report.ts';
import { type OasisHead, oasisXml } from './oasis-xml.ts';
import { CAISO_ZONE, caisoDayOf } from './publication.ts';

/** Path of all reports. */
export const SINGLE_ZIP = '/oasisapi/SingleZip';

const LONGEST = 31 * DAY;
/** About 39 months. */
const RETENTION = 1186 * DAY;

/** A request whose parameters are all there. */
export interface OasisRequest {
  readonly queryname: string;
  readonly version: string;
  /** Value of `market_run_id`, or the run that a report has without it. */
  readonly run: string | null;
  readonly window: Interval;
  readonly parameters: URLSearchParams;
  readonly isCsv: boolean;
}

const QUERY_TIME = /^(\d{4})(\d{2})(\d{2})T(\d{2}):(\d{2})-0000$/;

function instantOf(text: string | null): Micros | null {
  const m = QUERY_TIME.exec(text ?? '');
  return m === null
    ? null
    : instantFromCivil(Number(m[1]), Number(m[2]), Number(m[3]), Number(m[4]), Number(m[5]));
}

/** `YYYYMMDDTHH:MM-0000`. */
export function queryTime(at: Micros): string {
  return `${compactDate(Math.floor(at / DAY))}T${clockText(wallAt('UTC', at), false)}-0000`;
}

/** Reads a query; a refusal where something is missing or malformed. */
export function readRequest(parameters: URLSearchParams, at: Micros): OasisRequest | Refusal {
  const queryname = parameters.get('queryname');
  if (queryname === null) return invalidRequest('queryname is missing', at);
  const version = parameters.get('version');
  if (version === null) return invalidRequest('version is missing', at);
  const start = instantOf(parameters.get('startdatetime'));
  if (start === null) return invalidRequest('startdatetime is missing or not YYYYMMDDTHH:MM-0000', at);
  const end = parameters.has('enddatetime') ? instantOf(parameters.get('enddatetime')) : start + DAY;
  if (end === null || end <= start) return invalidRequest('enddatetime is not after startdatetime', at);
  return {
    queryname,
    version,
    run: parameters.get('market_run_id'),
    window: { start, end },
    parameters,
    isCsv: parameters.get('resultformat') === '6',
  };
}

/** A report that is not simulated has no data; what can be no name of a report is refused. */
export function unknownReport({ queryname, version, window }: OasisRequest, at: Micros): Refusal {
  return /^[A-Z]{2,4}(_[A-Z]{1,12}){1,4}$/.test(queryname)
    ? oasisError('1000', `${compactDate(caisoDayOf(window.start))}_${queryname}_v${version.slice(0, 4)}`, at)
    : invalidRequest('queryname is not known', at);
}

/** True for more days than a query may ask for. */
export function isTooLong({ window }: OasisRequest): boolean {
  return window.end - window.start > LONGEST;
}

/** True for what is longer ago than anything is kept. */
export function isTooOld({ window }: OasisRequest, at: Micros): boolean {
  return window.start < at - RETENTION;
}

/** `20250204_20250211_PRC_LMP_DAM_20250214_04_52_10_v12`: days asked for, query, run, Pacific time of making, version. */
export function stemOf({ queryname, version, window }: OasisRequest, run: string, at: Micros): string {
  const made = clockText(wallAt(CAISO_ZONE, at), true).replaceAll(':', '_');
  const days = [window.start, window.end].map((each) => compactDate(caisoDayOf(each)));
  const safeRun = run.replaceAll(/[^A-Z0-9]/g, '').slice(0, 10);
  const name = safeRun === '' ? queryname : `${queryname}_${safeRun}`;
  return `${days.join('_')}_${name}_${compactDate(caisoDayOf(at))}_${made}_v${version}`;
}

/** A report in its zip; `head` is what XML says of it. */
export function oasisReport(
  dataset: string,
  request: OasisRequest,
  head: OasisHead,
  stem: string,
  table: Table,
  at: Micros,
): Report {
  const { isCsv } = request;
  return {
    kind: 'report',
    dataset,
    headers: zipHeaders(`${stem}.zip`),
    members: [
      {
        name: `${stem}.${isCsv ? 'csv' : 'xml'}`,
        modifiedAt: at,
        table,
        render: isCsv ? csvOf : oasisXml(head, at),
      },
    ],
    container: 'zip',
    zone: CAISO_ZONE,
    lastModified: null,
    neighbour: null,
  };
}
