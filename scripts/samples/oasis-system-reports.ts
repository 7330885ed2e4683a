/**
 * Makes the smaller reports of CAISO in the operator's layouts, three hours each, with figures of our own making: the
 * samples of the datasets besides prices at nodes.
 */

const HOURS = 3;
const START = Date.parse('2026-03-08T08:00:00Z');

/** Words of a row that a report prints in its own columns. */
type Words = Readonly<Record<string, string>>;

/** A report: its columns in the order of the market, the length of its intervals, and its rows without time and value. */
interface SystemReport {
  readonly columns: string;
  readonly minutes: number;
  readonly rows: readonly Words[];
  /** First figure; the others follow from it. */
  readonly figure: number;
}

const TIME = 'INTERVALSTARTTIME_GMT,INTERVALENDTIME_GMT';
const RESERVES = `${TIME},OPR_DT,OPR_HR,OPR_INTERVAL,OPR_TYPE,ANC_TYPE,ANC_REGION,MARKET_RUN_ID,XML_DATA_ITEM,MW,GROUP`;
const LOAD = `${TIME},LOAD_TYPE,OPR_DT,OPR_HR,OPR_INTERVAL,MARKET_RUN_ID,TAC_AREA_NAME,LABEL,XML_DATA_ITEM,POS,MW,EXECUTION_TYPE,GROUP`;

const reserveRows = (run: string): Words[] =>
  Object.entries({ RU: 'RU', RD: 'RD', SR: 'SP', NR: 'NS' }).map(([type, item]) => ({
    OPR_TYPE: 'ALL',
    ANC_TYPE: type,
    ANC_REGION: 'AS_CAISO_EXP',
    MARKET_RUN_ID: run,
    XML_DATA_ITEM: `${item}_CLR_PRC`,
  }));

const loadRows = (run: string, item: string, label: string): Words[] =>
  ['CA ISO-TAC', 'PGE-TAC'].map((area) => ({
    LOAD_TYPE: '0',
    MARKET_RUN_ID: run,
    TAC_AREA_NAME: area,
    LABEL: label,
    XML_DATA_ITEM: item,
    POS: '1',
    EXECUTION_TYPE: run,
  }));

const REPORTS: Readonly<Record<string, SystemReport>> = {
  PRC_AS_DAM: { columns: RESERVES, minutes: 60, rows: reserveRows('DAM'), figure: 4.25 },
  PRC_AS_HASP: { columns: RESERVES, minutes: 15, rows: reserveRows('HASP'), figure: 1.5 },
  SLD_FCST_DAM: {
    columns: LOAD,
    minutes: 60,
    rows: loadRows('DAM', 'SYS_FCST_DA_MW', 'Demand Forecast Day Ahead'),
    figure: 22_950.75,
  },
  SLD_FCST_ACTUAL: {
    columns: LOAD,
    minutes: 60,
    rows: loadRows('ACTUAL', 'SYS_FCST_ACT_MW', 'Total Actual Hourly Integrated Load'),
    figure: 22_871,
  },
  SLD_REN_FCST_DAM: {
    columns: `OPR_DT,OPR_HR,OPR_INTERVAL,${TIME},TRADING_HUB,RENEWABLE_TYPE,LABEL,XML_DATA_ITEM,MARKET_RUN_ID_POS,RENEW_POS,MW,MARKET_RUN_ID,GROUP`,
    minutes: 60,
    rows: ['Solar', 'Wind'].map((fuel) => ({
      TRADING_HUB: 'NP15',
      RENEWABLE_TYPE: fuel,
      LABEL: 'Renewable Forecast Day Ahead',
      XML_DATA_ITEM: 'RENEW_FCST_DA_MW',
      MARKET_RUN_ID_POS: '1',
      RENEW_POS: fuel === 'Wind' ? '1' : '2',
      MARKET_RUN_ID: 'DAM',
    })),
    figure: 312.4,
  },
  ENE_SLRS_DAM: {
    columns: `${TIME},OPR_DT,OPR_HR,OPR_INTERVAL,MARKET_RUN_ID,TAC_ZONE_NAME,SCHEDULE,XML_DATA_ITEM,MW,GROUP`,
    minutes: 60,
    rows: Object.entries({ Export: 'EXP', Generation: 'GEN', Import: 'IMP', Load: 'LOAD' }).map(
      ([schedule, item]) => ({
        MARKET_RUN_ID: 'DAM',
        TAC_ZONE_NAME: 'Caiso_Totals',
        SCHEDULE: schedule,
        XML_DATA_ITEM: `ISO_TOT_${item}_MW`,
      }),
    ),
    figure: 5_014,
  },
  ENE_LOSS_DAM: {
    columns: `${TIME},OPR_DT,OPR_HR,OPR_INTERVAL,MARKET_RUN_ID,XML_DATA_ITEM,MW,GROUP`,
    minutes: 60,
    rows: [{ MARKET_RUN_ID: 'DAM', XML_DATA_ITEM: 'TOT_LOSS_MW' }],
    figure: 689.03,
  },
};

function csvOf({ columns, minutes, rows, figure }: SystemReport): string {
  const names = columns.split(',');
  const perHour = 60 / minutes;
  const lines = [columns];
  // Newest first: OASIS keeps no order.
  for (const [r, words] of rows.entries())
    for (let slot = HOURS * perHour - 1; slot >= 0; slot--) {
      const stamp = (at: number): string =>
        `${new Date(START + at * minutes * 60_000).toISOString().slice(0, 19)}-00:00`;
      const cells: Words = {
        ...words,
        INTERVALSTARTTIME_GMT: stamp(slot),
        INTERVALENDTIME_GMT: stamp(slot + 1),
        OPR_DT: '2026-03-08',
        // The day that skips its third hour.
        OPR_HR: String([1, 2, 4][Math.floor(slot / perHour)] ?? 0),
        OPR_INTERVAL: String(minutes === 60 ? 0 : (slot % perHour) + 1),
        MW: String(Math.round((figure * (1 + r) + slot * 1.25) * 100) / 100),
        GROUP: String(r + 1),
      };
      lines.push(names.map((name) => cells[name] ?? '').join(','));
    }
  return `${lines.join('\n')}\n`;
}

/** The outlook of the public pages over the skipped hour, whose rows it keeps with empty cells. */
function outlookCsv(): string {
  const lines = [
    'Time,Demand,Net Demand,Day-ahead demand forecast,Day-ahead net demand forecast,Resource adequacy capacity forecast,Net resource adequacy capacity forecast,Reserve requirement,Reserve requirement forecast,Resource adequacy credits',
  ];
  for (const [i, clock] of ['01:50', '01:55', '02:00', '02:05', '03:00', '03:05'].entries())
    lines.push(
      clock.startsWith('02')
        ? `03/08/2026 ${clock},,,,,,,,,`
        : `03/08/2026 ${clock},${21_480 + i},${16_265 - i},22556,17950,38295,33973,2016,2016,968`,
    );
  return `${lines.join('\n')}\n`;
}

/** Name of each file → its text. */
export function systemReports(): Map<string, string> {
  const files = new Map<string, string>();
  for (const [name, report] of Object.entries(REPORTS))
    files.set(`20260308_20260308_${name}.csv`, csvOf(report));
  files.set('caiso_20260308_rtm_forecast_7day.csv', outlookCsv());
  return files;
}
