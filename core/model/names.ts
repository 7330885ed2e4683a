/**
 * The dictionaries of one process: every string that batches refer to by dense id.
 *
 * The composition root makes one and hands it to codecs and stages; each batch carries a reference to it. It only
 * grows: instruments, sources and topics are few beside the values that name them.
 */

import { Interner } from './interner.ts';

/** The parts of an instrument. The id is an opaque string; whoever needs a part reads it here, never from the id. */
export interface InstrumentParts {
  /** `NYISO` */
  readonly market: string;
  /** Run or contract family: `DA`, `RT`, `TRADE`. */
  readonly product: string;
  /** Node, hub, zone or area as published; empty for a system-wide figure or a contract. */
  readonly location: string;
  /** What the number is: `lmp`, `congestion`, `price` … (the vocabulary of `carbon decode`). */
  readonly field: string;
  /** `USD/MWh`, `MW` … */
  readonly unit: string;
}

/** Instruments by dense id, with their parts. */
export class InstrumentNames {
  readonly ids = new Interner();
  private readonly parts: InstrumentParts[] = [
    { market: '', product: '', location: '', field: '', unit: '' },
  ];

  /** The dense id of an instrument; its parts are kept from the first sight of it. */
  idOf(id: string, parts: InstrumentParts): number {
    const dense = this.ids.idOf(id);
    if (dense === this.parts.length) this.parts.push(parts);
    return dense;
  }

  /** The id as it is stored and served. */
  nameOf(dense: number): string {
    return this.ids.nameOf(dense);
  }

  /** The parts given at first sight. */
  partsOf(dense: number): InstrumentParts {
    return this.parts[dense];
  }
}

/** All dictionaries of a process. */
export class Names {
  readonly tenants = new Interner();
  readonly instruments = new InstrumentNames();
  /** Producers of values: `nyiso`, `generic`. */
  readonly sources = new Interner();
  readonly datasets = new Interner();
  readonly markets = new Interner();
  readonly locations = new Interner();
  /** Second labels of rows: fuel, counterparty, contract. */
  readonly series = new Interner();
  readonly fields = new Interner();
  readonly units = new Interner();
  /** Names of the rules that resolved a time. */
  readonly rules = new Interner();
  readonly topics = new Interner();
  /** SHA-256 of payloads, in hex. */
  readonly archives = new Interner();
  readonly traces = new Interner();
}
