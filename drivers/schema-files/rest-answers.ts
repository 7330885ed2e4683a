/**
 * The REST interface of Confluent's schema registry over the file registry: paths, bodies and error codes as
 * https://docs.confluent.io/platform/current/schema-registry/develop/api.html documents them, for Avro.
 */

import { CarbonError } from '../../core/errors.ts';
import { COMPATIBILITY_LEVELS, isCompatibilityLevel } from '../../core/schema/compatibility-level.ts';
import type { SchemaFiles } from './registry.ts';
import type { Subjects, SubjectVersion } from './subjects.ts';

/** A request, its path cut at the slashes and decoded. */
export interface RestRequest {
  readonly method: string;
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** What a client is told of its mistake. */
export class RestRefusal extends Error {
  readonly status: number;
  readonly errorCode: number;

  constructor(status: number, errorCode: number, message: string) {
    super(message);
    this.name = 'RestRefusal';
    this.status = status;
    this.errorCode = errorCode;
  }
}

const notFound = (code: number, message: string): RestRefusal => new RestRefusal(404, code, message);
const noSubject = (subject: string): RestRefusal => notFound(40401, `Subject '${subject}' not found.`);

/** Answers one request. Throws {@link RestRefusal}. */
export async function answerRest(registry: SchemaFiles, request: RestRequest): Promise<unknown> {
  const [room, ...rest] = request.parts;
  if (room === undefined) return {};
  if (room === 'subjects') return subjects(registry, request, rest);
  if (room === 'schemas') return schemas(registry, request, rest);
  if (room === 'compatibility') return compatibility(registry, request, rest);
  if (room === 'config') return config(registry, request, rest);
  if (room === 'mode') return mode(request, rest);
  throw notFound(404, 'HTTP 404 Not Found');
}

async function subjects(
  registry: SchemaFiles,
  request: RestRequest,
  rest: readonly string[],
): Promise<unknown> {
  const [subject, , number, raw] = rest;
  const { method } = request;
  const withDeleted = isSet(request, 'deleted');
  const state = await registry.now();
  if (subject === undefined) {
    only(method, 'GET');
    const prefix = request.query.get('subjectPrefix') ?? '';
    return state.names(withDeleted).filter((name) => name.startsWith(prefix));
  }
  if (rest.length === 1) {
    if (method === 'DELETE') return remove(registry, subject, null, isSet(request, 'permanent'));
    only(method, 'POST');
    if (state.versions(subject, withDeleted).length === 0) throw noSubject(subject);
    const found = state.find(subject, schemaOf(request), withDeleted);
    if (found === null) throw notFound(40403, 'Schema not found');
    return entry(found);
  }
  if (rest[1] !== 'versions') throw notFound(404, 'HTTP 404 Not Found');
  if (number === undefined) {
    if (method === 'POST') return register(registry, subject, schemaOf(request));
    only(method, 'GET');
    const versions = state.versions(subject, withDeleted);
    if (versions.length === 0) throw noSubject(subject);
    return versions.map(({ version }) => version);
  }
  if (method === 'DELETE') return remove(registry, subject, number, isSet(request, 'permanent'));
  only(method, 'GET');
  const found = versionOf(state, subject, number, withDeleted);
  if (raw === undefined) return entry(found);
  if (raw === 'schema') return JSON.parse(found.schema);
  throw notFound(404, 'HTTP 404 Not Found');
}

async function schemas(
  registry: SchemaFiles,
  request: RestRequest,
  rest: readonly string[],
): Promise<unknown> {
  only(request.method, 'GET');
  const [what, number, part] = rest;
  if (what === 'types' && number === undefined) return ['AVRO'];
  if (what !== 'ids' || number === undefined) throw notFound(404, 'HTTP 404 Not Found');
  const id = Number(number);
  const state = await registry.now();
  // An id that no subject uses any more is gone for clients of the interface.
  const uses = Number.isInteger(id) ? state.usesOf(id, true) : [];
  if (uses.length === 0) throw notFound(40403, `Schema ${number} not found`);
  const inSight = isSet(request, 'deleted') ? uses : uses.filter(({ isDeleted }) => !isDeleted);
  if (part === undefined) return { schema: uses[0].schema };
  if (part === 'schema') return JSON.parse(uses[0].schema);
  if (part === 'versions') return inSight.map(({ subject, version }) => ({ subject, version }));
  if (part === 'subjects') return [...new Set(inSight.map(({ subject }) => subject))];
  throw notFound(404, 'HTTP 404 Not Found');
}

async function compatibility(
  registry: SchemaFiles,
  request: RestRequest,
  rest: readonly string[],
): Promise<unknown> {
  only(request.method, 'POST');
  const [what, subject, versions, number] = rest;
  if (what !== 'subjects' || subject === undefined || versions !== 'versions')
    throw notFound(404, 'HTTP 404 Not Found');
  const state = await registry.now();
  const against = number === undefined ? state.versions(subject) : [versionOf(state, subject, number, false)];
  const schema = schemaOf(request);
  const broken = checked(() => state.breaks(subject, schema, against));
  const messages = broken.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return { is_compatible: broken.length === 0, ...(isSet(request, 'verbose') ? { messages } : {}) };
}

async function config(
  registry: SchemaFiles,
  request: RestRequest,
  rest: readonly string[],
): Promise<unknown> {
  const subject = rest[0] ?? null;
  const state = await registry.now();
  const own = state.ownLevel(subject) ?? (subject === null ? state.levelOf('') : null);
  const isFallback = isSet(request, 'defaultToGlobal');
  const missing = notFound(
    40408,
    `Subject '${subject}' does not have subject-level compatibility configured`,
  );
  if (request.method === 'PUT') {
    const level = (request.body as { compatibility?: unknown } | null)?.compatibility;
    if (!isCompatibilityLevel(level))
      throw new RestRefusal(
        422,
        42203,
        `Invalid compatibility level. Valid values are ${COMPATIBILITY_LEVELS.join(', ')}`,
      );
    await registry.record(() => ({ kind: 'level', subject, level }));
    return { compatibility: level };
  }
  if (request.method === 'DELETE') {
    if (own === null) throw missing;
    await registry.record(() => ({ kind: 'level', subject, level: null }));
    return { compatibilityLevel: own };
  }
  only(request.method, 'GET');
  if (own !== null) return { compatibilityLevel: own };
  if (isFallback && subject !== null) return { compatibilityLevel: state.levelOf(subject) };
  throw missing;
}

/** Everything may be read and written; there is no other mode here. */
function mode(request: RestRequest, rest: readonly string[]): unknown {
  only(request.method, 'GET');
  if (rest.length === 0 || isSet(request, 'defaultToGlobal')) return { mode: 'READWRITE' };
  throw notFound(40409, `Subject '${rest[0]}' does not have subject-level mode configured`);
}

async function register(registry: SchemaFiles, subject: string, schema: string): Promise<unknown> {
  try {
    return { id: (await registry.register(subject, schema)).id };
  } catch (error) {
    if (error instanceof CarbonError && error.code === 'SCHEMA_INCOMPATIBLE')
      throw new RestRefusal(
        409,
        409,
        `Schema being registered is incompatible with an earlier schema for subject "${subject}": ${error.message}`,
      );
    throw invalid(error);
  }
}

/** Out of sight first, for good then. */
async function remove(
  registry: SchemaFiles,
  subject: string,
  number: string | null,
  permanent: boolean,
): Promise<unknown> {
  let removed: readonly SubjectVersion[] = [];
  await registry.record((state) => {
    const all = state.versions(subject, true);
    if (all.length === 0) throw noSubject(subject);
    const inSight = state.versions(subject);
    if (number === null) {
      if (permanent && inSight.length > 0)
        throw notFound(40405, `Subject '${subject}' was not deleted first before being permanently deleted`);
      if (!permanent && inSight.length === 0) throw notFound(40404, `Subject '${subject}' was soft deleted.`);
      removed = permanent ? all : inSight;
      return { kind: 'deleted', subject, version: null, permanent };
    }
    const found = versionOf(state, subject, number, true);
    const named = `Subject '${subject}' Version ${found.version}`;
    if (permanent && !found.isDeleted)
      throw notFound(40407, `${named} was not deleted first before being permanently deleted`);
    if (!permanent && found.isDeleted) throw notFound(40406, `${named} was soft deleted.`);
    removed = [found];
    return { kind: 'deleted', subject, version: found.version, permanent };
  });
  return number === null ? removed.map(({ version }) => version) : removed[0].version;
}

function versionOf(state: Subjects, subject: string, number: string, withDeleted: boolean): SubjectVersion {
  const versions = state.versions(subject, withDeleted);
  if (versions.length === 0) throw noSubject(subject);
  const isLatest = number === 'latest' || number === '-1';
  if (!isLatest && !/^[1-9]\d{0,9}$/.test(number))
    throw new RestRefusal(422, 42202, `The specified version '${number}' is not a valid version id.`);
  const found = isLatest ? versions.at(-1) : versions.find(({ version }) => version === Number(number));
  if (found !== undefined) return found;
  throw notFound(40402, `Version ${number} not found.`);
}

function schemaOf({ body }: RestRequest): string {
  const { schema, schemaType } = (body ?? {}) as { schema?: unknown; schemaType?: unknown };
  if (schemaType !== undefined && schemaType !== 'AVRO')
    throw new RestRefusal(422, 42201, `Schemas of type ${String(schemaType)} are not kept here`);
  if (typeof schema !== 'string' || schema === '') throw new RestRefusal(422, 42201, 'Empty schema');
  checked(() => JSON.parse(schema));
  return schema;
}

/** Runs what may find the schema to be none. */
function checked<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw invalid(error);
  }
}

function invalid(error: unknown): unknown {
  if (error instanceof SyntaxError) return new RestRefusal(422, 42201, `Invalid schema: ${error.message}`);
  if (!(error instanceof CarbonError) || error.code !== 'SCHEMA_INVALID') return error;
  return new RestRefusal(422, 42201, `Invalid schema: ${error.message}`);
}

function entry({ subject, version, id, schema }: SubjectVersion): unknown {
  return { subject, version, id, schema };
}

const isSet = (request: RestRequest, name: string): boolean => request.query.get(name) === 'true';

function only(method: string, allowed: string): void {
  if (method !== allowed) throw new RestRefusal(405, 405, 'HTTP 405 Method Not Allowed');
}
