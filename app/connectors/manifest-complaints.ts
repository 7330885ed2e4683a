/** What is wrong with a `connector.yaml` beyond its shape: names against each other, the catalogue and the disk. */

import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { Connector } from '../../connectors/kit/contract.ts';
import { templateProblem } from '../../connectors/kit/declared/template.ts';
import { KEY_DOCS, rawTopicOf } from './manifest-schema.ts';
import { nestedDoc } from './nested-keys.ts';

/** Keys and positions that lead to a value. */
export type Path = readonly (string | number)[];

/** A problem that goes beyond the shape of the file. */
export interface Complaint {
  readonly path: Path;
  readonly message: string;
  readonly expected: string;
  readonly got: string;
}

type Record_ = Readonly<Record<string, unknown>>;

/** A map as it is, anything else as an empty one. */
export const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

/** True for a file whose datasets, or one of them, need no code. */
export function isDeclared(file: Record_): boolean {
  return entriesOf(file).some((entry) => entry['request'] !== undefined || entry['read'] !== undefined);
}

function entriesOf(file: Record_): Record<string, unknown>[] {
  return (Array.isArray(file['datasets']) ? file['datasets'] : []).map(record);
}

/** All complaints about a file; runs on whatever parts have the right type. */
export function complaintsOf(value: unknown, folder: string, connectors: readonly Connector[]): Complaint[] {
  const file = record(value);
  const connector = connectors.find((candidate) => candidate.name === file['name']);
  return [
    ...marketComplaints(file, connector),
    ...scopeComplaints(file, folder),
    ...nameComplaints(file, connector),
    ...declaredComplaints(file, connector),
  ];
}

function marketComplaints(file: Record_, connector: Connector | undefined): Complaint[] {
  const found: Complaint[] = [];
  const { market, output_topic: topic, name } = file;
  if (typeof market !== 'string') return found;
  if (typeof topic === 'string' && topic !== rawTopicOf(market))
    found.push({
      path: ['output_topic'],
      message: 'the topic is not that of the market',
      expected: rawTopicOf(market),
      got: topic,
    });
  if (connector !== undefined && market !== connector.market)
    found.push({
      path: ['market'],
      message: `the code of ${connector.name} is of another market`,
      expected: connector.market,
      got: market,
    });
  const begin = market.toLowerCase();
  const isForeign = typeof name === 'string' && market !== 'ANY' && name.split('-')[0] !== begin;
  if (connector === undefined && isForeign)
    found.push({
      path: ['name'],
      message: 'the name does not begin with the market: its schemas would belong to another topic',
      expected: `${begin}, or ${begin}- and more`,
      got: name,
    });
  return found;
}

/** Schemas and schedules of the file and of its datasets. */
function scopeComplaints(file: Record_, folder: string): Complaint[] {
  const entries = entriesOf(file);
  const found: Complaint[] = [];
  const scopes: [Path, Record_][] = [
    [[], file],
    ...entries.map((entry, i): [Path, Record_] => [['datasets', i], entry]),
  ];
  for (const [path, scope] of scopes) {
    const schema = scope['schema'];
    if (typeof schema === 'string' && (isAbsolute(schema) || !existsSync(resolve(folder, schema))))
      found.push({
        path: [...path, 'schema'],
        message: 'there is no such file',
        expected: KEY_DOCS['schema']?.expected ?? '',
        got: schema,
      });
    const mode = scope['mode'] ?? (path.length === 0 ? undefined : file['mode']);
    const runs = path.length > 0 || entries.length === 0;
    if (
      runs &&
      (mode === 'batch' || mode === 'hybrid') &&
      (scope['schedule'] ?? file['schedule']) === undefined
    )
      found.push({
        path: [...path, 'schedule'],
        message: `a ${mode} connector needs a schedule`,
        expected: KEY_DOCS['schedule']?.expected ?? '',
        got: 'nothing',
      });
  }
  return found;
}

function nameComplaints(file: Record_, connector: Connector | undefined): Complaint[] {
  const entries = entriesOf(file);
  const found: Complaint[] = [];
  const names =
    connector === undefined ? [] : [...connector.datasets.map((d) => d.name), ...connector.pushed];
  for (const [i, entry] of entries.entries()) {
    const dataset = entry['name'];
    if (typeof dataset !== 'string') continue;
    const isOwn = connector === undefined && entry['request'] !== undefined;
    if (!names.includes(dataset) && !isOwn)
      found.push({
        path: ['datasets', i, 'name'],
        message: 'the catalogue has no such dataset',
        expected: names.join(', ') || 'a connector of that name in the catalogue, or request and read',
        got: dataset,
      });
    if (entries.findIndex((other) => other['name'] === dataset) < i)
      found.push({
        path: ['datasets', i, 'name'],
        message: 'the dataset is listed twice',
        expected: 'each dataset once',
        got: dataset,
      });
  }
  return found;
}

/** `request` and `read`: both or none, templates that can be filled, and a host that may be asked. */
function declaredComplaints(file: Record_, connector: Connector | undefined): Complaint[] {
  const hosts = Array.isArray(file['hosts']) ? file['hosts'].map(String) : [];
  return entriesOf(file).flatMap((entry, i): Complaint[] => {
    const { request, read } = entry;
    if (request === undefined && read === undefined) return [];
    const path: Path = ['datasets', i];
    if (connector !== undefined)
      return [
        {
          path: [...path, request === undefined ? 'read' : 'request'],
          message: `${connector.name} has code for its datasets`,
          expected: 'no request and no read',
          got: 'both',
        },
      ];
    if (request === undefined || read === undefined) {
      const missing = request === undefined ? 'request' : 'read';
      return [{ path, message: `${missing} is missing`, expected: 'request and read together', got: 'one' }];
    }
    return [
      ...requestComplaints([...path, 'request'], record(request), hosts),
      ...hostComplaints([...path, 'stream', 'url'], record(entry['stream'])['url'], hosts),
    ];
  });
}

function requestComplaints(path: Path, request: Record_, hosts: readonly string[]): Complaint[] {
  const found: Complaint[] = [];
  const words = Object.keys(record(request['each']));
  const templates: [Path, unknown][] = [
    [['url'], request['url']],
    [['name'], request['name']],
    ...Object.entries(record(request['query'])).map(([key, text]): [Path, unknown] => [['query', key], text]),
  ];
  for (const [key, text] of templates) {
    const problem = typeof text === 'string' ? templateProblem(text, words) : null;
    if (problem !== null)
      found.push({
        path: [...path, ...key],
        message: problem,
        expected: nestedDoc(['request', ...key])?.expected ?? '',
        got: String(text),
      });
  }
  return [...found, ...hostComplaints([...path, 'url'], request['url'], hosts)];
}

function hostComplaints(path: Path, text: unknown, hosts: readonly string[]): Complaint[] {
  const url = typeof text === 'string' ? URL.parse(text.replaceAll(/[{}]/g, '_')) : null;
  if (url === null || hosts.includes(url.host)) return [];
  const expected = hosts.join(', ') || 'a list of hosts';
  return [{ path, message: 'the host is not among hosts', expected, got: url.host }];
}
