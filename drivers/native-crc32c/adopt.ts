/** CRC-32C by the processor's own instruction, where the package has a build for this machine. */

import { adoptChecksum } from '../../core/codec/kafka/crc32c.ts';

/** The package brings one build per platform and needs no compiler; null where there is none for this machine. */
const built = await import('@node-rs/crc32').catch(() => null);

/**
 * Puts the native checksum in the place of the tables, for this thread. False: this machine has none, and the tables
 * stay, slower and with the same numbers.
 */
export function adoptNativeChecksum(): boolean {
  if (built !== null) adoptChecksum(built.crc32c);
  return built !== null;
}
