/**
 * Who asks: the schemes of `auth` in `connector.yaml` applied to an exchange. What is added here goes to the source and
 * nowhere else: the ledger, the log lines and the archive get the address without it, and bodies without the secrets.
 */

import { CarbonError } from '../../core/errors.ts';
import type { Http, HttpResponse } from '../../core/ports/http.ts';
import { type Micros, SECOND } from '../../core/time/instant.ts';
import type { AuthScheme } from '../connectors/auth-schema.ts';
import { secretOf, unusable, type Variables, withoutSecrets } from './secrets.ts';

/** A token is renewed this long before it ends. */
const EARLY: Micros = 60 * SECOND;
const TOKEN_BYTES = 100_000;
const PAGE_BYTES = 5_000_000;
const TOKEN_MS = 30_000;

/** What is added to a request, and what must not be kept of its answer. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Texts that are taken out of bodies, headers and messages. */
  readonly secrets: readonly string[];
  /** True when one of them is a token that a source may have withdrawn before its end. */
  readonly hasToken: boolean;
}

/** What credentials are made with. */
export interface AuthSurroundings {
  readonly http: Http;
  readonly now: () => Micros;
  readonly variables: Variables;
  /** Scheme, host and port in place of those of the source: there, what is not set is left out. */
  readonly origin?: string | undefined;
}

interface Token {
  readonly value: string;
  readonly until: Micros;
}

const tokens = new WeakMap<Http, Map<string, Promise<Token>>>();

/**
 * The credentials of all schemes. Throws SECRET_MISSING with the variable for one that is needed and not set, and what
 * the exchange for a token throws: SOURCE_REFUSED, SOURCE_BUSY, SOURCE_UNREACHABLE. `renew` asks for new tokens.
 */
export async function credentialsOf(
  schemes: readonly AuthScheme[],
  around: AuthSurroundings,
  renew = false,
): Promise<Credentials> {
  const headers: Record<string, string> = {};
  const query: Record<string, string> = {};
  const secrets: string[] = [];
  let hasToken = false;
  for (const scheme of schemes) {
    const found = secretsFor(scheme, around);
    if (found === null) continue;
    secrets.push(...found.values());
    const secret = found.get('secret') ?? '';
    if (scheme.kind === 'basic') {
      const pair = `${found.get('user') ?? ''}:${found.get('password') ?? ''}`;
      headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
      secrets.push(pair);
    } else if (scheme.kind === 'bearer') headers['authorization'] = `Bearer ${secret}`;
    else if (scheme.kind === 'header') headers[scheme.name.toLowerCase()] = secret;
    else if (scheme.kind === 'query') query[scheme.name] = secret;
    else {
      const { value } = await tokenOf(scheme, found, around, renew);
      if (scheme.kind === 'cookie') {
        // It is given to everybody, and no secret.
        if (value !== '') headers['cookie'] = value;
        continue;
      }
      headers['authorization'] = `Bearer ${value}`;
      secrets.push(value);
      hasToken = true;
    }
  }
  return { headers, query, secrets, hasToken };
}

/** The secrets of a scheme by the name of their key or field; null when it may be left out and is not set. */
function secretsFor(scheme: AuthScheme, around: AuthSurroundings): Map<string, string> | null {
  const found = new Map<string, string>();
  for (const [key, name] of Object.entries(namesOf(scheme))) {
    const secret = secretOf(name, around.variables);
    if (secret !== null) {
      found.set(key, secret);
      continue;
    }
    if (scheme.optional || around.origin !== undefined) return null;
    throw unusable(
      name,
      `the source wants ${scheme.kind === 'basic' ? 'a user and a password' : scheme.kind === 'token' ? 'a token' : 'a key'}: ${name} is not set`,
      `${name} or ${name}_FILE in the environment`,
      'nothing',
    );
  }
  return found;
}

/** The schemes that are for a host. */
export function schemesFor(schemes: readonly AuthScheme[], host: string): AuthScheme[] {
  return schemes.filter(({ hosts }) => hosts === undefined || hosts.includes(host));
}

/** Hosts of schemes that are for some only, all of whose secrets are set. Throws SECRET_MISSING as above. */
export function signedInHosts(schemes: readonly AuthScheme[], variables: Variables): string[] {
  const hosts = new Set(schemes.flatMap((scheme) => (isOpen(scheme) ? [] : (scheme.hosts ?? []))));
  return [...hosts].filter((host) =>
    schemesFor(schemes, host).every((scheme) => unsetOf(scheme, variables).length === 0),
  );
}

/**
 * Variables without which nothing of a source can be asked, and that are not set, in the order of its schemes: those that
 * are for some hosts leave the others. Throws SECRET_MISSING as above.
 */
export function missingSecrets(schemes: readonly AuthScheme[], variables: Variables): string[] {
  return schemes.flatMap((scheme) =>
    scheme.optional || scheme.hosts !== undefined ? [] : unsetOf(scheme, variables),
  );
}

const unsetOf = (scheme: AuthScheme, variables: Variables): string[] =>
  Object.values(namesOf(scheme)).filter((name) => secretOf(name, variables) === null);

