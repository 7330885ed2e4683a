/**
 * How a running projection hears that its table was written by somebody else: a mark in the reference store, that it looks
 * at once a second. What it remembers of served rows may be what was wrong, so it forgets it and asks the table again.
 */

import { randomBytes } from 'node:crypto';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';

const NAME = 'projection/latest_prices/rebuilt';

/** Leaves a new mark. */
export async function markRebuilt(reference: Pick<ReferenceStore, 'saveCursor'>): Promise<void> {
  await reference.saveCursor(NAME, randomBytes(8).toString('hex'));
}

/** Sees new marks. */
export class RebuiltWatch {
  private readonly reference: Pick<ReferenceStore, 'loadCursor'>;
  private seen: string | null | undefined;

  constructor(reference: Pick<ReferenceStore, 'loadCursor'>) {
    this.reference = reference;
  }

  /** True when a mark came since the look before; the first look only remembers. Throws what the store throws. */
  async isNew(): Promise<boolean> {
    const mark = await this.reference.loadCursor(NAME);
    const isNew = this.seen !== undefined && mark !== this.seen;
    this.seen = mark;
    return isNew;
  }
}
