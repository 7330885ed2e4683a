/** The OpenAPI 3.1 document of a port: made from the same schemas that check requests, so that it cannot say otherwise. */

import { z } from 'zod';
import { JOB_STATUSES } from '../../core/model/job.ts';
import { backfillBody } from '../backfill/request-words.ts';
import { CODE_VERSION } from '../version.ts';
import type { Operation } from './api/operation.ts';
import { LIST_TYPES } from './api/representation.ts';
import { instant, problem } from './api/rows.ts';
import { reprocessBody } from './reprocess-route.ts';

type JsonSchema = Record<string, unknown>;

/** An endpoint that is no operation of the read API. */
export interface PlainEndpoint {
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly type: string;
  readonly statuses: readonly number[];
  /** Parameters of the query; none when left out. */
  readonly query?: readonly QueryParameter[];
  /** The schema of what is sent: the endpoint takes POST then, and no GET. */
  readonly body?: JsonSchema;
}

/** A parameter of a plain endpoint. */
interface QueryParameter {
  readonly name: string;
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
}

const time: JsonSchema = { type: 'string', minLength: 1 };

const PLAIN: readonly PlainEndpoint[] = [
  { path: '/', id: 'home', summary: 'A page of links, for people.', type: 'text/html', statuses: [200] },
  { path: '/livez', id: 'livez', summary: 'The process answers.', type: 'application/json', statuses: [200] },
  {
    path: '/readyz',
    id: 'readyz',
    summary: 'The process can serve; ?verbose lists the checks.',
    type: 'application/json',
    statuses: [200, 503],
    query: [
      {
        name: 'verbose',
        required: false,
        description: 'All checks, in place of those that failed.',
        schema: { type: 'string' },
      },
    ],
  },
  {
    path: '/health',
    id: 'health',
    summary: 'Liveness and readiness in one body.',
    type: 'application/json',
    statuses: [200, 503],
  },
  {
    path: '/metrics',
    id: 'metrics',
    summary: 'Metrics for Prometheus.',
    type: 'text/plain',
    statuses: [200],
  },
  {
    path: '/openapi.json',
    id: 'openapi',
    summary: 'This document.',
    type: 'application/json',
    statuses: [200],
  },
];

const CONNECTORS: readonly PlainEndpoint[] = [
  {
    path: '/connectors',
    id: 'connectors',
    summary: 'Connectors with version, health, datasets, schedules and last fetches.',
    type: 'application/json',
    statuses: [200, 400],
  },
  {
    path: '/connectors/{name}',
    id: 'connector',
    summary: 'One connector, with its last run and the completeness of yesterday and today.',
    type: 'application/json',
    statuses: [200, 400, 404],
  },
  {
    path: '/connectors/{name}/pull',
    id: 'pull',
    summary: 'Asks the market for a window of at most 31 days: the same window is the same run.',
    type: 'application/json',
    statuses: [200, 400, 404, 409, 503],
    query: [
      {
        name: 'from',
        required: true,
        description: 'Start of the window: a date (UTC) or a time.',
        schema: time,
      },
      {
        name: 'to',
        required: true,
        description: 'End of the window: a date is inclusive, a time exclusive.',
        schema: time,
      },
      {
        name: 'dataset',
        required: false,
        description: 'Only these datasets, with commas.',
        schema: { type: 'string', minLength: 1 },
      },
      {
        name: 'rows',
        required: false,
        description: 'The values, too; the window is at most 7 days then.',
        schema: { type: 'string', enum: ['true', 'false'], default: 'false' },
      },
    ],
  },
  {
    path: '/catalogue',
    id: 'catalogue',
    summary: 'Every dataset with its fields, units, time convention, topic and first interval.',
    type: 'application/json',
    statuses: [200, 400],
  },
  {
    path: '/index',
    id: 'connectors_index',
    summary: 'The index for schedulers, as connectors_index.json.',
    type: 'application/json',
    statuses: [200, 400],
  },
];

/** The plain endpoints of a port. */
export function plainEndpoints(service: string): readonly PlainEndpoint[] {
  if (service === 'connector-registry') return [...PLAIN, ...CONNECTORS];
  if (service === 'aggregation') return [...PLAIN, ...BACKFILL];
  return service === 'normalization' ? [...PLAIN, REPROCESS] : PLAIN;
}

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io }) as JsonSchema;
  return rest;
};
const REPROCESS: PlainEndpoint = {
  path: '/reprocess',
  id: 'reprocess',
  summary:
    'Puts the raw events about a window before normalization once more: what was refused is judged anew.',
  type: 'application/json',
  statuses: [202, 400, 405, 409, 413, 503],
  body: schemaOf(reprocessBody, 'input'),
};
const BACKFILL: readonly PlainEndpoint[] = [
  {
    path: '/backfill',
    id: 'backfill',
    summary: 'Makes a job that holds the bars and latest prices of a window against silver, and mends them.',
    type: 'application/json',
    statuses: [202, 400, 404, 405, 409, 413, 503],
    body: schemaOf(backfillBody, 'input'),
  },
  {
    path: '/backfill',
    id: 'backfill_jobs',
    summary: 'The last hundred jobs, the newest first.',
    type: 'application/json',
    statuses: [200, 400, 503],
    query: [
      {
        name: 'status',
        required: false,
        description: 'Only jobs in this state.',
        schema: { type: 'string', enum: [...JOB_STATUSES] },
      },
    ],
  },
  {
    path: '/backfill/{id}',
    id: 'backfill_job',
    summary: 'One job: what it is about, how far it is, what it found.',
    type: 'application/json',
    statuses: [200, 400, 404, 503],
  },
];
const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: JsonSchema): JsonSchema => ({ 'application/json': { schema } });
const STATUS_WORDS: Readonly<Record<number, string>> = {
  200: 'The answer.',
  202: 'Done as far as this port goes; the rest follows by itself.',
  304: 'Not changed since the ETag of If-None-Match.',
  400: 'The request is not understood; the body names the parameter and what is allowed.',
  404: 'Nothing of that name.',
  405: 'The path takes other methods; the header Allow names them.',
  409: 'Another run works on it, or its name is taken; the body says which.',
  406: 'None of the types of the header Accept is there.',
  413: 'The body is too long.',
  503: 'Not now; ask again after Retry-After.',
};

