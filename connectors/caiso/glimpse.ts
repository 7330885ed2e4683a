/** What the start of a body shows: which OASIS report it is, in either form, or what else. */

import type { PayloadHead } from '../kit/contract.ts';
import { firstLine, pageTitle } from '../kit/payload.ts';
import { csvGlimpse } from './oasis-csv.ts';
import { isFigure } from './oasis-record.ts';
import { isOasisNamespace } from './oasis-xml.ts';

/** Facts of the head; empty where it does not show them. */
export interface Glimpse {
  readonly form: 'csv' | 'xml';
  /** Query name: printed in XML, told from the columns of a CSV. */
  readonly report: string;
  readonly run: string;
  /** Minutes of the first interval; 0 when it cannot be told. */
  readonly minutes: number;
  /** True when a number is in sight, not only a header. */
  readonly filled: boolean;
}

/** Looks at a head as an OASIS report; null when it is none. */
export function glimpseOf(head: PayloadHead): Glimpse | null {
  return /^\s*</.test(head.text) ? xmlGlimpse(head.text) : columnGlimpse(head.text);
}

/** The root stands at the beginning, in characters: a pattern is not let loose on more. */
const ROOT_WITHIN = 4_096;

const element = (text: string, name: string): string =>
  new RegExp(`<(?:\\w+:)?${name}>([^<]*)</`).exec(text)?.[1]?.trim() ?? '';

function xmlGlimpse(text: string): Glimpse | null {
  const start = text.slice(0, ROOT_WITHIN);
  const root = /<(?:\w+:)?[A-Za-z]\w*\b[^>]*\sxmlns(?::\w+)?\s*=\s*["']([^"']*)["'][^>]*>/.exec(start);
  const isReport = root === null ? /<OASISReport\s*>/.test(start) : isOasisNamespace(root[1] ?? '');
  if (!isReport) return null;
  const named = /\/(\w+)_v\d+\.xsd/.exec(root?.[1] ?? '')?.[1] ?? '';
  return {
    form: 'xml',
    report: element(text, 'REPORT') || (named === 'OASISReport' ? '' : named),
    run: element(text, 'MKT_TYPE'),
    minutes: Number(element(text, 'SEC_PER_INTERVAL')) / 60,
    filled: element(text, 'DATA_ITEM') !== '' || element(text, 'INTERVAL_START_GMT') !== '',
  };
}

function columnGlimpse(text: string): Glimpse | null {
  const found = csvGlimpse(text);
  if (found === null) return null;
  const { columns, word } = found;
  const run = word('market_run_id') || word('mkt_type');
  const item = word('xml_data_item') || word('data_item') || word('lmp_type');
  const value = word('mw') || word('value') || word('prc') || word('ghg_prc_idx');
  const minutes =
    minutesBetween(word('intervalstarttime_gmt'), word('intervalendtime_gmt')) ||
    minutesBetween(word('interval_start_gmt'), word('interval_end_gmt'));
  return {
    form: 'csv',
    report: reportOf(columns, run, item, minutes),
    run,
    minutes,
    filled: item !== '' || value !== '' || [...columns].some(isFigure),
  };
}

const CLOCK = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})/;

/** Minutes from one GMT stamp to another of the same or the next day; 0 when that cannot be told. */
function minutesBetween(start: string, end: string): number {
  const [from, to] = [CLOCK.exec(start), CLOCK.exec(end)];
  if (from === null || to === null) return 0;
  const minutes = (match: RegExpExecArray): number => Number(match[2]) * 60 + Number(match[3]);
  return (minutes(to) - minutes(from) + 1440) % 1440;
}

/** Columns of reports that have no dataset of their own. */
const OTHERS: readonly string[] = [
  'ti_id',
  'tie_name',
  'baa_grp_id',
  'constraint_cause',
  'fuel_category',
  'product_type',
  'from_baa',
  'fuel_type',
  'outage_type',
  'resource_type',
];

