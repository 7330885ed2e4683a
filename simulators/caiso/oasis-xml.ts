/** Documents of OASIS as XML: a report item for each item and trade day, rows in no order. Form: reference 3.1. */

import { DAY, type Micros, SECOND } from '../../core/time/instant.ts';
import { clockText, isoDate, wallAt } from '../local-time.ts';
import type { Table } from '../table.ts';

/** What the header of a document says. */
export interface OasisHead {
  readonly queryname: string;
  readonly marketRun: string;
  /** Null where the run has one kind of execution only. */
  readonly execution: string | null;
  /** `US$/MWh`, `MW`. */
  readonly unit: string;
  /** Length of an interval. */
  readonly step: Micros;
}

/** `2025-09-02T00:00:00-00:00`. */
export function gmtText(at: Micros): string {
  return `${isoDate(Math.floor(at / DAY))}T${clockText(wallAt('UTC', at), true)}-00:00`;
}

/** Renders rows whose columns are the tags of REPORT_DATA, `DATA_ITEM` and `OPR_DATE` among them, as made at `at`. */
export function oasisXml(head: OasisHead, at: Micros): (table: Table) => string {
  return (table) => {
    const lines = [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<OASISReport xmlns="http://www.caiso.com/soa/OASISReport_v1.xsd">',
      '<MessageHeader>',
      `<TimeDate>${gmtText(Math.floor(at / SECOND) * SECOND)}</TimeDate>`,
      '<Source>OASIS</Source>',
      '<Version>v20140401</Version>',
      '</MessageHeader>',
      '<MessagePayload>',
      '<RTO>',
      '<name>CAISO</name>',
    ];
    const [item, date] = ['DATA_ITEM', 'OPR_DATE'].map((tag) => table.header.indexOf(tag));
    // One REPORT_ITEM for each item and date, in order of first appearance.
    const items = Map.groupBy(table.rows, ({ cells }) => `${cells[item]} ${cells[date]}`);
    for (const rows of items.values()) {
      lines.push('<REPORT_ITEM>', ...reportHeader(head));
      for (const { cells } of rows) {
        lines.push('<REPORT_DATA>');
        cells.forEach((cell, k) => {
          const tag = table.header[k].trim();
          lines.push(`<${tag}>${cell}</${tag}>`);
        });
        lines.push('</REPORT_DATA>');
      }
      lines.push('</REPORT_ITEM>');
    }
    lines.push('<DISCLAIMER_ITEM>', '<DISCLAIMER>Simulated data.</DISCLAIMER>', '</DISCLAIMER_ITEM>');
    lines.push('</RTO>', '</MessagePayload>', '</OASISReport>');
    return lines.join('\n');
  };
}

function reportHeader({ queryname, marketRun, execution, unit, step }: OasisHead): string[] {
  return [
    '<REPORT_HEADER>',
    '<SYSTEM>OASIS</SYSTEM>',
    '<TZ>PPT</TZ>',
    `<REPORT>${queryname}</REPORT>`,
    `<MKT_TYPE>${marketRun}</MKT_TYPE>`,
    ...(execution === null ? [] : [`<EXECUTION_TYPE>${execution}</EXECUTION_TYPE>`]),
    `<UOM>${unit}</UOM>`,
    '<INTERVAL>ENDING</INTERVAL>',
    `<SEC_PER_INTERVAL>${step / SECOND}</SEC_PER_INTERVAL>`,
    '</REPORT_HEADER>',
  ];
}
