/** XML documents of the IESO: a header with title, revision and time, and a body of its own each. Form: reference 9. */

import type { Micros } from '../../core/time/instant.ts';
import { isoStamp } from '../local-time.ts';
import type { Table, TableRow } from '../table.ts';
import { IESO_ZONE } from './trade-day.ts';

/** What a file says about itself. */
export interface Edition {
  readonly revision: number;
  /** UTC micros. */
  readonly createdAt: Micros;
  /** `2025-05-02`. */
  readonly date: string;
  /** 1 to 24 in files of an hour. */
  readonly hour: number | null;
}

/** Root and namespace of a kind of document. */
export interface DocumentKind {
  readonly id: string;
  readonly title: string;
  /** `Document`, or `IMODocument` in reports that are older. */
  readonly root: 'Document' | 'IMODocument';
  readonly schema: string;
}

/** A text as an element; blank ones have no content. */
export function element(tag: string, text: string): string {
  return `<${tag}>${text}</${tag}>`;
}

/** The document around the lines of its body. */
export function documentOf(kind: DocumentKind, edition: Edition, body: readonly string[]): string {
  const { id, title, root, schema } = kind;
  const isOld = root === 'IMODocument';
  const [prefix, host] = isOld ? ['IMO', 'http://www.theIMO.com/schema'] : ['', 'http://www.ieso.ca/schema'];
  const docs = 'https://reports-public.ieso.ca/docrefs';
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<?xml-stylesheet type="text/xsl" href="${docs}/stylesheet/${id}_HTML_t1-1.xsl" ?>`,
    `<${root} docID="${id}" xmlns="${host}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${host} ${docs}/schema/${id}_${schema}.xsd">`,
    `<${prefix}DocHeader>`,
    element('DocTitle', title),
    element('DocRevision', String(edition.revision)),
    '<DocConfidentiality>',
    element('DocConfClass', 'PUB'),
    '</DocConfidentiality>',
    element('CreatedAt', isoStamp(IESO_ZONE, edition.createdAt)),
    `</${prefix}DocHeader>`,
    `<${prefix}DocBody>`,
    ...body,
    `</${prefix}DocBody>`,
    `</${root}>`,
    '',
  ].join('\n');
}

/** Cells of a row by the names of their columns. */
export function cellsByName({ header }: Table, { cells }: TableRow): Readonly<Record<string, string>> {
  return Object.fromEntries(header.map((name, k) => [name, cells[k]]));
}

/** Day-ahead price of the Ontario zone: columns are the tags. */
export function dayAheadZoneBody(table: Table, { date }: Edition): string[] {
  return [
    element('DeliveryDate', date),
    ...table.rows.flatMap((row) => [
      '<HourlyPriceComponents>',
      ...table.header.map((tag, k) => element(tag, row.cells[k])),
      '</HourlyPriceComponents>',
    ]),
  ];
}

const COMPONENTS = ['Zonal Price', 'Energy Loss Price', 'Energy Congestion Price'];

/** Real-time price of the Ontario zone: since 5 March 2026 flat, before with an element of its own for each interval. */
export function realTimeZoneBody(table: Table, { date, hour }: Edition, isFlat: boolean): string[] {
  if (isFlat)
    return [
      element('DeliveryDate', date),
      element('DeliveryHour', String(hour)),
      ...table.rows.flatMap((row) => [
        '<ZonalPrice>',
        ...table.header.map((tag, k) => element(tag, row.cells[k])),
        '</ZonalPrice>',
      ]),
    ];
  const lines = [element('DeliveryDate', `For ${date} - Hour ${hour}`)];
  COMPONENTS.forEach((component, c) => {
    lines.push('<RealTimePriceComponents>', element('OntarioZonalPrice', component));
    for (const { cells } of table.rows) {
      const [interval] = cells;
      lines.push(
        `<OntarioZonalPriceInterval${interval}>`,
        element(`Interval${interval}`, cells[1 + c]),
        element('Flag', 'DSO-RD'),
        `</OntarioZonalPriceInterval${interval}>`,
      );
    }
    lines.push('</RealTimePriceComponents>');
  });
  return lines;
}

/** Market quantities of an hour, interval by interval. */
export function totalsBody(table: Table, { date, hour }: Edition): string[] {
  const lines = [element('DeliveryDate', date), element('DeliveryHour', String(hour)), '<Energies>'];
  for (const row of table.rows) {
    const [interval, ...amounts] = row.cells;
    lines.push('<IntervalEnergy>', element('Interval', interval));
    amounts.forEach((amount, k) => {
      lines.push(
        '<MQ>',
        element('MarketQuantity', table.header[k + 1]),
        element('EnergyMW', amount),
        '</MQ>',
      );
    });
    lines.push(element('Flag', 'DSO-RD'), '</IntervalEnergy>');
  }
  return [...lines, '</Energies>'];
}

/** Output of units, hour by hour within each. */
export function unitsBody(table: Table, { date }: Edition): string[] {
  const lines = [element('Date', date), '<Generators>'];
  const units = Map.groupBy(table.rows, ({ cells }) => cells[0]);
  for (const [name, rows] of units) {
    lines.push(
      '<Generator>',
      element('GeneratorName', name),
      element('FuelType', rows[0].cells[1]),
      '<Outputs>',
    );
    for (const { cells } of rows)
      lines.push('<Output>', element('Hour', cells[2]), element('EnergyMW', cells[3]), '</Output>');
    lines.push('</Outputs>', '<Capabilities>');
    for (const { cells } of rows)
      lines.push('<Capability>', element('Hour', cells[2]), element('EnergyMW', cells[4]), '</Capability>');
    lines.push('</Capabilities>', '</Generator>');
  }
  return [...lines, '</Generators>'];
}

/** Output of fuels of a year: days, hours, fuels. */
export function fuelsBody(table: Table, { date }: Edition): string[] {
  const lines = [element('DeliveryYear', date.slice(0, 4))];
  for (const [day, ofDay] of Map.groupBy(table.rows, ({ cells }) => cells[0])) {
    lines.push('<DailyData>', element('Day', day));
    for (const [hour, ofHour] of Map.groupBy(ofDay, ({ cells }) => cells[1])) {
      lines.push('<HourlyData>', element('Hour', hour));
      for (const { cells } of ofHour)
        lines.push(
          '<FuelTotal>',
          element('Fuel', cells[2]),
          '<EnergyValue>',
          element('OutputQuality', '0'),
          element('Output', cells[3]),
          '</EnergyValue>',
          '</FuelTotal>',
        );
      lines.push('</HourlyData>');
    }
    lines.push('</DailyData>');
  }
  return lines;
}
