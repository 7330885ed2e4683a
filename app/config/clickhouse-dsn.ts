/**
 * `CLICKHOUSE_DSN` of the documents: `clickhouse://user:password@host:9000/database`. It names the native protocol,
 * which nothing here speaks: its ports stand for those of HTTP on the same host.
 */

import type { SettingPart } from './setting.ts';

/** HTTP ports by native port, plain and encrypted. */
const HTTP_PORT: Readonly<Record<string, string>> = { '9000': '8123', '9440': '8443' };

/** What parts of a DSN there are. */
export type DsnPart = 'url' | 'user' | 'password' | 'database';

/** The setting that takes a part of the DSN. */
export function dsnPart(part: DsnPart): SettingPart {
  return { variable: 'CLICKHOUSE_DSN', of: (text) => partsOf(text)[part] };
}

function partsOf(text: string): Readonly<Record<DsnPart, string | null>> {
  let url: URL;
  try {
    // Only URLs of the web have their parts told apart by every rule.
    url = new URL(text.replace(/^(clickhouses?|https?|tcp|native):\/\//, 'http://'));
  } catch {
    throw new Error('it must be like clickhouse://user:password@host:9000/database');
  }
  const scheme = /^(\w+):\/\//.exec(text)?.[1] ?? '';
  if (!/^(clickhouses?|https?|tcp|native)$/.test(scheme))
    throw new Error('it must begin with clickhouse://, clickhouses://, http:// or https://');
  // The parser leaves 80 out, the default of the scheme that it was given.
  const written = /^\w+:\/\/(?:[^/@]*@)?[^/?]*:(\d+)(?=[/?]|$)/.exec(text)?.[1] ?? '';
  const isSecure = scheme === 'clickhouses' || scheme === 'https' || written === '9440';
  const port = HTTP_PORT[written] ?? (written === '' ? (isSecure ? '8443' : '8123') : written);
  const orNull = (value: string): string | null => (value === '' ? null : decodeURIComponent(value));
  return {
    url: `${isSecure ? 'https' : 'http'}://${url.hostname}:${port}`,
    user: orNull(url.username),
    password: orNull(url.password),
    database: orNull(url.pathname.slice(1)),
  };
}
