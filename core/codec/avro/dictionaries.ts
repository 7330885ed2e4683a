/**
 * Both directions of the dictionaries of a process: the Avro bytes of a dense id, and the dense id of a byte span.
 * One pair per {@link Names}, kept as long as that lives.
 */

import type { Interner } from '../../model/interner.ts';
import type { InstrumentParts, Names } from '../../model/names.ts';
import { flagNames, flagsFromNames } from '../../model/quality-flags.ts';
import { type SpanResolver, SpanTable, textOf } from '../bytes.ts';
import { AvroReader } from './reader.ts';
import { AvroWriter } from './writer.ts';

const writer = new AvroWriter();
const reader = new AvroReader();

/** A string with its length, as Avro writes it. */
export function encodedText(text: string): Uint8Array {
  writer.text(text);
  return writer.take();
}

/** Encoded bytes by a small integer, made at first use. */
export class EncodedById {
  private readonly encode: (id: number) => Uint8Array;
  private readonly known: (Uint8Array | undefined)[] = [];

  constructor(encode: (id: number) => Uint8Array) {
    this.encode = encode;
  }

  bytesOf(id: number): Uint8Array {
    const known = this.known[id];
    if (known !== undefined) return known;
    // Filled without holes, so that the array stays a dense one.
    while (this.known.length <= id) this.known.push(undefined);
    const made = this.encode(id);
    this.known[id] = made;
    return made;
  }
}

/** Encoded strings by text, for rows at the edge. Bounded: it begins again when it has grown large. */
export class EncodedTexts {
  private readonly known = new Map<string, Uint8Array>();

  bytesOf(text: string): Uint8Array {
    if (this.known.size > 100_000) this.known.clear();
    return this.known.getOrInsertComputed(text, encodedText);
  }
}

function encodeFlags(flags: number): Uint8Array {
  writer.texts(flagNames(flags));
  return writer.take();
}

/** Encoded arrays of flag names by bits. */
export class EncodedFlags {
  private readonly known = new Map<number, Uint8Array>();

  bytesOf(flags: number): Uint8Array {
    return this.known.getOrInsertComputed(flags, encodeFlags);
  }
}

const strings = (interner: Interner): EncodedById =>
  new EncodedById((id) => encodedText(interner.nameOf(id)));

const instrument = (names: Names): EncodedById =>
  new EncodedById((id) => {
    const parts = names.instruments.partsOf(id);
    writer.text(names.instruments.nameOf(id));
    for (const part of [parts.market, parts.product, parts.location, parts.field, parts.unit])
      writer.text(part);
    return writer.take();
  });

/** Avro bytes of the names of a process. */
export class WriteNames {
  readonly tenants: EncodedById;
  readonly traces: EncodedById;
  /** Instrument id and its five parts, in the order of the schemas. */
  readonly instruments: EncodedById;
  readonly sources: EncodedById;
  readonly datasets: EncodedById;
  readonly topics: EncodedById;
  readonly archives: EncodedById;
  readonly flags = new EncodedFlags();

  constructor(names: Names) {
    this.tenants = strings(names.tenants);
    this.traces = strings(names.traces);
    this.instruments = instrument(names);
    this.sources = strings(names.sources);
    this.datasets = strings(names.datasets);
    this.topics = strings(names.topics);
    this.archives = strings(names.archives);
  }
}

function internerSpans(interner: Interner): SpanTable {
  return new SpanTable((bytes, from, to) => {
    const text = textOf(bytes, from, to);
    return text === null ? -1 : interner.idOf(text);
  });
}

/** A table over a fixed list of strings: their index, or a refusal. */
export function listSpans(list: readonly string[]): SpanTable {
  return new SpanTable((bytes, from, to) => {
    const text = textOf(bytes, from, to);
    return text === null ? -1 : list.indexOf(text);
  });
}

function instrumentResolver(names: Names): SpanResolver {
  return (bytes, from, to) => {
    reader.open(bytes, from, to);
    const id = reader.text();
    const parts: InstrumentParts = {
      market: reader.text(),
      product: reader.text(),
      location: reader.text(),
      field: reader.text(),
      unit: reader.text(),
    };
    return reader.ok ? names.instruments.idOf(id, parts) : -1;
  };
}

const flagResolver: SpanResolver = (bytes, from, to) => {
  reader.open(bytes, from, to);
  const names = reader.texts();
  return reader.ok ? (flagsFromNames(names) ?? -1) : -1;
};

/** Dense ids of the names in encoded bytes. */
export class ReadNames {
  readonly tenants: SpanTable;
  readonly traces: SpanTable;
  readonly instruments: SpanTable;
  readonly sources: SpanTable;
  readonly datasets: SpanTable;
  readonly markets: SpanTable;
  readonly locations: SpanTable;
  readonly series: SpanTable;
  readonly fields: SpanTable;
  readonly units: SpanTable;
  readonly rules: SpanTable;
  readonly topics: SpanTable;
  readonly archives: SpanTable;
  readonly flags = new SpanTable(flagResolver);

  constructor(names: Names) {
    this.tenants = internerSpans(names.tenants);
    this.traces = internerSpans(names.traces);
    this.instruments = new SpanTable(instrumentResolver(names));
    this.sources = internerSpans(names.sources);
    this.datasets = internerSpans(names.datasets);
    this.markets = internerSpans(names.markets);
    this.locations = internerSpans(names.locations);
    this.series = internerSpans(names.series);
    this.fields = internerSpans(names.fields);
    this.units = internerSpans(names.units);
    this.rules = internerSpans(names.rules);
    this.topics = internerSpans(names.topics);
    this.archives = internerSpans(names.archives);
  }
}

const writers = new WeakMap<Names, WriteNames>();
const readers = new WeakMap<Names, ReadNames>();

/** The writing side of a process's dictionaries. */
export function writeNamesOf(names: Names): WriteNames {
  return writers.getOrInsertComputed(names, (key) => new WriteNames(key));
}

/** The reading side of a process's dictionaries. */
export function readNamesOf(names: Names): ReadNames {
  return readers.getOrInsertComputed(names, (key) => new ReadNames(key));
}
