/**
 * The listing of the report archive, `IceDocListJsonWS?reportTypeId=N`: documents of the last days, newest first, each once
 * as CSV and once as XML. All values are texts; a publication bears its offset from UTC.
 */

import { CarbonError } from '../../core/errors.ts';
import { type Micros, parseInstant } from '../../core/time/instant.ts';
import type { Payload } from '../kit/contract.ts';

/** One document. */
export interface ListedDocument {
  /** Its number, by which it is asked for. */
  readonly id: string;
  /** Name of its archive, with the time of publication in it. */
  readonly file: string;
  readonly isCsv: boolean;
  /** UTC micros. */
  readonly publishedAt: Micros;
}

/**
 * The documents in the order of the listing. An entry without number, name or time cannot be asked for and is left out, as
 * the listing is asked for again. Throws SOURCE_UNRECOGNISED for a body that is no listing.
 */
export function listedDocuments(payload: Payload): ListedDocument[] {
  const list = listOf(payload);
  return list.flatMap((entry) => {
    const document = entry?.Document ?? {};
    const { DocID: id, ConstructedName: file, FriendlyName: friendly, PublishDate: published } = document;
    const publishedAt = parseInstant(textOf(published));
    if (textOf(id) === '' || textOf(file) === '' || publishedAt === null) return [];
    const isCsv = /csv/i.test(textOf(friendly)) || /csv\.zip$/i.test(textOf(file));
    return [{ id: textOf(id), file: textOf(file), isCsv, publishedAt }];
  });
}

interface Entry {
  readonly Document?: Readonly<Record<string, unknown>>;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : String(value ?? ''));

function listOf({ name, bytes }: Payload): readonly (Entry | null)[] {
  try {
    const body = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, Record<string, unknown>>;
    const list = body['ListDocsByRptTypeRes']?.['DocumentList'];
    // One document alone may stand without a list around it.
    if (Array.isArray(list)) return list as (Entry | null)[];
    if (typeof list === 'object' && list !== null) return [list as Entry];
    if (body['ListDocsByRptTypeRes'] !== undefined) return [];
  } catch {
    // What is no JSON is no listing either.
  }
  throw new CarbonError('SOURCE_UNRECOGNISED', `${name} is no listing of documents`, {
    position: { file: name, field: 'DocumentList', expected: 'a list of documents', got: 'none' },
  });
}
