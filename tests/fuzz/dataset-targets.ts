/** Every dataset of every connector as a target: from the bytes of a body to records of the raw topic. */

import { join } from 'node:path';
import { allConnectors } from '../../app/connectors/catalogue.ts';
import { connectorsFolder, loadManifest, transformsOf } from '../../app/connectors/manifest.ts';
import type { Connector, Dataset, Decoded, Payload, Rejection } from '../../connectors/kit/contract.ts';
import { recognise } from '../../connectors/kit/recognise.ts';
import { type Refined, refine } from '../../connectors/kit/refine.ts';
import { decodeRawEvents, encodeRawRows } from '../../core/codec/topics/raw.ts';
import { CarbonError, type ErrorCode } from '../../core/errors.ts';
import { Names } from '../../core/model/names.ts';
import type { RawRow } from '../../core/model/raw-row.ts';
import { piecesOf, refinePieces } from '../support/read-in-pieces.ts';
import { smallBodies } from './bodies.ts';
import { Broken, checkReadable, type FuzzTarget, type Outcome, promise, refusedAs } from './target.ts';

/** With which a body may be refused as a whole. */
const OF_BODIES: readonly ErrorCode[] = [
  'SOURCE_EMPTY',
  'SOURCE_NOT_DATA',
  'SOURCE_COLUMN_MISSING',
  'SOURCE_UNRECOGNISED',
  'SOURCE_MALFORMED',
];
/** What recognition may say besides: the market's own refusals. */
const OF_RECOGNITION: readonly ErrorCode[] = [
  ...OF_BODIES,
  'SOURCE_NO_DATA',
  'SOURCE_BUSY',
  'SOURCE_REFUSED',
];
/** With which a row may be set aside. */
const OF_ROWS: readonly ErrorCode[] = [
  'TIME_UNPARSEABLE',
  'TIME_NONEXISTENT',
  'TIME_AMBIGUOUS',
  'VALUE_NOT_NUMERIC',
  'VALUE_MISSING',
  'FIELD_UNKNOWN',
  'EVENT_UNDECODABLE',
];

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

/** One target per dataset. Throws when a dataset has no small body: a decoder without a target is not fuzzed. */
export async function datasetTargets(): Promise<FuzzTarget[]> {
  const bodies = smallBodies();
  const targets: FuzzTarget[] = [];
  for (const connector of allConnectors()) {
    if (connector.datasets.length === 0) continue;
    const manifest = await loadManifest(join(connectorsFolder(), connector.name, 'connector.yaml'));
    for (const dataset of connector.datasets) {
      const name = `${connector.name}.${dataset.name}`;
      const own = bodies.get(name) ?? [];
      if (own.length === 0) throw new Error(`${name} has no small body in samples or golden payloads`);
      targets.push({
        name,
        market: connector.name,
        form: 'text',
        bodies: own.map(({ bytes }) => bytes),
        check: checkOf(connector, dataset, transformsOf(manifest, dataset.name), own[0]?.name ?? ''),
      });
    }
  }
  return targets;
}

function checkOf(connector: Connector, dataset: Dataset, transforms: readonly string[], name: string) {
  const { market } = connector;
  return (bytes: Uint8Array): Outcome => {
    const payload: Payload = { name, bytes };
    tryRecognise(payload, market);
    let decoded: Decoded;
    try {
      decoded = dataset.decode(payload);
    } catch (error) {
      const refused = refusedAs(error, OF_BODIES);
      checkPieces(connector, dataset, transforms, payload, error as CarbonError);
      return refused;
    }
    checkDamage(decoded.damage);
    const counts = { rows: decoded.rows.length, rejected: decoded.rejected.length };
    const refined = refine(market, dataset, payload, transforms);
    checkDamage(refined.damage);
    checkPieces(connector, dataset, transforms, payload, refined);
    refined.rows.forEach(checkRow);
    refined.rejected.forEach(checkRejection);
    const [all, kept] = [counts.rows + counts.rejected, refined.rows.length + refined.rejected.length];
    const { length } = refined.rows;
    if (refined.damage !== null) {
      promise(kept <= all, `${kept} rows of ${all} after the transforms`);
      return { kind: 'damaged', rows: length, rejected: refined.rejected.length };
    }
    promise(decoded.damage === null, 'the damage was lost on the way');
    promise(kept === all, `${kept} rows of ${all} after the transforms`);
    checkAgain(refined, refine(market, dataset, payload, transforms));
    checkPublished(refined.rows);
    return { kind: 'whole', rows: length, rejected: refined.rejected.length };
  };
}

