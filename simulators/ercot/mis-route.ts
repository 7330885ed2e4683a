/** The file route of ERCOT: a listing of documents as JSON, and each document as a zip. Nobody needs an account. */

import { DAY, type Micros, SECOND } from '../../core/time/instant.ts';
import { clockText, compactDate, isoDate, offsetText, padded, wallAt } from '../local-time.ts';
import type { Answer, Member, Report } from '../market.ts';
import { JSON_HEADERS, pageRefusal, plainReport, tableOf, zippedReport } from '../report.ts';
import { csvOf, type Table } from '../table.ts';
import { ERCOT_ZONE, ercotDayOf, isoText } from './clock.ts';
import { type Document, documentId, documentOf, type Found, type Product } from './documents.ts';

/** Path of the listing. */
export const LISTING = '/misapp/servlets/IceDocListJsonWS';
/** Path of a document. */
export const DOWNLOAD = '/misdownload/servlets/mirDownload';

const COLUMNS = [
  'ExpiredDate',
  'ILMStatus',
  'SecurityStatus',
  'ContentSize',
  'Extension',
  'ReportTypeID',
  'Prefix',
  'FriendlyName',
  'ConstructedName',
  'DocID',
  'PublishDate',
  'ReportName',
  'DUNS',
  'DocCount',
];

/** `IceDocListJsonWS?reportTypeId=N`: documents that are not yet gone, newest first, each as CSV and as XML. */
export function listing(products: readonly Product[], query: URLSearchParams, at: Micros): Answer {
  const product = products.find(({ reportTypeId }) => reportTypeId === query.get('reportTypeId'));
  const documents =
    product === undefined ? [] : [...product.documents({ start: at - product.keepDays * DAY, end: at + 1 })];
  const rows = documents.reverse().flatMap((document) =>
    [false, true].map((isXml) => ({
      cells: product === undefined ? [] : listedCells(products, product, document, isXml),
      facts: () => [],
    })),
  );
  return plainReport({
    dataset: product?.dataset ?? 'none',
    name: 'IceDocListJsonWS.json',
    headers: JSON_HEADERS,
    table: tableOf(COLUMNS, rows, { isKeyed: true }),
    zone: ERCOT_ZONE,
    modifiedAt: at,
    render: listingJson,
  });
}

/** All values are strings. */
function listingJson(table: Table): string {
  const documents = table.rows.map(({ cells }) => ({
    Document: Object.fromEntries(table.header.map((name, k) => [name, cells[k]])),
  }));
  return JSON.stringify({ ListDocsByRptTypeRes: { DocumentList: documents } });
}

function listedCells(
  products: readonly Product[],
  product: Product,
  document: Document,
  isXml: boolean,
): string[] {
  const { publishedAt } = document;
  const second = Math.floor(publishedAt / SECOND) * SECOND;
  const expired = isoDate(ercotDayOf(publishedAt) + product.keepDays);
  return [
    `${expired}T23:59:59${offsetText(ERCOT_ZONE, publishedAt)}`,
    'EXT',
    'P',
    String(8000 + (documentNumber(products, product, document, isXml) % 5000)),
    'zip',
    product.reportTypeId,
    'cdr',
    `${document.name}_${isXml ? 'xml' : 'csv'}`,
    `${fileStem(product, document, true)}.${document.name}_${isXml ? 'xml' : 'csv'}.zip`,
    documentId(products, product, document, isXml),
    `${isoText(second)}${offsetText(ERCOT_ZONE, second)}`,
    product.title,
    '0000000000000000',
    '0',
  ];
}

const documentNumber = (...args: Parameters<typeof documentId>): number => Number(documentId(...args));

/** `cdr.00012331.0000000000000000.20250313.123000`, in the names of archives with milliseconds. */
function fileStem({ reportTypeId }: Product, { publishedAt }: Document, withMilliseconds: boolean): string {
  const time = clockText(wallAt(ERCOT_ZONE, publishedAt), true).replaceAll(':', '');
  const milliseconds = withMilliseconds ? padded(Math.floor((publishedAt % SECOND) / 1000), 3) : '';
  const day = compactDate(ercotDayOf(publishedAt));
  return `cdr.${reportTypeId.padStart(8, '0')}.0000000000000000.${day}.${time}${milliseconds}`;
}

/** `mirDownload?doclookupId=N`. */
export function download(products: readonly Product[], id: string, at: Micros): Answer {
  const found = documentOf(products, id, at);
  return found === null
    ? pageRefusal(404, 'Document not found', 'The requested document is not available.')
    : documentReport(found);
}

/** A document as it is served: a zip with one file, as of its publication. */
export function documentReport({ product, document, isXml }: Found): Report {
  const { publishedAt, window } = document;
  const ending = isXml ? 'xml' : 'csv';
  const table = product.table(window, publishedAt);
  const report = zippedReport({
    dataset: product.dataset,
    name: `${fileStem(product, document, false)}.${document.name}.${ending}`,
    headers: {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename=${fileStem(product, document, true)}.${document.name}_${ending}.zip`,
    },
    table,
    zone: ERCOT_ZONE,
    modifiedAt: publishedAt,
    render: isXml ? xmlOf(product) : csvOf,
  });
  return report;
}

/** Rows as elements of ERCOT's namespace, one element per column. */
function xmlOf({ tags: [outer, inner] }: Product): Member['render'] {
  return ({ header, rows }) => {
    const lines = [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<${outer} xmlns="http://www.ercot.com/schema/2009-01/nodal/cdr">`,
    ];
    for (const { cells } of rows) {
      lines.push(`<${inner}>`);
      for (const [k, name] of header.entries()) lines.push(`<${name.trim()}>${cells[k]}</${name.trim()}>`);
      lines.push(`</${inner}>`);
    }
    lines.push(`</${outer}>`, '');
    return lines.join('\n');
  };
}
