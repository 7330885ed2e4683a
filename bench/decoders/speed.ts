/**
 * How fast the decoders read, in megabytes per second of one core: a body of every kind, recognised, decoded, transformed
 * and checked, as often as fills some seconds of CPU. CPU of all threads counts, that of V8's collector too, so that what
 * it cleans up behind us is not hidden on another core. Prints a line of JSON for each body.
 *
 *     scripts/node bench/decoders/speed.ts [--megabytes 4] [--seconds 3] [--only SPP]
 */

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectorsFolder, loadManifest, transformsOf } from '../../app/connectors/manifest.ts';
import { CONNECTORS } from '../../connectors/catalog.ts';
import { recognise } from '../../connectors/kit/recognise.ts';
import { refine } from '../../connectors/kit/refine.ts';
import { type BenchBody, benchBodies } from './bodies.ts';

/** The speed of one decoder. */
export interface Speed {
  readonly market: string;
  readonly dataset: string;
  readonly form: BenchBody['form'];
  readonly megabytes: number;
  readonly values: number;
  /** Median over the readings. */
  readonly megabytes_per_second: number;
}

/** Reads one body once. Throws when it is not read whole. */
async function readerOf({ market, dataset, name, bytes }: BenchBody): Promise<() => number> {
  const payload = { name, bytes };
  const found = recognise(CONNECTORS, payload, { market, dataset });
  const manifest = await loadManifest(join(connectorsFolder(), found.connector.name, 'connector.yaml'));
  const transforms = transformsOf(manifest, found.dataset.name);
  return () => {
    const again = recognise(CONNECTORS, payload, { market, dataset });
    const { rows, rejected, damage } = refine(market, again.dataset, payload, transforms);
    if (damage !== null) throw damage;
    if (rejected.length > 0) throw new Error(`${market}: ${rejected[0]?.message}`);
    return rows.reduce((n, row) => n + row.values.length, 0);
  };
}

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function speedOf(body: BenchBody, seconds: number): Promise<Speed> {
  const read = await readerOf(body);
  let values = 0;
  // The first readings compile the code.
  for (let i = 0; i < 3; i++) values = read();
  const rates: number[] = [];
  for (const began = cpuSeconds(); cpuSeconds() - began < seconds || rates.length < 3; ) {
    const start = cpuSeconds();
    read();
    rates.push(body.bytes.length / 1e6 / (cpuSeconds() - start));
  }
  const median = rates.sort((a, b) => a - b)[rates.length >> 1] as number;
  const { market, dataset, form, bytes } = body;
  return {
    market,
    dataset,
    form,
    megabytes: Number((bytes.length / 1e6).toFixed(1)),
    values,
    megabytes_per_second: Number(median.toFixed(1)),
  };
}

const { values: options } = parseArgs({
  options: { megabytes: { type: 'string' }, seconds: { type: 'string' }, only: { type: 'string' } },
});
for (const body of benchBodies(Number(options.megabytes ?? 4) * 1e6))
  if (`${body.market} ${body.form}`.includes(options.only ?? ''))
    console.log(JSON.stringify(await speedOf(body, Number(options.seconds ?? 3))));
