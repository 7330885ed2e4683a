/** How far a stream has been taken in: the last number of each channel, kept so that a restart sees what it missed. */

import type { ReferenceStore } from '../../core/ports/reference-store.ts';
import { formatInstant, type Micros, parseInstant } from '../../core/time/instant.ts';
import { placeOf } from './run-window.ts';

/** What a number says about its message. */
export type Arrival =
  /** The next one, or the first that was ever heard of the channel. */
  | { readonly kind: 'next' }
  | { readonly kind: 'known' }
  /** Numbers from `from` to `to` did not come; null where the source counts anew. */
  | { readonly kind: 'gap'; readonly from: number | null; readonly to: number | null };

/** A number so far behind the last one is no late message: the source has begun to count anew. */
const RESTART = 1_000;

/** The numbers of the channels of one dataset. */
export class StreamPosition {
  private readonly channels: Map<string, number>;
  /** When the last message was taken in; null before the first. UTC micros. */
  at: Micros | null;

  constructor(channels: ReadonlyMap<string, number> = new Map(), at: Micros | null = null) {
    this.channels = new Map(channels);
    this.at = at;
  }

  /** What a message is, by the last number of its channel. */
  arrivalOf(channel: string, sequence: number): Arrival {
    const last = this.channels.get(channel);
    if (last === undefined || sequence === last + 1) return { kind: 'next' };
    if (sequence > last) return { kind: 'gap', from: last + 1, to: sequence - 1 };
    return last - sequence < RESTART && sequence > 1
      ? { kind: 'known' }
      : { kind: 'gap', from: null, to: null };
  }

  /** Takes a message as the last of its channel. */
  take(channel: string, sequence: number, now: Micros): void {
    this.channels.set(channel, sequence);
    this.at = now;
  }

  /** As it is kept. */
  toText(): string {
    const at = this.at === null ? null : formatInstant(this.at);
    return JSON.stringify({ at, channels: Object.fromEntries(this.channels) });
  }
}

/** Name of a stream's position, and of its lease. */
export function streamPlace(tenant: string, connector: string, dataset: string): string {
  return placeOf(tenant, connector, dataset).replace('connector/', 'stream/');
}

/** The position that was kept; one without channels before the first message. */
export async function loadPosition(
  reference: Pick<ReferenceStore, 'loadCursor'>,
  place: string,
): Promise<StreamPosition> {
  const text = await reference.loadCursor(place);
  if (text === null) return new StreamPosition();
  const { at, channels } = JSON.parse(text) as { at: string | null; channels: Record<string, number> };
  return new StreamPosition(new Map(Object.entries(channels)), at === null ? null : parseInstant(at));
}
