/**
 * MISO's pricing reports of a day, `YYYYMMDD_da_pr.xls` and `YYYYMMDD_rt_pr.xls`: below sums of the market a line for each
 * hour, `Hour 1` to `Hour 24` ending in EST, and a column of prices for the system and each hub. Averages of the day, of its
 * peak and of the rest stand below them and are passed over.
 */

import type { Dataset } from '../kit/contract.ts';
import { textAt } from '../kit/readers/sheet.ts';
import { sourceRow } from '../kit/source-row.ts';
import {
  type Above,
  cellsOf,
  type HourReport,
  hourDataset,
  hourOf,
  type LineReader,
  type SheetRow,
} from './hour-sheets.ts';

const UNIT = 'USD/MWh';
const PLACE = /\bhub\b|^(?:MISO )?System$/i;
type Market = 'day-ahead' | 'real-time';

/** What stands above tells the market: its title, or else the sums that the day-ahead report alone has. */
function marketOf(above: Above): Market {
  const words = above.words();
  if (/day.?ahead|(?:^|[^a-z])da_pr/i.test(words)) return 'day-ahead';
  if (/real.?time|(?:^|[^a-z])rt_pr/i.test(words)) return 'real-time';
  return /Price Sen|Virtual/i.test(words) ? 'day-ahead' : 'real-time';
}

const reader =
  (market: Market) =>
  (header: SheetRow, above: Above): LineReader | null => {
    const places = cellsOf(header).flatMap((name, at) =>
      at > 0 && PLACE.test(name) ? [{ at, name: name.replace(/\s+/g, ' ') }] : [],
    );
    const isHeader = places.length >= 2 && /^(?:Hour(?: Ending)?|HE)?$/i.test(textAt(header, 0));
    if (!isHeader || marketOf(above) !== market) return null;
    return (row, line, day) => {
      const hour = /\d/.test(textAt(row, 0)) ? hourOf(textAt(row, 0)) : null;
      if (hour === null || day === null) return [];
      return places.map(({ at, name }) => {
        const values = [{ field: 'lmp', value: row?.[at]?.text ?? null, unit: UNIT }];
        return sourceRow(line, name, `${day} HE ${hour}`, values);
      });
    };
  };

function summary(market: Market, name: string, title: string): Dataset {
  const isDayAhead = market === 'day-ahead';
  const report: HourReport = {
    open: reader(market),
    // Sums of virtual bids and of demand with a price stand in the day-ahead report alone.
    words: isDayAhead
      ? /^(?=[\s\S]*\bHub\b)(?=[\s\S]*Hour 0?1\b)[\s\S]*(?:Price Sen|Virtual)/i
      : /^(?=[\s\S]*\bHub\b)(?=[\s\S]*Hour 0?1\b)(?![\s\S]*(?:Price Sen|Virtual))/i,
    named: isDayAhead ? /da_pr/i : /rt_pr/i,
    expected: 'MISO System, Illinois Hub, Michigan Hub, …',
  };
  return hourDataset(report, {
    name,
    title,
    fields: [{ field: 'lmp', unit: UNIT, what: 'price of the hour at a hub, or of the system' }],
    rule: {
      kind: 'series',
      product: isDayAhead ? 'DA_HUB' : 'RT_HUB',
      lateness: '2h',
      horizon: '7d',
      negative_prices: true,
      fields: { lmp: { min: '-10000', max: '20000', price: true, required: true } },
    },
  });
}

/** The dataset `da_lmp_summary` of MISO. */
export const dayAheadSummaryPrices = summary(
  'day-ahead',
  'da_lmp_summary',
  'Day-ahead prices of the hubs and the system, by the hour',
);

/** The dataset `rt_lmp_summary` of MISO. */
export const realTimeSummaryPrices = summary(
  'real-time',
  'rt_lmp_summary',
  'Real-time prices of the hubs and the system, by the hour',
);
