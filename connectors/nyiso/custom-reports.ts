/**
 * NYISO's custom reports (https://www.nyiso.com/custom-reports, files `OASIS_Real_Time_Dispatch_Zonal_LBMP.csv` …): the
 * figures of the daily files over any span, under names of their own. Each becomes the text of the daily file by its header.
 *
 * `DAM Zonal LBMP` and `RTD Zonal LBMP` tell day-ahead and real time, which the headers of the daily files do not. Hours are
 * printed by their begin (`Eastern Date Hour`, beside it at times EST or EDT), five minutes by their end (`RTD End Time
 * Stamp`).
 */

import type { Dataset, PayloadHead } from '../kit/contract.ts';
import { inOtherForm } from '../kit/other-form.ts';
import { firstFields } from '../kit/readers/csv.ts';
import { normaliseHeader } from '../kit/readers/table.ts';

/** Market or run, and what of it: `dam lbmp`. */
export type CustomReport =
  | `${'dam' | 'ham' | 'rtd' | 'twi'} lbmp`
  | `${'rtd' | 'twi'} load`
  | 'dam forecast'
  | `${'dam' | 'rtd'} reserve`;

/** Columns of a custom report by the names that the daily files have for them. */
const NAMES: readonly (readonly [custom: RegExp, daily: string])[] = [
  [/^(?:eastern date hour|rt[cd] end time stamp)$/, 'Time Stamp'],
  [/^(?:eastern date hour )?time zone$/, 'Time Zone'],
  [/^(?:zone|gen|generator) name$/, 'Name'],
  [/^(?:zone|gen|generator) ptid$/, 'PTID'],
  [/^\w{3} (?:zonal |gen |generator )?lbmp$/, 'LBMP'],
  [/^\w{3} (?:zonal |gen |generator )?losses$/, 'Marginal Cost Losses'],
  [/^\w{3} (?:zonal |gen |generator )?congestion$/, 'Marginal Cost Congestion'],
  [/ version$/, 'Version'],
  [/^rtd actual load$/, 'Load'],
  [/^(?:twi|integrated)(?: real-time)? actual load$/, 'Integrated Load'],
  [/^(?:dam )?forecast load$/, 'Load Forecast'],
  [/^\w{3} 10 min spin/, '10 Min Spinning Reserve'],
  [/^\w{3} 10 min non[- ]?sync/, '10 Min Non-Synchronous Reserve'],
  [/^\w{3} 30 min /, '30 Min Operating Reserve'],
  [/^\w{3} nyca regulation capacity$/, 'NYCA Regulation Capacity'],
  [/^\w{3} nyca regulation movement$/, 'NYCA Regulation Movement'],
];

/** The report by one of its columns. */
const REPORTS: readonly (readonly [column: RegExp, what: string])[] = [
  [/^(dam|ham|rtd|twi) (?:zonal |gen |generator )?lbmp$/, 'lbmp'],
  [/^(rtd|twi) actual load$/, 'load'],
  [/^(dam) forecast load$/, 'forecast'],
  [/^(dam|rtd) (?:10|30) min /, 'reserve'],
];

const TIMES = /^(?:eastern date hour|rt[cd] end time stamp)$/;

/** The first line of a text as normalised names, and where the next one begins; null for a text of one line. */
function headerOf(text: string): { names: string[]; end: number } | null {
  const end = text.indexOf('\n') + 1;
  if (end === 0) return null;
  return { names: firstFields(text.slice(0, end).replace(/^\uFEFF/, '')).map(normaliseHeader), end };
}

/** Which custom report has these columns; null for none. */
function reportOf(names: readonly string[]): string | null {
  if (!names.some((name) => TIMES.test(name))) return null;
  for (const [column, what] of REPORTS) {
    const found = names.map((name) => column.exec(name)).find((match) => match !== null);
    if (found !== undefined) return `${found[1]} ${what}`;
  }
  return null;
}

const isReport = (head: PayloadHead, report: CustomReport): boolean => {
  const header = headerOf(head.text);
  return header !== null && reportOf(header.names) === report;
};

/** The dataset, which also reads a custom report, and is sure of it by its header. */
export function inCustomReport(dataset: Dataset, report: CustomReport): Dataset {
  const reads = inOtherForm(dataset, (text) => {
    const header = headerOf(text);
    if (header === null || reportOf(header.names) !== report) return null;
    const daily = header.names.map((name) => NAMES.find(([custom]) => custom.test(name))?.[1] ?? name);
    return `${daily.join(',')}\n${text.slice(header.end)}`;
  });
  return {
    ...reads,
    recognise: (head) => (isReport(head, report) ? 3 : dataset.recognise(head)),
  };
}