/** The document of a service's port. `operations` are empty but for the port of the read API. */
export function openApiDocument(service: string, operations: readonly Operation[]): JsonSchema {
  const paths: JsonSchema = {};
  for (const endpoint of plainEndpoints(service))
    paths[endpoint.path] = {
      ...(paths[endpoint.path] as JsonSchema | undefined),
      [endpoint.body === undefined ? 'get' : 'post']: plainItem(endpoint),
    };
  for (const operation of operations) paths[operation.path] = { get: operationItem(operation) };
  return {
    openapi: '3.1.0',
    info: {
      title: `254carbon ${service}`,
      version: CODE_VERSION,
      description:
        'Market data for energy and commodities. Prices are exact decimal numbers as text, times ISO 8601 in UTC.',
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: {
        Problem: schemaOf(problem, 'output'),
        ...Object.fromEntries(
          operations.map((operation) => [
            nameOf(operation),
            schemaOf(operation.kind === 'list' ? operation.row : operation.answer, 'output'),
          ]),
        ),
      },
    },
  };
}

function nameOf({ id }: Operation): string {
  return `${id.charAt(0).toUpperCase()}${id.slice(1)}`;
}

function plainItem({ id, summary, type, statuses, path, query = [], body }: PlainEndpoint): JsonSchema {
  const inQuery = query.map((parameter) => ({ in: 'query', ...parameter }));
  // Health says in its own words why it is not ready.
  const isHealth = statuses.every((status) => status === 200 || status === 503);
  return {
    operationId: id,
    summary,
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(body) } }),
    parameters: [...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => inPath(name)), ...inQuery],
    responses: Object.fromEntries(
      statuses.map((status) => [
        String(status),
        {
          description: STATUS_WORDS[status],
          content: status >= 400 && !isHealth ? json(ref('Problem')) : { [type]: { schema: {} } },
        },
      ]),
    ),
  };
}

function operationItem(operation: Operation): JsonSchema {
  const { id, summary, description, query, path, example } = operation;
  const { properties = {}, required = [] } = schemaOf(query, 'input') as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  return {
    operationId: id,
    summary,
    description: `${description} Example: ${example}`,
    parameters: [
      ...names.map(inPath),
      {
        name: 'X-Tenant-Id',
        in: 'header',
        required: false,
        description: 'Whose data; that of the process when left out.',
        schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' },
      },
      ...Object.entries(properties).map(([name, { description: what, ...schema }]) => ({
        name,
        in: 'query',
        required: required.includes(name),
        description: what,
        schema,
      })),
    ],
    responses: {
      200: { description: STATUS_WORDS[200], content: contentOf(operation) },
      304: { description: STATUS_WORDS[304] },
      ...Object.fromEntries(
        (names.length > 0 ? [400, 404, 405, 406, 503] : [400, 405, 406, 503]).map((status) => [
          status,
          { description: STATUS_WORDS[status], content: json(ref('Problem')) },
        ]),
      ),
    },
  };
}

function contentOf(operation: Operation): JsonSchema {
  const row = ref(nameOf(operation));
  const known = schemaOf(instant.describe('As of when the answer holds.'), 'output');
  const envelope = (data: JsonSchema, more: JsonSchema): JsonSchema => ({
    type: 'object',
    properties: { data, ...more, as_of: known },
    required: ['data', ...Object.keys(more), 'as_of'],
    additionalProperties: false,
  });
  if (operation.kind === 'single') return json(envelope(row, {}));
  const [asJson, asLines, asCsv] = LIST_TYPES;
  const next = { type: ['string', 'null'], description: 'The cursor of the next page; null at the end.' };
  return {
    [asJson]: { schema: envelope({ type: 'array', items: row }, { next }) },
    [asLines]: { schema: { type: 'string', description: 'One row of the same kind per line.' } },
    [asCsv]: { schema: { type: 'string', description: 'The same columns, with a head line.' } },
  };
}

function inPath(name: string): JsonSchema {
  return { name, in: 'path', required: true, schema: { type: 'string', minLength: 1, maxLength: 500 } };
}
