/**
 * The pages of PJM's former eData, data snapshot and OASIS sites: instantaneous load, its forecast, prices of zones and
 * aggregates, flows over ties. A page says `As of 12.11.2015 17:23 EDT`: month, day, year, Eastern prevailing time, and
 * EDT also in winter, so that the word is not used. What falls into the repeated hour of autumn is refused.
 */

import { CarbonError } from '../../core/errors.ts';
import { HOUR } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PublishedField, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { placeOf } from '../kit/payload.ts';
import { type HtmlPage, type HtmlRow, htmlPage, isHtml, readHtml } from '../kit/readers/html-table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { columnName } from '../kit/tables/columns.ts';
import { momentOf, type TimeConvention } from '../kit/time/convention.ts';
import { PJM_ZONE } from './body.ts';

const READING: TimeConvention = {
  name: 'eastern-instant',
  zone: PJM_ZONE,
  pattern: 'M.D.YYYY h:mm[:ss]',
  stamp: 'instant',
  length: 0,
  onGrid: false,
  repeated: { by: 'none' },
};
const AHEAD: TimeConvention = {
  ...READING,
  name: 'eastern-hour-beginning',
  stamp: 'beginning',
  length: HOUR,
  onGrid: true,
};

/** One kind of page. */
interface Page {
  readonly dataset: string;
  readonly title: string;
  /** Its heading, or words that only its table has. */
  readonly heading: RegExp;
  readonly time: TimeConvention;
  /** Columns of its table, without marks and in lower case → fields. */
  readonly columns: Readonly<Record<string, PublishedField>>;
}

const field = (name: string, unit: string, what: string): PublishedField => ({ field: name, unit, what });

const PAGES: readonly Page[] = [
  {
    dataset: 'load_page',
    title: 'Instantaneous load of zones, as a page',
    heading: /Instantaneous Load|^(?!.*Forecast).*PJM RTO Total/i,
    time: READING,
    columns: { mw: field('load', 'MW', 'load of a zone or region') },
  },
  {
    dataset: 'load_forecast_page',
    title: 'Load forecast by the hour, as a page',
    heading: /Forecasted Load/i,
    time: AHEAD,
    columns: { mw: field('load_forecast', 'MW', 'forecast load of the area that the page names') },
  },
  {
    dataset: 'rt_lmp_page',
    title: 'Prices of zones and aggregates at an instant, as a page',
    heading: /LMP/i,
    time: READING,
    columns: {
      lmp: field('lmp', 'USD/MWh', 'price at a zone, hub or aggregate'),
      '5minuteweightedavglmp': field('lmp', 'USD/MWh', 'the same on the page of OASIS, `system.htm`'),
    },
  },
  {
    dataset: 'interchange_page',
    title: 'Flows over ties at an instant, as a page',
    heading: /Tie Flows?/i,
    time: READING,
    columns: {
      actualmw: field('interchange', 'MW', 'flow over a tie, sign as published'),
      scheduledmw: field('interchange_scheduled', 'MW', 'its schedule'),
    },
  },
];

const CLOCK = String.raw`(\d{1,2}:\d{2}(?::\d{2})?)`;
/** Times of pages, with the place of month, day, year, clock and half of the day in them. */
const TIMES: readonly (readonly [form: RegExp, parts: readonly [number, number, number, number, number]])[] =
  [
    [
      new RegExp(String.raw`(\d{1,2})[./-](\d{1,2})[./-](\d{4}),?\s+${CLOCK}\s*([AP]M)?`, 'i'),
      [1, 2, 3, 4, 5],
    ],
    [
      new RegExp(
        String.raw`\b([A-Z][a-z]{2})[a-z]*\.?\s+(\d{1,2}),?\s+(\d{4}),?\s+(?:at\s+)?${CLOCK}\s*([AP]M)?`,
      ),
      [1, 2, 3, 4, 5],
    ],
    [
      new RegExp(String.raw`\b(\d{1,2})[ -]([A-Z][a-z]{2})[a-z]*[ -](\d{4}),?\s+${CLOCK}\s*([AP]M)?`),
      [2, 1, 3, 4, 5],
    ],
    [
      new RegExp(String.raw`\b([A-Z][a-z]{2})\s+(\d{1,2})\s+${CLOCK}(?:\s+E[SD]?T)?\s+(\d{4})()`),
      [1, 2, 4, 3, 5],
    ],
  ];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** The first time in the words of a page, as `12.11.2015 17:23`; null for a page that tells none. */
