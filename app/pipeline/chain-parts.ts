/** What all chains are made of, the fused one and those of one stage: parts, and the outcome that they collect. */

import type { DeadLetter, StageName } from '../../core/model/dead-letter.ts';
import type { Names } from '../../core/model/names.ts';
import { RawBatch } from '../../core/model/raw-batch.ts';
import type { Emission } from '../../core/stage/emission.ts';
import type { ChainOutcome } from '../../core/stage/runner-contract.ts';
import type { StageResult } from '../../core/stage/stage.ts';
import { stageEvents } from '../../core/stage/stage-events.ts';
import type { Ask } from '../../core/stage/stage-run.ts';
import type { Wire } from '../../core/stage/wire.ts';
import { rejectionEventsOf } from './batch-events.ts';
import type { StageSettings } from './settings.ts';

/** What every chain is made of. */
export interface ChainParts {
  readonly names: Names;
  readonly settings: StageSettings;
  readonly settingsHash: string;
  readonly wire: Wire;
  readonly ask: Ask;
}

/** Collects what the stages of one plan have to say. */
export class Outcome implements ChainOutcome {
  readonly emissions: Emission[] = [];
  readonly balances: ChainOutcome['balances'][number][] = [];
  readonly rejected: DeadLetter[] = [];
  readonly events: ChainOutcome['events'][number][] = [];

  /** Adds what is to be written beside what the stages say of their values. */
  write(emissions: readonly Emission[]): void {
    for (const emission of emissions) this.emissions.push(emission);
  }

  /** Adds what one stage has to say, and what is to be written for it. */
  add<Out>(stage: StageName, result: StageResult<Out>, emissions: readonly Emission[]): void {
    this.write(emissions);
    this.balances.push([stage, result.balance]);
    this.rejected.push(...result.rejected);
    this.events.push(...stageEvents(result), ...rejectionEventsOf(stage, result.rejected));
  }
}

/** How long the stage told of last took, in milliseconds. */
export const lastDuration = (events: Outcome['events']): number =>
  Number(events.findLast((event) => event.name === 'stage.finished')?.facts['duration_ms'] ?? 0);

/** Memory for the rows of one plan after the other. */
export const rawMemory = (names: Names): RawBatch => new RawBatch(names, new Uint8Array(0), 0, 0);

/** The JSON beside each bar that says which settings made it (F6). */
export const metadataOf = (parts: ChainParts): string => JSON.stringify({ settings: parts.settingsHash });
