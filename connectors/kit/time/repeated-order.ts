/**
 * The two passes of a repeated hour, told apart by the order of the rows of each location. The proof: the clock of the
 * location runs forward throughout, except for exactly one step back (or standstill) inside the repeated hour.
 *
 * Rows are added in the order of the body, all of them, be it at once or piece by piece; only then can they be asked for.
 */

import { DAY } from '../../../core/time/instant.ts';
import type { Moment } from './convention.ts';

/** What a location's rows have shown so far. */
interface Track {
  previous: Moment | null;
  /** Rows of the repeated hour that is being read, and its steps back. */
  run: number[];
  back: number;
  /** Rows of repeated hours that were proved. */
  proved: number[];
  /** True once the clock ran back elsewhere: the order proves nothing then. */
  broken: boolean;
}

/** Finds out and tells which pass the rows of a body belong to. */
export class RepeatedOrder {
  private readonly tracks = new Map<string, Track>();
  private readonly passes = new Map<number, 1 | 2>();
  private row = 0;
  /** True when a row of a repeated hour was added. */
  hasRepeats = false;
  /** True once all rows were added: from then on they are asked for. */
  settled = false;

  /** The next row of the body, by its place (location and series) and what its stamp means. */
  add(place: string, moment: Moment): void {
    const row = this.row++;
    if (Number.isNaN(moment.first)) return;
    const repeated = moment.kind === 'repeated';
    this.hasRepeats ||= repeated;
    let track = this.tracks.get(place);
    if (track === undefined)
      this.tracks.set(place, (track = { previous: null, run: [], back: 0, proved: [], broken: false }));
    if (track.broken) return;
    const { previous } = track;
    const inside = repeated && previous?.kind === 'repeated' && sameDay(previous, moment);
    const forward = previous === null || moment.wall > previous.wall;
    if (!forward && !inside) {
      for (const each of [...track.proved, ...track.run]) this.passes.delete(each);
      track.broken = true;
      return;
    }
    if (!inside) this.close(track);
    if (repeated) {
      if (!forward) track.back++;
      this.passes.set(row, track.back === 0 ? 1 : 2);
      track.run.push(row);
    }
    track.previous = moment;
  }

  /** All rows were added; {@link passOfNext} begins with the first of them. Also to begin again with the first. */
  settle(): void {
    for (const track of this.tracks.values()) if (!track.broken) this.close(track);
    this.tracks.clear();
    this.row = 0;
    this.settled = true;
  }

  /** The pass of the next row, in the order in which they were added: 1, 2, or 0 where the order does not prove it. */
  passOfNext(): 0 | 1 | 2 {
    return this.passes.get(this.row++) ?? 0;
  }

  private close(track: Track): void {
    if (track.back === 1) track.proved.push(...track.run);
    else for (const each of track.run) this.passes.delete(each);
    track.run = [];
    track.back = 0;
  }
}

const sameDay = (a: Moment, b: Moment): boolean => Math.floor(a.wall / DAY) === Math.floor(b.wall / DAY);
