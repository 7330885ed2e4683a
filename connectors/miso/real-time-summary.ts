/**
 * MISO's summary of a day of the real-time market, `YYYYMMDD_rt_ex.xls`: a line for each hour, and for what is committed,
 * load, imports, outages and changes of offers what was expected (Forward), what was (Real-Time), and the difference (Delta).
 */

import { textAt } from '../kit/readers/sheet.ts';
import { sourceRow } from '../kit/source-row.ts';
import {
  cellsOf,
  compact,
  type HourReport,
  hourDataset,
  hourOf,
  type LineReader,
  type SheetRow,
} from './hour-sheets.ts';

const UNIT = 'GW';
const FIGURES = {
  committed: 'committed',
  load: 'load',
  netscheduledimports: 'net_scheduled_imports',
  outages: 'outage',
  offerchanges: 'offer_change',
} as const;
const KINDS = { forward: '_forward', realtime: '', delta: '_delta' } as const;
const FIELD = /^(.+?)\(GW[^)]*\)\s*-?\s*(Forward|Real.?Time|Delta)$/i;

function fieldOf(name: string): string | null {
  const parts = FIELD.exec(name.replace(/\s+/g, ' ').trim());
  if (parts === null) return null;
  const figure = FIGURES[compact(parts[1] ?? '') as keyof typeof FIGURES];
  const kind = KINDS[compact(parts[2] ?? '') as keyof typeof KINDS];
  return figure === undefined || kind === undefined ? null : `${figure}${kind}`;
}

function open(header: SheetRow): LineReader | null {
  const figures = cellsOf(header).flatMap((name, at) => {
    const field = fieldOf(name);
    return field === null ? [] : [{ at, field }];
  });
  if (figures.length < 3) return null;
  return (row, line, day) => {
    const hour = hourOf(textAt(row, 0));
    if (hour === null || day === null) return [];
    const values = figures.map(({ at, field }) => ({ field, value: row?.[at]?.text ?? null, unit: UNIT }));
    return [sourceRow(line, 'MISO', `${day} HE ${hour}`, values)];
  };
}

const REPORT: HourReport = {
  open,
  words: /Committed \(GW[^)]*\)\s*-?\s*Forward/i,
  named: /rt_ex/i,
  expected: 'Committed (GW …) - Forward, …, Load (GW) - Forward, …',
};

const FIELDS = Object.values(FIGURES).flatMap((figure) =>
  Object.values(KINDS).map((kind) => ({
    field: `${figure}${kind}`,
    unit: UNIT,
    what: `${figure}${kind}`.replaceAll('_', ' '),
  })),
);

/** The dataset `rt_summary` of MISO. */
export const realTimeSummary = hourDataset(REPORT, {
  name: 'rt_summary',
  title: 'What was expected and what was in each hour of the real-time market',
  fields: FIELDS,
  rule: {
    kind: 'series',
    product: 'RT_SUMMARY',
    lateness: '2h',
    horizon: '7d',
    fields: Object.fromEntries(FIELDS.map(({ field }) => [field, { min: '-500', max: '500' }])),
  },
});
