/** One telemetry for several receivers. */

import type { Telemetry, TelemetryEvent } from '../../core/ports/telemetry.ts';

/** Hands each event to several receivers. */
export function telemetryToAll(receivers: readonly Telemetry[]): Telemetry {
  return {
    emit(event: TelemetryEvent): void {
      for (const receiver of receivers) receiver.emit(event);
    },
  };
}
