/**
 * IESO's operating limits of the interfaces of the grid, XML: with everything in service (`TxLimitsAllInService0to34Days`)
 * and as outages leave them (`TxLimitsOutage0to2Days`, `TxLimitsOutage3to34Days`). An `InterfaceData` holds from its
 * `StartDate` to its `EndDate`, printed to the minute or second in EST, as long as the limit stands: hours or weeks.
 */

import type { Micros } from '../../core/time/instant.ts';
import type {
  Dataset,
  Decoded,
  Payload,
  PayloadHead,
  PrintedBounds,
  Recognition,
  SourceRow,
} from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { formatStamp, parseStamp } from '../kit/time/stamp.ts';
import { decodedRows, descendantsOf, readDocument, reportHead, textIn } from './document.ts';
import { EST_HOURS } from './est-time.ts';

const UNIT = 'MW';
const FIELD = 'operating_limit';
const ELEMENT = 'InterfaceData';

/** Spans of any length, on no grid. */
const TIME: TimeConvention = {
  ...EST_HOURS,
  name: 'est-begin-and-end',
  pattern: 'YYYY-MM-DDThh:mm:ss',
  onGrid: false,
};

const STAMPS = ['YYYY-MM-DD[T][ ]hh:mm[:ss]', 'YYYY/MM/DD hh:mm[:ss]', 'YYYY-MM-DD', 'YYYY/MM/DD'];

/** The clock of a stamp; null for words that are none. */
function clockOf(printed: string): Micros | null {
  const text = printed.trim().replace(/\.\d+$/, '');
  return STAMPS.map((pattern) => parseStamp(pattern, text)).find((wall) => wall !== null) ?? null;
}

function recognise(head: PayloadHead): Recognition {
  const report = reportHead(head);
  if (report?.has(ELEMENT) !== true || !report.has('OperatingLimit')) return 0;
  return /TxLimits/i.test(head.name) ? 3 : 2;
}

function decode(payload: Payload): Decoded {
  const { body, publishedAt } = readDocument(payload);
  const rows: SourceRow[] = [];
  const lengths = new Set<Micros>();
  for (const limit of descendantsOf(body, ELEMENT)) {
    const [from, to] = [textIn(limit, 'StartDate') ?? '', textIn(limit, 'EndDate') ?? ''];
    const [start, end] = [clockOf(from), clockOf(to)];
    let bounds: PrintedBounds = { start: from, end: to };
    if (start !== null && end !== null && end > start) {
      lengths.add(end - start);
      bounds = { start: formatStamp(TIME.pattern, start), end: formatStamp(TIME.pattern, end) };
    }
    const values = [{ field: FIELD, value: textIn(limit, 'OperatingLimit'), unit: UNIT }];
    const place = (textIn(limit, 'InterfaceName') ?? '').trim();
    rows.push(sourceRow(limit.line, place, `${from} ${to}`, values, { bounds, publishedAt }));
  }
  const decoded = decodedRows(payload, rows);
  return { ...decoded, layout: { time: { ...TIME, otherLengths: [...lengths] } } };
}

/** The dataset `transmission_limits`. */
export const transmissionLimits: Dataset = {
  name: 'transmission_limits',
  title: 'Operating limits of the interfaces of the grid, for as long as each stands',
  time: TIME,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [{ field: FIELD, unit: UNIT, what: 'most that may flow over the interface' }],
  recognise,
  // Reports that were kept are read; nothing is fetched.
  plan: () => [],
  decode,
};
