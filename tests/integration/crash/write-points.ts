/**
 * Write points: every call that makes something durable, counted across the stores. A fault strikes immediately before
 * or immediately after one of them, from outside the product.
 */

import type { Stores } from '../../../app/stores/open-stores.ts';

/** Calls that write. */
const WRITES: Readonly<Record<'log' | 'warehouse' | 'reference' | 'cache' | 'archive', readonly string[]>> = {
  log: ['append', 'commit'],
  warehouse: ['insertBlock'],
  reference: ['storePlan', 'finishPlan', 'saveCursor', 'recordFetch', 'acquireLease'],
  cache: ['setMany'],
  archive: ['put'],
};

export type When = 'before' | 'after';

/** What is told of a write point: its number from 1, and the call with its first argument. */
export type Strike = (point: number, when: When, name: string) => void;

/** The same stores, with every write announced before and after it. What `strike` throws, the caller of the write sees. */
export function withWritePoints(stores: Stores, strike: Strike): Stores {
  let points = 0;
  const watched = <T extends object>(store: T, writes: readonly string[]): T =>
    new Proxy(store, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        if (!writes.includes(String(name))) return member.bind(target);
        return async (...args: unknown[]): Promise<unknown> => {
          const point = ++points;
          const [first] = args;
          const label = `${String(name)}${typeof first === 'string' ? ` ${first}` : ''}`;
          strike(point, 'before', label);
          const result: unknown = await Reflect.apply(member, target, args);
          strike(point, 'after', label);
          return result;
        };
      },
    });
  return {
    ...stores,
    log: watched(stores.log, WRITES.log),
    warehouse: watched(stores.warehouse, WRITES.warehouse),
    reference: watched(stores.reference, WRITES.reference),
    cache: watched(stores.cache, WRITES.cache),
    archive: watched(stores.archive, WRITES.archive),
  };
}
