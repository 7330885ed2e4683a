/**
 * IESO's interties: schedules by the hour and actual flows by five minutes in XML of a day (`IntertieScheduleFlow`), and
 * both by the hour in CSV of a year (`IntertieScheduleFlowYear`, whose header has the zone above and Imp, Exp or Flow
 * below). Signs are as published. The total of the zones is under ONTARIO.
 */

import type { Dataset, Decoded, Payload, PayloadHead, Recognition, SourceRow } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import type { XmlElement } from '../kit/readers/xml.ts';
import { sourceRow } from '../kit/source-row.ts';
import { decodedRows, descendantsOf, readDocument, reportHead, textIn } from './document.ts';
import { EST_HOURS, hourOf, isoDate } from './est-time.ts';
import { fetchedBy } from './folder-index.ts';
import { ONTARIO } from './price-documents.ts';
import { readReportCsv, topOf } from './report-csv.ts';

const UNIT = 'MW';
const KINDS: Readonly<Record<string, string>> = {
  imp: 'import',
  import: 'import',
  exp: 'export',
  export: 'export',
  flow: 'interchange',
};

function recognise(head: PayloadHead): Recognition {
  const report = reportHead(head);
  const found =
    report === null
      ? ['imp', 'exp', 'flow'].every((kind) => topOf(head, 'hour')?.names.includes(kind))
      : report.has('IntertieZoneName') && (report.has('Schedules') || report.has('Actuals'));
  if (!found) return 0;
  return /IntertieScheduleFlow/i.test(head.name) ? 3 : 2;
}

function decode(payload: Payload): Decoded {
  const isXml = /^\s*</.test(new TextDecoder().decode(payload.bytes.subarray(0, 64)));
  return isXml ? readDay(payload) : readYear(payload);
}

function readDay(payload: Payload): Decoded {
  const { body, date, publishedAt } = readDocument(payload);
  const rows: SourceRow[] = [];
  const read = (zone: XmlElement, place: string): void => {
    for (const schedule of descendantsOf(zone, 'Schedule')) {
      const { words, bounds } = hourOf(date, textIn(schedule, 'Hour') ?? '');
      const values = [
        { field: 'import', value: textIn(schedule, 'Import'), unit: UNIT },
        { field: 'export', value: textIn(schedule, 'Export'), unit: UNIT },
      ];
      rows.push(sourceRow(schedule.line, place, words, values, { bounds, publishedAt }));
    }
    for (const actual of descendantsOf(zone, 'Actual')) {
      const { words, bounds } = hourOf(date, textIn(actual, 'Hour') ?? '', textIn(actual, 'Interval'));
      const values = [{ field: 'interchange', value: textIn(actual, 'Flow'), unit: UNIT }];
      rows.push(sourceRow(actual.line, place, words, values, { bounds, publishedAt }));
    }
  };
  for (const zone of descendantsOf(body, 'IntertieZone')) read(zone, textIn(zone, 'IntertieZoneName') ?? '');
  for (const total of descendantsOf(body, 'Totals')) read(total, ONTARIO);
  return decodedRows(payload, rows);
}

function readYear(payload: Payload): Decoded {
  return readReportCsv(payload, 'hour', ['date', 'hour', 'flow'], (record, { names, above, publishedAt }) => {
    const date = record.fields[names.indexOf('date')] ?? '';
    const { words, bounds } = hourOf(isoDate(date), record.fields[names.indexOf('hour')] ?? '');
    let zone = '';
    return names.flatMap((name, at) => {
      // A zone may stand above the first of its figures only.
      const printed = (above[at] ?? '').trim();
      if (printed !== '') zone = printed;
      const field = KINDS[name];
      if (field === undefined) return [];
      const place = /^total/i.test(zone) ? ONTARIO : zone;
      const values = [{ field, value: record.fields[at] ?? '', unit: UNIT }];
      return [sourceRow(record.line, place, words, values, { bounds, publishedAt })];
    });
  });
}

/** The dataset `interchange`. */
export const interchange: Dataset = {
  name: 'interchange',
  title: 'Schedules and flows of the interties',
  time: EST_HOURS,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [
    { field: 'interchange', unit: UNIT, what: 'actual flow of the intertie, sign as published' },
    { field: 'import', unit: UNIT, what: 'scheduled import' },
    { field: 'export', unit: UNIT, what: 'scheduled export' },
  ],
  recognise,
  ...fetchedBy({
    usual: 'IntertieScheduleFlow',
    known: { IntertieScheduleFlow: 'xml' },
    each: 'day',
    publishedAfter: 2,
  }),
  decode,
};
