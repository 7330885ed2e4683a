/** A body read in pieces is the body read whole: rows, rejections, damage, drift, line numbers. */

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { CONNECTORS } from '../../../connectors/catalog.ts';
import type { Dataset, Payload } from '../../../connectors/kit/contract.ts';
import { PieceSplitter } from '../../../connectors/kit/pieces.ts';
import { type Refined, refine } from '../../../connectors/kit/refine.ts';
import { CarbonError } from '../../../core/errors.ts';
import { smallBodies } from '../../fuzz/bodies.ts';
import { bytesOf, mutant } from '../../support/read-body.ts';
import { piecesOf, refinePieces } from '../../support/read-in-pieces.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const GOLDEN = join(ROOT, 'tests/data/golden/decode');
const TRANSFORMS = ['sanitize_numeric', 'standardize_timezone'];
/** A header and a record or two, in bytes. */
const SMALL = 100;

/** What reading gives, or the error that it throws, in one form. */
function told(read: () => Refined): unknown {
  try {
    const { rows, rejected, drift, damage, missing } = read();
    const byLine = rejected.toSorted((a, b) => a.row - b.row || a.message.localeCompare(b.message));
    return {
      rows,
      rejected: byLine,
      drift,
      damage: damage?.toJSON() ?? null,
      missing: missing?.toJSON() ?? null,
    };
  } catch (error) {
    assert.ok(error instanceof CarbonError, String(error));
    return error.toJSON();
  }
}

function assertSame(market: string, dataset: Dataset, payload: Payload, pieceBytes: number): number {
  const pieces = piecesOf(dataset, payload, pieceBytes);
  if (pieces === null) return 0;
  for (const options of [{}, { held: 'excerpt', discardsWords: true }] as const)
    assert.deepEqual(
      told(() => refinePieces(market, dataset, TRANSFORMS, pieces, options)),
      told(() => refine(market, dataset, payload, TRANSFORMS, options)),
    );
  return pieces.length;
}

const small = smallBodies();

/** Samples and golden payloads of a dataset, those of whole days too. */
function bodiesOf(name: string, dataset: string): Payload[] {
  const folder = join(GOLDEN, name, dataset);
  const golden = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  const whole = golden
    .filter((path) => basename(path).startsWith('payload.') && statSync(join(folder, path)).size < 400_000)
    .map((path) => ({ name: basename(path), bytes: new Uint8Array(readFileSync(join(folder, path))) }));
  return [...whole, ...(small.get(`${name}.${dataset}`) ?? [])];
}

/** One without any body of its own is found by the fuzz test, which refuses it. */
const inPieces = CONNECTORS.flatMap(({ name, market, datasets }) =>
  datasets
    .filter(({ pieces }) => pieces !== undefined)
    .map((dataset) => ({ name, market, dataset, bodies: bodiesOf(name, dataset.name) })),
);

/** Datasets of which a body was cut into several pieces. */
const cut = new Set<string>();

for (const { name, market, dataset, bodies } of inPieces.filter((each) => each.bodies.length > 0))
  test(`${name}.${dataset.name}: bodies, and damaged ones, in pieces as whole`, () => {
    let several = 0;
    for (const payload of bodies) {
      for (const size of [SMALL, 1_500, 1_000_000]) {
        const pieces = assertSame(market, dataset, payload, size);
        if (pieces > 1) several++;
      }
      fc.assert(
        fc.property(
          fc.nat({ max: Math.max(1, payload.bytes.length - 1) }),
          fc.nat({ max: 4 }),
          fc.nat({ max: 255 }),
          (at, kind, byte) => {
            assertSame(market, dataset, { ...payload, bytes: mutant(payload.bytes, at, kind, byte) }, SMALL);
          },
        ),
        { numRuns: 12, seed: 254 },
      );
    }
    if (several > 0) cut.add(`${name}.${dataset.name}`);
  });

test('the datasets with large files were among them', () => {
  for (const large of [
    'miso.rt_lmp',
    'nyiso.rt_lmp',
    'spp.rt_lmp',
    'spp.da_lmp',
    'eia.balance',
    'pjm.rt_lmp_hourly',
  ])
    assert.ok(cut.has(large), large);
  assert.ok(cut.size >= 35, [...cut].join(' '));
});

test('pieces are cut at line ends outside of quotes, and are the body when they are joined', () => {
  const field = fc.oneof(
    fc.stringMatching(/^[a-z0-9. ]{0,8}$/),
    fc.stringMatching(/^"(?:[a-z\n,]|""){0,8}"$/),
  );
  const record = fc.array(field, { minLength: 2, maxLength: 4 }).map((fields) => fields.join(','));
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 40 }),
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 64 }),
      fc.boolean(),
      (records, pieceBytes, chunkBytes, ended) => {
        const header = 'a,"b\nc"\n';
        const text = `${header}${records.join('\n')}${ended && records.length > 0 ? '\n' : ''}`;
        const bytes = bytesOf(text);
        const splitter = new PieceSplitter('x', 2, pieceBytes);
        const pieces: Payload[] = [];
        const keep = (given: Iterable<Payload>): void => {
          for (const piece of given) pieces.push({ ...piece, bytes: piece.bytes.slice() });
        };
        for (let at = 0; at < bytes.length; at += chunkBytes)
          keep(splitter.push(bytes.subarray(at, at + chunkBytes)));
        keep(splitter.end());
        let joined = header;
        for (const [i, piece] of pieces.entries()) {
          const body = new TextDecoder().decode(piece.bytes);
          assert.ok(body.startsWith(header));
          const passed = joined.slice(header.length).split('\n').length - 1;
          assert.deepEqual(piece.piece, { headerLines: 2, passed, closed: 0 });
          joined += body.slice(header.length);
          if (i < pieces.length - 1) assert.equal((joined.match(/"/g) ?? []).length % 2, 0);
          if (i < pieces.length - 1) assert.ok(joined.endsWith('\n'));
        }
        assert.equal(joined, text);
      },
    ),
  );
});

test('a quote that nothing closes does not hold back the rest of a body', () => {
  const splitter = new PieceSplitter('x', 1, 1_000_000);
  const line = bytesOf(`${'a,b,c'.repeat(20)}\n`);
  const chunk = new Uint8Array(line.length * 10_000);
  for (let at = 0; at < chunk.length; at += line.length) chunk.set(line, at);
  assert.equal([...splitter.push(bytesOf('h\n"'))].length, 0);
  let largest = 0;
  for (let i = 0; i < 20; i++)
    for (const piece of splitter.push(chunk)) largest = Math.max(largest, piece.bytes.length);
  assert.ok(largest > 8_000_000 && largest < 10_000_000, String(largest));
});
