/**
 * One form of the pipeline at a time, in the cluster profile: the fused chain, or its stages as services. Their consumer
 * groups differ, so neither hears of the other, and both would do the same work.
 *
 * All processes of a form hold one lease in the reference store, under the name of the form, and renew it. The other form
 * can begin once the last of them has been gone for {@link HELD_MS}.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { PartitionShare } from '../../core/ports/partition-share.ts';
import type { ReferenceStore } from '../../core/ports/reference-store.ts';

export type PipelineForm = 'fused' | 'services';

/** How long a form is held after the last renewal, and how often it is renewed, in milliseconds. */
export const HELD_MS = 15_000;
const RENEW_MS = 5_000;
const LOOK_MS = 500;

const LEASE = 'pipeline-form';

/** A form that is held until it is let go, or lost. */
export interface HeldForm {
  /** Throws PLAN_CONFLICT once the other form has begun: this process was cut off from the store for too long. */
  check(): void;
  /** Renews it no more. It ends by itself: others may hold the same form. */
  letGo(): void;
}

/**
 * Holds a form, after waiting for the other one to end where it has. Throws PLAN_CONFLICT when that goes on, and what the
 * store has to say.
 */
export async function holdForm(
  reference: Pick<ReferenceStore, 'acquireLease'>,
  clock: Clock,
  form: PipelineForm,
): Promise<HeldForm> {
  const renew = (): Promise<boolean> => {
    const now = clock.now();
    return reference.acquireLease(LEASE, form, now, now + HELD_MS * 1000);
  };
  const deadline = clock.now() + (HELD_MS + RENEW_MS) * 1000;
  while (!(await renew())) {
    if (clock.now() >= deadline) throw otherForm(form);
    await clock.sleep(LOOK_MS);
  }
  let isLost = false;
  const timer = setInterval(() => {
    renew().then(
      (isOurs) => {
        isLost = !isOurs;
      },
      // A store that is away tells nobody else either; the next renewal hears how it went.
      () => {},
    );
  }, RENEW_MS);
  timer.unref();
  return {
    check: () => {
      if (isLost) throw otherForm(form);
    },
    letGo: () => clearInterval(timer),
  };
}

/** The share of partitions of a process that holds a form: it takes none once that is lost. */
export function sharedWhileHeld(share: PartitionShare, held: HeldForm): PartitionShare {
  return {
    get owned() {
      return share.owned;
    },
    surplus: () => share.surplus(),
    lost: () => share.lost(),
    take: () => {
      held.check();
      return share.take();
    },
    release: (partition) => share.release(partition),
    close: () => {
      held.letGo();
      return share.close();
    },
  };
}

function otherForm(form: PipelineForm): CarbonError {
  const other = form === 'fused' ? 'services of single stages run' : 'a fused pipeline runs';
  return new CarbonError('PLAN_CONFLICT', `${other} on the same stores: both would do the same work`, {
    context: { form },
  });
}
