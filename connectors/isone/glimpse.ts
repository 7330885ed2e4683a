/** What the start of a body of ISO New England shows: records of a web service, a chart, or a report of ISO Express. */

import type { PayloadHead } from '../kit/contract.ts';
import { documentForm, pageTitle } from '../kit/payload.ts';
import { CsvReader } from '../kit/readers/csv.ts';
import { compact } from './express-columns.ts';
import { isFrameless } from './express-report.ts';
import type { WebKind } from './web-kind.ts';
import { NAMELESS, OTHER_KINDS, WEB_KINDS } from './web-kinds.ts';

/** Facts of a head. */
export type IsoneHead =
  /** Names of the records in sight; charts have names of our own, `flow` and `fuels`. */
  | { readonly form: 'web'; readonly kinds: ReadonlySet<string> }
  | {
      readonly form: 'express';
      /** Title in lower case; the file name that a comment prints belongs to it. */
      readonly title: string;
      readonly names: ReadonlySet<string>;
      /** Lines tell hours by their end, or a clock; `days` for forecasts with a column for each day. */
      readonly times: 'hours' | 'clock' | 'days';
    };

const ALL_KINDS: readonly WebKind[] = Object.values(WEB_KINDS).flat();

/** Looks at a head; null when it is neither. */
export function glimpseOf(head: PayloadHead): IsoneHead | null {
  if (/^\s*[[{<]/.test(head.text)) return webGlimpse(head.text);
  const framed = /^\s*"?[CHD]"?,/i.test(head.text);
  return framed || isFrameless(head.text, head.name) ? expressGlimpse(head, framed) : null;
}

function webGlimpse(text: string): IsoneHead | null {
  const kinds = new Set<string>();
  const isXml = /^\s*</.test(text);
  for (const { key } of ALL_KINDS) {
    // Lines of a chart have common words for names.
    if (/^[a-z]+$/.test(key) && !/"BeginDate"/.test(text)) continue;
    const found = isXml
      ? new RegExp(`<(?:\\w+:)?${key}[\\s>]`).test(text)
      : new RegExp(`"${key}"\\s*:\\s*[[{]`).test(text);
    if (found) kinds.add(key);
  }
  if (!isXml && kinds.size === 0) {
    if (/"Actual"\s*:/.test(text) && /"Current"\s*:/.test(text)) kinds.add('flow');
    if (/"NaturalGas"\s*:/.test(text) || (/"Nuclear"\s*:/.test(text) && /"BeginDate"/.test(text)))
      kinds.add('fuels');
  }
  if (!isXml && kinds.size === 0) {
    const nameless = namelessIn(text);
    if (nameless !== null) kinds.add(nameless);
  }
  return kinds.size === 0 ? null : { form: 'web', kinds };
}

/** The kind of the records of a list that was taken out of its answer; null where none is known. */
function namelessIn(text: string): string | null {
  if (!/"BeginDate"\s*:/.test(text)) return null;
  const shape = NAMELESS.find(({ keys }) => keys.every((key) => text.includes(`"${key}"`)));
  const betweenHours = /"BeginDate"\s*:\s*"[^"T]*T\d\d:(?!00)\d\d/.test(text);
  return (betweenHours ? shape?.fine : shape?.hourly) ?? shape?.fine ?? shape?.hourly ?? null;
}

function expressGlimpse(head: PayloadHead, framed: boolean): IsoneHead | null {
  const cut = head.whole ? head.text.length : head.text.lastIndexOf('\n') + 1;
  const reader = new CsvReader(head.text.slice(0, cut), head.name);
  const comments: string[] = [];
  let header: string[] | null = null;
  let dates = 0;
  let hours = false;
  try {
    for (let lines = 0; lines < 40 && reader.next(); lines++) {
      const cells = reader.fields.map((field) => field.trim());
      const [kind = '', ...fields] = framed ? cells : [lines === 0 ? 'H' : 'D', ...cells];
      if (kind.toUpperCase() === 'C') comments.push(fields.join(','));
      else if (kind.toUpperCase() === 'H') header ??= fields.map(compact);
      dates = Math.max(dates, fields.filter((field) => /^\d{1,2}\/\d{1,2}\/\d{4}$/.test(field)).length);
      hours ||= /^\d{2}X?$/.test(fields[header?.indexOf('localtime') ?? -1] ?? '');
    }
  } catch {
    // A head is damaged where its body is; what stands before the damage is enough to recognise it.
  }
  if (header === null) return null;
  const names = new Set(header);
  const title = comments.slice(0, 2).join(' ').toLowerCase();
  const byHour = names.has('hourending') || names.has('hourend') || (names.has('localdate') && hours);
  return { form: 'express', title, names, times: dates > 1 ? 'days' : byHour ? 'hours' : 'clock' };
}

/** Says what a body is that no dataset here reads; null when it cannot tell. */
export function describeIsone(head: PayloadHead): string | null {
  const page = pageTitle(head.text);
  if (page !== null) return `an HTML page: ${page}`;
  for (const [key, what] of Object.entries(OTHER_KINDS))
    if (new RegExp(`["<](?:\\w+:)?${key}s?["\\s>]`).test(head.text)) return what;
  const glimpse = glimpseOf(head);
  if (glimpse?.form === 'express')
    return `a report of ISO Express, ${glimpse.title === '' ? 'without a title' : glimpse.title}`;
  return documentForm(head.text);
}
