/**
 * ERCOT's dashboard of generation outages (generation-outages): megawatts out, planned and not, every five minutes of today
 * and yesterday, for all units (Combined), and for dispatchable and renewable ones. Entries lie under the milliseconds of
 * their stamp.
 */

import type { Payload, SourceRow } from '../kit/contract.ts';
import { isJsonObject, type Json, malformedRecord } from '../kit/readers/json.ts';
import { sourceRow } from '../kit/source-row.ts';
import {
  dayLists,
  lastUpdated,
  OFFSET_INSTANT,
  splitOffset,
  textOf,
  valuesOf,
  withoutDoubles,
} from './dashboard.ts';
import { dashboardDataset, PLACE } from './dashboard-dataset.ts';

const UNIT = 'MW';
const AMOUNTS = { planned: 'outage_planned', unplanned: 'outage_unplanned', total: 'outage_total' };

function read(body: Json, payload: Payload): ReturnType<typeof withoutDoubles> {
  const publishedAt = lastUpdated(body);
  const rows: SourceRow[] = [];
  let row = 0;
  for (const entry of dayLists(body).flat()) {
    row++;
    if (!isJsonObject(entry)) throw malformedRecord(payload, row, 'an entry with "deliveryTime"', entry);
    const { words, hint } = splitOffset(textOf(entry['deliveryTime'] ?? entry['timestamp']));
    for (const [kind, amounts] of Object.entries(entry)) {
      if (!isJsonObject(amounts)) continue;
      const values = valuesOf(amounts, AMOUNTS, UNIT);
      rows.push(sourceRow(row, PLACE, words, values, { series: kind, timeHint: hint, publishedAt }));
    }
  }
  return withoutDoubles(rows);
}

/** The dataset `outages` of ERCOT. */
export const outages = dashboardDataset({
  dataset: 'outages',
  title: 'Generation that is out, planned and not, every five minutes',
  file: 'generation-outages',
  time: OFFSET_INSTANT,
  fields: [
    { field: 'outage_planned', unit: UNIT, what: 'planned, the kind of units as series' },
    { field: 'outage_unplanned', unit: UNIT, what: 'not planned' },
    { field: 'outage_total', unit: UNIT, what: 'both' },
  ],
  marks: [/"deliveryTime"|"currentOutages"/, /"unplanned"/],
  read,
});
