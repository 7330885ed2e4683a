/**
 * Who may do what on a front that listens on a port: a stand-in for the users of a ClickHouse server, good for finding
 * out which user a client sends what as. It is no wall between users of one machine: whoever reads here reads with the
 * rights of this process.
 */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A user of a front. */
export interface FrontAccount {
  readonly username: string;
  readonly password: string;
  /** False: only statements that read. */
  readonly mayWrite: boolean;
}

/** The account that a request names, by header or in the URL as ClickHouse has it; undefined when there is none such. */
export function accountOf(
  accounts: readonly FrontAccount[],
  headers: IncomingHttpHeaders,
  url: URLSearchParams,
): FrontAccount | undefined {
  const [username, password] = given(headers, url);
  return accounts.find((account) => account.username === username && isSame(account.password, password));
}

function given(headers: IncomingHttpHeaders, url: URLSearchParams): [username: string, password: string] {
  const basic = /^Basic (.*)$/.exec(headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const text = Buffer.from(basic, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    return [text.slice(0, colon), text.slice(colon + 1)];
  }
  const user = headers['x-clickhouse-user'];
  if (typeof user === 'string') return [user, String(headers['x-clickhouse-key'] ?? '')];
  return [url.get('user') ?? 'default', url.get('password') ?? ''];
}

/** Takes as long for a wrong password as for a right one. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
