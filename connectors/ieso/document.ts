/**
 * IESO's reports as XML: `Document` with DocHeader and DocBody, in older reports `IMODocument` with IMODocHeader and
 * IMODocBody, under either namespace or none. Elements are found by their local names whatever their case: reports write
 * `DeliveryDate` and `DELIVERYDATE`.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Micros } from '../../core/time/instant.ts';
import type { Decoded, Payload, PayloadHead, SourceRow } from '../kit/contract.ts';
import { placeOf } from '../kit/payload.ts';
import { readXml, type XmlElement } from '../kit/readers/xml.ts';
import { createdAt, isoDate } from './est-time.ts';

/** A report once it is read. */
export interface IesoDocument {
  /** UTC micros; null where the header tells none. */
  readonly publishedAt: Micros | null;
  readonly body: XmlElement;
  /** Day of the report as `2025-03-09`; empty where the body has no day of its own. */
  readonly date: string;
}

/** The children of a name, of either case. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => isNamed(child, name));
}

/** True when two names differ in case only; that of most elements is equal to the one that is looked for. */
function isNamed(element: XmlElement, name: string): boolean {
  const own = element.name;
  return own === name || (own.length === name.length && own.toLowerCase() === name.toLowerCase());
}

/** The first child that has one of these names; null for none. */
export function firstOf(element: XmlElement, ...names: readonly string[]): XmlElement | null {
  for (const name of names) {
    for (const child of element.children) if (isNamed(child, name)) return child;
  }
  return null;
}

/** The text of the first child that has one of these names; null where there is none. */
export function textIn(element: XmlElement, ...names: readonly string[]): string | null {
  return firstOf(element, ...names)?.text ?? null;
}

/** Every element of a name below another one, in the order of the document. */
export function descendantsOf(element: XmlElement, name: string): XmlElement[] {
  const found: XmlElement[] = [];
  const look = (parent: XmlElement): void => {
    for (const child of parent.children) {
      if (isNamed(child, name)) found.push(child);
      look(child);
    }
  };
  look(element);
  return found;
}

const LIMITS = { maxDepth: 32, maxElements: 5_000_000, externalDoctype: true };

/** Reads a report. Throws SOURCE_MALFORMED for a damaged one: of such a document nothing is kept. */
export function readDocument(payload: Payload): IesoDocument {
  const { root, damage } = readXml(payload, () => false, LIMITS);
  if (damage !== null) throw damage;
  const body = root === null ? null : firstOf(root, 'DocBody', 'IMODocBody');
  if (root === null || body === null)
    throw new CarbonError(
      'SOURCE_UNRECOGNISED',
      `the document is <${root?.name ?? ''}>, not an IESO report`,
      {
        position: {
          ...placeOf(payload).position,
          line: root?.line ?? 1,
          expected: 'Document with DocBody',
          got: root?.name ?? '',
        },
      },
    );
  const header = firstOf(root, 'DocHeader', 'IMODocHeader');
  const created = header === null ? null : textIn(header, 'CreatedAt');
  return {
    publishedAt: createdAt(created ?? ''),
    body,
    date: isoDate(textIn(body, 'DeliveryDate', 'Date', 'Delivery_Date') ?? ''),
  };
}

/** What the rows of a report decode to; SOURCE_EMPTY for a report without any. */
export function decodedRows(payload: Payload, rows: SourceRow[]): Decoded {
  if (rows.length === 0)
    throw new CarbonError('SOURCE_EMPTY', 'the report holds no figure', placeOf(payload));
  return { rows, rejected: [], drift: [], damage: null };
}

/** The root stands near the beginning: a pattern is not let loose on more, in characters. */
const ROOT_WITHIN = 4_096;

/** How a head says which report it is; null when it is no XML report of IESO. */
export interface ReportHead {
  /** Words of docID, title and schema in lower case without blanks, then the name of the file. */
  readonly title: string;
  readonly name: string;
  /** True when an element of this name begins in the head. */
  has(element: string): boolean;
}

/** Letters and digits of a text in lower case: titles and names are compared so. */
export const squeezed = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Looks at a head as an XML report. */
export function reportHead(head: PayloadHead): ReportHead | null {
  const start = head.text.slice(0, ROOT_WITHIN);
  const root = /<(?:\w+:)?(?:IMO)?Document\b[^>]*>/.exec(start)?.[0];
  if (root === undefined) return null;
  const id = /\bdocID\s*=\s*["']([^"']*)["']/i.exec(root)?.[1] ?? '';
  const title = /<(?:\w+:)?DocTitle>([^<]*)</.exec(start)?.[1] ?? '';
  const schema = /([A-Za-z0-9]+)_r\d+\.xsd/.exec(root)?.[1] ?? '';
  return {
    title: `${squeezed(id)} ${squeezed(schema)} ${squeezed(title)}`,
    name: squeezed(head.name),
    has: (element) => new RegExp(`<(?:\\w+:)?${element}\\b`, 'i').test(head.text),
  };
}
