/**
 * CAISO's prices at scheduling points by the tie over which energy comes (PRC_SPTIE_LMP): day-ahead, fifteen-minute market
 * and five-minute dispatch. A price of a point and a tie, the tie as series: not the price of the point alone.
 */

import type { Dataset } from '../kit/contract.ts';
import { FIVE_MINUTES, HOURLY, type OasisDataset, oasisDataset, QUARTER_HOURLY } from './dataset.ts';
import type { OasisRecord } from './oasis-record.ts';
import type { Meaning } from './oasis-report.ts';
import { PRICE_FIELDS, priceMeaning } from './prices.ts';

function meaningOf(record: OasisRecord): Meaning | null {
  const meaning = priceMeaning(record);
  const tie = [record.kind, record.labels].filter((word) => word !== '').join(' ');
  return meaning === null ? null : { ...meaning, series: tie === '' ? null : tie };
}

function tiePrices(
  name: string,
  title: string,
  run: string,
  lengths: OasisDataset['lengths'],
  published: OasisDataset['query']['published'],
): Dataset {
  return oasisDataset({
    name,
    title,
    query: { queryname: 'PRC_SPTIE_LMP', version: 5, run, more: {}, byNode: true, published },
    runs: [run],
    lengths,
    fields: PRICE_FIELDS,
    reading: { placed: true, meaningOf },
  });
}

/** The dataset `da_lmp_tie`. */
export const dayAheadTieLmp = tiePrices('da_lmp_tie', 'Day-ahead hourly prices at ties', 'DAM', HOURLY, {
  when: 'day-ahead',
  hours: 13,
});

/** The dataset `rt_lmp_15min_tie`. */
export const fifteenMinuteTieLmp = tiePrices(
  'rt_lmp_15min_tie',
  'Prices of the fifteen-minute market at ties',
  'RTPD',
  QUARTER_HOURLY,
  { when: 'real-time', minutes: 10 },
);

/** The dataset `rt_lmp_tie`. */
export const realTimeTieLmp = tiePrices(
  'rt_lmp_tie',
  'Prices of the five-minute dispatch at ties',
  'RTD',
  FIVE_MINUTES,
  { when: 'real-time', minutes: 10 },
);
