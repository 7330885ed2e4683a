/**
 * IESO's limits of scheduling at the interties, XML: day-ahead and in pre-dispatch by the hour (`DAIntertieSchedLimits2`,
 * `PredispIntertieSchedLimits`), in real time by five minutes (`RTIntertieSchedLimits`). The name of a zone ends in N for flows out of Ontario, in X for those into it; sums of
 * zones have names with a plus. All are places as published.
 */

import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf } from '../kit/payload.ts';
import { sourceRow } from '../kit/source-row.ts';
import { decodedRows, descendantsOf, readDocument, reportHead, textIn } from './document.ts';
import { EST_HOURS, hourOf } from './est-time.ts';
import { fetchedBy } from './folder-index.ts';

const UNIT = 'MW';

function recognise(head: PayloadHead): Recognition {
  if (reportHead(head)?.has('IntertieZonalEnergies') !== true) return 0;
  return /SchedLimits/i.test(head.name) ? 3 : 2;
}

function decode(payload: Payload): Decoded {
  const { body, date, publishedAt } = readDocument(payload);
  const report = reportHead(headOf(payload));
  const isPreDispatch = /predisp/.test(`${report?.title} ${report?.name}`);
  const hourOfReport = textIn(body, 'DeliveryHour');
  const rows: SourceRow[] = [];
  for (const zone of descendantsOf(body, 'IntertieZonalEnergies')) {
    const place = textIn(zone, 'IntertieZoneName') ?? '';
    const add = (element: string, field: string): void => {
      for (const each of descendantsOf(zone, element)) {
        const interval = textIn(each, 'Interval');
        const hour = textIn(each, 'DeliveryHour', 'Hour') ?? hourOfReport ?? '';
        const { words, bounds } = hourOf(date, hour, interval);
        const values = [{ field, value: textIn(each, 'EnergyMW'), unit: UNIT }];
        rows.push(sourceRow(each.line, place, words, values, { bounds, publishedAt }));
      }
    };
    add('HourlyEnergy', isPreDispatch ? 'limit_predispatch' : 'limit_day_ahead');
    add('IntervalEnergy', 'limit');
  }
  return decodedRows(payload, rows);
}

/** The dataset `intertie_limits`. */
export const intertieLimits: Dataset = {
  name: 'intertie_limits',
  title: 'Limits of scheduling at the interties, by the hour ahead and in real time by five minutes',
  time: EST_HOURS,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [
    { field: 'limit', unit: UNIT, what: 'limit of five minutes in real time' },
    { field: 'limit_day_ahead', unit: UNIT, what: 'limit of the hour, day-ahead' },
    { field: 'limit_predispatch', unit: UNIT, what: 'limit of the hour, in pre-dispatch' },
  ],
  recognise,
  ...fetchedBy({
    usual: 'DAIntertieSchedLimits2',
    known: { DAIntertieSchedLimits2: 'xml' },
    each: 'day',
    publishedAfter: -11,
  }),
  decode,
};
