/** Small valid bodies of every dataset: samples and golden payloads, and OASIS reports of two intervals. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { allConnectors } from '../../app/connectors/catalogue.ts';
import type { Payload } from '../../connectors/kit/contract.ts';
import { recognise } from '../../connectors/kit/recognise.ts';
import {
  AUTUMN,
  HUBS,
  NORMAL,
  oasisCsv,
  oasisXml,
  PRINTS,
  SPRING,
} from '../../scripts/samples/oasis-report.ts';
import { caseFiles } from '../support/case-files.ts';
import { bytesOf } from '../support/read-body.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const GOLDEN = 'tests/data/golden/decode';
/** Decoders read a body many thousand times: what is longer than this, in bytes, is left to other tests. */
const SMALL = 6_000;

/** Bodies by `connector.dataset`. Several, of several layouts, where there are such. */
export function smallBodies(): Map<string, Payload[]> {
  const found = new Map<string, Payload[]>();
  const add = (name: string, payload: Payload): void => {
    const bodies = found.getOrInsertComputed(name, () => []);
    const isNew = bodies.every(({ bytes }) => Buffer.compare(bytes, payload.bytes) !== 0);
    if (isNew && payload.bytes.length <= SMALL) bodies.push(payload);
  };
  for (const name of readdirSync(join(ROOT, 'samples'))) {
    if (name.endsWith('.zip')) continue;
    const payload = { name, bytes: bytesOfFile(join('samples', name)) };
    const { connector, dataset } = recognise(allConnectors(), payload);
    add(`${connector.name}.${dataset.name}`, payload);
  }
  for (const [name, payload] of goldenPayloads()) add(name, payload);
  for (const { market, dataset, body } of caseFiles())
    add(`${market}.${dataset}`, { name: 'case', bytes: bytesOf(body) });
  for (const [name, print] of Object.entries(PRINTS)) {
    const how = { ...print, nodes: HUBS.slice(0, 1), intervals: 2 };
    add(`caiso.${name}`, { name: 'report.csv', bytes: bytesOf(oasisCsv(SPRING, how).payload) });
    add(`caiso.${name}`, {
      name: 'old.csv',
      bytes: bytesOf(oasisCsv(NORMAL, { ...how, ghg: false }).payload),
    });
    add(`caiso.${name}`, { name: 'report.xml', bytes: bytesOf(oasisXml(AUTUMN, how).payload) });
  }
  return found;
}

const bytesOfFile = (path: string): Uint8Array => new Uint8Array(readFileSync(join(ROOT, path)));

function* goldenPayloads(): Iterable<[name: string, Payload]> {
  for (const path of readdirSync(join(ROOT, GOLDEN), { recursive: true, encoding: 'utf8' }).sort()) {
    const [market, dataset, , file] = path.split('/');
    if (file === undefined || !file.startsWith('payload.')) continue;
    const full = join(GOLDEN, path);
    if (statSync(join(ROOT, full)).size <= SMALL)
      yield [`${market}.${dataset}`, { name: file, bytes: bytesOfFile(full) }];
  }
}
