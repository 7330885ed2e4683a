/** IESO's clearing prices of zones until April 2025 with figures of our own making. EST all year. */

import { type Body, hourOf } from './golden-case.ts';
import { createdMs, documentOf } from './ieso-price-bodies.ts';
import type { Figure } from './printed-line.ts';

const OFFSET = 5;
const KINDS = [
  ['ENGY', 'lmp', 'CAD/MWh'],
  ['10S', 'mcp_10s', 'CAD/MW'],
  ['30R', 'mcp_30r', 'CAD/MW'],
] as const;
const ZONES = ['Ontario', 'Manitoba'];
const cents = (n: number): string => (n / 100).toFixed(2);

/** `PredispMktPrice`, or `RealtimeMktPrice` of an hour, as XML; the last price of Manitoba is not printed. */
export function zonalDocument(date: string, hour: number | null): Body {
  const created = `${date}T01:05:09`;
  const body = [
    `<DeliveryDate>${date}</DeliveryDate>${hour === null ? '' : `<DeliveryHour>${hour}</DeliveryHour>`}`,
  ];
  const figures: Figure[] = [];
  for (const [z, zone] of ZONES.entries()) {
    body.push(`<IntertieZonalPrices><IntertieZoneName>${zone}</IntertieZoneName>`);
    for (const [k, [kind, field, unit]] of KINDS.entries()) {
      body.push(`<Prices><PriceType>${kind}</PriceType>`);
      for (const n of [1, 2, 12]) {
        const value = z === 1 && n === 12 ? null : cents(2_140 - k * 1_900 + z * 35 + n);
        const name = hour === null ? 'HourlyPrice' : 'IntervalPrice';
        const at = hour === null ? `<DeliveryHour>${n}</DeliveryHour>` : `<Interval>${n}</Interval>`;
        body.push(`<${name}>${at}${value === null ? '' : `<MCP>${value}</MCP>`}</${name}>`);
        figures.push({
          location: zone,
          ...(hour === null ? hourOf(date, n, OFFSET) : hourOf(date, hour, OFFSET, n)),
          field,
          value,
          unit,
          published: createdMs(created),
        });
      }
      body.push('</Prices>');
    }
    body.push('</IntertieZonalPrices>');
  }
  return {
    payload: documentOf(hour === null ? 'PredispMktPrice' : 'RealtimeMktPrice', created, body),
    figures,
  };
}

/** The same as CSV: lines of words, then prices without a header. */
export function zonalCsv(date: string, hour: number | null): Body {
  const created = `${date}T01:05:09`;
  const slashed = date.replaceAll('-', '/');
  const lines = [
    `\\\\${hour === null ? 'Predispatch' : 'Realtime'} Market Price Report`,
    `\\\\CREATED AT ${slashed} 01:05:09 FOR ${slashed}`,
    '\\\\DOLLARS PER MW',
  ];
  const figures: Figure[] = [];
  for (const n of [1, 2, 12])
    for (const [k, [kind, field, unit]] of KINDS.entries()) {
      const value = cents(1_990 - k * 1_800 + n);
      lines.push(
        hour === null ? `${n},0,${kind},ONZN,${value}` : `${hour},${n},${kind},ONZN,${value},DSO-RD`,
      );
      figures.push({
        location: 'ONZN',
        ...(hour === null ? hourOf(date, n, OFFSET) : hourOf(date, hour, OFFSET, n)),
        field,
        value,
        unit,
        published: createdMs(created),
      });
    }
  return { payload: `${lines.join('\r\n')}\r\n`, figures };
}
