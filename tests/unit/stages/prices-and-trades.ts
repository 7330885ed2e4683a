/** Hourly prices and trades of one day, and worlds that they have run through in one batch or one by one. */

import type { RowSpec } from './raw-input.ts';
import { StageWorld } from './stage-world.ts';

export const hour = (h: number, price: string, known: string, more: Partial<RowSpec> = {}): RowSpec => ({
  location: 'WEST',
  start: `2025-07-01T${String(h).padStart(2, '0')}:00Z`,
  end: `2025-07-01T${String(h + 1).padStart(2, '0')}:00Z`,
  known,
  values: [['lmp', price]],
  ...more,
});

export const trade = (time: string, price: string, known: string, more: Partial<RowSpec> = {}): RowSpec => ({
  dataset: 'trade',
  series: 'NG',
  start: `2025-07-01T${time}Z`,
  known,
  values: [
    ['price', price],
    ['volume', '10'],
  ],
  ...more,
});

export async function runEach(rows: readonly RowSpec[], world = new StageWorld()): Promise<StageWorld> {
  for (const row of rows) await world.run([row]);
  return world;
}

export async function runWhole(rows: readonly RowSpec[]): Promise<StageWorld> {
  const world = new StageWorld();
  await world.run(rows);
  return world;
}
