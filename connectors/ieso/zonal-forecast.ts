/**
 * IESO's forecast of demand by zone (`OntarioZonalDemand`, XML): Ontario and its East and West by the hour, for the day of
 * its making and the 34 days after it. Each day is a `ZonalDemands` with a date of its own; the name of the element above a
 * list of hours is that of the zone.
 */

import type { Decoded, Payload, PayloadHead, SourceRow } from '../kit/contract.ts';
import { sourceRow } from '../kit/source-row.ts';
import { childrenOf, decodedRows, descendantsOf, readDocument, reportHead, textIn } from './document.ts';
import { hourOf, isoDate } from './est-time.ts';
import { ONTARIO } from './price-documents.ts';

const DAY_ELEMENT = 'ZonalDemands';

/** True for a head of this report. */
export const isZonalForecast = (head: PayloadHead): boolean => reportHead(head)?.has(DAY_ELEMENT) ?? false;

/** The rows of the report, MW; each is published when the report was made. Throws as `readDocument`. */
export function readZonalForecast(payload: Payload): Decoded {
  const { body, date, publishedAt } = readDocument(payload);
  const rows: SourceRow[] = [];
  for (const day of descendantsOf(body, DAY_ELEMENT)) {
    const own = textIn(day, 'DeliveryDate');
    const dayOfHours = own === null ? date : isoDate(own);
    for (const zone of descendantsOf(day, 'ZonalDemand').flatMap(({ children }) => children)) {
      const place = zone.name.toUpperCase() === ONTARIO ? ONTARIO : zone.name;
      for (const hour of childrenOf(zone, 'Demand')) {
        const { words, bounds } = hourOf(dayOfHours, textIn(hour, 'DeliveryHour', 'Hour') ?? '');
        const values = [{ field: 'load_forecast', value: textIn(hour, 'EnergyMW'), unit: 'MW' }];
        rows.push(sourceRow(hour.line, place, words, values, { bounds, publishedAt }));
      }
    }
  }
  return decodedRows(payload, rows);
}
