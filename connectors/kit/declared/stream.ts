/** A stream without code: JSON messages with a number, read by the `read` of their dataset. */

import { CarbonError } from '../../../core/errors.ts';
import { parseDuration } from '../../../core/time/duration.ts';
import { SECOND } from '../../../core/time/instant.ts';
import type { Payload, StreamContract, StreamMessage } from '../contract.ts';
import { type Json, readJson } from '../readers/json.ts';
import { pathOf, textOfJson, valueAt } from './path.ts';

/** What a `connector.yaml` says of a stream. */
export interface StreamDeclaration {
  readonly url: string;
  readonly subscribe: readonly string[];
  readonly ping?: string | undefined;
  /** Durations. */
  readonly every: string;
  readonly silent: string;
  readonly max_length: number;
  /** Paths of the number and of the channel in a message. */
  readonly sequence: string;
  readonly channel?: string | undefined;
  /** Words by which a message is data; any other that has no number says that the source is alive. */
  readonly when: Readonly<Record<string, string>>;
  /** Path of the words with which the source refuses. */
  readonly refusal?: string | undefined;
}

/** The stream as the runner knows it; the declaration is checked before. */
export function declaredStream(dataset: string, stream: StreamDeclaration): StreamContract {
  return {
    url: stream.url,
    subscribe: stream.subscribe,
    ping: stream.ping ?? null,
    everyMs: (parseDuration(stream.every) ?? 15 * SECOND) / 1000,
    silentMs: (parseDuration(stream.silent) ?? 45 * SECOND) / 1000,
    maxLength: stream.max_length,
    read: (text) => messageOf(dataset, stream, text),
  };
}

function messageOf(dataset: string, stream: StreamDeclaration, text: string): StreamMessage {
  const payload: Payload = { name: `${dataset}-message`, bytes: new TextEncoder().encode(text) };
  let document: Json;
  try {
    document = readJson(payload);
  } catch (error) {
    if (error instanceof CarbonError) return { kind: 'refused', error };
    throw error;
  }
  const at = (path: string | undefined): string | null => {
    const steps = path === undefined ? null : pathOf(path);
    return (steps === null ? null : textOfJson(valueAt(document, steps))) ?? null;
  };
  const words = at(stream.refusal);
  if (words !== null)
    return {
      kind: 'refused',
      error: new CarbonError('SOURCE_REFUSED', `the stream refuses: ${words}`, {
        position: { field: 'stream', expected: 'messages', got: words.slice(0, 80) },
      }),
    };
  if (!Object.entries(stream.when).every(([path, word]) => at(path) === word)) return { kind: 'alive' };
  const number = at(stream.sequence) ?? '';
  if (!/^\d{1,15}$/.test(number))
    return {
      kind: 'refused',
      error: new CarbonError('SOURCE_MALFORMED', 'a message of data has no number', {
        position: { field: stream.sequence, expected: 'a whole number', got: number.slice(0, 80) },
      }),
    };
  return { kind: 'data', channel: at(stream.channel) ?? '', sequence: Number(number), payload };
}
