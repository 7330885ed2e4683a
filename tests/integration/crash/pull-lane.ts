/**
 * A lane of chaos that pulls: a connector fetches a market day from its simulator, twice, the second time with the
 * market's corrections, and the pipeline works after each. Processes are killed in both. What silver holds in the end is
 * compared with what the simulator published, which shares no code with our decoders.
 */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Row } from '../../../core/ports/warehouse.ts';
import { DAY, HOUR, instantFromCivil, type Micros } from '../../../core/time/instant.ts';
import { type Simulator, type SimulatorName, startSimulator } from '../../../simulators/catalog.ts';
import { below, seeded } from '../../support/seeded.ts';
import type { Order } from './child.ts';
import { killAll, type Moment, momentsOf, type Way } from './kills.ts';
import { NO_FAULT } from './prepared.ts';
import { finish } from './processes.ts';
import type { Report } from './report.ts';
import { verifyAlone } from './verify.ts';

/** A dataset whose market corrects it, the window that is pulled, and when: before and after the correction. */
interface Pulled {
  readonly connector: SimulatorName;
  readonly dataset: string;
  readonly from: Micros;
  readonly to: Micros;
  readonly at: readonly [first: Micros, second: Micros];
}

const AUTUMN = instantFromCivil(2025, 11, 2);

/** The day of 25 hours of each market. */
const PULLS: readonly Pulled[] = [
  {
    connector: 'nyiso',
    dataset: 'rt_lmp_hourly',
    from: AUTUMN + 4 * HOUR,
    to: AUTUMN + 29 * HOUR,
    at: [AUTUMN + 32 * HOUR, AUTUMN + 5 * DAY],
  },
  {
    connector: 'miso',
    dataset: 'rt_lmp_hourly',
    from: AUTUMN + 5 * HOUR,
    to: AUTUMN + 29 * HOUR,
    at: [AUTUMN + 2 * DAY, AUTUMN + 9 * DAY],
  },
  {
    connector: 'caiso',
    dataset: 'da_lmp',
    from: AUTUMN + 7 * HOUR,
    to: AUTUMN + 32 * HOUR,
    at: [AUTUMN + 12 * HOUR, AUTUMN + 4 * DAY],
  },
];

/** What was verified. */
interface Verified {
  values: number;
  bars: number;
}

/** Runs the lane in a folder; counts its kills. */
export async function pullLane(
  seed: number,
  count: number,
  folder: string,
  kills: Record<Way, number>,
): Promise<Verified> {
  const pulled = PULLS[seed % PULLS.length] as Pulled;
  // Corrections are a matter of chance: the first market in which one struck is pulled.
  for (let market = 0; market < 6; market++) {
    let at = pulled.at[0];
    const simulator = await startSimulator(pulled.connector, {
      seed: seed + 1000 * market,
      nodes: 10,
      clock: () => at,
    });
    try {
      const orderAt = (phase: number, dataDir: string): Order => {
        at = pulled.at[phase] as Micros;
        const { connector, dataset, from, to } = pulled;
        const pull = { connector, dataset, from, to, at, origin: simulator.origin };
        return { ...ORDER, dataDir, steps: [{ pull }, { run: 'pipeline' }] };
      };
      const whole = await undisturbed(pulled, simulator, orderAt, join(folder, `undisturbed-${market}`));
      if (whole.corrected > 0) return await disturbed(seed, count, folder, kills, whole, orderAt);
    } finally {
      await simulator.close();
    }
  }
  throw new Error(`six markets of ${pulled.connector} without a correction`);
}

type OrderAt = (phase: number, dataDir: string) => Order;

/** What nobody killed made of the two pulls, and how a directory is held to it. */
interface Undisturbed {
  readonly corrected: number;
  /** Write points of a first pull with its pipeline, and how many of them are the pull's. */
  readonly points: number;
  readonly ofPull: number;
  verify(report: Report): void;
}

