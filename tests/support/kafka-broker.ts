/** A real broker for tests, with a listener for every kind of security. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  freePort,
  type OwnServer,
  ownEngine,
  portsOfCheckout,
  SHARED,
  sharedEngine,
} from './engine-server.ts';

/** Where the listeners are, as `host:port`. */
export interface TestBroker {
  readonly plain: string;
  readonly saslPlaintext: string;
  readonly saslTls: string;
  readonly mutualTls: string;
  /** PEM texts: the authority, and a client that it vouches for. */
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string };
}

/** Silence after which the broker holds a member of a group for gone, in milliseconds. */
export const SESSION_MS = 5000;

export const PLAIN_USER = { username: 'app', password: 'plain-secret' } as const;

/** The broker, or why there is none; under CI it is an error when there is none. */
export async function sharedBroker(): Promise<TestBroker | string> {
  mkdirSync(SHARED, { recursive: true });
  const port = portsOfCheckout();
  const tls = certificates();
  const props = writtenAside(join(SHARED, 'kafka.properties'), properties(port, tls));
  const broker = await sharedEngine('kafka', { port, more: { CARBON_KAFKA_PROPS: props } });
  if (typeof broker === 'string') return broker;
  const text = (file: string): string => readFileSync(join(tls, file), 'utf8');
  return {
    plain: `127.0.0.1:${port}`,
    saslPlaintext: `localhost:${port + 2}`,
    saslTls: `localhost:${port + 3}`,
    mutualTls: `localhost:${port + 4}`,
    tls: { ca: text('ca.pem'), cert: text('client.pem'), key: text('client.key') },
  };
}

/** A broker that a test has alone. Where it says that it listens somebody may stand in between. */
export interface OwnBroker extends OwnServer {
  readonly advertisedPort: number;
}

/** Starts a broker that the test may kill, or says why there is none. Removed by the test. */
export async function ownBroker(): Promise<OwnBroker | string> {
  const advertisedPort = await freePort();
  const broker = await ownEngine('kafka', (_port, folder) => {
    const props = `advertised.listeners=PLAINTEXT://127.0.0.1:${advertisedPort}\n${FOR_TESTS}`;
    return { CARBON_KAFKA_PROPS: writtenAside(join(folder, 'kafka.properties'), props) };
  });
  return typeof broker === 'string' ? broker : { ...broker, advertisedPort };
}

/** A file that others may be about to read: there whole or not at all. */
function writtenAside(path: string, text: string): string {
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
  return path;
}

/** The folder of the certificates, made by whoever comes first. */
function certificates(): string {
  const folder = join(SHARED, 'kafka-tls');
  if (existsSync(folder)) return folder;
  const made = mkdtempSync(`${folder}-`);
  makeCertificates(made);
  try {
    renameSync(made, folder);
  } catch (error) {
    // Somebody else was first.
    if (!existsSync(folder)) throw error;
    rmSync(made, { recursive: true });
  }
  return folder;
}

/** The clock of the tests is not that of the broker: it removes nothing by itself. Members are missed sooner. */
export const FOR_TESTS = [
  'log.retention.check.interval.ms=86400000',
  `group.consumer.session.timeout.ms=${SESSION_MS}`,
  `group.consumer.min.session.timeout.ms=${SESSION_MS}`,
  `group.min.session.timeout.ms=${SESSION_MS}`,
  '',
].join('\n');

function properties(port: number, tls: string): string {
  const plainLogin = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  const scramLogin = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const sasl = ['sasl', 'sasltls'].flatMap((listener) => [
    `listener.name.${listener}.plain.sasl.jaas.config=${plainLogin} user_${PLAIN_USER.username}="${PLAIN_USER.password}";`,
    `listener.name.${listener}.scram-sha-256.sasl.jaas.config=${scramLogin}`,
    `listener.name.${listener}.scram-sha-512.sasl.jaas.config=${scramLogin}`,
    // A connection has to prove itself again and again.
    `listener.name.${listener}.scram-sha-256.connections.max.reauth.ms=2000`,
  ]);
  const listeners = [
    `PLAINTEXT://127.0.0.1:${port}`,
    `SASL://localhost:${port + 2}`,
    `SASLTLS://localhost:${port + 3}`,
    `MTLS://localhost:${port + 4}`,
  ].join();
  return [
    `listeners=${listeners},CONTROLLER://127.0.0.1:${port + 1}`,
    `advertised.listeners=${listeners}`,
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_PLAINTEXT,SASLTLS:SASL_SSL,MTLS:SSL',
    'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    ...sasl,
    'ssl.keystore.type=PEM',
    `ssl.keystore.location=${tls}/broker.keystore.pem`,
    'ssl.truststore.type=PEM',
    `ssl.truststore.location=${tls}/ca.pem`,
    'listener.name.mtls.ssl.client.auth=required',
    FOR_TESTS,
  ].join('\n');
}

/** An authority, a broker at localhost and a client, all made for these tests. */
function makeCertificates(folder: string): void {
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  };
  const subject = (name: string): string[] => ['-subj', `/CN=${name}`];
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '3650',
    ...subject('test authority'),
  );
  writeFileSync(join(folder, 'names.cnf'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  for (const who of ['broker', 'client']) {
    openssl('req', ...key, '-keyout', `${who}.key`, '-out', `${who}.csr`, ...subject(who));
    const signed = [
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '3650',
      '-extfile',
      'names.cnf',
    ];
    openssl('x509', '-req', '-in', `${who}.csr`, '-out', `${who}.pem`, ...signed);
  }
  const pem = (file: string): string => readFileSync(join(folder, file), 'utf8');
  writeFileSync(join(folder, 'broker.keystore.pem'), pem('broker.key') + pem('broker.pem'));
}
