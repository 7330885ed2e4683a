/**
 * CAISO's daily reports as pages, `documents/daily-renewable-report-nov-02-2025.html` and
 * `documents/daily-energy-storage-report-….html`: charts whose figures stand as arrays in the scripts,
 * `tot_gen_solar_iso_rtd = [12, "NA", …]`, some as `JSON.parse('[…]')`. Nothing beside them tells the time: an array has the
 * figures of the day of the report in equal steps from midnight, and its length tells which (288 on a day of 24 hours are
 * five minutes each). Arrays of other lengths (the year, two weeks, months) are told as columns that are not read.
 */

import { CarbonError } from '../../core/errors.ts';
import { HOUR, MINUTE } from '../../core/time/instant.ts';
import { marketDayBounds, marketDayOf } from '../../core/time/market-day.ts';
import type { Dataset, Decoded, Drift, Payload, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { placeOf, textOf } from '../kit/payload.ts';
import { sourceRow } from '../kit/source-row.ts';
import { momentOf, type TimeConvention } from '../kit/time/convention.ts';
import { formatStamp } from '../kit/time/stamp.ts';
import { CAISO_ZONE } from './routes.ts';

const STEPS = [5 * MINUTE, 15 * MINUTE, HOUR] as const;
const TIME: TimeConvention = {
  name: 'pacific-steps-of-the-day',
  zone: 'UTC',
  pattern: 'YYYY-MM-DDThh:mm',
  stamp: 'bounds',
  length: 5 * MINUTE,
  otherLengths: STEPS.slice(1),
  onGrid: false,
  repeated: { by: 'none' },
};

const CHARTS = 'tot_(?:gen|energy|charge)_|curt_|as_(?:ru|rd|sr|nr)_|bid_(?:ifm|rtpd)_';
const MARK = /\b(?:tot_(?:gen|energy|charge)_|curt_h(?:ou)?r)\w*\s*=\s*(?:JSON\.parse\(\s*["']?\s*)?\[/;
const TITLE = /<title\b[^>]*>[^<]*daily (?:renewable|energy storage) report/i;
/** What is no figure of the day of the report. */
const OTHER_DAYS = /_(?:ytd|daily|monthly)_/;
const ARRAY = new RegExp(
  `(?<![\\w.])((?:${CHARTS})\\w+)\\s*=\\s*(?:JSON\\.parse\\(\\s*["']?\\s*)?\\[([^\\][]*)\\]`,
  'g',
);
/** Words that end where the figures of an array begin. */
const OPEN = new RegExp(`(?:${CHARTS})\\w+\\s*=\\s*(?:JSON\\.parse\\(\\s*["']?\\s*)?\\[$`);

interface Meaning {
  readonly location: string;
  readonly field: string;
  readonly unit: string;
}

/** What came and what was expected by the names of other reports; else the array's own name. */
function meaningOf(name: string): Meaning {
  const generation = /^tot_gen_(solar|wind)_(iso|weim)_(telem|forec|\w+)$/.exec(name);
  if (generation !== null) {
    const [, kind = '', area, run = ''] = generation;
    const field =
      run === 'telem'
        ? `${kind}_generation`
        : run === 'forec'
          ? `${kind}_forecast`
          : `${kind}_scheduled_${run}`;
    return { location: area === 'iso' ? 'CAISO' : 'WEIM', field, unit: 'MW' };
  }
  const isEnergy = /_mwh$|^tot_charge_|^curt_hourly_(?!max_)/.test(name);
  return { location: 'CAISO', field: name, unit: isEnergy ? 'MWh' : 'MW' };
}

const MONTHS = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const DATES: readonly RegExp[] = [
  new RegExp(`\\b(?<name>${MONTHS})[a-z]*[-_. ]{1,2}(?<day>\\d{1,2})[-_, ]{1,3}(?<year>20\\d{2})`, 'i'),
  /\b(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>20\d{2})\b/,
  /\b(?<year>20\d{2})-(?<month>\d{2})-(?<day>\d{2})\b/,
];

/** The first instant of the day that words name; null where they name none. */
function dayIn(words: string): number | null {
  for (const expression of DATES) {
    const groups = expression.exec(words)?.groups;
    if (groups === undefined) continue;
    const month = groups['name'] === undefined ? groups['month'] : monthOf(groups['name']);
    const printed = `${groups['year']}-${String(month).padStart(2, '0')}-${groups['day']?.padStart(2, '0')}`;
    const moment = momentOf(
      { ...TIME, zone: CAISO_ZONE, pattern: 'YYYY-MM-DD', stamp: 'beginning' },
      printed,
    );
    if (moment.kind === 'unique') return moment.first;
  }
  return null;
}

const monthOf = (name: string): number => MONTHS.split('|').indexOf(name.slice(0, 3).toLowerCase()) + 1;

/** Words of a page outside of its scripts. */
const shown = (text: string): string =>
  text
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

const cellOf = (item: string): string | null => {
  const words = item.replace(/[\\"'\s]/g, '');
  return words === '' || /^(?:null|nan|undefined)$/i.test(words) ? null : words;
};

/** Throws SOURCE_COLUMN_MISSING for a page without its date, SOURCE_NOT_DATA for one without an array of its day. */
function decode(payload: Payload): Decoded {
  const text = textOf(payload);
  const { position } = placeOf(payload);
  const begin = dayIn(payload.name) ?? dayIn(shown(text));
  if (begin === null)
    throw new CarbonError('SOURCE_COLUMN_MISSING', 'neither the page nor its name says its day', {
      position: { ...position, line: 1, field: 'date', expected: 'November 02, 2025' },
    });
  const { start, end } = marketDayBounds(CAISO_ZONE, marketDayOf(CAISO_ZONE, begin));
  const rows: SourceRow[] = [];
  const drift: Drift[] = [];
  let [line, passed] = [1, 0];
  for (const { 1: name = '', 2: items = '', index } of text.matchAll(ARRAY)) {
    line += text.slice(passed, index).split('\n').length - 1;
    passed = index;
    const cells = items.split(',').map(cellOf);
    const step = STEPS.find((each) => cells.length * each === end - start);
    if (step === undefined || OTHER_DAYS.test(name)) {
      drift.push({ column: name, at: drift.length + 1 });
      continue;
    }
    const { location, field, unit } = meaningOf(name);
    for (const [i, value] of cells.entries()) {
      const [from, until] = [i, i + 1].map((at) => formatStamp(TIME.pattern, start + at * step) ?? '');
      const bounds = { start: from ?? '', end: until ?? '' };
      rows.push(sourceRow(line, location, `${from}/${until}`, [{ field, value, unit }], { bounds }));
    }
  }
  const rest = text.slice(passed);
  // An array that begins behind the last whole one and does not end: the page was cut.
  const cut =
    text.slice(0, passed + rest.lastIndexOf('[') + 1).match(OPEN) === null ? -1 : rest.lastIndexOf('[');
  const damage =
    cut < 0 || rest.indexOf(']', cut) >= 0
      ? null
      : new CarbonError('SOURCE_MALFORMED', 'the page ends inside an array', {
          position: { ...position, line: line + rest.slice(0, cut).split('\n').length - 1, expected: ']' },
        });
  if (rows.length === 0 && damage !== null) throw damage;
  if (rows.length === 0)
    throw new CarbonError('SOURCE_NOT_DATA', 'the page holds no array of the steps of its day', {
      position: { ...position, line: 1, expected: 'tot_gen_solar_iso_rtd = […], 288 figures', got: 'HTML' },
    });
  return { rows, rejected: [], drift, damage };
}

/** The dataset `report_page`. */
export const reportPage: Dataset = {
  name: 'report_page',
  title: 'Figures of the daily reports on renewables and batteries, as their pages draw them',
  time: TIME,
  nullWords: NULL_WORDS,
  coverage: null,
  // Arrays keep their names, of which there are some hundred: as figures of other reports, they are decoded and not published.
  fields: [],
  recognise(head) {
    if (!/^\s*</.test(head.text) || !(TITLE.test(head.text) || MARK.test(head.text))) return 0;
    return /daily-(?:renewable|energy-storage)-report/i.test(head.name) ? 3 : 2;
  },
  // Pages that were kept are read; nothing is fetched.
  plan: () => [],
  decode,
};
