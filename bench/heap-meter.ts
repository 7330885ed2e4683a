/** Counts what sections of a program allocate. Needs the flags of {@link METER_FLAGS}: few collections fall in between. */

import { GCProfiler, type GCProfilerResult, getHeapStatistics } from 'node:v8';

/** A young generation that holds what a plan allocates, and a hand on the collector. */
export const METER_FLAGS = [
  '--expose-gc',
  '--min-semi-space-size=512',
  '--max-semi-space-size=512',
  '--single-threaded-gc',
];

/** What one section took, summed over its runs. Bytes, milliseconds. */
export interface SectionTotals {
  /** On the JavaScript heap: objects, strings, closures, the small heads of typed arrays. */
  heap: number;
  /** Outside of it: the contents of typed arrays. */
  external: number;
  milliseconds: number;
}

/** Adds up sections by name, in the order of their first run. */
export class HeapMeter {
  readonly sections = new Map<string, SectionTotals>();
  /** Collections that fell into a section; what they freed is counted as allocated. */
  collections = 0;

  /** Empties the heap, runs one section and counts what it allocates. */
  async measure<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    if (gc === undefined) throw new Error(`run node with ${METER_FLAGS.join(' ')}`);
    gc();
    const profiler = new GCProfiler();
    profiler.start();
    const before = getHeapStatistics();
    const started = performance.now();
    const result = await work();
    const ended = performance.now();
    const after = getHeapStatistics();
    const { statistics } = profiler.stop();
    const freed = freedBy(statistics);
    this.collections += statistics.length;
    let section = this.sections.get(name);
    if (section === undefined) this.sections.set(name, (section = { heap: 0, external: 0, milliseconds: 0 }));
    section.heap += after.used_heap_size - before.used_heap_size + freed.heap;
    section.external += after.external_memory - before.external_memory + freed.external;
    section.milliseconds += ended - started;
    return result;
  }
}

/** What collections gave back, in bytes. */
function freedBy(collections: GCProfilerResult['statistics']): { heap: number; external: number } {
  const freed = { heap: 0, external: 0 };
  for (const { beforeGC, afterGC } of collections) {
    freed.heap += beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize;
    freed.external += beforeGC.heapStatistics.externalMemory - afterGC.heapStatistics.externalMemory;
  }
  return freed;
}
