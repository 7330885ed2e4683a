/**
 * The charts of Ontario's demand on IESO's site, `Ontario-Demand-multiday.ashx` and that of one day: XML with the begin of the
 * first interval, `StartDate`, and a set of values for each line of the chart, told by its series: `5_Minute` and `Actual` are
 * demand, `Projected` is its forecast. The values follow each other without stamps, by five minutes or by the hour, in EST.
 */

import { HOUR, MINUTE } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { readXml, type XmlElement } from '../kit/readers/xml.ts';
import { sourceRow } from '../kit/source-row.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { decodedRows, descendantsOf } from './document.ts';
import { createdAt, EST_HOURS } from './est-time.ts';
import { ONTARIO } from './price-documents.ts';

const UNIT = 'MW';
const STARTS = ['YYYY-MM-DDThh:mm[:ss]', 'YYYY-MM-DD[ hh:mm[:ss]]', 'M/D/YYYY[ h:mm[:ss]]'];

/** The lines of a chart by the words of their series. */
const LINES: readonly { readonly series: RegExp; readonly field: string; readonly minutes: number }[] = [
  { series: /5.?min/i, field: 'load', minutes: 5 },
  { series: /project|forecast/i, field: 'load_forecast', minutes: 60 },
  { series: /actual|hour|demand/i, field: 'load_hourly', minutes: 60 },
];

const PATTERN = 'YYYY-MM-DDThh:mm';

function recognise(head: PayloadHead): Recognition {
  if (!/^\s*</.test(head.text) || !/<(?:\w+:)?StartDate\b/i.test(head.text)) return 0;
  if (!/<(?:\w+:)?DataSet\b[^>]{0,200}\bSeries\s*=/i.test(head.text)) return 0;
  return /ontario.?demand/i.test(head.name) ? 3 : 2;
}

const seriesOf = (set: XmlElement): string =>
  [...set.attributes].find(([name]) => name.toLowerCase() === 'series')?.[1] ?? '';

/** The values of a set, each with its line; a blank one keeps its place. */
const valuesOf = (set: XmlElement): XmlElement[] => descendantsOf(set, 'Value');

/** Throws SOURCE_MALFORMED for a damaged document, and SOURCE_EMPTY for one without a value or without its begin. */
function decode(payload: Payload): Decoded {
  const { root, damage } = readXml(payload, () => false);
  if (damage !== null) throw damage;
  const within = (name: string): string => (root === null ? '' : (descendantsOf(root, name)[0]?.text ?? ''));
  const printed = within('StartDate').trim();
  const start = STARTS.map((pattern) => parseStamp(pattern, printed)).find((wall) => wall !== null);
  const publishedAt = createdAt(within('CreatedAt'));
  const rows: SourceRow[] = [];
  const drift: Decoded['drift'][number][] = [];
  for (const set of root === null || start === undefined || start === null
    ? []
    : descendantsOf(root, 'DataSet')) {
    const series = seriesOf(set);
    const line = LINES.find((each) => each.series.test(series));
    if (line === undefined) {
      drift.push({ column: series.slice(0, 80), at: set.line });
      continue;
    }
    for (const [i, { text, line: at }] of valuesOf(set).entries()) {
      const from = (start ?? 0) + i * line.minutes * MINUTE;
      const bounds = {
        start: formatStamp(PATTERN, from),
        end: formatStamp(PATTERN, from + line.minutes * MINUTE),
      };
      const values = [{ field: line.field, value: text.trim(), unit: UNIT }];
      // Intervals to come have no value.
      if (text.trim() !== '')
        rows.push(sourceRow(at, ONTARIO, bounds.start, values, { bounds, publishedAt }));
    }
  }
  return { ...decodedRows(payload, rows), drift };
}

/** The dataset `load_outlook` of IESO; charts that were kept are read, nothing is fetched. */
export const demandChart: Dataset = {
  name: 'load_outlook',
  title: 'Chart of Ontario’s demand: by five minutes, by the hour, and its forecast',
  time: { ...EST_HOURS, length: HOUR, otherLengths: [5 * MINUTE] },
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [
    { field: 'load', unit: UNIT, what: 'demand by five minutes' },
    { field: 'load_hourly', unit: UNIT, what: 'demand by the hour' },
    { field: 'load_forecast', unit: UNIT, what: 'forecast demand by the hour' },
  ],
  recognise,
  plan: () => [],
  decode,
};
