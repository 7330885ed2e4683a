/**
 * VersionMemory: the versions that normalization remembers of a partition, in two tables by event time.
 *
 * The younger table takes what begins at or after the boundary, the older one what begins before it. When the younger one
 * is full, the older one is forgotten as a whole, the younger one takes its place, and what is to come begins a new one:
 * nothing is moved, and of a stream in the order of time at least the newer half of the room is always remembered.
 */

import { naturalKeyOf, valuesOf } from '../../core/model/identity.ts';
import { Flag } from '../../core/model/quality-flags.ts';
import type { TickBatch } from '../../core/model/tick-batch.ts';
import type { Micros } from '../../core/time/instant.ts';
import { type Verdict, type VersionColumns, VersionTable } from './version-table.ts';

/** Versions by natural key; a cache of silver with room for about so many. */
export class VersionMemory {
  private readonly room: number;
  private older = new VersionTable();
  private younger = new VersionTable();
  /** Event start from which on a key is in the younger table. */
  private boundary: Micros = -Infinity;
  /** The latest event start added. */
  private latest: Micros = -Infinity;
  /** The table of the last `add`. */
  private last = this.younger;

  constructor(room: number) {
    this.room = room;
  }

  /**
   * Makes room where it has run out. Returns the event start before which versions may have been forgotten; -Infinity when
   * all are still held.
   */
  makeRoom(): Micros {
    const from = this.boundary;
    if (2 * this.younger.size > this.room) {
      [this.older, this.younger] = [this.younger, this.older];
      this.younger.clear();
      this.boundary = this.latest + 1;
      return from;
    }
    // What comes is older than the boundary, so that only the older table grows.
    if (this.older.size <= this.room) return -Infinity;
    this.older.clear();
    return from;
  }

  /** Judges version `i` of the columns against those of its key and remembers it, unless it is a duplicate. */
  add(versions: VersionColumns, i: number): Verdict {
    if (versions.starts[i] > this.latest) this.latest = versions.starts[i];
    this.last = versions.starts[i] < this.boundary ? this.older : this.younger;
    return this.last.add(versions, i);
  }

  /** Remembers a version that the store holds; does nothing when it is known. */
  load(versions: VersionColumns, i: number, repeat: boolean): void {
    (versions.starts[i] < this.boundary ? this.older : this.younger).load(versions, i, repeat);
  }

  /** Of the version last added: see `VersionTable`. */
  successorToReinstate(id: Uint32Array): boolean {
    return this.last.successorToReinstate(id);
  }
}

/** Takes in versions as silver has them; `repeat` says that they are those kept beside it. */
export function loadVersions(versions: VersionMemory, stored: TickBatch, repeat: boolean): void {
  const { eventStart: starts, knownAt, id: ids } = stored;
  const keys = new Uint32Array(4 * stored.length);
  const values = new Uint32Array(4 * stored.length);
  const columns = { keys, starts, knownAt, values, ids };
  for (let i = 0; i < stored.length; i++) {
    naturalKeyOf(stored, i, keys, i);
    valuesOf(stored, i, (stored.flags[i] & Flag.CANCELLED) !== 0, values, i);
    versions.load(columns, i, repeat);
  }
}
