/**
 * Prestage: enriched ticks to inputs of curves. Without state of its own, so that it says the same in one process or
 * in several; what an instrument is to the curves is kept by its dense id, and any other tick costs one look.
 */

import type { CurveInput } from '../../../core/model/curve-input.ts';
import type { EnrichedBatch } from '../../../core/model/enriched-batch.ts';
import { naturalKeyOf } from '../../../core/model/identity.ts';
import type { Names } from '../../../core/model/names.ts';
import { Flag } from '../../../core/model/quality-flags.ts';
import { Present, type TickBatch } from '../../../core/model/tick-batch.ts';
import { marketDayOf } from '../../../core/time/market-day.ts';
import type { CurvesSettings } from './config.ts';
import { type Contract, ContractTemplates, deliveryOf } from './contract-template.ts';

const UNKNOWN = 0;
const NONE = 1;
const SOME = 2;

/** Makes inputs of one process's ticks. */
export class CurvePrestage {
  private readonly names: Names;
  private readonly templates: readonly ContractTemplates[];
  /** By dense id of the instrument: not looked at yet, no contract, or one of `contracts`. */
  private known = new Uint8Array(1024);
  private readonly contracts = new Map<number, readonly Contract[]>();

  constructor({ curves }: CurvesSettings, names: Names) {
    this.names = names;
    this.templates = curves.map((curve) => new ContractTemplates(curve));
  }

  /** One input for each tick with a price, or that takes one back, and each curve that its instrument is a contract of. */
  inputsOf({ ticks }: EnrichedBatch): CurveInput[] {
    const inputs: CurveInput[] = [];
    if (this.templates.length === 0) return inputs;
    for (let i = 0; i < ticks.length; i++) {
      const instrument = ticks.instrument[i];
      const state = instrument < this.known.length ? this.known[instrument] : UNKNOWN;
      if (state === NONE || (state === UNKNOWN && !this.look(instrument))) continue;
      const withdrawn = (ticks.flags[i] & Flag.CANCELLED) !== 0;
      if ((ticks.present[i] & Present.PRICE) === 0 && !withdrawn) continue;
      for (const contract of this.contracts.get(instrument) ?? []) {
        const input = inputOf(contract, ticks, i, withdrawn);
        if (input !== null) inputs.push(input);
      }
    }
    return inputs;
  }

  /** Finds out what an instrument is to the curves; false for nothing. */
  private look(instrument: number): boolean {
    while (instrument >= this.known.length) {
      const wider = new Uint8Array(2 * this.known.length);
      wider.set(this.known);
      this.known = wider;
    }
    const name = this.names.instruments.nameOf(instrument);
    const found = this.templates.flatMap((templates) => templates.contractOf(name) ?? []);
    this.known[instrument] = found.length === 0 ? NONE : SOME;
    if (found.length > 0) this.contracts.set(instrument, found);
    return found.length > 0;
  }
}

function inputOf(contract: Contract, ticks: TickBatch, i: number, withdrawn: boolean): CurveInput | null {
  const { curve, kind, block } = contract;
  const asOf = marketDayOf(curve.zone, ticks.eventStart[i]);
  const delivery = deliveryOf(contract, asOf);
  if (asOf < 0 || delivery === null) return null;
  const { names } = ticks;
  const valueKey = new Uint32Array(4);
  naturalKeyOf(ticks, i, valueKey, 0);
  return {
    tenant: names.tenants.nameOf(ticks.tenant[i]),
    traceId: names.traces.nameOf(ticks.trace[i]),
    knownAt: ticks.knownAt[i],
    curve: curve.curve_id,
    asOf,
    contract: names.instruments.nameOf(ticks.instrument[i]),
    start: delivery.start,
    end: delivery.end,
    block,
    kind,
    price: withdrawn ? new Int32Array(2) : ticks.price.slice(2 * i, 2 * i + 2),
    unit: curve.unit,
    withdrawn,
    eventTime: ticks.eventStart[i],
    sequence: (ticks.present[i] & Present.SEQUENCE) === 0 ? null : ticks.sequence[i],
    source: names.sources.nameOf(ticks.source[i]),
    dataset: names.datasets.nameOf(ticks.dataset[i]),
    valueKey,
    valueId: ticks.id.slice(4 * i, 4 * i + 4),
    srcTopic: names.topics.nameOf(ticks.srcTopic[i]),
    srcPartition: ticks.srcPartition[i],
    srcOffset: ticks.srcOffset[i],
  };
}