/** A header and a record or two, in bytes. */
const PIECE_BYTES = 120;

/** Where a dataset can be read in pieces, they say what the whole body says. */
function checkPieces(
  { market }: Connector,
  dataset: Dataset,
  transforms: readonly string[],
  payload: Payload,
  whole: Refined | CarbonError,
): void {
  const pieces = piecesOf(dataset, payload, PIECE_BYTES);
  if (pieces === null || pieces.length < 2) return;
  let read: Refined;
  try {
    read = refinePieces(market, dataset, transforms, pieces);
  } catch (error) {
    const words = error instanceof CarbonError ? error.message : `${error}`;
    const other = whole instanceof CarbonError ? whole.message : `${whole.rows.length} rows`;
    // Of bytes that are no text and a header that is none either may be said first.
    const either = whole instanceof CarbonError && /not UTF-8|binary/.test(other);
    promise(words === other || either, `in pieces it is refused: ${words}, as a whole: ${other}`);
    return;
  }
  if (whole instanceof CarbonError) throw new Broken(`read in pieces, refused as a whole: ${whole.message}`);
  const [a, b] = [whole.damage?.message, read.damage?.message];
  promise(a === b, `other damage in pieces: ${b} for ${a}`);
  promise(JSON.stringify(whole.rows) === JSON.stringify(read.rows), 'other rows in pieces');
  promise(whole.rejected.length === read.rejected.length, 'others rejected in pieces');
}

/** Finding the dataset of the body may fail, and only in words. */
function tryRecognise(payload: Payload, market: string): void {
  try {
    recognise(allConnectors(), payload, { market });
  } catch (error) {
    refusedAs(error, OF_RECOGNITION);
  }
}

function checkDamage(damage: CarbonError | null): void {
  if (damage === null) return;
  promise(damage.code === 'SOURCE_MALFORMED', `damage as ${damage.code}`);
  checkReadable(damage);
  const { line } = damage.position;
  promise(line === undefined || (Number.isInteger(line) && line >= 1), `damage on line ${line}`);
}

function checkRow(row: RawRow): void {
  const { intervalStart: start, intervalEnd: end, publishedAt } = row;
  promise(Number.isSafeInteger(start) && Number.isSafeInteger(end), `interval ${start} to ${end}`);
  promise(end >= start, `a negative interval, ${start} to ${end}`);
  promise(publishedAt === null || Number.isSafeInteger(publishedAt), `published at ${publishedAt}`);
  promise(row.sequence === null || Number.isSafeInteger(row.sequence), `sequence ${row.sequence}`);
  promise(Number.isInteger(row.row) && row.row >= 1, `row ${row.row}`);
  promise(row.values.length > 0, 'a row without values');
  for (const { field, value } of row.values) {
    promise(value === null || DECIMAL.test(value), `${field} is ${JSON.stringify(value)?.slice(0, 60)}`);
    promise(typeof field === 'string' && field !== '', 'a value without a field');
  }
}

function checkRejection(rejection: Rejection): void {
  promise(OF_ROWS.includes(rejection.code), `a row rejected as ${rejection.code}`);
  promise(rejection.message !== '' && rejection.field !== '', 'a row rejected without a reason');
  const { message, field, expected, got } = rejection;
  const longest = Math.max(...[message, field, expected, got].map(({ length }) => length));
  promise(longest <= 2_000, `a rejection that quotes ${longest} characters`);
}

function checkAgain(first: Refined, second: Refined): void {
  promise(JSON.stringify(first.rows) === JSON.stringify(second.rows), 'other rows the second time');
  promise(JSON.stringify(first.rejected) === JSON.stringify(second.rejected), 'others rejected');
}

const CONTEXT = {
  tenant: 'default',
  source: 'fuzz',
  traceId: '',
  archiveSha256: null,
  archiveMember: null,
  archivedAt: 1_700_000_000_000_000,
};

/** What is read can be published, and is read back as so many events. */
function checkPublished(rows: readonly RawRow[]): void {
  if (rows.length === 0) return;
  let back = 0;
  for (const { batch, count } of encodeRawRows(rows, CONTEXT, 1, 1, 900_000)) {
    const slice = { topic: 'ingestion.fuzz.raw.v1', partition: 0, from: 0, to: count, bytes: batch };
    const read = decodeRawEvents(slice, 0, count, new Names());
    promise(read.rejected.length === 0, `not readable when published: ${read.rejected[0]?.message}`);
    back += read.batch.length;
  }
  promise(back === rows.length, `${back} events of ${rows.length} rows`);
}
