/** Bodies of IESO's price reports with figures of our own making, and what they must decode to. EST all year. */

import { type Body, hourOf } from './golden-case.ts';
import { type Figure, HOUR_MS } from './printed-line.ts';

const NAMESPACE = 'http://www.ieso.ca/schema';
const OFFSET = 5;
const PRICE = 'CAD/MWh';
const RESERVE = 'CAD/MW';

/** How a document is printed. */
export interface Print {
  readonly namespace: string;
  readonly doctype: boolean;
  /** A line end between elements. */
  readonly gap: string;
}

export const PLAIN: Print = { namespace: NAMESPACE, doctype: false, gap: '\n' };

/** A report: its id, time of creation and body. */
export function documentOf(
  id: string,
  created: string,
  body: readonly string[],
  print: Print = PLAIN,
): string {
  const { namespace, doctype, gap } = print;
  const root = `<Document${id === '' ? '' : ` docID="${id}"`}${namespace === '' ? '' : ` xmlns="${namespace}"`}>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    ...(doctype ? ['<!DOCTYPE Document SYSTEM "http://reports.ieso.ca/docrefs/Document.dtd">'] : []),
    root,
    `<DocHeader><DocTitle>${id} Report</DocTitle><DocRevision>1</DocRevision><CreatedAt>${created}</CreatedAt></DocHeader>`,
    '<DocBody>',
    ...body,
    '</DocBody>',
    '</Document>',
  ].join(gap);
}

/** Milliseconds of UTC of a time of creation in EST. */
export const createdMs = (created: string): number => Date.parse(`${created}Z`) + OFFSET * HOUR_MS;

const cents = (value: number): string => (value / 100).toFixed(2);
/** Made-up parts of a price, some below zero. */
export const price = (n: number): { lmp: string; loss: string; congestion: string } => ({
  lmp: cents(2_150 + ((n * 733) % 1_900) - (n % 5 === 4 ? 2_600 : 0)),
  loss: cents(((n * 37) % 90) - 20),
  congestion: cents(((n * 91) % 300) - 120),
});

type Where = Pick<Figure, 'location' | 'start' | 'end'> & { published?: number };
const priced = (where: Where, parts: Readonly<Record<string, string | null>>, unit = PRICE): Figure[] =>
  Object.entries(parts).map(([field, value]) => ({ ...where, field, value, unit }));

/** `DAHourlyOntarioZonalPrice`, `PredispHourlyOntarioZonalPrice`: 24 hours; one has no congestion price. */
export function ontarioHours(id: string, date: string, print: Print = PLAIN): Body {
  const created = `${date}T12:31:16`;
  const body = [`<DeliveryDate>${date}</DeliveryDate>`];
  const figures: Figure[] = [];
  for (let hour = 1; hour <= 24; hour++) {
    const { lmp, loss, congestion } = price(hour);
    const none = hour === 7;
    body.push(
      `<HourlyPriceComponents><PricingHour>${hour}</PricingHour><ZonalPrice>${lmp}</ZonalPrice>` +
        `<LossPriceCapped>${loss}</LossPriceCapped>${none ? '<CongestionPriceCapped/>' : `<CongestionPriceCapped>${congestion}</CongestionPriceCapped>`}` +
        '<Flag>DSO-RD</Flag></HourlyPriceComponents>',
    );
    const where = { location: 'ONTARIO', ...hourOf(date, hour, OFFSET), published: createdMs(created) };
    figures.push(...priced(where, { lmp, loss, congestion: none ? null : congestion }));
  }
  return { payload: documentOf(id, created, body, print), figures };
}

/** `RealtimeOntarioZonalPrice` of 2026: an element for each five minutes. */
export function ontarioFiveMinutes(date: string, hour: number): Body {
  const created = `${date}T10:55:02`;
  const body = [`<DeliveryDate>${date}</DeliveryDate>`, `<DeliveryHour>${hour}</DeliveryHour>`];
  const figures: Figure[] = [];
  for (let interval = 1; interval <= 12; interval++) {
    const { lmp, loss, congestion } = price(interval * 3);
    body.push(
      `<ZonalPrice><Interval>${interval}</Interval><LmpCap>${lmp}</LmpCap><LossPriceCap>${loss}</LossPriceCap>` +
        `<CongPriceCap>${congestion}</CongPriceCap></ZonalPrice>`,
    );
    const where = {
      location: 'ONTARIO',
      ...hourOf(date, hour, OFFSET, interval),
      published: createdMs(created),
    };
    figures.push(...priced(where, { lmp, loss, congestion }));
  }
  return { payload: documentOf('RealtimeOntarioZonalPrice', created, body), figures };
}

/** The same until 2026: a section for each part, the number of the five minutes in the names of elements. */
export function ontarioSections(date: string, hour: number): Body {
  const created = `${date}T12:02:00`;
  const body = [`<DeliveryDate>For ${date} - Hour ${hour}</DeliveryDate>`];
  const figures: Figure[] = [];
  for (const [words, field] of [
    ['Zonal Price', 'lmp'],
    ['Energy Loss Price', 'loss'],
    ['Energy Congestion Price', 'congestion'],
  ] as const) {
    body.push(`<RealTimePriceComponents><OntarioZonalPrice>${words}</OntarioZonalPrice>`);
    for (let interval = 1; interval <= 12; interval++) {
      const value = price(interval)[field];
      body.push(
        `<OntarioZonalPriceInterval${interval}><Interval${interval}>${value}</Interval${interval}></OntarioZonalPriceInterval${interval}>`,
      );
      const where = {
        location: 'ONTARIO',
        ...hourOf(date, hour, OFFSET, interval),
        published: createdMs(created),
      };
      figures.push(...priced(where, { [field]: value }));
    }
    body.push('</RealTimePriceComponents>');
  }
  return { payload: documentOf('RealtimeOntarioZonalPrice', created, body), figures };
}

/** `DAHourlyZonal`, `PredispHourlyZonal`: zones of virtual transactions, a list of hours to a part of the price. */
export function zoneHours(id: string, date: string, predispatch: boolean): Body {
  const created = `${date}T11:05:40`;
  const [list, number] = predispatch ? ['DeliveryHourLMP', 'DELIVERY_HOUR'] : ['DeliveryHour', 'Hour'];
  const body = [`<DeliveryDate>${date}</DeliveryDate>`];
  const figures: Figure[] = [];
  for (const [z, zone] of ['EAST:HUB', 'NIAGARA:HUB'].entries()) {
    body.push(`<TransactionZone><ZoneName>${zone}</ZoneName>`);
    for (const [words, field] of [
      ['Zonal Price', 'lmp'],
      ['Energy Loss Price', 'loss'],
      ['Energy Congestion Price', 'congestion'],
    ] as const) {
      body.push(`<Components><PriceComponent>${words}</PriceComponent>`);
      for (let hour = 22; hour <= 24; hour++) {
        const value = price(hour + z)[field];
        body.push(`<${list}><${number}>${hour}</${number}><LMP>${value}</LMP></${list}>`);
        const where = { location: zone, ...hourOf(date, hour, OFFSET), published: createdMs(created) };
        figures.push(...priced(where, { [field]: value }));
      }
      body.push('</Components>');
    }
    body.push('</TransactionZone>');
  }
  return { payload: documentOf(id, created, body), figures };
}

/** `RealTimeIntertieLMP`: an intertie has two parts more. */
export function intertieFiveMinutes(date: string, hour: number): Body {
  const created = `${date}T09:00:31`;
  const body = [`<DeliveryDate>${date}</DeliveryDate>`, `<DeliveryHour>${hour}</DeliveryHour>`];
  const figures: Figure[] = [];
  body.push('<IntertieLMPrice><IntertiePLName>PQ.AT:LMP</IntertiePLName>');
  for (const [k, [words, field]] of [
    ['Intertie LMP', 'lmp'],
    ['Energy Loss Price', 'loss'],
    ['Energy Congestion Price', 'congestion'],
    ['External Congestion Price', 'external_congestion'],
    ['Net Interchange Scheduling Limit (NISL) Price', 'nisl_price'],
  ].entries()) {
    body.push(`<Components><LMPComponent>${words}</LMPComponent>`);
    for (let interval = 1; interval <= 3; interval++) {
      const value = price(interval + k * 5).lmp;
      body.push(`<IntervalLMP><Interval>${interval}</Interval><LMP>${value}</LMP></IntervalLMP>`);
      const where = {
        location: 'PQ.AT:LMP',
        ...hourOf(date, hour, OFFSET, interval),
        published: createdMs(created),
      };
      figures.push(...priced(where, { [field as string]: value }));
    }
    body.push('</Components>');
  }
  body.push('</IntertieLMPrice>');
  return { payload: documentOf('RealTimeIntertieLMP', created, body), figures };
}

/** `DAHourlyEnergyLMP`, `RealtimeEnergyLMP`: nodes as CSV, with the day in the line above the header. */
export function nodesCsv(date: string, interval: boolean, created = `${date}T02:14:53`): Body {
  const day = date.replaceAll('-', '/');
  const lines = [
    `CREATED AT ${created.replaceAll('-', '/').replace('T', ' ')} FOR ${day}`,
    `Delivery Hour,${interval ? 'Interval,' : ''}Pricing Location,LMP,Energy Loss Price,Energy Congestion Price`,
  ];
  const figures: Figure[] = [];
  for (const [n, node] of ['BRUCEA-LT.G1:LMP', 'TORONTO-LT.AG_SR1:LMP'].entries())
    for (const k of [1, 2, 3]) {
      const { lmp, loss, congestion } = price(n * 7 + k);
      const clock = interval ? `24,${k + 9}` : String(k + 21);
      lines.push(`${clock},${node},${lmp},${loss},${congestion}`);
      const at = interval ? hourOf(date, 24, OFFSET, k + 9) : hourOf(date, k + 21, OFFSET);
      const where = { location: node, ...at, published: createdMs(created) };
      figures.push(...priced(where, { lmp, loss, congestion }));
    }
  return { payload: `${lines.join('\n')}\n`, figures };
}

/** `RealtimeORLMP`, `DAHourlyORLMP`, `PredispHourlyORLMP`. */
export function reservesCsv(date: string, interval: boolean, created = `${date}T00:05:10`): Body {
  const day = date.replaceAll('-', '/');
  const kinds = ['10S', '10N', '30R'];
  const lines = [
    `CREATED AT ${created.replaceAll('-', '/').replace('T', ' ')} FOR ${day}`,
    `Delivery Hour,${interval ? 'Interval,' : ''}Pricing Location,${kinds.map((kind) => `LMP ${kind},Congestion Price ${kind}`).join(',')}`,
  ];
  const figures: Figure[] = [];
  for (const k of [1, 2]) {
    const prices = kinds.map((_, i) => [cents(310 + k * 15 + i), cents(i * 7 - k)]);
    lines.push(`${interval ? `1,${k}` : k},DARLINGTON-LT.G2:LMP,${prices.flat().join(',')}`);
    const at = interval ? hourOf(date, 1, OFFSET, k) : hourOf(date, k, OFFSET);
    const where = { location: 'DARLINGTON-LT.G2:LMP', ...at, published: createdMs(created) };
    for (const [part, prefix] of ['mcp', 'congestion'].entries())
      for (const [i, kind] of kinds.entries())
        figures.push(
          ...priced(where, { [`${prefix}_${kind.toLowerCase()}`]: prices[i]?.[part] ?? null }, RESERVE),
        );
  }
  return { payload: `${lines.join('\r\n')}\r\n`, figures };
}

/** `RealtimeMktPriceYear`: a header of two lines, places above. */
export function clearingPrices(date: string): Body {
  const places = ['Ontario', 'Manitoba'];
  const kinds = ['10N', '10S', '30R', 'ENGY'];
  const lines = [
    '\\\\Yearly Realtime Market Price Report',
    `\\\\Created at ${date} 07:30:02`,
    `\\\\For ${date.slice(0, 4)}`,
    `,,,${places.flatMap((place) => kinds.map(() => place)).join(',')}`,
    `DELIVERY_DATE,DELIVERY_HOUR,INTERVAL,${places.flatMap(() => kinds).join(',')}`,
  ];
  const figures: Figure[] = [];
  for (const interval of [1, 12]) {
    const cells: string[] = [];
    for (const [p, place] of places.entries())
      for (const [k, kind] of kinds.entries()) {
        const value = cents(250 + p * 40 + k * 700 + interval);
        cells.push(value);
        const [field, unit] = kind === 'ENGY' ? ['lmp', PRICE] : [`mcp_${kind.toLowerCase()}`, RESERVE];
        const where = {
          location: place,
          ...hourOf(date, 24, OFFSET, interval),
          published: createdMs(`${date}T07:30:02`),
        };
        figures.push(...priced(where, { [field as string]: value }, unit));
      }
    lines.push(`${date},24,${interval},${cells.join(',')}`);
  }
  return { payload: `${lines.join('\n')}\n`, figures };
}

/** `PriceHOEPPredispOR`: a year by the hour. */
export function hoepYear(date: string): Body {
  const columns = [
    ['HOEP', 'lmp', PRICE],
    ['Hour 1 Predispatch', 'predispatch_1h', PRICE],
    ['Hour 2 Predispatch', 'predispatch_2h', PRICE],
    ['Hour 3 Predispatch', 'predispatch_3h', PRICE],
    ['OR 10 Min Sync', 'mcp_10s', RESERVE],
    ['OR 10 Min non-sync', 'mcp_10n', RESERVE],
    ['OR 30 Min', 'mcp_30r', RESERVE],
  ] as const;
  const lines = [
    '\\\\Yearly HOEP OR Predispatch Report,,,,,,,,',
    `\\\\Created at ${date} 08:00:00,,,,,,,,`,
    `\\\\For ${date.slice(0, 4)},,,,,,,,`,
    `Date,Hour,${columns.map(([name]) => name).join(',')}`,
  ];
  const figures: Figure[] = [];
  for (const hour of [1, 2, 24]) {
    const values = columns.map((_, k) => cents(1_820 + k * 33 - hour * 210));
    lines.push(`${date},${hour},${values.join(',')}`);
    const where = {
      location: 'ONTARIO',
      ...hourOf(date, hour, OFFSET),
      published: createdMs(`${date}T08:00:00`),
    };
    for (const [k, [, field, unit]] of columns.entries())
      figures.push(...priced(where, { [field]: values[k] ?? null }, unit));
  }
  return { payload: `${lines.join('\n')}\n`, figures };
}
