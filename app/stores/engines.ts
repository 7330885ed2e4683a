/** The engines of a profile: what `openStores` makes a process from. The two profiles differ in nothing else. */

import type { StageName } from '../../core/model/dead-letter.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { EventLog } from '../../core/ports/event-log.ts';
import type { HotCache } from '../../core/ports/hot-cache.ts';
import type { PartitionShare } from '../../core/ports/partition-share.ts';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';
import type { SchemaRegistry } from '../../core/ports/schema-registry.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import type { OpenWarehouse } from './open-warehouse.ts';
import type { PartitionCounts } from './partition-share.ts';

/** How the engines of a profile are opened. */
export interface EngineOptions {
  readonly clock: Clock;
  /** Let other processes of the machine reach an embedded warehouse through this one. */
  readonly serve: boolean;
  readonly telemetry: Telemetry;
}

/** The work that a service wants a part of. */
export interface WantedWork {
  readonly service: string;
  /** Its consumer group. */
  readonly group: string;
  readonly stages: readonly StageName[];
  readonly counts: PartitionCounts;
  /** False: a command that works to the end of its input, alone. */
  readonly shared: boolean;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** Takes part in the work of a service. Throws PLAN_CONFLICT when others have all of it, and do not share. */
export type JoinWork = (wanted: WantedWork) => Promise<PartitionShare>;

/** Open engines, at the present schema. */
export interface Engines {
  readonly warehouse: OpenWarehouse;
  readonly reference: ReferenceStore;
  readonly log: EventLog;
  readonly cache: HotCache;
  readonly registry: SchemaRegistry;
  readonly joinWork: JoinWork;
  close(): Promise<void>;
}