/**
 * Items of reports that have a dataset of their own. Where one stands under a header that tells none of them, the header is
 * damaged.
 */
const CLAIMED =
  /^(?:LMP|MCC|MCE|MCL|MGHG)(?:_|$)|^SYS_FCST_|^RENEW_FCST_|_CLR_PRC$|LOSS_MW$|TOT_(?:EXP|IMP|GEN|LOAD)_MW$/;

/** The query whose answer has these columns; OTHER for one that is only known not to be any of the named ones; empty for none that is known. */
function reportOf(columns: ReadonlySet<string>, run: string, item: string, minutes: number): string {
  const has = (...names: readonly string[]): boolean => names.every((name) => columns.has(name));
  if (has('lmp_type') || (has('node') && /LMP_/.test(item))) return priceReport(columns, run, minutes);
  if (has('result_type')) return 'AS_RESULTS';
  if (has('anc_type', 'anc_region')) return asReport(item, run);
  if (has('tac_area_name')) return /^SYS_(?:ADV|PEAK)_/.test(item) ? 'OTHER' : 'SLD_FCST';
  if (has('renewable_type')) return 'SLD_REN_FCST';
  if (has('tac_zone_name', 'schedule')) return 'ENE_SLRS';
  if (/LOSS_MW$/.test(item)) return 'ENE_LOSS';
  if (has('fuel_region_id', 'prc')) return 'PRC_FUEL';
  if (has('ghg_prc_idx')) return 'PRC_GHG_ALLOWANCE';
  if (has('nomogram_id')) return minutes === 5 ? 'PRC_RTM_NOMOGRAM' : 'PRC_NOMOGRAM';
  if (OTHERS.some((name) => columns.has(name))) return 'OTHER';
  if (item === '' && !has('mw') && !has('prc') && [...columns].some(isFigure)) return 'OTHER';
  return item !== '' && has('opr_dt', 'opr_hr') && !CLAIMED.test(item) ? 'OTHER' : '';
}

function asReport(item: string, run: string): string {
  if (/_MW$/.test(item)) return 'AS_RESULTS';
  return run === 'RTM' || run === 'RTPD' ? 'PRC_INTVL_AS' : 'PRC_AS';
}

function priceReport(columns: ReadonlySet<string>, run: string, minutes: number): string {
  // Prices at ties are prices of a direction: another report with the same first columns.
  if ([...columns].some((name) => name.startsWith('ti_') || name === 'tie')) return 'PRC_SPTIE_LMP';
  if (run === 'DAM') return 'PRC_LMP';
  if (run === 'HASP') return 'PRC_HASP_LMP';
  if (run === 'RTPD') return 'PRC_RTPD_LMP';
  // Contingency dispatches of ten minutes, and hourly prices of real time.
  if (run === 'RTCD' || (run === 'RTM' && minutes === 60)) return 'OTHER';
  if (run !== 'RTM' && run !== 'RTD') return '';
  return minutes === 15 ? 'PRC_RTPD_LMP' : 'PRC_INTVL_LMP';
}

/** Says what a body of CAISO is that no dataset here reads; null when it cannot tell. */
export function describeCaiso(head: PayloadHead): string | null {
  const glimpse = glimpseOf(head);
  if (glimpse !== null) {
    const { report, run, form } = glimpse;
    const words = [report, run].filter((word) => word !== '').join(' ');
    return `an OASIS report in ${form.toUpperCase()}${words === '' ? '' : `, ${words}`}`;
  }
  const page = pageTitle(head.text);
  if (page !== null) return `an HTML page: ${page}`;
  const line = firstLine(head.text);
  if (/^Time,/.test(line)) return `a table of the Outlook pages (${line.slice(0, 60)})`;
  if (/(?:^|,)"?CORRECTION_REASON\b/i.test(line)) return 'a list of price corrections, no series';
  if (/Hourly Breakdown of Renewable Resources/.test(line)) return 'the Daily Renewables Watch';
  return null;
}
