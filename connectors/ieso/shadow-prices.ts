/**
 * IESO's shadow prices of constraints in XML: day-ahead and in pre-dispatch by the hour (`DAConstrShadowPrices`,
 * `PredispConstrShadowPrices`), in real time by five minutes (`RealtimeConstrShadowPrices`). A constraint lists the numbers of
 * its intervals and their prices side by side, or has one price in the hour that is told above it.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { placeOf } from '../kit/payload.ts';
import type { XmlElement } from '../kit/readers/xml.ts';
import { sourceRow } from '../kit/source-row.ts';
import { childrenOf, decodedRows, firstOf, readDocument, reportHead, textIn } from './document.ts';
import { type Run, recogniseRun } from './energy-prices.ts';
import { EST_HOURS, hourOf } from './est-time.ts';
import { fetchedBy } from './folder-index.ts';
import { PRICE_UNIT } from './price-documents.ts';
import type { ReportChoice } from './routes.ts';

function recognise(head: PayloadHead, run: Run): Recognition {
  const report = reportHead(head);
  if (report === null || !report.has('ConstraintName') || !report.has('ShadowPrice')) return 0;
  return recogniseRun(report.title, report.name, report.has('Interval'), run);
}

/** A name of a constraint, the element that lists its intervals and prices, and the hour that it stands in. */
interface Listed {
  readonly name: XmlElement;
  readonly list: XmlElement;
  readonly hour: XmlElement | null;
}

function* constraintsIn(element: XmlElement, above: XmlElement | null = null): Iterable<Listed> {
  const name = firstOf(element, 'ConstraintName');
  const hour = firstOf(element, 'DeliveryHour', ...(name === null ? ['Hour'] : [])) ?? above;
  if (name !== null) yield { name, list: firstOf(element, 'ShadowPrices') ?? element, hour };
  for (const child of element.children) yield* constraintsIn(child, hour);
}

/** Throws SOURCE_MALFORMED where a constraint has another number of prices than of intervals. */
function decode(payload: Payload): Decoded {
  const { body, date, publishedAt } = readDocument(payload);
  const hour = textIn(body, 'DeliveryHour') ?? '';
  const rows: SourceRow[] = [];
  for (const { name, list, hour: above } of constraintsIn(body)) {
    const place = name.text.replace(/\s+/g, ' ');
    const listed = [...childrenOf(list, 'Hour'), ...childrenOf(list, 'Interval')];
    const prices = childrenOf(list, 'ShadowPrice');
    const numbers = listed.length === 0 && prices.length === 1 && above !== null ? [above] : listed;
    if (numbers.length !== prices.length)
      throw new CarbonError(
        'SOURCE_MALFORMED',
        `line ${name.line}: ${prices.length} prices for ${numbers.length} intervals`,
        {
          position: {
            ...placeOf(payload).position,
            line: name.line,
            expected: `${numbers.length}`,
            got: `${prices.length}`,
          },
        },
      );
    for (const [i, price] of prices.entries()) {
      const number = numbers[i];
      const five = number?.name.toLowerCase() === 'interval';
      const time = five ? hourOf(date, hour, number.text) : hourOf(date, number?.text ?? '');
      const values = [{ field: 'shadow_price', value: price.text, unit: PRICE_UNIT }];
      rows.push(sourceRow(price.line, place, time.words, values, { bounds: time.bounds, publishedAt }));
    }
  }
  return decodedRows(payload, rows);
}

function shadowPrices(name: string, title: string, run: Run, reports: ReportChoice | null): Dataset {
  return {
    name,
    title,
    time: EST_HOURS,
    nullWords: NULL_WORDS,
    coverage: null,
    fields: [{ field: 'shadow_price', unit: PRICE_UNIT, what: 'shadow price of the constraint' }],
    recognise: (head) => recognise(head, run),
    // Without a choice, reports that were kept are read and nothing is fetched.
    ...(reports === null ? { plan: () => [] } : fetchedBy(reports)),
    decode,
  };
}

/** The dataset `da_shadow_prices`. */
export const dayAheadShadowPrices = shadowPrices(
  'da_shadow_prices',
  'Day-ahead hourly shadow prices of constraints',
  'day-ahead',
  {
    usual: 'DAConstrShadowPrices',
    known: { DAConstrShadowPrices: 'xml' },
    each: 'day',
    publishedAfter: -11,
  },
);

/** The dataset `rt_shadow_prices`. */
export const realTimeShadowPrices = shadowPrices(
  'rt_shadow_prices',
  'Real-time five-minute shadow prices of constraints',
  'real-time',
  {
    usual: 'RealtimeConstrShadowPrices',
    known: { RealtimeConstrShadowPrices: 'xml' },
    each: 'hour',
    publishedAfter: 1,
  },
);

/** The dataset `predispatch_shadow_prices`. */
export const preDispatchShadowPrices: Dataset = {
  ...shadowPrices(
    'predispatch_shadow_prices',
    'Hourly shadow prices of constraints in pre-dispatch',
    'pre-dispatch',
    null,
  ),
  rule: {
    kind: 'series',
    product: 'PREDISPATCH_SHADOW',
    lateness: '2h',
    horizon: '7d',
    negative_prices: true,
    fields: { shadow_price: { min: '-100000', max: '100000' } },
  },
};
