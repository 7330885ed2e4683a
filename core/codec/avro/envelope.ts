/** What every record of a batch says alike in its envelope, encoded once. */

import { encodedText } from './dictionaries.ts';

/** Version of the schemas of topics `.v1`, as their producers write it. */
export const SCHEMA_VERSION = '1.0.0';
/** The same for topics `.v2`. */
export const SCHEMA_VERSION_2 = '2.0.0';

/** Encoded constants of the envelope. */
export interface Envelope {
  readonly schemaVersion: Uint8Array;
  readonly producer: Uint8Array;
}

/** The constants of a producer: `normalization`, `nyiso`. */
export function envelopeOf(producer: string, version = SCHEMA_VERSION): Envelope {
  return { schemaVersion: encodedText(version), producer: encodedText(producer) };
}
