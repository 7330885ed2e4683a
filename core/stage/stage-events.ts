/**
 * Stage events: what a stage has to tell telemetry about a batch. Facts are counts of the batch, so a plan that is run
 * again tells the same again; the runner emits them once the plan is finished.
 */

import type { TelemetryEvent } from '../ports/telemetry.ts';
import type { StageResult } from './stage.ts';

/**
 * The stage's own events, and `anomaly.found` for each anomaly with facts stage, type, severity, tenant_id, market,
 * dataset and count.
 */
export function stageEvents<Out>(result: StageResult<Out>): TelemetryEvent[] {
  const events = [...(result.events ?? [])];
  for (const { stage, type, severity, tenant, market, dataset, count } of result.anomalies)
    events.push({
      name: 'anomaly.found',
      level: severity === 'critical' ? 'warning' : 'debug',
      facts: { stage, type, severity, tenant_id: tenant, market, dataset, count },
    });
  return events;
}
