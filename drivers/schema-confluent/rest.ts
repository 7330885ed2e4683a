/** One request to a schema registry: repeated while the registry cannot be reached, answered or refused otherwise. */

import { CarbonError } from '../../core/errors.ts';
import type { ConfluentRegistryOptions, RegistrySecret } from './options.ts';

/** An answer of the registry, a refusal too. */
export interface RestAnswer {
  readonly status: number;
  readonly body: unknown;
  /** The registry's own words, or the status. */
  readonly reason: string;
}

const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';
const PAUSES_MS = [100, 250, 500, 1000, 2000];
/** Answers that pass: too many requests, a proxy without its server, a registry that is just starting or electing. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

export class ConfluentRest {
  private readonly base: string;
  private readonly options: ConfluentRegistryOptions;

  constructor(options: ConfluentRegistryOptions) {
    this.options = options;
    const { url } = options;
    if (!/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/.test(url) || !URL.canParse(url))
      throw new CarbonError(
        'CONFIG_INVALID',
        `the URL of the schema registry is none: ${url.replace(/\/\/.*@/, '//…@')}`,
        {
          position: { field: 'url', expected: 'http(s)://host:port, with a path where the registry has one' },
        },
      );
    this.base = url.replace(/\/+$/, '');
  }

  /**
   * Resolves with whatever the registry says to the request. Throws STORE_UNREACHABLE when it says nothing, or that it
   * cannot at the moment, until the patience is used up. Every request may be sent twice: none does more then.
   */
  async ask(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<RestAnswer> {
    const deadline = performance.now() + (this.options.patienceMs ?? 15_000);
    for (let attempt = 0; ; attempt++) {
      let trouble: unknown;
      try {
        const answer = await this.send(method, path, body);
        if (!PASSING.has(answer.status)) return answer;
        trouble = new Error(answer.reason);
      } catch (error) {
        trouble = error;
      }
      const pause = PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)];
      if (performance.now() + pause >= deadline) throw unreachable(this.base, trouble);
      await new Promise((done) => setTimeout(done, pause));
    }
  }

  private async send(method: string, path: string, body?: object): Promise<RestAnswer> {
    const response = await fetch(this.base + path, {
      method,
      headers: {
        accept: `${MEDIA_TYPE}, application/json`,
        ...(body === undefined ? {} : { 'content-type': MEDIA_TYPE }),
        ...(await this.authorization()),
      },
      redirect: 'error',
      signal: AbortSignal.timeout(this.options.timeoutMs ?? 5000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const { status } = response;
    const json = parsed(text);
    const said = (json as { message?: unknown } | null)?.message;
    return { status, body: json, reason: typeof said === 'string' ? said : `status ${status}` };
  }

  private async authorization(): Promise<Record<string, string>> {
    const { username, password, token } = this.options;
    if (token !== undefined) return { authorization: `Bearer ${await secretOf(token)}` };
    if (username === undefined) return {};
    const pair = `${username}:${await secretOf(password ?? '')}`;
    return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
  }
}

async function secretOf(secret: RegistrySecret): Promise<string> {
  return typeof secret === 'string' ? secret : secret();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function unreachable(base: string, cause: unknown): CarbonError {
  const words =
    cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : '';
  return new CarbonError('STORE_UNREACHABLE', `the schema registry at ${base} does not answer: ${words}`, {
    cause,
  });
}