/** True for schemes without a secret. */
const isOpen = ({ kind }: AuthScheme): boolean => kind === 'cookie';

/** Variables of a scheme by the name of their key or field. */
function namesOf(scheme: AuthScheme): Readonly<Record<string, string>> {
  if (scheme.kind === 'token') return scheme.secrets;
  if (scheme.kind === 'cookie') return {};
  return scheme.kind === 'basic'
    ? { user: scheme.user, password: scheme.password }
    : { secret: scheme.secret };
}

/** What is asked for and kept for a while. */
type TokenScheme = Extract<AuthScheme, { kind: 'token' | 'cookie' }>;

function tokenOf(
  scheme: TokenScheme,
  secrets: ReadonlyMap<string, string>,
  around: AuthSurroundings,
  renew: boolean,
): Promise<Token> {
  const known = tokens.getOrInsertComputed(around.http, () => new Map());
  const url = tokenUrl(scheme, around.origin);
  const key = JSON.stringify([url, scheme.kind === 'token' ? scheme.form : {}, ...secrets]);
  const stored = known.get(key);
  const asked =
    scheme.kind === 'token' ? ask(scheme, secrets, around, url) : () => visit(scheme, around, url);
  if (stored === undefined || renew) {
    const fresh = asked();
    known.set(key, fresh);
    // A failure is told to whoever asked, and the next one asks again.
    fresh.catch(() => known.delete(key));
    return fresh;
  }
  return stored.then((token) =>
    token.until - EARLY > around.now() ? token : tokenOf(scheme, secrets, around, true),
  );
}

function tokenUrl({ url }: TokenScheme, origin: string | undefined): string {
  if (origin === undefined) return url;
  const { pathname, search } = new URL(url);
  return new URL(`${pathname}${search}`, origin).href;
}

function ask(
  scheme: Extract<AuthScheme, { kind: 'token' }>,
  secrets: ReadonlyMap<string, string>,
  { http, now, origin }: AuthSurroundings,
  url: string,
): () => Promise<Token> {
  return async () => {
    const { host } = new URL(url);
    const begun = now();
    const response = await http.post({
      url,
      contentType: 'application/x-www-form-urlencoded',
      body: new URLSearchParams([...Object.entries(scheme.form), ...secrets]).toString(),
      headers: { accept: 'application/json' },
      maxBytes: TOKEN_BYTES,
      timeoutMs: TOKEN_MS,
      allowedHosts: [host],
      allowsPrivate: origin !== undefined,
    });
    const answer = fieldsOf(response);
    const value = answer[scheme.field];
    if (response.status !== 200 || typeof value !== 'string' || value.length < 6)
      throw refused(response, answer, host, [...secrets.values()]);
    const seconds = Number(answer['expires_in'] ?? scheme.lifetime_seconds);
    const lifetime = Number.isFinite(seconds) && seconds > 0 ? seconds : scheme.lifetime_seconds;
    return { value, until: begun + lifetime * SECOND };
  };
}

/** Opens a page and keeps the cookies that it sets. Throws SOURCE_REFUSED when it sets none, and as `Http.get` does. */
async function visit(
  { lifetime_seconds: lifetime }: TokenScheme,
  { http, now, origin }: AuthSurroundings,
  url: string,
): Promise<Token> {
  const { host } = new URL(url);
  const begun = now();
  const { status, headers } = await http.get({
    url,
    headers: { accept: 'text/html' },
    maxBytes: PAGE_BYTES,
    timeoutMs: TOKEN_MS,
    allowedHosts: [host],
    allowsPrivate: origin !== undefined,
  });
  // Several cookies come as one line; the dates in them have commas too.
  const set = (headers['set-cookie'] ?? '').split(/,(?=\s*[^\s;,=]+=)/);
  const value = set.flatMap((cookie) => cookie.split(';', 1)[0]?.trim() || []).join('; ');
  // What stands in for a source may do without.
  if (value !== '' || origin !== undefined) return { value, until: begun + lifetime * SECOND };
  throw new CarbonError('SOURCE_REFUSED', `${host} sets no cookie (${status})`, {
    position: { field: 'auth', expected: 'a cookie', got: `status ${status}` },
    context: { host, status },
  });
}

function fieldsOf({ body }: HttpResponse): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

function refused(
  { status }: HttpResponse,
  answer: Record<string, unknown>,
  host: string,
  secrets: readonly string[],
): CarbonError {
  const said = answer['error_description'] ?? answer['error'] ?? answer['message'] ?? '';
  const words = new TextDecoder().decode(withoutSecrets(new TextEncoder().encode(String(said)), secrets));
  const code = status === 429 ? 'SOURCE_BUSY' : status >= 500 ? 'SOURCE_UNREACHABLE' : 'SOURCE_REFUSED';
  const tail = words === '' ? '' : `: ${words.slice(0, 200)}`;
  return new CarbonError(code, `${host} gives no token (${status})${tail}`, {
    position: { field: 'auth', expected: 'a token', got: `status ${status}` },
    context: { host, status },
  });
}
