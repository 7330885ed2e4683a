/** Chaos: lanes of kills, two at a time, all of them to their end whatever fails. */

import { KILLS_PER_LANE, type Lane, Logs, runLane } from './lanes.ts';

/** What is asked for. */
export interface ChaosOrder {
  readonly seed: number;
  readonly kills: number;
  /** Hears of each lane as it ends. */
  readonly say: (text: string) => void;
}

/** What came of it. */
export interface Chaos {
  readonly lanes: readonly Lane[];
  /** With the error that says what does not hold, where the folder is, and how to repeat it. */
  readonly failures: readonly Error[];
}

/** Kills so many processes. A failure does not end the others. */
export async function runChaos({ seed, kills, say }: ChaosOrder): Promise<Chaos> {
  const logs = new Logs();
  const lanes: Lane[] = [];
  const failures: Error[] = [];
  const seeds = Array.from({ length: Math.ceil(kills / KILLS_PER_LANE) }, (_, i) => seed + i);
  const worker = async (): Promise<void> => {
    for (let lane = seeds.shift(); lane !== undefined; lane = seeds.shift())
      try {
        const count = Math.min(KILLS_PER_LANE, kills - KILLS_PER_LANE * (lane - seed));
        const done = await runLane(lane, count, logs);
        lanes.push(done);
        say(`lane ${lane} (${done.kind}): ${count} kills in ${done.seconds.toFixed(0)} s`);
      } catch (error) {
        const failure = error instanceof Error ? error : new Error(String(error));
        failures.push(failure);
        const cause = failure.cause instanceof Error ? failure.cause.message : '';
        say(`FAILED ${failure.message}\n${cause}`);
      }
  };
  try {
    await Promise.all([worker(), worker()]);
  } finally {
    await logs.close();
  }
  return { lanes, failures };
}
