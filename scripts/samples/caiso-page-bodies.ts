/**
 * Bodies of CAISO's pages and of OASIS reports besides prices at nodes, with figures of our own making, and what they
 * must decode to. Instants are counted from the first one of the Pacific day.
 */

import type { Body } from './golden-case.ts';
import { type Figure, HOUR_MS, MINUTE_MS } from './printed-line.ts';

/** A Pacific day: its date, its first instant, and the labels of its hours by their ends. */
interface Day {
  readonly date: string;
  readonly start: string;
  readonly hours: readonly number[];
}

const to24 = Array.from({ length: 24 }, (_, i) => i + 1);
export const NORMAL: Day = { date: '2017-07-04', start: '2017-07-04T07:00:00Z', hours: to24 };
export const SPRING: Day = {
  date: '2017-03-12',
  start: '2017-03-12T08:00:00Z',
  hours: to24.filter((hour) => hour !== 3),
};
/** 24 lines on a day of 25 hours: 2 is the first of both, the second is not printed. */
export const AUTUMN: Day = { date: '2017-11-05', start: '2017-11-05T07:00:00Z', hours: to24 };

const SKIPPED =
  'The supplied DateTime represents an invalid time.  For example, when the clock is adjusted forward, any time in the period that is skipped is invalid.';

/** `DailyRenewablesWatch.txt`: two tables, cells set apart by one tab or more. */
export function renewablesWatch(day: Day): Body {
  const [year = '', month = '', date = ''] = day.date.split('-');
  const figures: Figure[] = [];
  const lines = [`${month}/${date}/${year.slice(2)}\t\t\tHourly Breakdown of Renewable Resources (MW)\t\t`];
  const tables = [
    ['GEOTHERMAL', 'SMALL HYDRO', 'WIND TOTAL', 'SOLAR PV'],
    ['RENEWABLES', 'NUCLEAR', 'THERMAL', 'IMPORTS'],
  ];
  for (const [t, names] of tables.entries()) {
    if (t === 1)
      lines.push('\t\t\t', '', '\t\t\tHourly Breakdown of Total Production by Resource Type (MW)\t');
    lines.push(`\tHour\t\t${names.join('\t\t')}\t`);
    for (const label of to24) {
      const at = day.hours.indexOf(label);
      if (at < 0) {
        // The hour that the clock skips: words of an error, over more lines than one.
        if (t === 0)
          lines.push(
            `\t${label}\t\t${SKIPPED}`,
            `Parameter name: dateTime\t\t${SKIPPED}`,
            'Parameter name: dateTime',
          );
        else lines.push(`\t${label}\t\t3500\t\t2254\t\t#VALUE!\t\t5000\t`);
        continue;
      }
      const values = names.map((_, k) => String(t * 3_000 + k * 700 + label));
      lines.push(`\t${label}\t\t${values.join('\t\t')}\t\t`);
      // In autumn an hour is missing between 2 and 3.
      const late = day === AUTUMN && label > 2 ? 1 : 0;
      const start = Date.parse(day.start) + (at + late) * HOUR_MS;
      for (const [k, series] of names.entries())
        figures.push({
          location: 'CAISO',
          series,
          start,
          end: start + HOUR_MS,
          field: 'generation',
          value: values[k] ?? null,
          unit: 'MW',
        });
    }
  }
  return { payload: `${lines.join('\r\n')}\r\n`, figures };
}

/** The files that the page saved: times across, the date in the first cell. */
export function across(
  title: string,
  date: string,
  start: string,
  rows: readonly (readonly [name: string, field: string, series: string | null])[],
  clocks: readonly string[],
): Body {
  const [year = '', month = '', day = ''] = date.split('-');
  const lines = [`${title} ${month}/${day}/${year},${clocks.join(',')}`];
  const bySeries = rows.some(([, , series]) => series !== null);
  const cells: Figure[][] = [];
  for (const [r, [name, field, series]] of rows.entries()) {
    const values = clocks.map((_, i) => String(20_000 - r * 900 + i * 3));
    lines.push(`${name},${values.join(',')}`);
    cells.push(
      clocks.map((_, i) => {
        const at = Date.parse(start) + i * 5 * MINUTE_MS;
        return {
          location: 'CAISO',
          series,
          start: at,
          end: at + 5 * MINUTE_MS,
          field,
          value: values[i] ?? null,
          unit: 'MW',
        };
      }),
    );
  }
  const figures = bySeries ? cells.flat() : clocks.flatMap((_, i) => cells.flatMap((row) => row[i] ?? []));
  return { payload: `${lines.join('\n')}\n`, figures };
}

