/**
 * How V8 counts the memory of typed arrays, in which all batches, blocks and records of a process lie.
 *
 * By default it marks the whole heap each time that some 32 to 64 MB of arrays have come and gone, however large the
 * process is: a ninth of all CPU of the trades benchmark, for a heap of 40 MB that hardly changes. Counted with the heap,
 * arrays may grow to a multiple of what was alive before the next collection (docs/decisions/0014-memory-of-arrays.md).
 */

import { setFlagsFromString } from 'node:v8';

/** How far arrays may grow from one collection to the next, as a multiple of what was alive. */
const GROWTH = 1.3;

/**
 * Lets V8 count arrays with the heap, in this process and all of its threads, from the next collection on. A V8 that does
 * not know the flags says so on standard error and goes on as before.
 */
export function countArraysWithHeap(): void {
  setFlagsFromString('--external-memory-accounted-in-global-limit');
  setFlagsFromString(`--external-memory-max-growing-factor=${GROWTH}`);
}
