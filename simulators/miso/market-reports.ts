/**
 * Market reports of docs.misoenergy.org (`/marketreports/…`): wide daily CSV files in three blocks, those of reserves, the
 * workbook of load, and the weekly zip of final 5-minute prices. Form: reference 2.1.
 */

import { daysFromCivil, HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import { bareText } from '../decimal-text.ts';
import { clockText, compactDate, slashDate, wallAt, weekdayOf } from '../local-time.ts';
import type { Answer, Report } from '../market.ts';
import type { PriceParts } from '../price-process.ts';
import { partsPublished, regularIntervals, type Series } from '../series.ts';
import { bareCell, csvOf, type Fact, type Table, type TableRow } from '../table.ts';
import { blobNotFound } from './blob-errors.ts';
import { MISO_FIELDS, type MisoWorld, misoFact } from './fields.ts';
import { loadWorkbook } from './load-workbook.ts';
import { finalAt, MISO_ZONE, misoDayOf, misoMidnight, weeklyAt } from './publication.ts';
import { reserveTable, reserveText } from './reserve-reports.ts';

const HOURS = 24;
const HOUR_ENDINGS = Array.from({ length: HOURS }, (_, k) => `HE ${k + 1}`);
const BLOB = { 'content-type': 'application/octet-stream' };

/** A daily report by the ending of its name. */
interface DailyReport {
  readonly dataset: string;
  /** UTC micros from when on the file is there, until when (exclusive), and as of when its values are. */
  life(day: number): { from: Micros; to: Micros; asOf: Micros };
  tableOf(day: number, asOf: Micros): Table;
  render(table: Table): string;
}

/** The report of a path under `/marketreports/`, as of an instant. */
export function misoReport(world: MisoWorld, name: string, at: Micros): Answer {
  const daily = /^(\d{4})(\d{2})(\d{2})_(\w+)\.(csv|xls)$/.exec(name);
  if (daily !== null) {
    const day = dayOf(daily[1], daily[2], daily[3]);
    const report = daily[5] === 'csv' ? dailyReports(world)[daily[4]] : undefined;
    if (report !== undefined) return dailyAnswer(report, daily[4], day, at);
    if (daily[4] === 'df_al' && daily[5] === 'xls')
      return loadWorkbook(world.process, world.feeds.zoneLoad, day, at);
  }
  const weekly = /^(\d{4})(\d{2})(\d{2})_5MIN_LMP\.zip$/.exec(name);
  if (weekly !== null) return weeklyAnswer(world, dayOf(weekly[1], weekly[2], weekly[3]), at);
  return blobNotFound(at);
}

function dayOf(year: string, month: string, date: string): number {
  return daysFromCivil(Number(year), Number(month), Number(date));
}

function dailyReports(world: MisoWorld): Readonly<Record<string, DailyReport>> {
  const { process, series, feeds } = world;
  const once = (of: Series) => (day: number) => {
    const from = of.publishedAt({ start: misoMidnight(day), end: misoMidnight(day) + HOUR });
    return { from, to: Number.POSITIVE_INFINITY, asOf: from };
  };
  const prelim = (day: number): ReturnType<DailyReport['life']> => ({
    ...once(series.hourly)(day),
    to: finalAt(process, day),
  });
  const final = (day: number): ReturnType<DailyReport['life']> => {
    const from = finalAt(process, day);
    return { from, to: Number.POSITIVE_INFINITY, asOf: from };
  };
  const prices = (title: string, of: Series, life: DailyReport['life']): DailyReport => ({
    dataset: of.dataset,
    life,
    tableOf: (day, asOf) => wideTable(world, title, of, day, asOf),
    render: csvOf,
  });
  const reserves = (
    feed: MisoWorld['feeds']['dayAheadReserves'],
    title: string,
    life: DailyReport['life'],
    render: DailyReport['render'],
  ): DailyReport => ({
    dataset: feed.dataset,
    life,
    tableOf: (day, asOf) => reserveTable(feed, title, day, asOf),
    render,
  });
  const unix = reserveText('\n', '\n\n\n');
  const windows = reserveText('\r\n', '\r\n\r\n');
  const realTime = 'Real Time Market MCPs.';
  return {
    da_expost_lmp: prices('Day Ahead Market ExPost LMPs', series.exPost, once(series.exPost)),
    da_exante_lmp: prices('Day Ahead Market ExAnte LMPs', series.exAnte, once(series.exAnte)),
    rt_lmp_prelim: prices('Realtime Market LMPs', series.hourly, prelim),
    rt_lmp_final: prices('Realtime Market LMPs', series.hourly, final),
    asm_expost_damcp: reserves(feeds.dayAheadReserves, 'Dayahead Market MCPs.', once(series.exPost), unix),
    asm_rtmcp_prelim: reserves(
      feeds.hourlyReserves,
      `${realTime},Not settlement quality data.`,
      prelim,
      windows,
    ),
    asm_rtmcp_final: reserves(feeds.hourlyReserves, realTime, final, windows),
  };
}

function dailyAnswer(report: DailyReport, ending: string, day: number, at: Micros): Answer {
  const life = report.life(day);
  if (!(at >= life.from && at < life.to)) return blobNotFound(at);
  const { dataset, render } = report;
  const name = `${compactDate(day)}_${ending}.csv`;
  const table = report.tableOf(day, life.asOf);
  return {
    kind: 'report',
    dataset,
    headers: BLOB,
    members: [{ name, modifiedAt: life.from, table, render }],
    container: 'plain',
    zone: MISO_ZONE,
    lastModified: life.from,
    neighbour: () => dailyAnswer(report, ending, day - 1, at),
  };
}

/** Three blocks, one per component, each sorted by node; a row holds the 24 hours of one node. */
function wideTable(world: MisoWorld, title: string, series: Series, day: number, asOf: Micros): Table {
  const midnight = misoMidnight(day);
  const nodes = world.nodesOn(day).map((node) => ({
    node,
    hours: Array.from({ length: HOURS }, (_, k): PriceParts | null => {
      const start = midnight + k * HOUR;
      return partsPublished(world.process, series, node, { start, end: start + HOUR }, asOf);
    }),
  }));
  const rows = MISO_FIELDS.flatMap((field) =>
    nodes.map(({ node, hours }): TableRow => {
      const values = hours.map((parts) => (parts === null ? null : field.of(parts)));
      return {
        cells: [
          node.name,
          node.type,
          field.word,
          ...values.map((value) => (value === null ? '' : bareText(value, world.process.decimals))),
        ],
        facts: () =>
          values.flatMap((value, k): Fact[] => {
            const start = midnight + k * HOUR;
            return value === null
              ? []
              : [
                  misoFact(world, series.dataset, node.name, field.field, value, 3 + k, {
                    start,
                    end: start + HOUR,
                  }),
                ];
          }),
      };
    }),
  );
  return {
    preamble: [title, slashDate(day), '', ',,,All Hours-Ending are Eastern Standard Time (EST)'],
    header: ['Node', 'Type', 'Value', ...HOUR_ENDINGS],
    rows,
    footer: [],
    textCell: bareCell,
    restamped: null,
  };
}

/** Final 5-minute prices of the seven days from two weeks before the Monday in the name; stamps begin the interval. */
function weeklyAnswer(world: MisoWorld, monday: number, at: Micros): Answer {
  const { process, series } = world;
  const from = weeklyAt(process, monday);
  if (weekdayOf(monday) !== 1 || at < from) return blobNotFound(at);
  const window = { start: misoMidnight(monday - 14), end: misoMidnight(monday - 7) };
  const stamp = (start: Micros): string =>
    `${slashDate(misoDayOf(start))} ${clockText(wallAt(MISO_ZONE, start), false)}`;
  const rows: TableRow[] = [];
  for (const interval of regularIntervals(window, 5 * MINUTE))
    for (const node of world.nodesOn(misoDayOf(interval.start))) {
      const parts = partsPublished(process, series.fiveMinute, node, interval, from);
      if (parts === null) continue;
      const numbers = MISO_FIELDS.map(({ of }) => bareText(of(parts), process.decimals));
      rows.push({
        cells: [stamp(interval.start), node.name, ...numbers],
        facts: () =>
          MISO_FIELDS.map(({ field, of }, k) =>
            misoFact(world, 'rt_lmp', node.name, field, of(parts), 2 + k, interval),
          ),
      });
    }
  const name = `${compactDate(monday)}_5MIN_LMP`;
  const table: Table = {
    preamble: [
      'Real-Time 5-Minute Final LMPs',
      `Market days ${slashDate(monday - 14)} to ${slashDate(monday - 8)}`,
      'All times are Eastern Standard Time (EST)',
      '',
    ],
    header: ['MKTHOUR_EST', 'PNODENAME', 'LMP', 'CON_LMP', 'LOSS_LMP'],
    rows,
    footer: ['', `${rows.length} rows`],
    textCell: bareCell,
    restamped: null,
  };
  const report: Report = {
    kind: 'report',
    dataset: 'rt_lmp',
    headers: BLOB,
    members: [{ name: `${name}.csv`, modifiedAt: from, table, render: csvOf }],
    container: 'zip',
    zone: MISO_ZONE,
    lastModified: from,
    neighbour: () => weeklyAnswer(world, monday - 7, at),
  };
  return report;
}
