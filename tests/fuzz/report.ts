/** The page that a whole run of the fuzzer writes: docs/reports/fuzz.md. */

import { aboutRun, durationText, tableOf, writePage } from '../support/run-report.ts';
import { CPU_BOUND_MS } from './campaign.ts';
import { FOUND } from './found.ts';
import type { Watched } from './processes.ts';
import type { Per } from './shares.ts';

/** What was run. */
export interface FuzzRun {
  readonly began: Date;
  readonly seed: number;
  readonly runs: number;
  readonly per: Per;
  readonly seconds: number;
  readonly campaigns: readonly Watched[];
}

const share = (part: number, whole: number): string =>
  whole === 0 ? '' : `${((100 * part) / whole).toFixed(1)} %`;

/** The table of all targets: shares of mutants, what they held, and what they cost. */
export function campaignTable(campaigns: readonly Watched[]): string {
  return tableOf(
    [
      'target',
      'bodies',
      'mutants',
      'whole',
      'damaged',
      'refused',
      'rows kept',
      'set aside',
      'slowest',
      'peak',
      'failures',
    ],
    campaigns.map((each) => {
      const { outcomes, mutants } = each;
      const [whole, damaged, failed] = ['whole', 'damaged', 'FAILED'].map((kind) => outcomes[kind] ?? 0);
      return [
        each.target,
        each.bodies,
        mutants,
        share(whole, mutants),
        share(damaged, mutants),
        share(mutants - whole - damaged - failed, mutants),
        each.rows,
        each.rejected,
        `${Math.round(each.slowestMs)} ms`,
        `${each.peakMb} MB`,
        each.failures.length,
      ];
    }),
  );
}

/** Writes the page. */
export function writeFuzzReport(run: FuzzRun): void {
  const { campaigns, seed, runs, per } = run;
  const each =
    per === 'market' ? 'each market, spread over its datasets, and for each other decoder' : 'each decoder';
  const again = `FUZZ_SEED=${seed}${per === 'market' ? '' : ` FUZZ_PER=${per}`}`;
  const failures = campaigns.flatMap(({ target, failures: found }) =>
    found.map((each) => ({ target, ...each })),
  );
  const mutants = campaigns.reduce((sum, each) => sum + each.mutants, 0);
  const refusals = new Map<string, number>();
  for (const { outcomes } of campaigns)
    for (const [kind, count] of Object.entries(outcomes))
      if (/^[A-Z]+_/.test(kind)) refusals.set(kind, (refusals.get(kind) ?? 0) + count);
  writePage('docs/reports/fuzz.md', [
    '<!-- Made by make fuzz (tests/fuzz). Run it again rather than editing this page. -->',
    '# Fuzzing',
    '',
    ...aboutRun(run.began),
    `* Seed ${seed}, ${runs} mutants for ${each}: ${mutants} in all, through ${campaigns.length} decoders in ${durationText(run.seconds)}`,
    `* Failures: ${failures.length}`,
    '',
    'Targets are every dataset of every connector (from bytes to records of the raw topic and back), zip and gzip, every',
    'topic codec, Kafka record batches, and Native blocks of the store. Mutants are made of small valid bodies of our own',
    '(samples, golden payloads, generated events): bytes, lines, columns, numbers, delimiters, encodings, lengths, headers,',
    'one to four changes each.',
    '',
    'Held for each: an error is a `CarbonError` of a documented code that quotes at most 2,000 characters; no more than',
    `${CPU_BOUND_MS} ms of CPU; every value is a decimal, every interval finite and not negative; rows kept and set aside`,
    'add up, before the transforms and after; a body read whole gives the same rows again, is published and read back',
    'whole, and read in pieces says the same; a topic record beside good ones costs only itself, and what is read can be written again. A process that',
    'reads one mutant for 30 s, or holds more than 900 MB, has failed.',
    '',
    campaignTable(campaigns),
    '',
    '`refused` as a whole, by code:',
    '',
    tableOf(
      ['code', 'mutants'],
      [...refusals].sort((a, b) => b[1] - a[1]),
    ),
    '',
    ...(failures.length === 0
      ? []
      : [
          '## Failures',
          '',
          ...failures.map((each) => `* ${each.target}, mutant ${each.at}: ${each.message}`),
          '',
        ]),
    '## Found and fixed',
    '',
    'Each stands as a case in `tests/fuzz/found.ts`, which `make test` reads.',
    '',
    ...FOUND.map(({ target, what, fix }) => `* **${target}**: ${what} ${fix}`),
    '',
    '## Again',
    '',
    '```',
    `${again} make fuzz                                            # this run`,
    `FUZZ_SEED=${seed} FUZZ_ONLY=nyiso.da_lmp FUZZ_FROM=4711 FUZZ_RUNS=1 make fuzz   # one mutant of it`,
    '```',
    '',
    'A run with other counts or of some targets only prints its table and leaves this page alone. Mutants that broke a',
    'promise are printed in base64.',
  ]);
}
