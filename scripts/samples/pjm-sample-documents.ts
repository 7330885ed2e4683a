/** Pages and daily files that PJM kept in former years, for samples: its layouts, numbers of our own. */

import { utc } from './printed-line.ts';
import { EASTERN, invented, type SampleDay, slotsOf } from './sample-days.ts';
import type { Expected } from './sample-table.ts';

/** A document with what it says. */
export interface SampleDocument {
  readonly payload: string;
  readonly says: readonly Expected[];
}

const START = '2025-07-16T18:23:00Z';
const AS_OF = '<p>As of <span id="x_DateAndTime">07.16.2025 14:23</span> EDT <a href="#">Refresh</a></p>\n';

/** A page of readings at one instant. */
export function readingPage(
  heading: string,
  columns: readonly (readonly [
    printed: string,
    field: string,
    unit: string,
    dress: (value: string) => string,
  ])[],
  names: readonly string[],
): SampleDocument {
  const says: Expected[] = [];
  const rows = names.map((name, i) => {
    const cells = columns.map(([, field, unit, dress], k) => {
      const value = `${1 + ((i * 7 + k) % 9)}${invented(61, i, k).replace(/[-.]/g, '').slice(0, 3)}`;
      says.push({ location: name, start: START, end: START, field, value, unit, published: START });
      return `        <td class="right">${dress(value)}</td>\n`;
    });
    return `    <tr>\n        <td>${name}</td>\n${cells.join('')}    </tr>\n`;
  });
  const heads = ['Name', ...columns.map(([printed]) => printed)].map((printed) => `<th>${printed}</th>`);
  const payload = `<h1>${heading}</h1>\n${AS_OF}<table class="edata-table">\n<thead><tr>${heads.join('')}</tr></thead>\n<tbody>\n${rows.join('')}</tbody>\n</table>\n`;
  return { payload, says };
}

/** A page of a forecast: a stamp to a row, the head of the table without a row of its own. */
export function forecastPage(): SampleDocument {
  const says: Expected[] = [];
  const rows = slotsOf(EASTERN.normal, 60, 14, 5).map((slot, i) => {
    const value = String(90_000 + i * 1_111);
    says.push({
      location: 'PJM RTO Total',
      start: utc(slot.start),
      end: utc(slot.end),
      field: 'load_forecast',
      value,
      unit: 'MW',
      published: START,
    });
    return `<tr><td>07.16.2025 ${slot.wall.slice(0, 5)} EDT</td><td class="right">${Number(value).toLocaleString('en-US')}</td></tr>\n`;
  });
  const payload = `<h1>Forecasted Load History</h1>\n${AS_OF}<dl><dt>Name: </dt><dd>PJM RTO Total</dd></dl>
<ul><li>Table View</li><li>Chart View</li></ul>
<table>\n<thead><th>Time Stamp</th><th>MW</th></thead>\n<tbody>\n${rows.join('')}</tbody>\n</table>\n`;
  return { payload, says };
}

const PARTS = ['lmp', 'congestion', 'loss'] as const;

/** A daily price file: a row of hours over a header that says each part again for each hour. */
export function dailyFile(day: SampleDay, title: string): SampleDocument {
  const says: Expected[] = [];
  const date = `${day.date.slice(6)}${day.date.slice(0, 2)}${day.date.slice(3, 5)}`;
  // All 24 labels are printed in spring, too: the cells of the one that is skipped are blank.
  const printed = day.hours.length < 24 ? day.hours.toSpliced(2, 0, 3) : day.hours;
  const label = (hour: number): string => `${String(hour).padStart(2, '0')}00`;
  const nodes = [
    ['1', 'PJM-RTO', '', '', 'ZONE', ''],
    ['48592', 'MILL', '138 KV', 'UNIT1', 'GEN', 'PSEG'],
  ] as const;
  const slots = slotsOf(day, 60);
  const lines = nodes.map(([id, name, voltage, equipment, type, zone], k) => {
    let n = 0;
    const cells = printed.flatMap((hour) => {
      const slot = slots[n];
      if (slot === undefined || slot.hour !== hour) return ['', '', ''];
      n++;
      const values = PARTS.map((_, p) => invented(67 + p, n, k));
      for (const [p, field] of PARTS.entries())
        says.push({
          location: name,
          ...(type === 'GEN' ? { series: id } : {}),
          start: utc(slot.start),
          end: utc(slot.end),
          field,
          value: values[p] ?? '',
          unit: 'USD/MWh',
        });
      return values;
    });
    return [date, id, name, voltage, equipment, type, zone, ...cells].join(',');
  });
  const hoursRow = `,,,,,,${printed.map((hour) => `,${label(hour)},,`).join('')}`;
  const header = `Date,PnodeID,Name,Voltage,Equipment,Type,Zone${printed.map(() => ',TotalLMP,CongestionPrice,MarginalLossPrice').join('')}`;
  const payload = [
    `${title} LMP Values for ${date}`,
    `Start of ${title} LMP Data`,
    hoursRow,
    header,
    ...lines,
    `End of ${title} LMP Data`,
    '',
  ].join('\n');
  return { payload, says };
}
