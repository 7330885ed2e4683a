/**
 * OASIS reports as XML: REPORT_ITEM with a REPORT_HEADER (report, market run) and REPORT_DATA in no order. Good answers
 * bear the namespace as default, error answers under the prefix `m`: names are compared by namespace and local name.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Decoded, Payload, SourceRow } from '../kit/contract.ts';
import { childOf, readXml, type XmlElement } from '../kit/readers/xml.ts';
import { isFigure, isSilent, LABELS, type OasisRecord } from './oasis-record.ts';

/** The namespace of reports, whatever its version, and of the few that have one of their own. */
const NAMESPACES = /^https?:\/\/www\.caiso\.com\/soa\/\w+_v\d+\.xsd#?$/;

/** True for the namespace of an OASIS report, and for none: copies have lost it. */
export function isOasisNamespace(uri: string): boolean {
  return uri === '' || NAMESPACES.test(uri);
}

/** Children of REPORT_DATA that tell rows apart besides the item and the place. */
const KINDS: readonly string[] = ['ANC_TYPE', 'RENEWABLE_TYPE', 'SCHEDULE', 'TIE', 'TIE_NAME'];
const PLACES: readonly string[] = [
  'RESOURCE_NAME',
  'NODE',
  'ANC_REGION',
  'TRADING_HUB',
  'TAC_ZONE_NAME',
  'FUEL_REGION_ID',
  'NOMOGRAM_ID',
  'TI_ID',
  'BAA_GRP_ID',
];

/**
 * Reads every REPORT_DATA; of an `open` report every further word tells rows apart. `take` makes a row of it, or null when it set the record aside. Throws SOURCE_UNRECOGNISED
 * for another document, SOURCE_EMPTY for a report without data and SOURCE_NOT_DATA for an error document.
 */
export function readOasisXml(
  payload: Payload,
  open: boolean,
  take: (record: OasisRecord) => SourceRow | null,
): Decoded {
  const rows: SourceRow[] = [];
  const file = payload.name === '' ? {} : { file: payload.name };
  let records = 0;
  let refused: XmlElement | null = null;
  const { root, damage, lastLine } = readXml(payload, (element, ancestors) => {
    if (!isOasisNamespace(element.uri)) return false;
    if (element.name === 'ERROR') refused ??= element;
    if (element.name !== 'REPORT_DATA') return element.name === 'REPORT_ITEM';
    records++;
    for (const record of recordsOf(element, ancestors.at(-1), open, file)) {
      const row = take(record);
      if (row !== null) rows.push(row);
    }
    return true;
  });
  if (root !== null && !isOasisNamespace(root.uri))
    throw new CarbonError('SOURCE_UNRECOGNISED', `the document is <${root.name}>, not an OASIS report`, {
      position: { ...file, line: root.line, expected: 'OASISReport', got: root.name },
    });
  if (refused !== null)
    throw new CarbonError(
      'SOURCE_NOT_DATA',
      `an OASIS error: ${(refused as XmlElement).children.map((e) => e.text).join(' ')}`,
      {
        position: { ...file, line: (refused as XmlElement).line },
      },
    );
  if (records === 0 && damage === null)
    throw new CarbonError('SOURCE_EMPTY', 'the report holds no data', {
      position: { ...file, line: lastLine },
    });
  return { rows, rejected: [], drift: [], damage };
}

/** What a record says by names of its own. */
const SAID: readonly string[] = [
  'DATA_ITEM',
  'OPR_DATE',
  'INTERVAL_NUM',
  'INTERVAL_START_GMT',
  'INTERVAL_END_GMT',
  'VALUE',
];

/** The numbers of a REPORT_DATA: its value, or of an `open` report without one each figure by its own name. */
function recordsOf(
  data: XmlElement,
  item: XmlElement | undefined,
  open: boolean,
  file: { file?: string },
): OasisRecord[] {
  const header = item === undefined ? null : childOf(item, 'REPORT_HEADER');
  const words = new Map(data.children.map((child) => [child.name, child.text]));
  const headed = (name: string): string => (header === null ? '' : (childOf(header, name)?.text ?? ''));
  const word = (name: string): string => words.get(name) ?? '';
  const value = childOf(data, 'VALUE');
  const figures =
    open && value === null ? data.children.filter(({ name }) => isFigure(name.toLowerCase())) : [];
  const needed = ['INTERVAL_START_GMT', 'INTERVAL_END_GMT'];
  for (const name of figures.length > 0 ? needed : ['DATA_ITEM', ...needed, 'VALUE'])
    if (!words.has(name))
      throw new CarbonError('SOURCE_MALFORMED', `line ${data.line}: REPORT_DATA without ${name}`, {
        position: {
          ...file,
          line: data.line,
          field: name,
          expected: name,
          got: [...words.keys()].join(', '),
        },
      });
  if (words.size !== data.children.length)
    throw new CarbonError('SOURCE_MALFORMED', `line ${data.line}: REPORT_DATA says one thing twice`, {
      position: { ...file, line: data.line, expected: 'each element once', got: 'one of them twice' },
    });
  const nameOf = (names: readonly string[]): string => names.find((name) => words.has(name)) ?? '';
  const [place, kind] = [nameOf(PLACES), nameOf(KINDS)];
  const isLabel = (name: string): boolean =>
    open
      ? !figures.some((figure) => figure.name === name) &&
        name !== place &&
        name !== kind &&
        !SAID.includes(name) &&
        !isSilent(name.toLowerCase())
      : LABELS.includes(name.toLowerCase());
  const record = {
    report: headed('REPORT'),
    run: headed('MKT_TYPE'),
    item: word('DATA_ITEM'),
    place: word(place),
    words: `${word('OPR_DATE')} ${word('INTERVAL_NUM')}`,
    start: word('INTERVAL_START_GMT'),
    end: word('INTERVAL_END_GMT'),
    value: word('VALUE'),
    kind: word(kind),
    labels: data.children
      .filter(({ name, text }) => isLabel(name) && text !== '')
      .map(({ text }) => text)
      .join(' '),
    published: '',
    unit: headed('UOM'),
    line: value?.line ?? data.line,
  };
  if (figures.length === 0) return [record];
  return figures
    .filter(({ text }) => text !== '')
    .map((figure) => ({ ...record, item: figure.name, value: figure.text, line: figure.line }));
}
