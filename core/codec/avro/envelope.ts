/** What every record of a batch says alike in its envelope, encoded once. */

import { encodedText } from './dictionaries.ts';

/** Version of today's schemas, as their producers write it. */
export const SCHEMA_VERSION = '1.0.0';

/** Encoded constants of the envelope. */
export interface Envelope {
  readonly schemaVersion: Uint8Array;
  readonly producer: Uint8Array;
}

/** The constants of a producer: `normalization`, `nyiso`. */
export function envelopeOf(producer: string): Envelope {
  return { schemaVersion: encodedText(SCHEMA_VERSION), producer: encodedText(producer) };
}
