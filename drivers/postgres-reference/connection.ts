/** How a PostgreSQL server is reached: address, account, TLS and limits, as `pg` takes them. */

import type { ClientConfig } from 'pg';
import { CarbonError } from '../../core/errors.ts';

/**
 * `off`: plain. `require`: encrypted, whoever answers. `verify`: encrypted, and the certificate has to be of the host
 * and of a known authority.
 */
export type PostgresTls = 'off' | 'require' | 'verify';

/** An address and its limits. */
export interface PostgresAddress {
  /** `postgres://user:password@host:5432/database`; `?sslmode=` counts unless `tls` is given. */
  readonly dsn: string;
  /** In place of the one in the DSN. */
  readonly password?: string;
  readonly tls?: PostgresTls;
  /** Certificates of authorities, as PEM text; those of the system by default. */
  readonly ca?: string;
  /** Certificate and key of this client, as PEM text, for mutual TLS. */
  readonly certificate?: string;
  readonly key?: string;
  /** Longest wait for a connection, and for a statement, in milliseconds. */
  readonly connectMs?: number;
  readonly statementMs?: number;
  /** Name under which the server lists the connections. */
  readonly application?: string;
}

const CONNECT_MS = 5_000;
const STATEMENT_MS = 15_000;

const TLS_OF_SSLMODE: Readonly<Record<string, PostgresTls>> = {
  disable: 'off',
  allow: 'off',
  prefer: 'off',
  require: 'require',
  'verify-ca': 'verify',
  'verify-full': 'verify',
};

/** Settings of one connection. Throws CONFIG_INVALID for a DSN that is none; its password is never in the message. */
export function connectionOf(address: PostgresAddress): ClientConfig {
  const url = parsed(address.dsn);
  const statementMs = address.statementMs ?? STATEMENT_MS;
  const password = address.password ?? decodeURIComponent(url.password);
  const database = decodeURIComponent(url.pathname.slice(1));
  return {
    host: url.searchParams.get('host') ?? url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 5432 : Number(url.port),
    user: decodeURIComponent(url.username),
    database: database === '' ? decodeURIComponent(url.username) : database,
    ...(password === '' ? {} : { password }),
    ssl: sslOf(address, url.searchParams.get('sslmode')),
    connectionTimeoutMillis: address.connectMs ?? CONNECT_MS,
    statement_timeout: statementMs,
    // A row that is locked by a process which is frozen must not hold this one up for ever.
    lock_timeout: statementMs,
    idle_in_transaction_session_timeout: 2 * statementMs,
    // The server may be gone without a word: this side counts too, a little longer.
    query_timeout: statementMs + 2_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: address.application ?? '254carbon',
  };
}

function parsed(dsn: string): URL {
  let url: URL;
  try {
    url = new URL(dsn);
  } catch {
    throw refused('no URL');
  }
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') throw refused(`a ${url.protocol} URL`);
  if (url.username === '') throw refused('a URL without a user');
  return url;
}

function refused(got: string): CarbonError {
  const expected = 'postgres://user:password@host:5432/database';
  return new CarbonError('CONFIG_INVALID', `the address of PostgreSQL must be like ${expected}, not ${got}`, {
    position: { field: 'DATA_PROC_POSTGRES_DSN', expected, got },
  });
}

function sslOf(address: PostgresAddress, sslmode: string | null): ClientConfig['ssl'] {
  const fromDsn = sslmode === null ? 'off' : TLS_OF_SSLMODE[sslmode];
  if (fromDsn === undefined) throw refused(`sslmode=${sslmode}`);
  const tls = address.tls ?? fromDsn;
  if (tls === 'off') return false;
  return {
    rejectUnauthorized: tls === 'verify',
    ...(address.ca === undefined ? {} : { ca: address.ca }),
    ...(address.certificate === undefined ? {} : { cert: address.certificate }),
    ...(address.key === undefined ? {} : { key: address.key }),
  };
}
