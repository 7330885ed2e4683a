/** `carbon connector simulate sim`: a stream of made-up prices over a WebSocket, an interval every second. */

import { PriceStream } from '../../../simulators/price-stream.ts';
import { numberOption } from '../option-values.ts';
import { note } from '../session.ts';
import { stopOnSignals } from '../stop-signals.ts';

const FIVE_MINUTES = 300_000;

/** Options as they stand on the command line. */
export interface SimulateStreamOptions {
  readonly port?: string;
  readonly rate?: string;
}

/** Tells intervals, as many a second as `--rate` says, until a signal; one in ten is lost. */
export async function simulateStream(options: SimulateStreamOptions): Promise<number> {
  const stream = await new PriceStream().open(
    numberOption('--port', options.port, 0, { least: 0, most: 65_535, whole: true }),
  );
  const rate = numberOption('--rate', options.rate, 1, { least: 0.01, most: 1000 });
  note(`a stream of made-up prices on ${stream.origin}; Ctrl-C stops it`);
  note(`try: carbon connector follow sim --origin ${stream.origin}`);
  const { signal } = stopOnSignals(() => {});
  let at = Math.floor(Date.now() / FIVE_MINUTES) * FIVE_MINUTES - 288 * FIVE_MINUTES;
  let told = 0;
  while (!signal.aborted) {
    stream.publish(at, told % 10 === 9);
    at += FIVE_MINUTES;
    told++;
    await new Promise((resolve) => setTimeout(resolve, 1000 / rate));
  }
  await stream.close();
  return 0;
}
