/** `carbon connector validate`: a connector's file, its sample bodies, and the events they make against its schema. */

import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Connector, Dataset, Payload } from '../../connectors/kit/contract.ts';
import { recognise } from '../../connectors/kit/recognise.ts';
import { refine, requireWhole } from '../../connectors/kit/refine.ts';
import { CarbonError } from '../../core/errors.ts';
import type { RawRow } from '../../core/model/raw-row.ts';
import { openContainer } from '../../drivers/containers/container.ts';
import { shapeMismatches } from './avro-shape.ts';
import { connectorOf } from './catalogue.ts';
import { codedConnectors } from './coded.ts';
import { inspectManifest, type Manifest, type ManifestSurroundings, settingsOf } from './manifest.ts';

/** A sample body that was read, and how much it held. */
export interface SampleReport {
  readonly dataset: string;
  readonly file: string;
  readonly rows: number;
  readonly values: number;
}

/** What validation found: nothing is wrong when `problems` is empty. */
export interface ConnectorReport {
  readonly manifest: Manifest | null;
  readonly problems: readonly CarbonError[];
  readonly samples: readonly SampleReport[];
}

/**
 * Checks the file at `path` (A2) and, where a dataset names a sample, that the sample is recognised, read whole and
 * without rejected rows by the transforms of the file, and that each row fits the raw schema (A3).
 * Throws FILE_UNREADABLE only when the connector.yaml itself cannot be read.
 */
export async function validateConnector(
  path: string,
  around: ManifestSurroundings = {},
): Promise<ConnectorReport> {
  const { manifest, problems: found } = await inspectManifest(path, around);
  const problems = [...found];
  const samples: SampleReport[] = [];
  if (manifest === null) return { manifest, problems, samples };
  const connectors = around.connectors ?? codedConnectors();
  const connector =
    connectors.find((candidate) => candidate.name === manifest.name) ??
    connectorOf(manifest, basename(dirname(resolve(path))));
  for (const dataset of connector.datasets) {
    try {
      const report = await checkSample(path, manifest, connector, dataset);
      if (report !== null) samples.push(report);
    } catch (error) {
      if (!(error instanceof CarbonError)) throw error;
      problems.push(error);
    }
  }
  return { manifest, problems, samples };
}

async function checkSample(
  path: string,
  manifest: Manifest,
  connector: Connector,
  dataset: Dataset,
): Promise<SampleReport | null> {
  const { sample, schema, transforms } = settingsOf(manifest, dataset.name);
  if (sample === undefined) return null;
  const file = resolve(dirname(path), sample);
  const payload = await onlyMember(file);
  const found = recognise([connector], payload);
  if (found.dataset !== dataset)
    throw new CarbonError(
      'SOURCE_UNRECOGNISED',
      `the sample of ${dataset.name} is read as ${found.dataset.name}`,
      {
        position: { file, expected: dataset.name, got: found.dataset.name },
      },
    );
  const refined = requireWhole(refine(connector.market, dataset, payload, transforms));
  const [bad] = refined.rejected;
  if (bad !== undefined)
    throw new CarbonError(bad.code, `the sample of ${dataset.name}, ${bad.message}`, {
      position: { file, line: bad.row, field: bad.field, expected: bad.expected, got: bad.got },
    });
  const avro: unknown = JSON.parse((await bytesOf(resolve(dirname(path), schema))).toString());
  for (const row of refined.rows) requireShape(avro, row, manifest.name, file);
  const values = refined.rows.reduce((sum, row) => sum + row.values.length, 0);
  return { dataset: dataset.name, file, rows: refined.rows.length, values };
}

/** A sample is one body, bare or in a container of one member. */
async function onlyMember(file: string): Promise<Payload> {
  const { members } = await openContainer({ name: basename(file), bytes: await bytesOf(file) });
  const [payload, ...others] = members;
  if (payload !== undefined && others.length === 0) return payload;
  throw new CarbonError('SOURCE_UNRECOGNISED', `the sample has ${members.length} members`, {
    position: { file, expected: 'one body', got: `${members.length} members` },
  });
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new CarbonError('FILE_UNREADABLE', `cannot read ${file}`, { position: { file }, cause });
  }
}

function requireShape(schema: unknown, row: RawRow, source: string, file: string): void {
  const [mismatch] = shapeMismatches(schema, sampleEvent(row, source));
  if (mismatch === undefined) return;
  const { path, expected, got } = mismatch;
  throw new CarbonError('SCHEMA_INVALID', `line ${row.row} does not fit the raw schema at ${path}`, {
    position: { file, line: row.row, field: path, expected, got },
  });
}

/** The raw event of a row as plain values; the parts that a run adds are placeholders. */
export function sampleEvent(row: RawRow, source: string): Record<string, unknown> {
  return {
    event_id: '00000000-0000-8000-8000-000000000000',
    trace_id: '',
    occurred_at: row.publishedAt ?? row.intervalStart,
    tenant_id: 'default',
    schema_version: '1.0.0',
    producer: `connector-${source}`,
    payload: {
      source,
      market: row.market,
      dataset: row.dataset,
      location: row.location,
      series: row.series,
      source_time: row.sourceTime,
      interval_start: row.intervalStart,
      interval_end: row.intervalEnd,
      time_rule: row.timeRule,
      sequence: row.sequence,
      trade_id: row.tradeId,
      cancels: row.cancels,
      published_at: row.publishedAt,
      values: row.values.map(({ field, value, unit }) => ({ field, value, unit })),
      archive_sha256: null,
      archive_row: row.row,
    },
  };
}
