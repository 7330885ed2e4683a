/**
 * Findings: what is notable about a batch, gathered by tenant, market, dataset and kind. Each becomes one anomaly with
 * the first case and a count, however many values it is about (D6).
 */

import type { Anomaly, AnomalyType } from '../../core/model/anomaly.ts';
import type { DeadLetter } from '../../core/model/dead-letter.ts';
import type { Names } from '../../core/model/names.ts';
import { Flag } from '../../core/model/quality-flags.ts';
import type { RawBatch } from '../../core/model/raw-batch.ts';
import type { TickBatch } from '../../core/model/tick-batch.ts';

interface Finding {
  readonly anomaly: Omit<Anomaly, 'count'>;
  count: number;
}

/** Flags of a tick that are notable. */
const NOTABLE: readonly (readonly [flag: number, type: AnomalyType, message: string])[] = [
  [Flag.OUT_OF_RANGE, 'OUT_OF_RANGE', 'values outside the bounds of their field'],
  [Flag.VOLUME_SPIKE, 'VOLUME_SPIKE', 'quantities above the bound of their field'],
  [Flag.CONFLICTING, 'CONFLICTING_VALUES', 'two values of one natural key share a known time'],
];
const NOTABLE_FLAGS = NOTABLE.reduce((mask, [flag]) => mask | flag, 0);

/** Findings of one batch, in the order of their first cases. */
export class Findings {
  private readonly names: Names;
  private readonly found = new Map<string, Finding>();

  constructor(names: Names) {
    this.names = names;
  }

  /** A case in row `r` of the raw batch; `detail` tells kinds of one type apart: the code, the field. */
  ofRow(type: AnomalyType, detail: string, message: string, raw: RawBatch, r: number): void {
    const { names } = this;
    const key = `${type}|${detail}|${raw.tenant[r]}|${raw.market[r]}|${raw.dataset[r]}`;
    const known = this.found.get(key);
    if (known !== undefined) {
      known.count++;
      return;
    }
    this.add(key, {
      tenant: names.tenants.nameOf(raw.tenant[r]),
      traceId: names.traces.nameOf(raw.trace[r]),
      knownAt: raw.knownAt[r],
      type,
      severity: 'warning',
      stage: 'normalization',
      market: names.markets.nameOf(raw.market[r]),
      dataset: names.datasets.nameOf(raw.dataset[r]),
      instrumentId: null,
      ts: raw.eventStart[r],
      message,
      context: {
        kind: detail,
        topic: names.topics.nameOf(raw.srcTopic),
        partition: String(raw.srcPartition),
        offset: String(raw.srcOffset[r]),
      },
    });
  }

  /**
   * An instrument that belongs to another market already: values of two raw topics meet in no state, so that its bars
   * are made of those of one.
   */
  ofShared(instrument: string, owner: string, raw: RawBatch, r: number): void {
    const message = `${instrument} comes from two markets, ${owner} the other; its bars hold the values of one`;
    this.ofRow('INSTRUMENT_SHARED', instrument, message, raw, r);
  }

  /** What the flags of new ticks say. */
  ofFlags(ticks: TickBatch): void {
    for (let i = 0; i < ticks.length; i++) {
      const flags = ticks.flags[i];
      if ((flags & NOTABLE_FLAGS) === 0) continue;
      for (const [flag, type, message] of NOTABLE)
        if ((flags & flag) !== 0) this.ofTick(type, message, ticks, i);
    }
  }

  private ofTick(type: AnomalyType, message: string, ticks: TickBatch, i: number): void {
    const { names } = this;
    const { market } = names.instruments.partsOf(ticks.instrument[i]);
    const key = `${type}||${ticks.tenant[i]}|${market}|${ticks.dataset[i]}`;
    const known = this.found.get(key);
    if (known !== undefined) {
      known.count++;
      return;
    }
    this.add(key, {
      tenant: names.tenants.nameOf(ticks.tenant[i]),
      traceId: names.traces.nameOf(ticks.trace[i]),
      knownAt: ticks.knownAt[i],
      type,
      severity: 'warning',
      stage: 'normalization',
      market,
      dataset: names.datasets.nameOf(ticks.dataset[i]),
      instrumentId: names.instruments.nameOf(ticks.instrument[i]),
      ts: ticks.eventStart[i],
      message,
      context: {},
    });
  }

  /** A record of which not even the market could be read. */
  ofLetter(letter: DeadLetter): void {
    const key = `|${letter.code}|${letter.tenant}`;
    const known = this.found.get(key);
    if (known !== undefined) {
      known.count++;
      return;
    }
    this.add(key, {
      tenant: letter.tenant,
      traceId: letter.traceId,
      knownAt: letter.knownAt,
      type: 'REJECTED_VALUES',
      severity: 'warning',
      stage: 'normalization',
      market: '',
      dataset: '',
      instrumentId: null,
      ts: null,
      message: letter.message,
      context: {
        kind: letter.code,
        topic: letter.sourceTopic,
        partition: String(letter.sourcePartition),
        offset: String(letter.sourceOffset),
      },
    });
  }

  /** All findings as anomalies. */
  anomalies(): Anomaly[] {
    return [...this.found.values()].map(({ anomaly, count }) => ({ ...anomaly, count }));
  }

  private add(key: string, anomaly: Omit<Anomaly, 'count'>): void {
    this.found.set(key, { anomaly, count: 1 });
  }
}