/** A table of the Outlook over the hour that spring skips and over midnight; its date is in its name only. */
export function outlookTable(columns: readonly string[]): string {
  const lines = [`Time,${columns.join(',')}`];
  for (const [i, clock] of ['01:55', '02:00', '03:00', '23:55', '00:00'].entries())
    lines.push(`${clock}${columns.map((_, c) => (i === 1 ? ',' : `,${1_000 + i * 10 + c}`)).join('')}`);
  return `${lines.join('\n')}\n`;
}

const gmt = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}-00:00`;

/** One report of OASIS as CSV. */
export interface Report {
  readonly columns: readonly string[];
  readonly minutes: number;
  readonly start: string;
  readonly rows: readonly (readonly [
    words: Readonly<Record<string, string>>,
    figure: Pick<Figure, 'location' | 'series' | 'field' | 'unit'>,
  ])[];
}

/** Two intervals of each row, newest first. */
export function oasisCsvOf({ columns, minutes, start, rows }: Report, valueColumn: string): Body {
  const names = [
    'INTERVALSTARTTIME_GMT',
    'INTERVALENDTIME_GMT',
    'OPR_DT',
    'OPR_HR',
    ...columns,
    valueColumn,
    'GROUP',
  ];
  const lines = [names.join(',')];
  const figures: Figure[] = [];
  for (const [r, [words, figure]] of rows.entries())
    for (const k of [1, 0]) {
      const from = Date.parse(start) + k * minutes * MINUTE_MS;
      const end = from + minutes * MINUTE_MS;
      const value = `${30 + r * 7 - k}.25`;
      const cells: Readonly<Record<string, string>> = {
        ...words,
        INTERVALSTARTTIME_GMT: gmt(from),
        INTERVALENDTIME_GMT: gmt(end),
        OPR_DT: '2026-03-08',
        OPR_HR: '4',
        [valueColumn]: value,
        GROUP: '1',
      };
      lines.push(names.map((name) => cells[name] ?? '').join(','));
      figures.push({ ...figure, start: from, end, value });
    }
  return { payload: `${lines.join('\n')}\n`, figures };
}

/** A report of any name as XML, under a namespace of a later version. */
export function oasisXmlOf(report: string, item: string): Body {
  const start = Date.parse('2026-03-08T10:00:00Z');
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<OASISReport xmlns="http://www.caiso.com/soa/OASISReport_v5.xsd"><MessagePayload><RTO><name>CAISO</name>',
    `<REPORT_ITEM><REPORT_HEADER><REPORT>${report}</REPORT><MKT_TYPE>DAM</MKT_TYPE><UOM>MW</UOM></REPORT_HEADER>`,
  ];
  const figures: Figure[] = [];
  for (const [k, region] of ['AS_CAISO', 'AS_NP26'].entries()) {
    const value = String(700 + k);
    lines.push(
      `<REPORT_DATA><DATA_ITEM>${item}</DATA_ITEM><RESOURCE_NAME>${region}</RESOURCE_NAME><OPR_DATE>2026-03-08</OPR_DATE>`,
      `<INTERVAL_NUM>4</INTERVAL_NUM><INTERVAL_START_GMT>${gmt(start)}</INTERVAL_START_GMT>`,
      `<INTERVAL_END_GMT>${gmt(start + HOUR_MS)}</INTERVAL_END_GMT><VALUE>${value}</VALUE></REPORT_DATA>`,
    );
    figures.push({
      location: region,
      start,
      end: start + HOUR_MS,
      field: item.toLowerCase(),
      value,
      unit: 'MW',
    });
  }
  lines.push('</REPORT_ITEM></RTO></MessagePayload></OASISReport>');
  return { payload: `${lines.join('\n')}\n`, figures };
}
