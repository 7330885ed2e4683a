/**
 * Golden cases of the stages: `tests/data/golden/<stage>/<case>.json` holds raw rows plan by plan, and what the stage has
 * to say to each plan, as lines of text. With CARBON_GOLDEN=rewrite the expectations are written anew: read the diff.
 */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { formatDecimal } from '../../../core/model/decimal.ts';
import type { TickBatch } from '../../../core/model/tick-batch.ts';
import type { TaxonomyEntry } from '../../../core/ports/reference-store.ts';
import { formatInstant } from '../../../core/time/instant.ts';
import { type EnrichmentSettings, enrichmentSchema } from '../../../services/enrichment/config.ts';
import { normalizationSchema } from '../../../services/normalization/config.ts';
import { type RowSpec, tickText } from './raw-input.ts';
import { barText, type Outcome, POLICY, StageWorld } from './stage-world.ts';

const GOLDEN = resolve(import.meta.dirname, '../../data/golden');
const REWRITE = process.env['CARBON_GOLDEN'] === 'rewrite';

interface Case {
  readonly about: string;
  readonly taxonomy?: object;
  /** Rules of normalization in place of those of the stage world. */
  readonly rules?: object;
  readonly entries?: readonly TaxonomyEntry[];
  /** Rows of each plan; none for a plan that the clock alone cuts. */
  readonly plans: readonly {
    readonly clock: string;
    readonly restart?: boolean;
    readonly rows: readonly string[];
  }[];
  readonly expected: readonly (readonly string[])[];
}

/** `dataset location-or-contract start end known field=text …`, with `sequence=`, `trade=` and `cancels` among the rest. */
function rowOf(line: string): RowSpec {
  const [dataset, place, start, end, known, ...rest] = line.split(/ +/);
  const marks = new Map(rest.map((word) => word.split('=') as [string, string | undefined]));
  const sequence = marks.get('sequence');
  const fields = [...marks].filter(([name]) => !['sequence', 'trade', 'cancels'].includes(name));
  return {
    dataset,
    ...(dataset === 'trade' ? { series: place } : { location: place.replaceAll('_', ' ') }),
    start,
    end,
    known,
    ...(sequence === undefined ? {} : { sequence: Number(sequence) }),
    tradeId: marks.get('trade') ?? '',
    cancels: marks.has('cancels'),
    values: fields.map(([field, text]) => [field, text ?? '']),
  };
}

const linesOf = (batch: TickBatch, prefix: string): string[] =>
  Array.from({ length: batch.length }, (_, i) => `${prefix} | ${tickText(batch, i)}`);

function normalizationLines({ normalized }: Outcome): string[] {
  const { output, rejected, anomalies, balance } = normalized;
  return [
    ...linesOf(output.ticks, 'tick'),
    ...linesOf(output.repeats, 'repeat'),
    ...rejected.map((l) => `rejected | ${l.code} | ${l.field} | ${l.got} | offset ${l.sourceOffset}`),
    ...anomalies.map((a) =>
      ['anomaly', a.type, a.context['kind'] ?? '-', a.instrumentId ?? '-', a.count].join(' | '),
    ),
    `balance | ${JSON.stringify(balance)}`,
  ];
}

function enrichmentLines({ enriched }: Outcome): string[] {
  const { ticks, taxa, taxonomyOf } = enriched.output;
  const lines = Array.from({ length: ticks.length }, (_, i) => {
    const { commodity, region, productTier, tags, confidence } = taxa[taxonomyOf[i]];
    const taxonomy = [commodity || '-', region || '-', productTier || '-', tags.join('+') || '-', confidence];
    return `${tickText(ticks, i)} | ${taxonomy.join(' | ')}`;
  });
  return [...lines, ...enriched.anomalies.map((a) => `anomaly | ${a.type} | ${a.instrumentId} | ${a.count}`)];
}

function aggregationLines({ bars }: Pick<Outcome, 'bars'>): string[] {
  const { statements, provisional } = bars.output;
  return [statements, provisional].flatMap((batch) =>
    Array.from({ length: batch.length }, (_, j) => barText(batch, j, POLICY.intervals)).sort(),
  );
}

function projectionLines({ latest }: Outcome): string[] {
  const { ticks, gone } = latest.output;
  const { names } = ticks;
  return Array.from({ length: ticks.length }, (_, i) => {
    const who = `${names.tenants.nameOf(ticks.tenant[i])} | ${names.instruments.nameOf(ticks.instrument[i])}`;
    const what = `${formatInstant(ticks.eventStart[i])} | known ${formatInstant(ticks.knownAt[i])}`;
    return `${who} | ${gone[i] === 1 ? 'gone' : `${what} | ${formatDecimal(ticks.price, i)}`} | offset ${ticks.srcOffset[i]}`;
  });
}

const STAGES: Readonly<Record<string, (outcome: Outcome) => string[]>> = {
  normalization: normalizationLines,
  enrichment: enrichmentLines,
  aggregation: aggregationLines,
  projection: projectionLines,
};

async function run(golden: Case, lines: (outcome: Outcome) => string[]): Promise<string[][]> {
  const taxonomy: EnrichmentSettings = enrichmentSchema.parse({ version: 1, ...golden.taxonomy });
  const world = new StageWorld({
    taxonomy,
    entries: golden.entries ?? [],
    ...(golden.rules === undefined
      ? {}
      : { rules: normalizationSchema.parse({ version: 1, ...golden.rules }) }),
  });
  const said: string[][] = [];
  for (const plan of golden.plans) {
    if (plan.restart === true) world.restart();
    said.push(lines(await world.run(plan.rows.map(rowOf), plan.clock)));
  }
  return said;
}

for (const [stage, lines] of Object.entries(STAGES)) {
  const folder = join(GOLDEN, stage);
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  test(`golden cases of ${stage} are there`, () => {
    assert.ok(names.length > 0);
  });
  for (const name of names)
    test(`golden: ${stage}/${name}`, async () => {
      const path = join(folder, name);
      const golden: Case = JSON.parse(readFileSync(path, 'utf8'));
      const said = await run(golden, lines);
      assert.ok(said.some((plan) => plan.length > 0));
      if (REWRITE) writeFileSync(path, `${JSON.stringify({ ...golden, expected: said }, null, 2)}\n`);
      else assert.deepEqual(said, golden.expected);
    });
}
