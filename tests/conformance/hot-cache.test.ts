import { openMemoryCache } from '../../drivers/memory-cache/hot-cache.ts';
import { hotCacheConformance } from './hot-cache.ts';

hotCacheConformance('in the process', async () => {
  let now = 1_772_946_000_000_000;
  const cache = openMemoryCache({ maxEntries: 100, clock: { now: () => now } });
  return {
    cache,
    advance: async (seconds) => {
      now += seconds * 1_000_000;
    },
    close: () => cache.close(),
  };
});
