/**
 * The page of real-time system conditions of the simulated ERCOT: one reading, written anew each minute, and the flows over
 * the direct-current ties to other grids. It has no history and no offset. Numbers of thousands have commas here and there.
 */

import { MINUTE, type Micros, SECOND } from '../../core/time/instant.ts';
import { fixedText, plainText } from '../decimal-text.ts';
import { type DemandProcess, type Fuel, flowOf, generationOf, loadOf } from '../demand-process.ts';
import { drawSigned } from '../draw.ts';
import { type Entry, type Feed, type Place, rowOf } from '../feed.ts';
import { clockText, MONTHS, wallAt } from '../local-time.ts';
import type { Answer } from '../market.ts';
import { rounded } from '../price-process.ts';
import { plainReport, tableOf } from '../report.ts';
import type { Table, TableRow } from '../table.ts';
import { ERCOT_ZONE } from './clock.ts';

/** Name of the page. */
export const CONDITIONS = 'real_time_system_conditions.html';

/** What the page prints. */
export interface SystemConditions {
  readonly system: Feed;
  readonly ties: Feed;
}

/** So long after a reading it is on the page. */
const DELAY = 20 * SECOND;

/** Labels with the platform's fields, and decimals of each. */
const FIGURES: readonly (readonly [label: string, field: string, decimals: number])[] = [
  ['Current Frequency', 'frequency', 3],
  ['Instantaneous Time Error', 'time_error', 3],
  ['Actual System Demand', 'load', 0],
  ['Average Net Load', 'net_load', 0],
  ['Total System Capacity (not including Ancillary Services)', 'capacity', 0],
  ['Total Wind Output', 'wind_generation', 0],
  ['Total PVGR Output', 'solar_generation', 0],
  ['Current System Inertia', 'inertia', 0],
];
/** All numbers are kept with so many decimals. */
const DECIMALS = 3;

/** Ties and how much they carry, MW. */
const TIES: Readonly<Record<string, number>> = {
  'DC_E (East)': 600,
  'DC_L (Laredo VFT)': 100,
  'DC_N (North)': 220,
  'DC_R (Railroad)': 300,
  'DC_S (Eagle Pass)': 30,
};

const WIND: Fuel = { name: 'Wind', share: 0.24, habit: 'wind' };
const SUN: Fuel = { name: 'Solar', share: 0.1, habit: 'sun' };

/** Readings from one demand process, at the fortieth second of each minute. */
export function systemConditions(demand: DemandProcess): SystemConditions {
  const feed = (fields: readonly string[], entries: Feed['entries']): Feed => ({
    dataset: 'system_conditions',
    step: MINUTE,
    decimals: DECIMALS,
    fields,
    *intervals({ start, end }) {
      const offset = MINUTE - DELAY;
      for (let at = Math.ceil((start - offset) / MINUTE) * MINUTE + offset; at < end; at += MINUTE)
        yield { start: at, end: at };
    },
    publishedAt: ({ start }) => start + DELAY,
    entries,
  });
  return {
    system: feed(
      FIGURES.map(([, field]) => field),
      ({ start }) => [{ place: { name: 'ERCOT' }, numbers: systemAt(demand, start) }],
    ),
    ties: feed(['interchange'], ({ start }) =>
      Object.entries(TIES).map(([name, capacity]) => ({
        place: { name },
        numbers: [rounded(flowOf(demand, name, capacity, start)) * 1000],
      })),
    ),
  };
}

/** In the order of the figures. */
function systemAt(demand: DemandProcess, at: Micros): number[] {
  const whole = (megawatts: number): number => rounded(megawatts) * 1000;
  const chance = (purpose: number): number => drawSigned(demand.seed, purpose, at);
  const load = whole(loadOf(demand, 'SYSTEM', 1, at));
  const [wind, sun] = [WIND, SUN].map((fuel) => whole(generationOf(demand, fuel, at)));
  return [
    60_000 + rounded(20 * chance(131)),
    rounded(9000 * chance(132)),
    load,
    load - wind - sun,
    load + whole(3000 + 1500 * chance(133)),
    wind,
    sun,
    whole(250_000 + 40_000 * chance(134)),
  ];
}

/** The page as it is. */
export function conditionsPage({ system, ties }: SystemConditions, at: Micros): Answer {
  const offset = MINUTE - DELAY;
  const stamp = Math.floor((at - DELAY - offset) / MINUTE) * MINUTE + offset;
  const reading = { start: stamp, end: stamp };
  const row = (feed: Feed, entry: Entry<Place>, label: string, own: string, decimals: number): TableRow => {
    const number = (entry.numbers[feed.fields.indexOf(own)] ?? 0) / 10 ** (DECIMALS - decimals);
    const text = decimals === 0 ? plainText(number, 0) : fixedText(number, decimals);
    const cell = label === FIGURES[2][0] ? text.replaceAll(/\B(?=(\d{3})+$)/g, ',') : text;
    return rowOf(feed, reading, entry, [label, cell], (field) => (field === own ? 1 : -1));
  };
  const [whole] = system.entries(reading, at);
  const rows = [
    ...FIGURES.map(([label, field, decimals]) => row(system, whole, label, field, decimals)),
    ...ties.entries(reading, at).map((entry) => row(ties, entry, entry.place.name, 'interchange', 0)),
  ];
  return plainReport({
    dataset: system.dataset,
    name: CONDITIONS,
    headers: { 'content-type': 'text/html' },
    table: tableOf(['Figure', 'Value'], rows, { isKeyed: true, isOrderFree: true }),
    zone: ERCOT_ZONE,
    modifiedAt: stamp + DELAY,
    render: (table) => pageOf(table, stamp),
  });
}

/** `Jul 16, 2025 14:38:40`. */
function stampText(at: Micros): string {
  const wall = wallAt(ERCOT_ZONE, at);
  return `${MONTHS[wall.month - 1]} ${wall.day}, ${wall.year} ${clockText(wall, true)}`;
}

/** A label and a number to a row. */
function pageOf({ rows }: Table, stamp: Micros): string {
  const lines = [
    '<html>',
    '<head><title>Real-Time System Conditions</title></head>',
    '<body>',
    `<div class="schedTime rightAlign">Last Updated: ${stampText(stamp)}</div>`,
    '<table class="tableStyle" cellpadding="0" cellspacing="0">',
    '<tr><td class="headerValueClass" colspan="2">Real-Time Data</td></tr>',
  ];
  for (const { cells } of rows)
    lines.push(
      '<tr>',
      `<td class="tdLeft">${cells[0]}</td>`,
      `<td class="labelClassCenter">${cells[1]}</td>`,
      '</tr>',
    );
  return [...lines, '</table>', '</body>', '</html>', ''].join('\n');
}
