/**
 * MISO clearing prices of regulation and reserves: day-ahead `YYYYMMDD_asm_expost_damcp.csv`, and real-time by the hour
 * `YYYYMMDD_asm_rtmcp_prelim.csv`, replaced about a week later by `_asm_rtmcp_final.csv`.
 *
 * Hours as in the price reports. Two tables in one file, the whole market and then each resource with its zone, under
 * one header or under one each: `,,MCP Type, HE 1,HE 2,…`. The day-ahead prices of the clearing, `_asm_exante_damcp.csv`,
 * are other prices, whose title has been the same: there the name tells.
 */

import type { Dataset, Decoded, Payload, PublishedField } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { isExchange, readExchange, recogniseExchange } from './data-exchange.ts';
import { HOUR_ENDING, type HourlyTable, readHourlyTable } from './hourly-table.ts';
import { reserveReport } from './layouts.ts';
import { ageOf, type DailyReport, operatingDays, reportRequest } from './routes.ts';

const UNIT = 'USD/MW';

/** Fields of the clearing prices. */
export const RESERVE_FIELDS: readonly PublishedField[] = [
  { field: 'mcp_genreg', unit: UNIT, what: 'regulation by generation (GENREGMCP)' },
  { field: 'mcp_genspin', unit: UNIT, what: 'spinning reserve by generation (GENSPINMCP)' },
  { field: 'mcp_gensupp', unit: UNIT, what: 'supplemental reserve by generation (GENSUPPMCP)' },
  { field: 'mcp_demreg', unit: UNIT, what: 'regulation by demand (DEMREGMCP)' },
  { field: 'mcp_demspin', unit: UNIT, what: 'spinning reserve by demand (DEMSPINMCP)' },
  { field: 'mcp_demsupp', unit: UNIT, what: 'supplemental reserve by demand (DEMSUPPMCP)' },
  { field: 'mcp_serreg', unit: UNIT, what: 'regulation by stored energy (SERREGMCP)' },
  { field: 'mcp_regulation', unit: UNIT, what: 'regulation, by zone (Data Exchange)' },
  { field: 'mcp_spin', unit: UNIT, what: 'spinning reserve, by zone' },
  { field: 'mcp_supplemental', unit: UNIT, what: 'supplemental reserve, by zone' },
  { field: 'mcp_str', unit: UNIT, what: 'short-term reserve, by zone' },
  { field: 'mcp_ramp_up', unit: UNIT, what: 'ramp capability up, by zone' },
  { field: 'mcp_ramp_down', unit: UNIT, what: 'ramp capability down, by zone' },
];

const TABLE: HourlyTable = {
  columnsIn(header) {
    const type = header.indexOf('mcp type');
    if (type < 0) return null;
    const names = header.map((name, at) => (name === '' && at < type ? `label ${at + 1}` : name));
    const place = type === 0 ? null : names.includes('pnode') ? 'pnode' : (names[0] ?? '');
    return { place, kind: 'mcp type', date: null, ignored: names.slice(0, type), names };
  },
  fieldOf(kind) {
    const product = /^([A-Z]{3,12})MCP$/.exec(kind.toUpperCase())?.[1];
    return product === undefined ? null : `mcp_${product.toLowerCase()}`;
  },
  kinds: 'GENREGMCP, GENSPINMCP, …',
  unit: UNIT,
  // The table of the whole market comes with and without columns of places.
  system: 'MISO Wide',
};

const SHARED = {
  time: HOUR_ENDING,
  nullWords: NULL_WORDS,
  coverage: { contiguous: true, sameSpan: true },
  fields: RESERVE_FIELDS,
  decode: (payload: Payload): Decoded =>
    isExchange(payload) ? readExchange(payload, 'reserve') : readHourlyTable(payload, TABLE),
} as const;

/** The dataset `da_as_prices` of MISO. */
export const dayAheadReserves: Dataset = {
  ...SHARED,
  name: 'da_as_prices',
  title: 'Day-ahead hourly clearing prices of regulation and reserves (ex post)',
  recognise(head) {
    const exchanged = recogniseExchange(head, 'reserve', 'day-ahead');
    if (exchanged > 0) return exchanged;
    if (reserveReport(head) !== 'day-ahead') return 0;
    return /damcp/i.test(head.name) ? 3 : 2;
  },
  plan: (window) =>
    operatingDays(window).map((day) => reportRequest({ file: 'asm_expost_damcp', publishedAfter: -10 }, day)),
};

/** The dataset `da_as_prices_ex_ante` of MISO: other prices, not another version of the settled ones. */
export const dayAheadReservesExAnte: Dataset = {
  ...SHARED,
  name: 'da_as_prices_ex_ante',
  title: 'Day-ahead hourly clearing prices of regulation and reserves, of the clearing (ex ante)',
  recognise: (head) =>
    reserveReport(head) === 'day-ahead-ex-ante' ? (/ex.?ante/i.test(head.name) ? 3 : 2) : 0,
  // Files that were kept are read; nothing is fetched.
  plan: () => [],
};

/** Age in days up to which the preliminary file is surely still served. */
const PRELIMINARY_DAYS = 4;
const PRELIMINARY: DailyReport = { file: 'asm_rtmcp_prelim', publishedAfter: 24 + 12 };
const FINAL: DailyReport = { file: 'asm_rtmcp_final', publishedAfter: 8 * 24 };

/** The dataset `rt_as_prices_hourly` of MISO. */
export const realTimeReserves: Dataset = {
  ...SHARED,
  name: 'rt_as_prices_hourly',
  title: 'Real-time hourly clearing prices of regulation and reserves, preliminary and then final',
  recognise(head) {
    const exchanged = recogniseExchange(head, 'reserve', 'real-time-hourly');
    if (exchanged > 0) return exchanged;
    if (reserveReport(head) !== 'real-time') return 0;
    return /rtmcp/i.test(head.name) ? 3 : 2;
  },
  plan: (window, settings) =>
    operatingDays(window).map((day) =>
      reportRequest(ageOf(day, settings.now) <= PRELIMINARY_DAYS ? PRELIMINARY : FINAL, day),
    ),
};
