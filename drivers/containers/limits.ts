/** How much a container may hold, and the one error that says what is wrong with it. */

import { CarbonError } from '../../core/errors.ts';

/** Bounds of what is unpacked: a body is refused before more than this is in memory. */
export interface ContainerLimits {
  /** Members of all layers together. */
  readonly maxMembers: number;
  /** Bytes of all members together, unpacked. */
  readonly maxBytes: number;
  /** Unpacked bytes per packed byte of a layer, held from {@link RATIO_FROM} bytes on. */
  readonly maxRatio: number;
  /** Containers inside containers: 1 for a zip of texts, 2 for a zip of zips. */
  readonly maxDepth: number;
}

/** Below this many bytes any ratio is harmless: a column of zeros shrinks a thousandfold. */
export const RATIO_FROM = 16_777_216;

/** What a market's largest archive needs with room to spare: a month of days, a day of all nodes. */
export const CONTAINER_LIMITS: ContainerLimits = {
  maxMembers: 4_000,
  maxBytes: 1_073_741_824,
  maxRatio: 250,
  maxDepth: 2,
};

/** The container being opened: its name, and what the layers have used up so far. */
export class Allowance {
  /** Base name of the outer body; empty when there is none. */
  readonly file: string;
  readonly limits: ContainerLimits;
  private members = 0;
  private bytes = 0;

  constructor(file: string, limits: ContainerLimits) {
    this.file = file;
    this.limits = limits;
  }

  /** SOURCE_CONTAINER_DAMAGED for the file. `member` names the one at fault. */
  damaged(what: string, member: string | null, cause?: unknown): CarbonError {
    const where = member === null ? '' : `, member ${member}`;
    return new CarbonError(
      'SOURCE_CONTAINER_DAMAGED',
      `${this.file === '' ? 'the container' : this.file}${where}: ${what}`,
      {
        position: this.file === '' ? {} : { file: this.file },
        context: member === null ? {} : { member },
        ...(cause === undefined ? {} : { cause }),
      },
    );
  }

  /** Counts members of a layer. Throws when there are too many. */
  takeMembers(count: number): void {
    this.members += count;
    if (this.members > this.limits.maxMembers)
      throw this.damaged(
        `${this.members} members, more than the ${this.limits.maxMembers} that are allowed`,
        null,
      );
  }

  /** Bytes that a member of so many packed bytes may still unpack to. */
  room(packed: number): number {
    const left = this.limits.maxBytes - this.bytes;
    return Math.max(0, Math.min(left, Math.max(RATIO_FROM, packed * this.limits.maxRatio)));
  }

  /** Why a member is larger than its room. */
  tooLarge(packed: number, member: string | null): CarbonError {
    const room = this.room(packed);
    const byRatio = room < this.limits.maxBytes - this.bytes;
    return this.damaged(
      byRatio
        ? `unpacks to more than ${this.limits.maxRatio} times its ${packed} bytes`
        : `unpacks to more than the ${this.limits.maxBytes} bytes that are allowed in all`,
      member,
    );
  }

  /** Counts unpacked bytes, once they are there. */
  takeBytes(count: number): void {
    this.bytes += count;
  }
}
