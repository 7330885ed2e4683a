/**
 * How a running service hears that its table was written by somebody else: a mark in the reference store, that it looks at
 * once a second. What it remembers may be what was wrong, so it forgets it and asks the stores again.
 */

import { randomBytes } from 'node:crypto';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';

/** What may be written by others: served rows, and bars. */
export type Rebuilt = 'projection/latest_prices' | 'aggregation/bars';

const markOf = (what: Rebuilt): string => `${what}/rebuilt`;

/** Leaves a new mark. */
export async function markRebuilt(
  reference: Pick<ReferenceStore, 'saveCursor'>,
  what: Rebuilt = 'projection/latest_prices',
): Promise<void> {
  await reference.saveCursor(markOf(what), randomBytes(8).toString('hex'));
}

/** Sees new marks. */
export class RebuiltWatch {
  /** What is watched. */
  readonly what: Rebuilt;
  private readonly reference: Pick<ReferenceStore, 'loadCursor'>;
  private seen: string | null | undefined;

  constructor(reference: Pick<ReferenceStore, 'loadCursor'>, what: Rebuilt) {
    this.reference = reference;
    this.what = what;
  }

  /** True when a mark came since the look before; the first look only remembers. Throws what the store throws. */
  async isNew(): Promise<boolean> {
    const mark = await this.reference.loadCursor(markOf(this.what));
    const isNew = this.seen !== undefined && mark !== this.seen;
    this.seen = mark;
    return isNew;
  }
}
