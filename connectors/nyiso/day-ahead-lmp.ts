/**
 * NYISO day-ahead prices, zones (P-2A) and generators (P-2B): `damlbmp/YYYYMMDDdamlbmp_{zone,gen}.csv`.
 *
 * Hour-beginning Eastern time without offset. On the autumn day 01:00 is printed twice as two whole blocks, told apart
 * by nothing but their order; on the spring day 02:00 is absent. The congestion column has the opposite sign of the
 * other markets': lmp = energy + loss - congestion. It is kept as published.
 */

import { HOUR } from '../../core/time/instant.ts';
import type { Dataset, PayloadHead, Recognition } from '../kit/contract.ts';
import { type ColumnIndex, readTable, type TableLayout } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { LBMP_COLUMNS, priceHead } from './layouts.ts';
import { dailyRequests, NYISO_ZONE } from './routes.ts';

const UNIT = 'USD/MWh';
const LAYOUT: TableLayout<keyof typeof LBMP_COLUMNS> = { columns: LBMP_COLUMNS, ignored: ['ptid'] };

/** Which files a plan asks for; the option `files` of the settings, `zone` unless set. */
const FILES: readonly string[] = ['zone', 'gen'];

function recognise(head: PayloadHead): Recognition {
  const price = priceHead(head);
  if (price === null || !price.hourly || /rtlbmp|realtime/i.test(head.name)) return 0;
  if (/damlbmp/i.test(head.name)) return 3;
  // One stamp with seconds is what the file of the last real-time interval looks like at a full hour.
  if (price.seconds && price.stamps.length < 2) return 0;
  return price.stamps.length === 0 ? 1 : 2;
}

function rowOf(fields: readonly string[], at: ColumnIndex<keyof typeof LBMP_COLUMNS>, line: number) {
  const cell = (column: keyof typeof LBMP_COLUMNS): string => fields[at[column]] ?? '';
  return sourceRow(line, cell('location').trim(), cell('time'), [
    { field: 'lmp', value: cell('lmp'), unit: UNIT },
    { field: 'loss', value: cell('loss'), unit: UNIT },
    { field: 'congestion', value: cell('congestion'), unit: UNIT },
  ]);
}

/** The dataset `da_lmp` of NYISO. */
export const dayAheadLmp: Dataset = {
  name: 'da_lmp',
  title: 'Day-ahead hourly prices at zones, proxies and generators',
  time: {
    name: 'eastern-hour-beginning',
    zone: NYISO_ZONE,
    pattern: 'MM/DD/YYYY hh:mm[:ss]',
    stamp: 'beginning',
    length: HOUR,
    onGrid: true,
    repeated: { by: 'order' },
  },
  nullWords: ['-', 'n/a'],
  coverage: { contiguous: true, sameSpan: true },
  fields: [
    { field: 'lmp', unit: UNIT, what: 'LBMP, the price at the location' },
    { field: 'loss', unit: UNIT, what: 'marginal cost of losses' },
    {
      field: 'congestion',
      unit: UNIT,
      what: 'marginal cost of congestion, sign as published: lmp = energy + loss - congestion',
    },
  ],
  recognise,
  plan(window, settings) {
    const asked = (settings.options?.['files'] ?? 'zone').split(',').map((word) => word.trim());
    return FILES.filter((file) => asked.includes(file)).flatMap((file) => {
      const family = { set: 'damlbmp', file: `damlbmp_${file}`, publishedAfter: -13 };
      return dailyRequests(family, window, settings.now);
    });
  },
  decode: (payload) => readTable(payload, LAYOUT, rowOf),
};
