/**
 * SchemaRegistry over the REST interface that Confluent defined and others serve too (Apicurio, Karapace, Redpanda).
 *
 * What was answered once is kept: an id never changes its meaning, and the newest schema of a subject is asked for
 * again only when the caller opens the registry anew or registers.
 */

import { CarbonError, type ErrorCode } from '../../core/errors.ts';
import type { RegisteredSchema, SchemaRegistry } from '../../core/ports/schema-registry.ts';
import { type CompatibilityLevel, isCompatibilityLevel } from '../../core/schema/compatibility-level.ts';
import type { ConfluentRegistryOptions } from './options.ts';
import { ConfluentRest, type RestAnswer } from './rest.ts';

/** Opens a registry; nothing is sent before the first call. Throws CONFIG_INVALID for a URL that is none. */
export function openConfluentRegistry(options: ConfluentRegistryOptions): SchemaRegistry {
  return new ConfluentRegistry(new ConfluentRest(options));
}

/** Registered with the schema that it was asked for: what the interface calls an entry. */
interface Entry {
  readonly id: number;
  readonly subject: string;
  readonly version: number;
  readonly schema: string;
}

class ConfluentRegistry implements SchemaRegistry {
  private readonly rest: ConfluentRest;
  private readonly ids = new Map<number, RegisteredSchema>();
  private readonly newest = new Map<string, RegisteredSchema>();

  constructor(rest: ConfluentRest) {
    this.rest = rest;
  }

  async latest(subject: string): Promise<RegisteredSchema> {
    const known = this.newest.get(subject);
    if (known !== undefined) return known;
    const answer = await this.rest.ask('GET', `/subjects/${encodeURIComponent(subject)}/versions/latest`);
    if (answer.status === 404)
      throw unknown(`no schema is registered for the subject ${subject}`, { subject });
    return this.keep(entryOf(expectOk(answer, `subject ${subject}`)));
  }

  async byId(id: number): Promise<RegisteredSchema> {
    const known = this.ids.get(id);
    if (known !== undefined) return known;
    const answer = await this.rest.ask('GET', `/schemas/ids/${id}`);
    if (answer.status === 404) throw unknown(`no schema has the id ${id}`, { id });
    const { schema } = expectOk(answer, `schema ${id}`) as { readonly schema?: unknown };
    if (typeof schema !== 'string') throw unexpected(answer, `schema ${id}`);
    const uses = expectOk(await this.rest.ask('GET', `/schemas/ids/${id}/versions`), `schema ${id}`);
    const [first] = Array.isArray(uses) ? (uses as { subject?: unknown; version?: unknown }[]) : [];
    const found = entryOf({ id, schema, subject: first?.subject ?? '', version: first?.version ?? 0 });
    this.ids.set(id, found);
    return found;
  }

  async subjects(): Promise<string[]> {
    const names = expectOk(await this.rest.ask('GET', '/subjects'), 'subjects');
    return (names as string[]).toSorted();
  }

  async register(subject: string, schema: string): Promise<RegisteredSchema> {
    const path = `/subjects/${encodeURIComponent(subject)}`;
    const made = await this.rest.ask('POST', `${path}/versions`, { schema });
    refuseSchema(made, subject);
    expectOk(made, `subject ${subject}`);
    // The answer is the id alone.
    const found = await this.rest.ask('POST', path, { schema });
    if (found.status === 404)
      throw unknown(`a schema of ${subject} was registered and is not there`, { subject });
    const entry = entryOf(expectOk(found, `subject ${subject}`));
    this.newest.delete(subject);
    if (!this.ids.has(entry.id)) this.ids.set(entry.id, entry);
    return entry;
  }

  async compatibility(subject: string): Promise<CompatibilityLevel> {
    const own = await this.rest.ask('GET', `/config/${encodeURIComponent(subject)}?defaultToGlobal=true`);
    // Some do not know a subject that has no schema yet.
    const answer = own.status === 404 ? await this.rest.ask('GET', '/config') : own;
    const { compatibilityLevel } = expectOk(answer, `level of ${subject}`) as {
      readonly compatibilityLevel?: unknown;
    };
    if (!isCompatibilityLevel(compatibilityLevel)) throw unexpected(answer, `level of ${subject}`);
    return compatibilityLevel;
  }

  async setCompatibility(subject: string, level: CompatibilityLevel): Promise<void> {
    const path = `/config/${encodeURIComponent(subject)}`;
    expectOk(await this.rest.ask('PUT', path, { compatibility: level }), `level of ${subject}`);
  }

  private keep(entry: RegisteredSchema): RegisteredSchema {
    this.newest.set(entry.subject, entry);
    if (!this.ids.has(entry.id)) this.ids.set(entry.id, entry);
    return entry;
  }
}

function entryOf(json: unknown): RegisteredSchema {
  const { id, subject, version, schema } = (json ?? {}) as Partial<Entry>;
  if (
    Number.isInteger(id) &&
    typeof subject === 'string' &&
    Number.isInteger(version) &&
    typeof schema === 'string'
  )
    return { id: id as number, subject, version: version as number, schema };
  throw new CarbonError('STORE_REFUSED', 'the schema registry answers with something that is no schema');
}

/** What the registry has against a schema. */
function refuseSchema(answer: RestAnswer, subject: string): void {
  const code: ErrorCode | null =
    answer.status === 409 ? 'SCHEMA_INCOMPATIBLE' : answer.status === 422 ? 'SCHEMA_INVALID' : null;
  if (code === null) return;
  throw new CarbonError(code, `${subject}: ${answer.reason}`, {
    position: { file: subject },
    context: { subject },
  });
}

/** The body of an answer that is one. */
function expectOk(answer: RestAnswer, what: string): unknown {
  if (answer.status === 200 || answer.status === 201) return answer.body;
  throw unexpected(answer, what);
}

function unexpected(answer: RestAnswer, what: string): CarbonError {
  // A registry that lacks something says so in its own form; any other 404 comes from a server without these paths.
  if (answer.status === 404 && !isOfRegistry(answer.body))
    return new CarbonError(
      'CONFIG_INVALID',
      `no schema registry answers to ${what}: its address may lack a path, such as /apis/ccompat/v7 of Apicurio`,
      { position: { field: 'DATA_PROC_SCHEMA_REGISTRY_URL' }, context: { status: answer.status } },
    );
  const isRights = answer.status === 401 || answer.status === 403;
  return new CarbonError(
    isRights ? 'CONFIG_INVALID' : 'STORE_REFUSED',
    `the schema registry refuses ${what}: ${answer.reason}`,
    { context: { status: answer.status } },
  );
}

const isOfRegistry = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'error_code' in body;

function unknown(message: string, context: Record<string, string | number>): CarbonError {
  return new CarbonError('SCHEMA_UNKNOWN', message, { context });
}