async function undisturbed(
  pulled: Pulled,
  simulator: Simulator,
  orderAt: OrderAt,
  dataDir: string,
): Promise<Undisturbed> {
  const { points } = await finish(orderAt(0, dataDir));
  const { report: whole } = await finish({ ...orderAt(1, dataDir), report: 'recomputed' });
  assert.ok(whole !== null);
  // A connector asks for some of a market's places only; which, this run says.
  const places = new Set(whole.silver.map((row) => String(row['location'])));
  assert.ok(places.size >= 3, `${places.size} places`);
  const ofPull = points.findIndex((name) => name.startsWith('storePlan'));
  assert.ok(ofPull >= 6, `${ofPull} write points of the pull`);
  const versions = publishedVersions(pulled, simulator, places);
  const verify = (report: Report): void => {
    verifyPulled(report, versions);
    for (const table of ['statements', 'rejected'] as const)
      assert.deepEqual(report[table], whole[table], `${table} as in the run without a crash`);
  };
  verify(whole);
  const corrected = [...versions.values()].filter(({ length }) => length > 1).length;
  return { corrected, points: points.length, ofPull, verify };
}

async function disturbed(
  seed: number,
  count: number,
  folder: string,
  kills: Record<Way, number>,
  whole: Undisturbed,
  orderAt: OrderAt,
): Promise<Verified> {
  const moments = pullMoments(seed, count, whole.points, whole.ofPull);
  const verified = { values: 0, bars: 0 };
  for (let copy = 0; moments.length > 0; copy++) {
    assert.ok(copy < 8, 'processes end before their moment comes');
    const dataDir = join(folder, `data-${copy}`);
    const first = moments.splice(0, FIRST);
    const second = moments.splice(0, PER_COPY - FIRST);
    await killAll(orderAt(0, dataDir), first, ['pipeline'], kills);
    await finish(orderAt(0, dataDir));
    const order = orderAt(1, dataDir);
    await killAll(order, second, ['pipeline'], kills);
    const { report } = await finish({ ...order, report: 'recomputed' });
    assert.ok(report !== null);
    whole.verify(report);
    verified.values += report.silver.length;
    verified.bars += report.statements.length;
    moments.unshift(...first, ...second);
  }
  return verified;
}

/** Kills of one directory: of its first pull and what follows, and of the second. */
const PER_COPY = 5;
const FIRST = 3;

/** The usual moments, but three of five in the write points of the pull, which is soon done and then pulls no more. */
function pullMoments(seed: number, count: number, points: number, ofPull: number): Moment[] {
  const random = seeded(seed + 1);
  return momentsOf(seed, count, points).map((moment, k) => {
    const inPull = [0, 1, FIRST].includes(k % PER_COPY);
    const point = 1 + below(random, ofPull);
    return inPull ? { way: 'write point', point, when: moment.when, timer: null } : moment;
  });
}

const ORDER = {
  log: { seed: 0, pieces: 0, disorder: 0 },
  maxBatchBytes: 16_384,
  policies: null,
  stopMerges: true,
  report: 'none',
  fault: NO_FAULT,
} as const;

const keyOf = (location: string, field: string, start: Micros): string => `${location} ${field} ${start}`;

const micros = (text: unknown): Micros =>
  Date.parse(`${String(text).slice(0, 19).replace(' ', 'T')}Z`) * 1000;

/** The values of each place, field and time as published first, and once more where they were corrected. */
function publishedVersions(
  { dataset, from, to, at }: Pulled,
  simulator: Simulator,
  places: ReadonlySet<string>,
): Map<string, number[]> {
  const versions = new Map<string, number[]>();
  for (const moment of at)
    for (const published of simulator.published(dataset, { start: from, end: to }, moment)) {
      const { location, field, start, value } = published;
      if (!places.has(location)) continue;
      const known = versions.getOrInsertComputed(keyOf(location, field, start), () => []);
      if (known.at(-1) !== Number(value)) known.push(Number(value));
    }
  assert.ok(versions.size >= 100, `${versions.size} values`);
  return versions;
}

/** Each version is in silver, in the order in which it became known, and nothing else is. */
function verifyPulled(report: Report, versions: ReadonlyMap<string, readonly number[]>): void {
  const stored = Map.groupBy(report.silver, (row: Row) =>
    keyOf(String(row['location']), String(row['field']), micros(row['ts'])),
  );
  for (const [key, values] of versions) {
    const rows = [...(stored.get(key) ?? [])];
    rows.sort((a, b) => (String(a['known_at']) < String(b['known_at']) ? -1 : 1));
    assert.deepEqual(
      rows.map((row) => Number(row['price'])),
      values,
      `versions of ${key}`,
    );
  }
  assert.equal(stored.size, versions.size, 'values that nobody published');
  verifyAlone(report, true);
}
