/**
 * IESO's forecast of wind and sun (`VGForecastSummary`, XML, rewritten each hour): output by the hour for two days, by
 * zone, for the market's participants and for what is embedded in the distribution. The organisation is the series.
 */

import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { sourceRow } from '../kit/source-row.ts';
import { decodedRows, descendantsOf, readDocument, reportHead, textIn } from './document.ts';
import { createdAt, EST_HOURS, hourOf, isoDate } from './est-time.ts';
import { fetchedBy } from './folder-index.ts';

const UNIT = 'MW';

function recognise(head: PayloadHead): Recognition {
  const report = reportHead(head);
  if (report === null || !report.has('OrganizationData') || !report.has('FuelData')) return 0;
  return /VGForecast/i.test(head.name) ? 3 : 2;
}

function decode(payload: Payload): Decoded {
  const document = readDocument(payload);
  const publishedAt = document.publishedAt ?? createdAt(textIn(document.body, 'ForecastTimeStamp') ?? '');
  const rows: SourceRow[] = [];
  for (const organisation of descendantsOf(document.body, 'OrganizationData')) {
    const series = textIn(organisation, 'OrganizationType');
    for (const fuel of descendantsOf(organisation, 'FuelData')) {
      const kind = (textIn(fuel, 'FuelType') ?? '').trim().toLowerCase();
      if (kind !== 'wind' && kind !== 'solar') continue;
      for (const resource of descendantsOf(fuel, 'ResourceData')) {
        const place = textIn(resource, 'ZoneName') ?? '';
        for (const day of descendantsOf(resource, 'EnergyForecast')) {
          const date = isoDate(textIn(day, 'ForecastDate') ?? '');
          for (const hour of descendantsOf(day, 'ForecastInterval')) {
            const number = textIn(hour, 'ForecastHour');
            // Reports are known to hold an interval without its hour: it says nothing.
            if (number === null) continue;
            const { words, bounds } = hourOf(date, number);
            const values = [{ field: `${kind}_forecast`, value: textIn(hour, 'MWOutput'), unit: UNIT }];
            rows.push(sourceRow(hour.line, place, words, values, { series, bounds, publishedAt }));
          }
        }
      }
    }
  }
  return decodedRows(payload, rows);
}

/** The dataset `renewable_forecast`. */
export const renewableForecast: Dataset = {
  name: 'renewable_forecast',
  title: 'Forecasts of wind and sun by zone and hour',
  time: EST_HOURS,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [
    { field: 'wind_forecast', unit: UNIT, what: 'forecast output of wind, the organisation as series' },
    { field: 'solar_forecast', unit: UNIT, what: 'forecast output of sun, the organisation as series' },
  ],
  recognise,
  ...fetchedBy({
    usual: 'VGForecastSummary',
    known: { VGForecastSummary: 'xml' },
    each: 'day',
    isVersioned: true,
    publishedAfter: 1,
  }),
  decode,
};
