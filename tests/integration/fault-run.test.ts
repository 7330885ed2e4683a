/**
 * The fault run: connectors pull a simulated day from three markets while every fault of the menu strikes, and at the
 * end the ledger is complete and what is served is exact. FAULT_RUNS=n repeats it with n seeds, with chance faults besides.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Micros, parseInstant } from '../../core/time/instant.ts';
import { FAULT_NAMES, type FaultName, type FaultPlan } from '../../simulators/catalog.ts';
import {
  broughtByAll,
  checkExchanges,
  checkLetters,
  checkPasses,
  checkRawTopics,
  checkServed,
  checkSilver,
} from '../support/fault-verdict.ts';
import { FAULT_MARKETS, FaultWorld, type PassReport, UNFIT } from '../support/fault-world.ts';
import { servedAs, valueKey, valuesOfBody } from '../support/published-values.ts';

/** Evenings of a plain day, of the day of 23 and of the day of 25 hours. */
const EVENINGS = ['2025-07-09T03:02:00Z', '2025-03-10T03:02:00Z', '2025-11-03T03:02:00Z'];
const MOST_RUNS = 150;
const SEEDS = Math.max(1, Number(process.env['FAULT_RUNS'] ?? 1));

/** Which faults have struck, by market, over all evenings. */
const struck = new Map<string, Set<FaultName>>(FAULT_MARKETS.map((name) => [name, new Set()]));

/** The menu from another dish on, so that each fault meets other reports in another evening. */
function planOf(turn: number, hasChance: boolean): FaultPlan {
  const from = (turn * 5) % FAULT_NAMES.length;
  const once = [...FAULT_NAMES.slice(from), ...FAULT_NAMES.slice(0, from)];
  const rates = hasChance ? Object.fromEntries(FAULT_NAMES.map((name) => [name, 0.02])) : {};
  return { once, rates, slowBodyMs: 100 };
}

for (let seed = 1; seed <= SEEDS; seed++)
  for (const [turn, evening] of EVENINGS.entries())
    test(`${evening}, seed ${seed}: every fault strikes, and the ledger, the letters and the bars are exact`, async (t) => {
      const world = await FaultWorld.open(parseInstant(evening) as Micros, seed, planOf(turn, seed > 1));
      try {
        const passes: PassReport[] = [];
        const pending = (): boolean =>
          FAULT_MARKETS.some((name) =>
            world
              .market(name)
              .pendingFaults()
              .some((fault) => !UNFIT[name]?.includes(fault)),
          );
        const pass = async (): Promise<void> => {
          assert.ok(passes.length < MOST_RUNS, 'faults that never strike, or values that never come');
          passes.push(...(await world.pass(`pass-${passes.length}`)));
        };
        await pass();
        // What faults have taken so far is lacking, and nothing else.
        await verify(world, passes, (text) => t.diagnostic(`after one pass: ${text}`));
        // Faults pass: what they took comes with a later run, as values that are late.
        while (pending() || (await lacking(world, passes)) > 0) await pass();
        await world.untilAllIsClosed();
        await verify(world, passes, (text) => t.diagnostic(`in the end: ${text}`));
        const open = await world.stores.warehouse.queryRows(
          "SELECT instrument_id FROM bars_current WHERE status = 'provisional'",
        );
        assert.deepEqual(open, []);
      } finally {
        await world.close();
      }
    });

test('every fault has struck every market that it fits', () => {
  for (const name of FAULT_MARKETS)
    assert.deepEqual(
      FAULT_NAMES.filter((fault) => struck.get(name)?.has(fault) !== true),
      FAULT_NAMES.filter((fault) => UNFIT[name]?.includes(fault)),
      name,
    );
});

/** Everything that must hold at any moment at which the pipeline is at rest. */
async function verify(
  world: FaultWorld,
  passes: readonly PassReport[],
  tell: (text: string) => void,
): Promise<void> {
  await world.worker.catchUp();
  const ledger = await world.ledger();
  checkPasses(passes, ledger);
  const letters = await checkLetters(world, ledger);
  await checkRawTopics(world, ledger);
  const exchanges = FAULT_MARKETS.flatMap((name) => world.exchanges(name, ledger));
  for (const name of FAULT_MARKETS) {
    const own = exchanges.filter(({ row }) => row.connector === name);
    for (const fault of await checkExchanges(world, own)) struck.get(name)?.add(fault);
  }
  const values = await checkSilver(world, broughtByAll(world, exchanges, letters));
  const bars = await checkServed(world, values.values());
  tell(`${ledger.length} attempts, ${values.size} values, ${bars} bars`);
}

/** How many values of the windows asked for are not there yet. */
async function lacking(world: FaultWorld, passes: readonly PassReport[]): Promise<number> {
  await world.worker.catchUp();
  const rows = await world.stores.warehouse.queryRows(
    'SELECT DISTINCT instrument_id, toString(toUnixTimestamp64Micro(ts)) AS start FROM silver_ticks',
  );
  const there = new Set(
    rows.map((row) => valueKey({ instrument: String(row['instrument_id']), start: Number(row['start']) })),
  );
  let missing = 0;
  const last = new Map(
    passes.flatMap(({ report }) =>
      report.datasets.flatMap(({ results }) =>
        results.map((row) => [`${row.connector} ${row.request}`, row]),
      ),
    ),
  );
  for (const { connector, dataset, url, window, outcome } of last.values()) {
    if (outcome === 'no_data') continue;
    const simulator = world.market(connector);
    for (const value of valuesOfBody(simulator, dataset, url, window, world.evening))
      if (!there.has(valueKey(servedAs(simulator.market, value)))) missing++;
  }
  return missing;
}
