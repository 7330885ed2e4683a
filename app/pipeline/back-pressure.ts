/**
 * Back-pressure: a stage cuts no new plan for a partition while a stage that reads its output is too far behind there
 * (K3). Measured in records between the end of the output partition and what the reader has committed.
 */

import { Topic } from '../../core/codec/topics/topic-names.ts';
import type { EventLog } from '../../core/ports/event-log.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import type { ServiceName } from './services.ts';

interface Output {
  readonly topic: string;
  readonly readers: readonly string[];
}

/** Stages that run apart, and who reads them. Output partition p comes from input partition p alone. */
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

/** Which partitions of a service have to wait. Readers that never ran are not waited for. */
export class BackPressure {
  private readonly service: ServiceName;
  private readonly stores: MeasuredStores;
  private readonly waiting = new Set<number>();

  constructor(service: ServiceName, stores: MeasuredStores) {
    this.service = service;
    this.stores = stores;
  }

  /** True while the partition cuts no new plans. */
  holds(partition: number): boolean {
    return this.waiting.has(partition);
  }

  /**
   * Measures the lag of the readers on the partitions owned. Past the bound a partition waits, and goes on when half of
   * the bound is left; `backpressure.on` and `backpressure.off` tell so, with stage, topic, partition, group and lag.
   */
  async look(partitions: readonly number[]): Promise<void> {
    const output = OUTPUTS[this.service];
    if (output === undefined) return;
    const { log } = this.stores;
    const count = this.stores.partitions.get(output.topic) ?? 0;
    const owned = partitions.filter((partition) => partition < count);
    for (const partition of this.waiting) if (!owned.includes(partition)) this.waiting.delete(partition);
    const readers: string[] = [];
    for (const reader of output.readers)
      if (await this.hasRun(reader, output.topic, owned)) readers.push(reader);
    for (const partition of owned) {
      let group = '';
      let lag = 0;
      const { end, earliest } = await log.bounds(output.topic, partition);
      for (const reader of readers) {
        const behind = end - ((await log.committed(reader, output.topic, partition)) ?? earliest);
        if (behind > lag) {
          lag = behind;
          group = reader;
        }
      }
      this.decide(output.topic, partition, group, lag);
    }
  }

  private decide(topic: string, partition: number, group: string, lag: number): void {
    const waits = this.waiting.has(partition);
    const { telemetry, runtime } = this.stores;
    const bound = runtime.maxLag;
    const facts = { stage: this.service, topic, partition, group, lag, bound };
    if (!waits && lag > bound) {
      this.waiting.add(partition);
      telemetry.emit({ name: 'backpressure.on', level: 'warning', facts });
    } else if (waits && lag <= bound / 2) {
      this.waiting.delete(partition);
      telemetry.emit({ name: 'backpressure.off', level: 'info', facts });
    }
  }

  private async hasRun(group: string, topic: string, owned: readonly number[]): Promise<boolean> {
    for (const partition of owned)
      if ((await this.stores.log.committed(group, topic, partition)) !== null) return true;
    return false;
  }
}
