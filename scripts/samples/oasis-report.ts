/**
 * Makes OASIS price reports in both forms, with prices of our own making, the same on every run: what CAISO's samples,
 * golden cases and tests are made of.
 *
 * The expected rows come from the maker, which counts intervals from the first instant of the day, and not from the
 * decoder under test.
 */

/** A trade day: its date, its first instant, and the numbers of its hours in order of time. */
export interface TradeDay {
  readonly date: string;
  readonly start: string;
  readonly hours: readonly number[];
}

const upTo = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

export const NORMAL: TradeDay = { date: '2025-07-16', start: '2025-07-16T07:00:00Z', hours: upTo(1, 24) };
export const SPRING: TradeDay = {
  date: '2026-03-08',
  start: '2026-03-08T08:00:00Z',
  hours: [1, 2, ...upTo(4, 24)],
};
export const AUTUMN: TradeDay = {
  date: '2025-11-02',
  start: '2025-11-02T07:00:00Z',
  hours: [1, 2, 25, ...upTo(3, 24)],
};

/** How a report is printed. */
export interface Print {
  readonly dataset: string;
  readonly report: string;
  readonly run: string;
  readonly minutes: number;
  readonly nodes: readonly string[];
  /** Old reports know no greenhouse gas. */
  readonly ghg: boolean;
  readonly column: 'MW' | 'VALUE' | 'PRC';
  /** Day-ahead prints OPR_INTERVAL early and hours plain; the other reports print it late and hours with a zero. */
  readonly layout: 'day-ahead' | 'real-time';
  /** Rows come in an order that this seed gives. */
  readonly seed: number;
  /** Intervals printed, from the start of the day; all when absent. */
  readonly intervals?: number;
}

export const HUBS: readonly string[] = ['TH_NP15_GEN-APND', 'TH_SP15_GEN-APND', 'TH_ZP26_GEN-APND'];

const DAM: Print = {
  dataset: 'da_lmp',
  report: 'PRC_LMP',
  run: 'DAM',
  minutes: 60,
  nodes: HUBS,
  ghg: true,
  column: 'MW',
  layout: 'day-ahead',
  seed: 1,
};

/** Reports by dataset, each in the layout that CAISO prints it in. */
export const PRINTS: Readonly<Record<string, Print>> = {
  da_lmp: DAM,
  rt_lmp: {
    ...DAM,
    dataset: 'rt_lmp',
    report: 'PRC_INTVL_LMP',
    run: 'RTM',
    minutes: 5,
    column: 'VALUE',
    layout: 'real-time',
  },
  rt_lmp_15min: {
    ...DAM,
    dataset: 'rt_lmp_15min',
    report: 'PRC_RTPD_LMP',
    run: 'RTPD',
    minutes: 15,
    column: 'PRC',
    layout: 'real-time',
  },
  hasp_lmp: {
    ...DAM,
    dataset: 'hasp_lmp',
    report: 'PRC_HASP_LMP',
    run: 'HASP',
    minutes: 15,
    layout: 'real-time',
  },
};

const COMPONENTS = [
  ['LMP', 'LMP_PRC', 'lmp'],
  ['MCC', 'LMP_CONG_PRC', 'congestion'],
  ['MCE', 'LMP_ENE_PRC', 'energy'],
  ['MCL', 'LMP_LOSS_PRC', 'loss'],
  ['MGHG', 'LMP_GHG_PRC', 'ghg'],
] as const;

/** Made-up prices in 1/100000 USD: dear evenings, negative noons, congestion by node, a little greenhouse gas. */
function price(minute: number, place: number, field: string, ghg: boolean): number {
  const hour = Math.floor(minute / 60);
  const wobble = (minute * 7919 + place * 104_729) % 9973;
  const energy =
    (hour > 16 && hour < 22 ? 7_400_000 : hour > 8 && hour < 16 ? -850_000 : 3_900_000) + wobble * 31;
  const parts = {
    energy,
    congestion: wobble % 3 === 0 ? (place - 1) * wobble * 13 : 0,
    loss: Math.round((energy * (place - 2)) / 90),
    ghg: ghg ? (wobble % 7) * 1_000 : 0,
  };
  if (field in parts) return parts[field as keyof typeof parts];
  return parts.energy + parts.congestion + parts.loss + parts.ghg;
}

