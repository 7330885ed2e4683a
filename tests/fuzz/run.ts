/**
 * `make fuzz`: mutants through every decoder, a process per target, one after another. Exit code 1 when a promise is
 * broken. Settings: FUZZ_RUNS (100000 per market, and per decoder of no market), FUZZ_PER (market, or decoder for as many
 * through each dataset), FUZZ_SEED (the day), FUZZ_ONLY (part of a target's name), FUZZ_FROM (0).
 */

import { allTargets } from './campaign.ts';
import { runWatched, type Watched } from './processes.ts';
import { campaignTable, writeFuzzReport } from './report.ts';
import { shareOut } from './shares.ts';

const ALL = 100_000;

const numberFrom = (name: string, otherwise: number): number => {
  const text = process.env[name] ?? '';
  if (text === '') return otherwise;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${name} is ${text}, no whole number`);
  return value;
};

async function main(): Promise<boolean> {
  const began = new Date();
  const runs = numberFrom('FUZZ_RUNS', ALL);
  const from = numberFrom('FUZZ_FROM', 0);
  const seed = numberFrom('FUZZ_SEED', Number(began.toISOString().slice(0, 10).replaceAll('-', '')));
  const only = process.env['FUZZ_ONLY'] ?? '';
  const per = process.env['FUZZ_PER'] ?? 'market';
  if (per !== 'market' && per !== 'decoder') throw new Error(`FUZZ_PER is ${per}, not market or decoder`);
  const targets = await allTargets();
  const shares = shareOut(targets, runs, per);
  const names = targets.map(({ name }) => name).filter((name) => name.includes(only));
  if (names.length === 0) throw new Error(`no target is called ${only}`);
  console.error(`seed ${seed}: ${runs} mutants per ${per}, ${names.length} targets`);
  const campaigns: Watched[] = [];
  for (const name of names) {
    const campaign = await runWatched(name, { seed, from, runs: shares.get(name) ?? runs });
    campaigns.push(campaign);
    console.error(`  ${name}: ${campaign.mutants} mutants in ${campaign.seconds.toFixed(1)} s`);
    for (const { at, message, where, body } of campaign.failures) {
      console.error(
        `    FAILED mutant ${at}: ${message}\n      at ${where}\n      ${body.length > 4000 ? '(long)' : body}`,
      );
      console.error(`    again: FUZZ_SEED=${seed} FUZZ_ONLY=${name} FUZZ_FROM=${at} FUZZ_RUNS=1 make fuzz`);
    }
  }
  const seconds = (Date.now() - began.getTime()) / 1000;
  console.log(campaignTable(campaigns));
  if (only === '' && from === 0 && runs >= ALL)
    writeFuzzReport({ began, seed, runs, per, seconds, campaigns });
  return campaigns.every(({ failures }) => failures.length === 0);
}

process.exitCode = (await main()) ? 0 : 1;
