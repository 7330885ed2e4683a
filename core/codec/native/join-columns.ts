/** Joins the pieces of one column that came in several blocks. */

import type { NativeColumn, Nulls } from './columns.ts';

/** One column of all rows of the pieces, which have one kind and type. A single piece is returned as it is. */
export function joinColumns(pieces: readonly NativeColumn[]): NativeColumn {
  const first = pieces[0];
  if (pieces.length === 1) return first;
  const nulls = joinNulls(pieces);
  switch (first.kind) {
    case 'number':
      return {
        kind: 'number',
        nulls,
        values: joinArrays(
          of(pieces, first.kind).map((p) => p.values),
          Float64Array,
        ),
      };
    case 'words':
      return {
        ...first,
        nulls,
        words: joinArrays(
          of(pieces, first.kind).map((p) => p.words),
          Int32Array,
        ),
      };
    case 'uuid':
      return {
        kind: 'uuid',
        nulls,
        ids: joinArrays(
          of(pieces, first.kind).map((p) => p.ids),
          Uint32Array,
        ),
      };
    case 'text': {
      const texts = of(pieces, first.kind);
      const bytes = joinArrays(
        texts.map((p) => p.bytes),
        Uint8Array,
      );
      return { kind: 'text', nulls, bytes, offsets: joinOffsets(texts.map((p) => p.offsets)) };
    }
    case 'dictionary':
      return joinDictionaries(of(pieces, first.kind), nulls);
    case 'array': {
      const arrays = of(pieces, first.kind);
      const items = joinColumns(arrays.map((p) => p.items));
      return { kind: 'array', nulls, offsets: joinOffsets(arrays.map((p) => p.offsets)), items };
    }
  }
}

type Kind = NativeColumn['kind'];

function of<K extends Kind>(pieces: readonly NativeColumn[], kind: K): Extract<NativeColumn, { kind: K }>[] {
  return pieces.filter((p): p is Extract<NativeColumn, { kind: K }> => p.kind === kind);
}

function joinNulls(pieces: readonly NativeColumn[]): Nulls {
  if (pieces[0].nulls === null) return null;
  return joinArrays(
    pieces.map((p) => p.nulls ?? new Uint8Array(0)),
    Uint8Array,
  );
}

interface Growable<T> {
  readonly length: number;
  set(from: T, at: number): void;
}

function joinArrays<T extends Growable<T>>(parts: readonly T[], Make: new (length: number) => T): T {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Make(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function joinOffsets(parts: readonly Uint32Array[]): Uint32Array {
  let rows = 0;
  for (const part of parts) rows += part.length - 1;
  const out = new Uint32Array(rows + 1);
  let row = 0;
  let base = 0;
  for (const part of parts) {
    for (let i = 1; i < part.length; i++) out[++row] = base + part[i];
    base = out[row];
  }
  return out;
}

function joinDictionaries(
  pieces: readonly Extract<NativeColumn, { kind: 'dictionary' }>[],
  nulls: Nulls,
): NativeColumn {
  const entries: string[] = [];
  const places = new Map<string, number>();
  const codes = pieces.map((piece) => {
    const moved = Uint32Array.from(piece.entries, (entry) => {
      let place = places.get(entry);
      if (place === undefined) {
        place = entries.length;
        entries.push(entry);
        places.set(entry, place);
      }
      return place;
    });
    return piece.codes.map((code) => moved[code]);
  });
  return { kind: 'dictionary', nulls, entries, codes: joinArrays(codes, Uint32Array) };
}