/** `60.61482`, trailing zeros trimmed, zero as `0`. */
function decimal(scaled: number): string {
  const digits = String(Math.abs(scaled)).padStart(6, '0');
  const fraction = digits.slice(-5).replace(/0+$/, '');
  return `${scaled < 0 ? '-' : ''}${digits.slice(0, -5)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** One number with all words that either form prints for it. */
interface Printed {
  readonly cells: Readonly<Record<string, string>>;
  readonly slot: number;
  readonly expected: string;
}

function printedRows(day: TradeDay, print: Print): Printed[] {
  const perHour = 60 / print.minutes;
  const slots = Math.min(print.intervals ?? day.hours.length * perHour, day.hours.length * perHour);
  const stamp = (slot: number): string =>
    new Date(Date.parse(day.start) + slot * print.minutes * 60_000).toISOString().slice(0, 19);
  const rows: Printed[] = [];
  for (const [c, [type, item, field]] of COMPONENTS.entries()) {
    if (field === 'ghg' && !print.ghg) continue;
    for (const [place, node] of print.nodes.entries())
      for (let slot = 0; slot < slots; slot++) {
        const hour = day.hours[Math.floor(slot / perHour)] ?? 0;
        const value = decimal(price(slot * print.minutes, place, field, print.ghg));
        const [start, end] = [stamp(slot), stamp(slot + 1)];
        const early = print.layout === 'day-ahead';
        rows.push({
          slot,
          cells: {
            INTERVALSTARTTIME_GMT: `${start}-00:00`,
            INTERVALENDTIME_GMT: `${end}-00:00`,
            OPR_DT: day.date,
            OPR_HR: early ? String(hour) : String(hour).padStart(2, '0'),
            OPR_INTERVAL: String(early ? 0 : (slot % perHour) + 1),
            NODE_ID_XML: node,
            NODE_ID: node,
            NODE: node,
            MARKET_RUN_ID: print.run,
            LMP_TYPE: type,
            XML_DATA_ITEM: item,
            PNODE_RESMRID: node,
            GRP_TYPE: early ? 'ALL_APNODES' : 'ALL',
            POS: String(early ? 0 : 1),
            [print.column]: value,
            GROUP: String(c + 1),
          },
          expected: JSON.stringify({
            market: 'CAISO',
            dataset: print.dataset,
            location: node,
            interval_start: `${start}Z`,
            interval_end: `${end}Z`,
            field,
            value,
            unit: 'USD/MWh',
          }),
        });
      }
  }
  return shuffled(rows, print.seed);
}

/** Fisher and Yates by a multiplicative generator: the same seed, the same order. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const mixed = [...items];
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  for (let i = mixed.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const j = state % (i + 1);
    [mixed[i], mixed[j]] = [mixed[j] as T, mixed[i] as T];
  }
  return mixed;
}

/** The columns of a layout in the order of the market. */
export function columnsOf(print: Print): string[] {
  const time = ['INTERVALSTARTTIME_GMT', 'INTERVALENDTIME_GMT', 'OPR_DT', 'OPR_HR'];
  const node = ['NODE_ID_XML', 'NODE_ID', 'NODE', 'MARKET_RUN_ID', 'LMP_TYPE', 'XML_DATA_ITEM'];
  const rest = ['PNODE_RESMRID', 'GRP_TYPE', 'POS', print.column];
  return print.layout === 'day-ahead'
    ? [...time, 'OPR_INTERVAL', ...node, ...rest, 'GROUP']
    : [...time, ...node, ...rest, 'OPR_INTERVAL', 'GROUP'];
}

/** A report in one form, and the lines that `carbon decode` must print for it. */
export interface Made {
  readonly payload: string;
  readonly expected: string;
}

/** As CSV; `columns` may stand in any order. */
export function oasisCsv(day: TradeDay, print: Print, columns = columnsOf(print)): Made {
  const rows = printedRows(day, print);
  const lines = [columns.join(','), ...rows.map(({ cells }) => columns.map((name) => cells[name]).join(','))];
  return { payload: `${lines.join('\n')}\n`, expected: `${rows.map((row) => row.expected).join('\n')}\n` };
}

/** As XML: one REPORT_ITEM with all numbers, a line for each element. */
export function oasisXml(day: TradeDay, print: Print): Made {
  const rows = printedRows(day, print);
  const data = rows.map(({ cells, slot }) =>
    [
      '<REPORT_DATA>',
      `<DATA_ITEM>${cells['XML_DATA_ITEM']}</DATA_ITEM>`,
      `<RESOURCE_NAME>${cells['NODE']}</RESOURCE_NAME>`,
      `<OPR_DATE>${cells['OPR_DT']}</OPR_DATE>`,
      `<INTERVAL_NUM>${print.minutes === 60 ? cells['OPR_HR'] : slot + 1}</INTERVAL_NUM>`,
      `<INTERVAL_START_GMT>${cells['INTERVALSTARTTIME_GMT']}</INTERVAL_START_GMT>`,
      `<INTERVAL_END_GMT>${cells['INTERVALENDTIME_GMT']}</INTERVAL_END_GMT>`,
      `<VALUE>${cells[print.column]}</VALUE>`,
      '</REPORT_DATA>',
    ].join('\n'),
  );
  const payload = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<OASISReport xmlns="http://www.caiso.com/soa/OASISReport_v1.xsd">',
    `<MessageHeader>\n<TimeDate>${day.start}</TimeDate>\n<Source>OASIS</Source>\n</MessageHeader>`,
    '<MessagePayload>\n<RTO>\n<name>CAISO</name>\n<REPORT_ITEM>\n<REPORT_HEADER>\n<SYSTEM>OASIS</SYSTEM>',
    `<TZ>PPT</TZ>\n<REPORT>${print.report}</REPORT>\n<MKT_TYPE>${print.run}</MKT_TYPE>\n<UOM>US$/MWh</UOM>`,
    `<INTERVAL>ENDING</INTERVAL>\n<SEC_PER_INTERVAL>${print.minutes * 60}</SEC_PER_INTERVAL>\n</REPORT_HEADER>`,
    ...data,
    '</REPORT_ITEM>\n</RTO>\n</MessagePayload>\n</OASISReport>',
  ].join('\n');
  return { payload: `${payload}\n`, expected: `${rows.map((row) => row.expected).join('\n')}\n` };
}
