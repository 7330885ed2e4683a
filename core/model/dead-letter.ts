/** DeadLetter: a value or record that a stage refused, with all that is needed to mend and redrive it (D3, K5). */

import type { ErrorCode } from '../errors.ts';
import type { Micros } from '../time/instant.ts';

/** The four stages of the chain, and curves, which are made beside it in the service of aggregation. */
export type StageName = 'normalization' | 'enrichment' | 'aggregation' | 'projection' | 'curves';

/** Who writes dead letters: the stages of the chain, and the runner of the connectors before them. */
export type DeadLetterStage = 'ingestion' | Exclude<StageName, 'curves'>;

/** Under which name a stage writes dead letters: curves are a part of aggregation. */
export function deadLetterStage(stage: StageName): Exclude<StageName, 'curves'> {
  return stage === 'curves' ? 'aggregation' : stage;
}

/**
 * One refused value or record: code, place in the log, and the bytes as they stood there. Times are UTC micros.
 */
export interface DeadLetter {
  readonly tenant: string;
  readonly traceId: string;
  readonly knownAt: Micros;
  readonly stage: DeadLetterStage;
  readonly code: ErrorCode;
  readonly message: string;
  /**
   * Position of the record in the log. What ingestion refused never reached it: the topic is `archive:<sha256>` then,
   * with `!<member>` for a member of a container, the partition 0, the offset the row in it or 0 for the whole body.
   */
  readonly sourceTopic: string;
  readonly sourcePartition: number;
  readonly sourceOffset: number;
  readonly field: string | null;
  readonly expected: string | null;
  readonly got: string | null;
  /** The record as it stood in the log; of ingestion a JSON object that leads to the archived bytes. */
  readonly raw: Uint8Array;
  /** How many values it stands for in the balance. */
  readonly values: number;
}
