/** The short form of `make fuzz`: mutants per market and decoder, and every defect that was ever found. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allConnectors } from '../../app/connectors/catalogue.ts';
import { CarbonError } from '../../core/errors.ts';
import { allTargets, type Campaign, CPU_BOUND_MS, mutantOf, runCampaign } from './campaign.ts';
import { FOUND } from './found.ts';
import { shareOut } from './shares.ts';
import { Broken, type FuzzTarget } from './target.ts';

const SEED = 254;
const PER_MARKET = 2_000;
const PER_DECODER = 500;

const targets = await allTargets();
const named = (name: string): FuzzTarget => {
  const found = targets.find((target) => target.name === name);
  assert.ok(found !== undefined, `no target ${name}`);
  return found;
};

test('every dataset that has a decoder is a target', () => {
  const datasets = allConnectors().flatMap(({ name, datasets: own }) =>
    own.map((each) => `${name}.${each.name}`),
  );
  for (const name of datasets) named(name);
  assert.ok(datasets.length >= 31);
});

const markets = Map.groupBy(targets, ({ market }) => market);
const shares = shareOut(targets, PER_MARKET, 'market');

for (const [market, own] of markets)
  if (market !== null)
    test(`${market}: ${PER_MARKET} mutants of seed ${SEED}, spread over ${own.length} datasets, break no promise`, async () => {
      const campaigns: Campaign[] = [];
      for (const target of own) campaigns.push(await kept(target, shares.get(target.name) ?? 0));
      const mutants = campaigns.reduce((sum, each) => sum + each.mutants, 0);
      assert.ok(mutants >= PER_MARKET);
      assertNotHollow(campaigns);
    });

for (const target of markets.get(null) ?? [])
  test(`${target.name}: ${PER_DECODER} mutants of seed ${SEED} break no promise`, async () => {
    assertNotHollow([await kept(target, PER_DECODER)]);
  });

/** Runs a target and holds it to its promises. */
async function kept(target: FuzzTarget, runs: number): Promise<Campaign> {
  const campaign = await runCampaign(target, { seed: SEED, from: 0, runs });
  const told = campaign.failures.map(
    ({ at, message, where }) => `${target.name}, mutant ${at}: ${message} (${where})`,
  );
  assert.deepEqual(told, []);
  assert.equal(campaign.mutants, runs);
  return campaign;
}

/** Mutants that are all read whole, or all refused, prove nothing. */
function assertNotHollow(campaigns: readonly Campaign[]): void {
  const whole = campaigns.reduce((sum, { outcomes }) => sum + (outcomes['whole'] ?? 0), 0);
  const mutants = campaigns.reduce((sum, each) => sum + each.mutants, 0);
  assert.ok(whole >= mutants / 100, `only ${whole} mutants were read whole`);
  assert.ok(whole <= 0.9 * mutants, `${whole} mutants were read whole`);
}

for (const [i, { target, what, body }] of FOUND.entries())
  test(`found ${i + 1}: ${target}: ${what}`, async () => {
    const bytes = 'text' in body ? Buffer.from(body.text) : Buffer.from(body.base64, 'base64');
    const before = process.cpuUsage();
    await named(target).check(new Uint8Array(bytes));
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 1000 * CPU_BOUND_MS, `${(user + system) / 1000} ms of CPU`);
  });

test('a decoder that breaks its promises is caught, each break once, with the mutant', async () => {
  const careless: FuzzTarget = {
    name: 'careless',
    market: null,
    form: 'text',
    bodies: [new Uint8Array(Buffer.from('a,b\n1,2\n'))],
    check: (body) => {
      if (body.length < 4) throw new TypeError('not typed');
      if (body.length > 12) throw new Broken('too long');
      if (body.length === 9) throw new CarbonError('SOURCE_EMPTY', 'typed, but not caught');
      return { kind: 'whole', rows: 1, rejected: 0 };
    },
  };
  const { failures, outcomes } = await runCampaign(careless, { seed: SEED, from: 0, runs: PER_DECODER });
  assert.deepEqual(failures.map(({ message }) => message.split(':')[0]).sort(), [
    'CarbonError',
    'Error',
    'TypeError',
  ]);
  assert.ok((outcomes['FAILED'] ?? 0) > 3);
  for (const { at, body } of failures)
    assert.equal(mutantOf(careless, SEED, at).toBase64(), body, 'the mutant can be made again');
});
