/** The settings of the processes of crash tests. */

import { type RuntimeSettings, runtimeSettings } from '../../../app/config/runtime.ts';

/** Partitions of every topic. */
export const PARTITIONS = 2;

/** Settings of a process over a data directory. */
export function runtimeIn(
  dataDir: string,
  maxBatchBytes: number,
  env: Readonly<Record<string, string>>,
): RuntimeSettings {
  const options = {
    dataDir,
    logLevel: 'error',
    partitions: String(PARTITIONS),
    maxBatchBytes: String(maxBatchBytes),
  };
  return runtimeSettings(options, env);
}