function timeOf(text: string): string | null {
  for (const [form, [month, day, year, clock, half]] of TIMES) {
    const parts = form.exec(text);
    if (parts === null) continue;
    const printed = parts[month] ?? '';
    const number = /^\d/.test(printed) ? printed : MONTHS.indexOf(printed.toLowerCase()) + 1;
    const [hour = '', ...rest] = (parts[clock] ?? '').split(':');
    const twelve = (parts[half] ?? '').toUpperCase();
    const h = twelve === '' ? hour : (Number(hour) % 12) + (twelve === 'PM' ? 12 : 0);
    return `${number}.${parts[day]}.${parts[year]} ${[h, ...rest].join(':')}`;
  }
  return null;
}
const STAMPS: readonly string[] = ['timestamp', 'time', 'datetime', 'date'];

/** The table of a page: its first row, and those after it; null for a page of another kind. */
function tableOf(page: HtmlPage, kind: Page): { header: string[]; rows: readonly HtmlRow[] } | null {
  if (!kind.heading.test(page.text) || timeOf(page.text) === null) return null;
  for (const [first, ...rows] of page.tables) {
    const header = (first?.cells ?? []).map(columnName);
    if (header.some((name) => Object.hasOwn(kind.columns, name))) return { header, rows };
  }
  return null;
}

function decode(payload: Payload, kind: Page): Decoded {
  const page = readHtml(payload);
  const table = tableOf(page, kind);
  const asOf = timeOf(page.text) ?? '';
  if (table === null)
    throw new CarbonError('SOURCE_COLUMN_MISSING', `the page is none of ${kind.dataset}`, {
      position: { ...placeOf(payload).position, line: 1, expected: Object.keys(kind.columns).join(', ') },
    });
  const moment = momentOf(READING, asOf);
  const publishedAt = moment.kind === 'unique' ? moment.first : null;
  const stampAt = table.header.findIndex((name) => STAMPS.includes(name));
  const named = /Name:\s*(.+?)\s+(?:Table View|Chart View|Time Stamp)/.exec(page.text)?.[1] ?? 'PJM';
  const rows: SourceRow[] = [];
  for (const { cells, line } of table.rows) {
    const values = table.header.flatMap((name, at) => {
      const found = kind.columns[name];
      const cell = cells[at];
      return found === undefined || cell === undefined
        ? []
        : [{ field: found.field, value: cell, unit: found.unit }];
    });
    if (values.length === 0) continue;
    const printed = stampAt < 0 ? asOf : (cells[stampAt] ?? '');
    const words = stampAt < 0 ? asOf : (timeOf(printed) ?? printed);
    const location = stampAt < 0 ? (cells[0] ?? '').trim() : named;
    rows.push(sourceRow(line, location, words, values, { publishedAt }));
  }
  if (rows.length === 0) throw new CarbonError('SOURCE_EMPTY', 'the page has no row', placeOf(payload));
  return { rows, rejected: [], drift: [], damage: null };
}

/** The datasets of the pages. The sites are gone: pages that were kept are read, nothing is fetched. */
export const pages: readonly Dataset[] = PAGES.map((kind) => ({
  name: kind.dataset,
  title: kind.title,
  time: kind.time,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: Object.values(kind.columns),
  recognise: (head) => (isHtml(head.text) && tableOf(htmlPage(head.text), kind) !== null ? 2 : 0),
  plan: () => [],
  decode: (payload) => decode(payload, kind),
}));
