/**
 * Public real-time JSON of public-api.misoenergy.org (`/api/MarketPricing/…`): strings throughout, INTERVAL in EST
 * without offset, marking the interval's end. Form: reference 2.2.
 */

import { HOUR, MINUTE, type Micros } from '../../core/time/instant.ts';
import type { Interval } from '../../core/time/interval.ts';
import { fixedText } from '../decimal-text.ts';
import { clockText, isoDate, MONTHS, padded, wallAt } from '../local-time.ts';
import type { Answer } from '../market.ts';
import { type PriceParts, partsAt } from '../price-process.ts';
import { partsPublished, regularIntervals } from '../series.ts';
import { bareCell, type Table, type TableRow } from '../table.ts';
import { gatewayNotFound } from './blob-errors.ts';
import { MISO_FIELDS, type MisoWorld, misoFact } from './fields.ts';
import { MISO_ZONE, misoDayOf, misoMidnight } from './publication.ts';

const FIVE = 5 * MINUTE;
const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-cache' };
/** The JSON prints the loss before the congestion. */
const JSON_FIELDS = [MISO_FIELDS[0], MISO_FIELDS[2], MISO_FIELDS[1]];

/** The answer for a path under `/api/MarketPricing/`. */
export function misoRealTime(world: MisoWorld, path: string, at: Micros): Answer {
  const today = misoDayOf(at);
  if (path === 'GetRealTimeFiveMinExPost/Current') return exPost(world, newest(world, at), at);
  if (path === 'GetRealTimeFiveMinExPost/Rolling') return exPost(world, endingOn(today), at);
  if (path === 'GetRealTimeFiveMinExPost/Previous') return exPost(world, endingOn(today - 1), at);
  if (path === 'GetLmpConsolidatedTable') return consolidated(world, at);
  return gatewayNotFound();
}

/** The newest interval that is published. */
function newest({ series }: MisoWorld, at: Micros): Interval {
  let start = Math.floor(at / FIVE) * FIVE - FIVE;
  while (series.fiveMinute.publishedAt({ start, end: start + FIVE }) > at) start -= FIVE;
  return { start, end: start + FIVE };
}

/** Intervals whose printed end bears the day's date: those that begin from 23:55 of the day before. */
function endingOn(day: number): Interval {
  return { start: misoMidnight(day) - FIVE, end: misoMidnight(day + 1) - FIVE };
}

const stampOf = (end: Micros): string =>
  `${isoDate(misoDayOf(end))}T${clockText(wallAt(MISO_ZONE, end), true)}`;

function exPost(world: MisoWorld, window: Interval, at: Micros): Answer {
  const { process, series } = world;
  const rows: TableRow[] = [];
  for (const interval of regularIntervals(window, FIVE)) {
    if (series.fiveMinute.publishedAt(interval) > at) break;
    for (const node of world.nodesOn(misoDayOf(interval.start))) {
      const parts = partsPublished(process, series.fiveMinute, node, interval, at);
      if (parts !== null) rows.push(rowOf(world, node.name, parts, interval));
    }
  }
  const table: Table = {
    preamble: [],
    header: ['INTERVAL', 'CPNODE', 'LMP', 'MLC', 'MCC'],
    rows,
    footer: [],
    textCell: bareCell,
    restamped: (row, later) => [stampOf(row.facts()[0].end + later), ...row.cells.slice(1)],
  };
  return {
    kind: 'report',
    dataset: 'rt_lmp',
    headers: JSON_HEADERS,
    members: [{ name: 'GetRealTimeFiveMinExPost.json', modifiedAt: at, table, render: exPostJson }],
    container: 'plain',
    zone: MISO_ZONE,
    lastModified: null,
    neighbour: null,
  };
}

function rowOf(world: MisoWorld, name: string, parts: PriceParts, interval: Interval): TableRow {
  return {
    cells: [
      stampOf(interval.end),
      name,
      ...JSON_FIELDS.map(({ of }) => fixedText(of(parts), world.process.decimals)),
    ],
    facts: () =>
      JSON_FIELDS.map(({ field, of }, k) =>
        misoFact(world, 'rt_lmp', name, field, of(parts), 2 + k, interval),
      ),
  };
}

function exPostJson(table: Table): string {
  return JSON.stringify({ headers: table.header, data: table.rows.map(({ cells }) => cells) });
}

const SECTIONS = ['FiveMinLMP', 'HourlyIntegratedLmp', 'DayAheadExAnteLmp', 'DayAheadExPostLmp'];

/** The newest interval of all nodes beside the hourly and day-ahead prices of the hour that it lies in. */
function consolidated(world: MisoWorld, at: Micros): Answer {
  const { process, series } = world;
  const interval = newest(world, at);
  const hour = Math.floor(interval.start / HOUR) * HOUR;
  const rows: TableRow[] = [];
  for (const node of world.nodesOn(misoDayOf(interval.start))) {
    const now = partsPublished(process, series.fiveMinute, node, interval, at);
    if (now === null) continue;
    const past = { start: hour - HOUR, end: hour };
    const beside = [
      series.hourly.parts?.(node, past) ?? now,
      partsAt(process, series.exAnte.run, node, hour, HOUR),
      partsAt(process, series.exPost.run, node, hour, HOUR),
    ];
    const first = rowOf(world, node.name, now, interval);
    rows.push({ cells: [SECTIONS[0], ...first.cells.slice(1)], facts: first.facts });
    beside.forEach((parts, k) => {
      const cells = rowOf(world, node.name, parts, interval).cells.slice(1);
      rows.push({ cells: [SECTIONS[k + 1], ...cells], facts: () => [] });
    });
  }
  const { year, month, day, hour: h, minute } = wallAt(MISO_ZONE, interval.end);
  const refId = `${padded(day)}-${MONTHS[month - 1]}-${year} - Interval ${padded(h)}:${padded(minute)} EST`;
  const render = (table: Table): string => {
    const section = (name: string): unknown => ({
      PricingNode: table.rows
        .filter(({ cells }) => cells[0] === name)
        .map(({ cells }) => Object.fromEntries(table.header.slice(1).map((key, k) => [key, cells[k + 1]]))),
    });
    return JSON.stringify({
      LMPData: { RefId: refId, ...Object.fromEntries(SECTIONS.map((name) => [name, section(name)])) },
    });
  };
  const table: Table = {
    preamble: [],
    header: ['section', 'name', 'LMP', 'loss', 'congestion'],
    rows,
    footer: [],
    textCell: bareCell,
    restamped: null,
  };
  return {
    kind: 'report',
    dataset: 'rt_lmp',
    headers: JSON_HEADERS,
    members: [{ name: 'GetLmpConsolidatedTable.json', modifiedAt: at, table, render }],
    container: 'plain',
    zone: MISO_ZONE,
    lastModified: null,
    neighbour: null,
  };
}
