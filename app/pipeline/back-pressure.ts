/**
 * Back-pressure: a stage cuts no new plans while a stage that reads its output is too far behind (K3). Measured in
 * records between the end of an output partition and what the reader has committed there; the worst one counts.
 */

import { Topic } from '../../core/codec/topics/topic-names.ts';
import type { EventLog } from '../../core/ports/event-log.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import type { ServiceName } from './services.ts';

interface Output {
  readonly topic: string;
  readonly readers: readonly string[];
}

/** Stages that run apart, and who reads them. */
const OUTPUTS: Readonly<Partial<Record<ServiceName, Output>>> = {
  normalization: { topic: Topic.normalizedTicks, readers: ['enrichment'] },
  enrichment: { topic: Topic.enrichedTicks, readers: ['aggregation', 'projection'] },
};

/** What is measured, and whom it is told. */
export interface MeasuredStores {
  readonly log: EventLog;
  readonly telemetry: Telemetry;
  readonly partitions: ReadonlyMap<string, number>;
  readonly runtime: { readonly maxLag: number };
}

interface Lag {
  readonly topic: string;
  readonly group: string;
  readonly partition: number;
  readonly lag: number;
}

/** Whether a service has to wait. Readers that never ran are not waited for. */
export class BackPressure {
  private readonly service: ServiceName;
  private readonly stores: MeasuredStores;
  private isOn = false;

  constructor(service: ServiceName, stores: MeasuredStores) {
    this.service = service;
    this.stores = stores;
  }

  /** True while no new plans are to be cut. */
  get holds(): boolean {
    return this.isOn;
  }

  /**
   * Measures the readers. Past the bound the service waits, and goes on when half of the bound is left;
   * `backpressure.on` and `backpressure.off` tell so, with stage, bound, and topic, partition, group and lag of the worst.
   */
  async look(): Promise<void> {
    const output = OUTPUTS[this.service];
    if (output === undefined) return;
    let worst: Lag = { topic: output.topic, group: '', partition: 0, lag: 0 };
    for (const group of output.readers) {
      const lag = await this.lagOf(output.topic, group);
      if (lag.lag > worst.lag) worst = lag;
    }
    const { telemetry, runtime } = this.stores;
    const facts = { stage: this.service, ...worst, bound: runtime.maxLag };
    if (!this.isOn && worst.lag > runtime.maxLag) {
      this.isOn = true;
      telemetry.emit({ name: 'backpressure.on', level: 'warning', facts });
    } else if (this.isOn && worst.lag <= runtime.maxLag / 2) {
      this.isOn = false;
      telemetry.emit({ name: 'backpressure.off', level: 'info', facts });
    }
  }

  /** The greatest lag of a group on a topic; none for a group that has never committed there. */
  private async lagOf(topic: string, group: string): Promise<Lag> {
    const { log, partitions } = this.stores;
    let worst: Lag = { topic, group, partition: 0, lag: 0 };
    let hasRun = false;
    for (let partition = 0; partition < (partitions.get(topic) ?? 0); partition++) {
      const { earliest, end } = await log.bounds(topic, partition);
      const committed = await log.committed(group, topic, partition);
      if (committed !== null) hasRun = true;
      const lag = end - Math.max(committed ?? earliest, earliest);
      if (lag > worst.lag) worst = { topic, group, partition, lag };
    }
    return hasRun ? worst : { ...worst, lag: 0 };
  }
}
