/** Tokens of ERCOT's public API: an hour long, and read by nobody but this simulator. */

import { type Micros, SECOND } from '../../core/time/instant.ts';
import { wordOf } from '../draw.ts';
import type { ClientRequest, Refusal } from '../market.ts';
import { jsonRefusal } from '../report.ts';

/** Path of the sign-in, which is on a host of its own. */
export const TOKEN_PATH = '/ercotb2c.onmicrosoft.com/B2C_1_PUBAPI-ROPC-FLOW/oauth2/v2.0/token';

const LIFETIME_SECONDS = 3600;

const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');

function signature(seed: number, body: string): string {
  return Buffer.from(String(wordOf(`${seed}/${body}`) >>> 0)).toString('base64url');
}

/** Answers a sign-in: a form with name and password. Any will do, but none may be missing. */
export function signIn(seed: number, request: ClientRequest, at: Micros): Refusal {
  const form = new URLSearchParams(request.body);
  const missing = ['grant_type', 'username', 'password', 'client_id', 'scope'].find(
    (name) => !form.get(name),
  );
  if (request.method !== 'POST' || missing !== undefined || form.get('grant_type') !== 'password')
    return jsonRefusal(400, {
      error: 'invalid_request',
      error_description: `AADB2C90079: Clients must send a ${missing ?? 'grant_type'} in the request.`,
    });
  const seconds = Math.floor(at / SECOND);
  const body = `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded({
    iat: seconds,
    exp: seconds + LIFETIME_SECONDS,
    aud: form.get('client_id'),
  })}`;
  const token = `${body}.${signature(seed, body)}`;
  return jsonRefusal(200, {
    access_token: token,
    token_type: 'Bearer',
    expires_in: String(LIFETIME_SECONDS),
    refresh_token: 'simulated',
    id_token: token,
  });
}

/** The refusal of a request to the API: no key, no token, or one that has run out. */
export function refusedByApi(seed: number, request: ClientRequest, at: Micros): Refusal | null {
  if (!request.headers['ocp-apim-subscription-key'])
    return jsonRefusal(401, {
      statusCode: 401,
      message:
        'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.',
    });
  const token = /^Bearer (\S+)$/.exec(request.headers['authorization'] ?? '')?.[1];
  if (token !== undefined && isValid(seed, token, at)) return null;
  return jsonRefusal(401, { statusCode: 401, message: 'Unauthorized. Access token is missing or invalid.' });
}

function isValid(seed: number, token: string, at: Micros): boolean {
  const [head, claims, mark] = token.split('.');
  if (claims === undefined || mark !== signature(seed, `${head}.${claims}`)) return false;
  const { exp }: { exp?: number } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  return exp !== undefined && at < exp * SECOND;
}
