/**
 * MISO's scheduled flow between its own regions, `YYYYMMDD_rt_irsf.csv`: a line for each hour and constraint below a title
 * and the day, `MKTHOUR_EST, INTRAREGIONAL_SCHEDULED_FLOW, CONSTRAINT_NAME`. MKTHOUR_EST begins its hour, as in the weekly
 * file of prices.
 */

import { textAt } from '../kit/readers/sheet.ts';
import { sourceRow } from '../kit/source-row.ts';
import { inAnyForm } from '../kit/time/stamp-forms.ts';
import { cellsOf, compact, type HourReport, hourDataset, SHEET_HOUR } from './hour-sheets.ts';

const COLUMNS = ['mkthourest', 'intraregionalscheduledflow', 'constraintname'] as const;

const REPORT: HourReport = {
  open(header) {
    const names = cellsOf(header).map(compact);
    const [timeAt = -1, flowAt = -1, placeAt = -1] = COLUMNS.map((column) => names.indexOf(column));
    if (timeAt < 0 || flowAt < 0 || placeAt < 0) return null;
    return (row, line) => {
      const time = textAt(row, timeAt);
      // Below the last hour stand words about the report.
      if (!/\d:\d\d/.test(time)) return [];
      const values = [{ field: 'scheduled_flow', value: row?.[flowAt]?.text ?? null, unit: 'MW' }];
      return [sourceRow(line, textAt(row, placeAt), time, values)];
    };
  },
  words: /INTRAREGIONAL_SCHEDULED_FLOW/,
  named: /irsf/i,
  expected: 'MKTHOUR_EST, INTRAREGIONAL_SCHEDULED_FLOW, CONSTRAINT_NAME',
};

/** The dataset `scheduled_flow` of MISO. */
export const scheduledFlow = inAnyForm(
  hourDataset(REPORT, {
    name: 'scheduled_flow',
    title: 'Scheduled flow between the regions by constraint and hour',
    rule: {
      kind: 'series',
      product: 'TRANSFER',
      lateness: '2d',
      horizon: '1d',
      fields: { scheduled_flow: { min: '-20000', max: '20000' } },
    },
    time: { ...SHEET_HOUR, name: 'est-hour-beginning', pattern: 'M/D/YYYY hh:mm[:ss]', stamp: 'beginning' },
    fields: [
      {
        field: 'scheduled_flow',
        unit: 'MW',
        what: 'scheduled flow across the constraint that is the location',
      },
    ],
  }),
  ['M/D/YYYY h:mm:ss A', 'M/D/YYYY h:mm[:ss]', 'M/D/YY h:mm', 'YYYY-MM-DD[T][ ]hh:mm[:ss]'],
);
