/** How a Kafka cluster is reached, and what the driver does there. */

import { isIP } from 'node:net';
import type { ConnectionOptions, SASLOptions } from '@platformatic/kafka';
import { CarbonError } from '../../core/errors.ts';

/** Codec of the batches that we write. Batches of every codec are read. */
export type KafkaCompression = 'none' | 'lz4' | 'zstd';

/** A secret, or a function that gives the one in force: it is asked at every connection and re-authentication. */
export type KafkaSecret = string | (() => string | Promise<string>);

export interface KafkaSasl {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: KafkaSecret;
}

/** PEM texts. Certificate and key together make the client known to the broker (mutual TLS). */
export interface KafkaTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** Host name that brokers are asked for and must prove, for brokers that are reached by address. */
  readonly serverName?: string;
}

export interface KafkaOptions {
  /** `host:port` of some brokers; the others are learnt from them. */
  readonly bootstrap: readonly string[];
  /** Name in the logs and quotas of the brokers. Default `254carbon`. */
  readonly clientId?: string;
  readonly sasl?: KafkaSasl;
  readonly tls?: KafkaTls;
  /** Default `zstd`: packed beside the thread, and read by every client since Kafka 2.1. */
  readonly compression?: KafkaCompression;
  /** Copies of each partition of a topic that we make; left out, the default of the brokers. */
  readonly replicationFactor?: number;
  /** Copies that must have a record before it counts as stored, for topics that we make; left out, theirs. */
  readonly minInsyncReplicas?: number;
  /** How long a call tries to reach the brokers before it fails with STORE_UNREACHABLE, in milliseconds. Default 15,000. */
  readonly patienceMs?: number;
  /** How long one request may take, in milliseconds. Default 10,000. */
  readonly requestTimeoutMs?: number;
}

/** A broker by address. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORT = 9092;

/** The bootstrap addresses. Throws CONFIG_INVALID when there is none, or one is no address. */
export function bootstrapAddresses(options: KafkaOptions): Address[] {
  const addresses = options.bootstrap.map(addressOf);
  if (addresses.length > 0) return addresses;
  throw invalid('bootstrap', 'host:port of at least one broker', 'none');
}

function addressOf(text: string): Address {
  // [::1]:9092, host:9092, host
  const match = /^(?:\[([^\]]+)\]|([^:\s/]+))(?::(\d{1,5}))?$/.exec(text.trim());
  const port = Number(match?.[3] ?? DEFAULT_PORT);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || port < 1 || port > 65_535) throw invalid('bootstrap', 'host:port', text);
  return { host, port };
}

/** What the client's connections are made with. Throws CONFIG_INVALID. */
export function connectionOptions(options: KafkaOptions, requestTimeoutMs: number): ConnectionOptions {
  const { sasl, tls } = options;
  if (tls?.serverName !== undefined && isIP(tls.serverName) !== 0)
    throw invalid('tls.serverName', 'a host name, not an address', tls.serverName);
  if (tls !== undefined && (tls.cert === undefined) !== (tls.key === undefined))
    throw invalid('tls', 'certificate and key together, or neither', 'one of the two');
  return {
    connectTimeout: Math.min(5000, requestTimeoutMs),
    requestTimeout: requestTimeoutMs,
    maxInflights: 16,
    ...(sasl === undefined ? {} : { sasl: saslOptions(sasl) }),
    ...(tls === undefined ? {} : { tls: tlsOptions(tls) }),
    // Left out where no name is given: the client's `true` ends the process for brokers known by address.
    ...(tls?.serverName === undefined ? {} : { tlsServerName: tls.serverName }),
  };
}

function saslOptions({ mechanism, username, password }: KafkaSasl): SASLOptions {
  if (username === '') throw invalid('sasl.username', 'a name', 'none');
  return { mechanism, username, password };
}

function tlsOptions(tls: KafkaTls): NonNullable<ConnectionOptions['tls']> {
  const { ca, cert, key, passphrase } = tls;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

function invalid(field: string, expected: string, got: string): CarbonError {
  return new CarbonError('CONFIG_INVALID', `Kafka: ${field} needs ${expected}`, {
    position: { field, expected, got },
  });
}
