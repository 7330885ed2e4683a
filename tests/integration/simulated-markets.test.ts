/**
 * Connectors against simulators, over sockets: what a connector plans is served, and what it reads is what was
 * published, value by value. The two were written apart, from the same descriptions of the markets.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONNECTORS } from '../../connectors/catalog.ts';
import type { Connector, Dataset, SourceRequest } from '../../connectors/kit/contract.ts';
import { recognise } from '../../connectors/kit/recognise.ts';
import { refine } from '../../connectors/kit/refine.ts';
import { CarbonError } from '../../core/errors.ts';
import { DAY, HOUR, type Micros, parseInstant } from '../../core/time/instant.ts';
import { openContainer } from '../../drivers/containers/container.ts';
import {
  type FaultName,
  type RequestRecord,
  SIMULATORS,
  type Simulator,
  startSimulator,
} from '../../simulators/catalog.ts';
import { CONTENT_FAULTS } from '../../simulators/fault-menu.ts';

/** Simulators whose market has a connector here. */
const PAIRED = SIMULATORS.filter((name) => CONNECTORS.some((each) => each.name === name));
const TRANSFORMS = ['standardize_timezone', 'sanitize_numeric'];
/** Evenings after the hour that is repeated, after the hour that is missing, and of a plain day. */
const EVENINGS = ['2025-11-03T03:02:00Z', '2025-03-10T03:02:00Z', '2025-07-09T03:02:00Z'];

function utc(text: string): Micros {
  const at = parseInstant(text);
  assert.ok(at !== null);
  return at;
}

const keyOf = (value: { location: string | null; field: string; start: Micros; end: Micros }): string =>
  `${value.location} ${value.field} ${value.start} ${value.end}`;

/** What a connector reads of one answer: values by key, and how many rows it set aside. */
interface Reading {
  readonly values: Map<string, string | null>;
  readonly rejected: number;
}

/** Fetches and reads one request. Throws the connector's own error for a body that it refuses. */
async function read(
  connector: Connector,
  dataset: Dataset,
  request: SourceRequest,
  simulator: Simulator,
): Promise<Reading> {
  const { pathname, search } = new URL(request.url);
  const response = await fetch(simulator.origin + pathname + search);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { members } = await openContainer({ name: request.name, bytes });
  const values = new Map<string, string | null>();
  let rejected = 0;
  for (const payload of members) {
    const refusal = connector.refusal?.(payload) ?? null;
    if (refusal !== null) throw refusal;
    const found = recognise(CONNECTORS, payload, { market: connector.market, dataset: dataset.name });
    const refined = refine(connector.market, found.dataset, payload, TRANSFORMS);
    if (refined.damage !== null) throw refined.damage;
    rejected += refined.rejected.length;
    for (const { location, intervalStart: start, intervalEnd: end, values: cells } of refined.rows)
      for (const { field, value } of cells) values.set(keyOf({ location, field, start, end }), value);
  }
  return { values, rejected };
}

/** All that is published around a time, by key. */
function truthOf(simulator: Simulator, dataset: string, at: Micros): Map<string, string> {
  const values = simulator.published(dataset, { start: at - 4 * DAY, end: at + 3 * DAY }, at);
  return new Map([...values].map((value) => [keyOf(value), value.value]));
}

function connectorOf(name: string): Connector {
  const connector = CONNECTORS.find((each) => each.name === name);
  assert.ok(connector !== undefined, name);
  return connector;
}

const simulated = (connector: Connector, simulator: Simulator): Dataset[] =>
  connector.datasets.filter(({ name }) => simulator.datasets.includes(name));

for (const name of PAIRED)
  test(`${name}: what is read is what was published, on days of 23, 24 and 25 hours`, async () => {
    for (const evening of EVENINGS) {
      const at = utc(evening);
      const simulator = await startSimulator(name, { seed: 17, clock: () => at, nodes: 12 });
      try {
        const connector = connectorOf(name);
        const datasets = simulated(connector, simulator);
        assert.ok(datasets.length >= 3, name);
        for (const dataset of datasets) {
          const window = { start: at - 20 * HOUR, end: at };
          const truth = truthOf(simulator, dataset.name, at);
          const seen = new Map<string, string | null>();
          for (const request of dataset.plan(window, { now: at })) {
            const reading = await read(connector, dataset, request, simulator).catch((error: unknown) => {
              // What is not due yet may be absent.
              assert.ok(error instanceof CarbonError && error.code === 'SOURCE_NO_DATA', String(error));
              assert.ok(at < request.expectedAt, `${request.url} was due`);
              return null;
            });
            if (reading === null) continue;
            assert.equal(reading.rejected, 0, request.url);
            for (const [key, value] of reading.values) seen.set(key, value);
          }
          for (const [key, value] of seen)
            assert.equal(Number(value), Number(truth.get(key)), `${dataset.name} ${key}`);
          const places = new Set([...seen.keys()].map((key) => key.slice(0, key.search(/ [a-z]+ \d+ \d+$/))));
          const wanted = [...simulator.published(dataset.name, window, at)].filter(({ location }) =>
            places.has(location),
          );
          assert.ok(wanted.length > 0 || name === 'miso', `${dataset.name} at ${evening}`);
          for (const value of wanted)
            assert.ok(seen.has(keyOf(value)), `${dataset.name} lacks ${keyOf(value)}`);
        }
      } finally {
        await simulator.close();
      }
    }
  });

function outcomeOf(reading: Reading | CarbonError): string {
  if (reading instanceof CarbonError) return `refused, ${reading.code}`;
  return reading.rejected === 0 ? 'read' : `read, ${reading.rejected} rows set aside`;
}

/** What a reading may lack or add because of a fault. */
function affected(record: RequestRecord): Set<string> {
  return new Set(record.effects.flatMap(({ values }) => values.map(keyOf)));
}

for (const fault of Object.keys(CONTENT_FAULTS) as FaultName[])
  test(`fault ${fault}: no market's body is read as something that was not published`, async (t) => {
    const at = utc(EVENINGS[2]);
    let struck = 0;
    for (const name of PAIRED) {
      const connector = connectorOf(name);
      for (let k = 0; ; k++) {
        const simulator = await startSimulator(name, {
          seed: 17,
          clock: () => at,
          nodes: 12,
          faults: { once: [fault] },
        });
        try {
          const dataset = simulated(connector, simulator)[k];
          if (dataset === undefined) break;
          const truth = truthOf(simulator, dataset.name, at);
          for (const request of dataset.plan({ start: at - 20 * HOUR, end: at }, { now: at })) {
            const reading = await read(connector, dataset, request, simulator).catch((error: unknown) => {
              assert.ok(error instanceof CarbonError && error.code.startsWith('SOURCE_'), String(error));
              return error;
            });
            const record = simulator.requests()[simulator.requests().length - 1];
            if (record.fault !== null) {
              struck++;
              t.diagnostic(`${name} ${dataset.name}: ${outcomeOf(reading)}`);
            }
            if (reading instanceof CarbonError) continue;
            const excused = affected(record);
            for (const [key, value] of reading.values)
              if (value !== null && !excused.has(key))
                assert.equal(Number(value), Number(truth.get(key)), `${name} ${dataset.name} ${key}`);
            for (const { kind, values } of record.effects)
              if (kind === 'no-value' || kind === 'unreadable')
                for (const each of values)
                  assert.equal(reading.values.get(keyOf(each)) ?? null, null, keyOf(each));
          }
        } finally {
          await simulator.close();
        }
      }
    }
    assert.ok(struck > 0, `${fault} never struck`);
  });
