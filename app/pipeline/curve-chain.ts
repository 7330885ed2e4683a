/** The chain of curves: the prestage topic, which aggregation feeds, to statements. It runs beside the chain that feeds it. */

import { decodeCurveInputs } from '../../core/codec/topics/curves.ts';
import type { PlacedInput } from '../../core/model/curve-input.ts';
import type { DeadLetter } from '../../core/model/dead-letter.ts';
import type { LogSlice } from '../../core/ports/event-log.ts';
import type { TelemetryEvent } from '../../core/ports/telemetry.ts';
import type { Emission } from '../../core/stage/emission.ts';
import type { Plan } from '../../core/stage/plan.ts';
import type { Decoded } from '../../core/stage/runner-contract.ts';
import type { StageResult } from '../../core/stage/stage.ts';
import {
  type CurveBatch,
  CurveStage,
  type CurveState,
} from '../../services/aggregation/curves/curve.stage.ts';
import { curveEmissions } from '../../services/aggregation/curves/service.ts';
import { curveEventsOf } from './batch-events.ts';
import type { ChainParts } from './chain-parts.ts';
import { letterOf } from './decode-input.ts';
import { type SetAside, SingleChain } from './single-chain.ts';

/** Inputs of a range of the prestage topic. */
interface PrestageInput {
  readonly inputs: readonly PlacedInput[];
  readonly undecodable: readonly DeadLetter[];
}

/** The prestage topic to curves. */
export class CurveChain extends SingleChain<CurveState, readonly PlacedInput[], CurveBatch, PrestageInput> {
  constructor(parts: ChainParts) {
    super(parts, new CurveStage(parts.settings.curves, parts.settingsHash));
  }

  decode(slices: readonly LogSlice[], from: number, to: number): Decoded<PrestageInput> {
    const inputs: PlacedInput[] = [];
    const undecodable: DeadLetter[] = [];
    for (const slice of slices) {
      const decoded = decodeCurveInputs(slice, from, to);
      decoded.inputs.forEach((input, k) => {
        inputs.push({ input, offset: decoded.offsets[k] });
      });
      for (const record of decoded.rejected) undecodable.push(letterOf(record, 'curves', slice));
    }
    return { input: { inputs, undecodable }, since: {}, until: {} };
  }

  protected inputOf({ inputs }: PrestageInput): readonly PlacedInput[] {
    return inputs;
  }

  protected setAside({ undecodable }: PrestageInput): SetAside {
    return { undecodable, redelivered: 0 };
  }

  protected tellOf(_input: PrestageInput, output: CurveBatch, durationMs: number): readonly TelemetryEvent[] {
    return curveEventsOf(output, durationMs);
  }

  protected emissions(
    result: StageResult<CurveBatch>,
    _inputs: readonly PlacedInput[],
    plan: Plan,
  ): readonly Emission[] {
    const { settings, wire } = this.parts;
    return curveEmissions(result, settings.curves, plan, wire);
  }
}
