/**
 * Ownership of a partition, as the reference store has it. Whoever claims last owns it; every former owner, a frozen
 * process that wakes up included, has to find that out before it writes anything more.
 *
 * The stores of the outputs know nothing of claims, so the owner asks before each write, unless it knows from less than
 * {@link FRESH_MS} ago. A new owner that finds a plan left open waits for just as long before it goes on: by then the
 * former one has sent its last write, which was one of that plan, or has found out.
 */

import { CarbonError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Claim, ReferenceStore } from '../ports/reference-store.ts';
import type { Micros } from '../time/instant.ts';
import type { Plan } from './plan.ts';

/** How old the knowledge of ownership may be when a write begins, in milliseconds. */
const FRESH_MS = 250;
/** Answers of the store that took too long to be worth anything, before the store is said not to answer. */
const SLOW_ANSWERS = 8;

/** What is claimed. */
export interface ClaimedPartition {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

/** The claim of one runner: made once, and lost for good when another takes the partition. */
export class PartitionClaim {
  private readonly reference: ReferenceStore;
  private readonly clock: Clock;
  private readonly of: ClaimedPartition;
  private held: number | null = null;
  /** The latest moment at which the claim is known to have held. */
  private knownAt: Micros = -Infinity;

  constructor(reference: ReferenceStore, clock: Clock, of: ClaimedPartition) {
    this.reference = reference;
    this.clock = clock;
    this.of = of;
  }

  /** Generation of this owner. Throws PLAN_CONFLICT before {@link take}. */
  get fence(): number {
    if (this.held !== null) return this.held;
    const { group, topic, partition } = this.of;
    throw new CarbonError('PLAN_CONFLICT', `${group} has not claimed ${topic}/${partition}`);
  }

  /**
   * Claims the partition the first time, and later only looks where the plans stand: a runner that was shut out must
   * not take back what is another's.
   */
  async take(): Promise<Pick<Claim, 'open' | 'last'>> {
    const { group, topic, partition } = this.of;
    const asked = this.clock.now();
    if (this.held !== null) {
      await this.reference.confirmClaim(group, topic, partition, this.held);
      return {
        open: await this.reference.openPlan(group, topic, partition),
        last: await this.reference.lastFinishedPlan(group, topic, partition),
      };
    }
    const claim = await this.reference.claimPartition(group, topic, partition);
    this.held = claim.fence;
    this.knownAt = asked;
    if (claim.open !== null) await this.clock.sleep(FRESH_MS);
    return claim;
  }

  /** Stores a plan of this owner. */
  async storePlan(plan: Plan): Promise<void> {
    const asked = this.clock.now();
    await this.reference.storePlan(plan);
    this.knownAt = asked;
  }

  /** Finishes a plan of this owner. */
  async finishPlan(plan: Plan): Promise<void> {
    const asked = this.clock.now();
    await this.reference.finishPlan(plan);
    this.knownAt = asked;
  }

  /**
   * Resolves when the claim surely holds at this moment; what is to be written has to be sent without further waiting.
   * Throws PLAN_CONFLICT when another owns the partition, STORE_UNREACHABLE when the store is too slow to tell.
   */
  async confirm(): Promise<void> {
    const { group, topic, partition } = this.of;
    for (let slow = 0; !this.isFresh(); slow++) {
      if (slow === SLOW_ANSWERS)
        throw new CarbonError(
          'STORE_UNREACHABLE',
          `the reference store takes longer than ${FRESH_MS} ms to say who owns ${topic}/${partition}`,
          { context: { group, topic, partition } },
        );
      const asked = this.clock.now();
      await this.reference.confirmClaim(group, topic, partition, this.fence);
      this.knownAt = asked;
    }
  }

  /** A clock that was set back makes everything known before worthless. */
  private isFresh(): boolean {
    const age = this.clock.now() - this.knownAt;
    return age >= 0 && age < FRESH_MS * 1000;
  }
}
