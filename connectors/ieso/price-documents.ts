/**
 * The shapes of IESO's price reports in XML: of all Ontario, of the zones in which virtual transactions are made, and of
 * the interties; by the hour (day-ahead, pre-dispatch) and by five minutes (real time).
 */

import type { Payload, SourceRow, SourceValue } from '../kit/contract.ts';
import type { XmlElement } from '../kit/readers/xml.ts';
import { sourceRow } from '../kit/source-row.ts';
import {
  childrenOf,
  descendantsOf,
  firstOf,
  type IesoDocument,
  type ReportHead,
  readDocument,
  textIn,
} from './document.ts';
import { hourOf, isoDate } from './est-time.ts';

/** Unit of an energy price. */
export const PRICE_UNIT = 'CAD/MWh';
/** Location of a figure of the whole market. */
export const ONTARIO = 'ONTARIO';

/** Elements by which the shapes are known. */
const SHAPES: readonly string[] = [
  'HourlyPriceComponents',
  'RealTimePriceComponents',
  'TransactionZone',
  'IntertieLMPrice',
  'LmpCap',
];

/** True for a report in one of the shapes. */
export function hasPrices(report: ReportHead): boolean {
  return SHAPES.some((shape) => report.has(shape));
}

/** Part of a price by the words of a component. */
const COMPONENTS: Readonly<Record<string, string>> = {
  'zonal price': 'lmp',
  'intertie lmp': 'lmp',
  lmp: 'lmp',
  'energy loss price': 'loss',
  'energy congestion price': 'congestion',
  'external congestion price': 'external_congestion',
  'net interchange scheduling limit (nisl) price': 'nisl_price',
};

const priced = (field: string, value: string | null): SourceValue => ({ field, value, unit: PRICE_UNIT });

/** Reads a report of any of the shapes. */
export function readPriceDocument(payload: Payload): { document: IesoDocument; rows: SourceRow[] } {
  const document = readDocument(payload);
  const { body } = document;
  const day = dayAndHour(document);
  const rows: SourceRow[] = [];
  const more = { publishedAt: document.publishedAt };
  const add = (line: number, place: string, hour: string, interval: string | null, values: SourceValue[]) => {
    const time = hourOf(day.date, hour, interval);
    rows.push(sourceRow(line, place, time.words, values, { ...more, bounds: time.bounds }));
  };
  for (const part of descendantsOf(body, 'HourlyPriceComponents'))
    add(part.line, ONTARIO, textIn(part, 'PricingHour', 'DeliveryHour', 'Hour') ?? '', null, [
      priced('lmp', textIn(part, 'ZonalPrice')),
      priced('loss', textIn(part, 'LossPriceCapped', 'EnergyLossPrice')),
      priced('congestion', textIn(part, 'CongestionPriceCapped', 'EnergyCongPrice')),
    ]);
  for (const part of descendantsOf(body, 'ZonalPrice'))
    if (firstOf(part, 'LmpCap') !== null)
      add(part.line, ONTARIO, day.hour, textIn(part, 'Interval') ?? '', [
        priced('lmp', textIn(part, 'LmpCap')),
        priced('loss', textIn(part, 'LossPriceCap')),
        priced('congestion', textIn(part, 'CongPriceCap')),
      ]);
  for (const part of descendantsOf(body, 'RealTimePriceComponents'))
    for (const { line, interval, value } of numberedIntervals(part))
      add(line, ONTARIO, day.hour, interval, [priced(fieldOf(textIn(part, 'OntarioZonalPrice')), value)]);
  for (const zone of descendantsOf(body, 'TransactionZone')) {
    const place = textIn(zone, 'ZoneName') ?? '';
    for (const part of descendantsOf(zone, 'IntervalPrice'))
      add(part.line, place, day.hour, textIn(part, 'Interval') ?? '', [
        priced('lmp', textIn(part, 'ZonalPrice')),
        priced('loss', textIn(part, 'EnergyLossPrice')),
        priced('congestion', textIn(part, 'EnergyCongPrice')),
      ]);
    for (const component of childrenOf(zone, 'Components')) addComponent(component, place, day.hour, add);
  }
  for (const tie of descendantsOf(body, 'IntertieLMPrice'))
    for (const component of childrenOf(tie, 'Components'))
      addComponent(component, textIn(tie, 'IntertiePLName') ?? '', day.hour, add);
  return { document, rows };
}

type Add = (
  line: number,
  place: string,
  hour: string,
  interval: string | null,
  values: SourceValue[],
) => void;

/** A component lists its hours or five minutes as elements that hold an LMP beside the number of the interval. */
function addComponent(component: XmlElement, place: string, hour: string, add: Add): void {
  const field = fieldOf(textIn(component, 'PriceComponent', 'LMPComponent'));
  for (const part of component.children) {
    if (part.children.length === 0) continue;
    const interval = textIn(part, 'Interval');
    const at = textIn(part, 'DeliveryHour', 'Hour', 'DELIVERY_HOUR') ?? hour;
    add(part.line, place, at, interval, [priced(field, textIn(part, 'LMP'))]);
  }
}

/** Words that no component has become a field of their own, so that they pass for no other part of a price. */
function fieldOf(words: string | null): string {
  const plain = (words ?? '').trim().replace(/\s+/g, ' ').toLowerCase();
  if (Object.hasOwn(COMPONENTS, plain)) return COMPONENTS[plain] ?? '';
  const own = plain.replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  return own === '' ? 'price' : own;
}

/** `OntarioZonalPriceInterval3` with an `Interval3` inside: the number of the five minutes is in the name. */
function* numberedIntervals(
  part: XmlElement,
): Iterable<{ line: number; interval: string; value: string | null }> {
  for (const child of part.children) {
    const number = /Interval(\d{1,2})$/i.exec(child.name)?.[1];
    if (number === undefined) continue;
    const inside = firstOf(child, `Interval${number}`);
    yield { line: child.line, interval: number, value: inside === null ? child.text : inside.text };
  }
}

/** Day and hour of a report; until 2026 one of them wrote `For 2025-04-23 - Hour 12`. */
function dayAndHour(document: IesoDocument): { date: string; hour: string } {
  const printed = /(\d{4}-\d{2}-\d{2})\s*-\s*Hour\s*(\d{1,2})/i.exec(document.date);
  if (printed !== null) return { date: isoDate(printed[1] ?? ''), hour: printed[2] ?? '' };
  return { date: document.date, hour: textIn(document.body, 'DeliveryHour') ?? '' };
}
