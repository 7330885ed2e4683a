/**
 * Market reports of docs.misoenergy.org (`/marketreports/…`): wide daily CSV files in three blocks, and the weekly zip
 * of final 5-minute prices. Form: reference 2.1.
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
import { finalAt, MISO_ZONE, misoDayOf, misoMidnight, weeklyAt } from './publication.ts';

const HOURS = 24;
const HOUR_ENDINGS = Array.from({ length: HOURS }, (_, k) => `HE ${k + 1}`);
const BLOB = { 'content-type': 'application/octet-stream' };

/** A daily report by the ending of its name. */
interface DailyReport {
  readonly title: string;
  readonly series: Series;
  /** UTC micros from when on the file is there, until when (exclusive), and as of when its values are. */
  life(day: number): { from: Micros; to: Micros; asOf: Micros };
}

/** The report of a path under `/marketreports/`, as of an instant. */
export function misoReport(world: MisoWorld, name: string, at: Micros): Answer {
  const daily = /^(\d{4})(\d{2})(\d{2})_(\w+)\.csv$/.exec(name);
  if (daily !== null) {
    const report = dailyReports(world)[daily[4]];
    if (report !== undefined)
      return dailyAnswer(world, report, daily[4], dayOf(daily[1], daily[2], daily[3]), at);
  }
  const weekly = /^(\d{4})(\d{2})(\d{2})_5MIN_LMP\.zip$/.exec(name);
  if (weekly !== null) return weeklyAnswer(world, dayOf(weekly[1], weekly[2], weekly[3]), at);
  return blobNotFound(at);
}

function dayOf(year: string, month: string, date: string): number {
  return daysFromCivil(Number(year), Number(month), Number(date));
}

function dailyReports(world: MisoWorld): Readonly<Record<string, DailyReport>> {
  const { process, series } = world;
  const once = (of: Series) => (day: number) => {
    const from = of.publishedAt({ start: misoMidnight(day), end: misoMidnight(day) + HOUR });
    return { from, to: Number.POSITIVE_INFINITY, asOf: from };
  };
  return {
    da_expost_lmp: {
      title: 'Day Ahead Market ExPost LMPs',
      series: series.exPost,
      life: once(series.exPost),
    },
    da_exante_lmp: {
      title: 'Day Ahead Market ExAnte LMPs',
      series: series.exAnte,
      life: once(series.exAnte),
    },
    rt_lmp_prelim: {
      title: 'Realtime Market LMPs',
      series: series.hourly,
      life: (day) => ({ ...once(series.hourly)(day), to: finalAt(process, day) }),
    },
    rt_lmp_final: {
      title: 'Realtime Market LMPs',
      series: series.hourly,
      life: (day) => ({
        from: finalAt(process, day),
        to: Number.POSITIVE_INFINITY,
        asOf: finalAt(process, day),
      }),
    },
  };
}

function dailyAnswer(world: MisoWorld, report: DailyReport, ending: string, day: number, at: Micros): Answer {
  const life = report.life(day);
  if (!(at >= life.from && at < life.to)) return blobNotFound(at);
  const table = wideTable(world, report, day, life.asOf);
  return {
    kind: 'report',
    dataset: report.series.dataset,
    headers: BLOB,
    members: [{ name: `${compactDate(day)}_${ending}.csv`, modifiedAt: life.from, table, render: csvOf }],
    container: 'plain',
    zone: MISO_ZONE,
    lastModified: life.from,
    neighbour: () => dailyAnswer(world, report, ending, day - 1, at),
  };
}

/** Three blocks, one per component, each sorted by node; a row holds the 24 hours of one node. */
function wideTable(world: MisoWorld, report: DailyReport, day: number, asOf: Micros): Table {
  const midnight = misoMidnight(day);
  const nodes = world.nodesOn(day).map((node) => ({
    node,
    hours: Array.from({ length: HOURS }, (_, k): PriceParts | null => {
      const start = midnight + k * HOUR;
      return partsPublished(world.process, report.series, node, { start, end: start + HOUR }, asOf);
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
                  misoFact(world, report.series.dataset, node.name, field.field, value, 3 + k, {
                    start,
                    end: start + HOUR,
                  }),
                ];
          }),
      };
    }),
  );
  return {
    preamble: [report.title, slashDate(day), '', ',,,All Hours-Ending are Eastern Standard Time (EST)'],
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
