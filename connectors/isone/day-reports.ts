/**
 * ISO New England's reports of a day: the morning report of today, and the capacity forecast of the next seven days, which
 * ISO Express also has as CSV with a column for each day and a line for each figure.
 */

import { DAY } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Drift, Payload, PublishedField, SourceRow } from '../kit/contract.ts';
import { sourceRow } from '../kit/source-row.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { isoneDataset } from './dataset.ts';
import { CAPACITY_LINES, MORNING_REPORT, SEVEN_DAY_FORECAST } from './day-kinds.ts';
import { dayBounds, MARKET_DAYS } from './eastern.ts';
import { compact } from './express-columns.ts';
import { datedLines, isDate } from './express-matrix.ts';
import { service } from './routes.ts';
import type { WebKind } from './web-kind.ts';
import { WEB_KINDS } from './web-kinds.ts';
import { ISONE_SYSTEM } from './web-rows.ts';

/** The fields of a kind and its lists, a field once. */
function fieldsOf(kind: WebKind): PublishedField[] {
  const own = Object.values(kind.values).map((field) => ({
    field,
    unit: kind.unit,
    what: field.replaceAll('_', ' '),
  }));
  const all = [...own, ...(kind.lists ?? []).flatMap(fieldsOf)];
  return [...new Map(all.map((each) => [each.field, each])).values()];
}

/** The dataset `morning_report` of ISO New England. */
export const morningReport: Dataset = isoneDataset({
  name: 'morning_report',
  title: 'Capacity, reserves, outages and flows that are expected of today',
  fields: fieldsOf(MORNING_REPORT),
  kinds: WEB_KINDS.morningReport,
  named: /morningreport/i,
  plan: service('morningreport', 10),
});

/** Throws as {@link datedLines}. A line whose label is not known is reported and left alone. */
function readCapacityLines(payload: Payload): Decoded {
  const { heading, lines, report } = datedLines(payload, () => true);
  const rows: SourceRow[] = [];
  const drift: Drift[] = [];
  for (const { fields, line } of lines) {
    const label = fields.find((cell) => /[a-z]{4}/i.test(cell)) ?? '';
    const field = CAPACITY_LINES[compact(label)];
    if (field === undefined) {
      drift.push({ column: label.slice(0, 80), at: line });
      continue;
    }
    for (const [at, printed] of heading.entries()) {
      const value = fields[at] ?? '';
      const day = isDate(printed) ? parseStamp('M/D/YYYY', printed) : null;
      if (day === null || value === '') continue;
      const { start, end } = dayBounds(day / DAY);
      const bounds = {
        start: formatStamp('YYYY-MM-DDThh:mm:ssZ', start),
        end: formatStamp('YYYY-MM-DDThh:mm:ssZ', end),
      };
      const values = [{ field, value, unit: 'MW' }];
      rows.push(sourceRow(line, ISONE_SYSTEM, printed, values, { bounds, publishedAt: report.publishedAt }));
    }
  }
  return { rows, rejected: [], drift, damage: report.damage, layout: { time: MARKET_DAYS } };
}

/** The dataset `capacity_forecast` of ISO New England. */
export const capacityForecast: Dataset = isoneDataset({
  name: 'capacity_forecast',
  title: 'Forecast of capacity, load and reserves at the peak of the next seven days',
  fields: fieldsOf(SEVEN_DAY_FORECAST),
  kinds: WEB_KINDS.sevenDayForecast,
  express: (head) => head.times === 'days' && /capacity/.test(head.title) && !/wind|solar/.test(head.title),
  readExpress: readCapacityLines,
  named: /sevendayforecast|sdf/i,
  plan: service('sevendayforecast', 11),
});
