/** A real broker for tests, with a listener for every kind of security. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { portsOfCheckout, ROOT, startEngine, TEST_INFRA } from './shared-engine.ts';

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
export function sharedBroker(): TestBroker | string {
  return brokerIn(TEST_INFRA, portsOfCheckout());
}

/** A broker that a test has alone. */
export interface OwnBroker {
  /** Where it listens, and where it says that it does: somebody may stand in between. */
  readonly port: number;
  readonly advertisedPort: number;
  /** Ends it with SIGKILL. */
  kill(): void;
  up(): void;
  down(): void;
}

/** Starts a broker that the test may kill, or says why there is none. Ended by the test. */
export function ownBroker(name: string): OwnBroker | string {
  const folder = join(TEST_INFRA, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const port = portsOfCheckout() + 10_000;
  const advertisedPort = port + 5;
  const props = join(folder, 'kafka.properties');
  writeFileSync(props, `advertised.listeners=PLAINTEXT://127.0.0.1:${advertisedPort}\n${FOR_TESTS}`);
  const env = environment(folder, port, props);
  const reason = startEngine({ name: 'kafka', env: { ...env, CARBON_KAFKA_FRESH: '1' }, shared: false });
  if (reason !== null) return reason;
  const run = (verb: 'up' | 'down'): void => {
    const script = join(ROOT, 'scripts/infra/kafka.sh');
    execFileSync('bash', [script, verb], { env: { ...process.env, ...env }, stdio: 'ignore' });
  };
  return {
    port,
    advertisedPort,
    kill: () => {
      const pid = Number(readFileSync(join(folder, 'kafka/broker.pid'), 'utf8'));
      process.kill(pid, 'SIGKILL');
      // It goes on listening for as long as the system needs to take it down.
      while (isAlive(pid)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    },
    up: () => run('up'),
    down: () => run('down'),
  };
}

/** False for a process that is gone, and for one that nobody has buried. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
  } catch {
    return false;
  }
}

function brokerIn(folder: string, port: number): TestBroker | string {
  const tlsFolder = join(folder, 'tls');
  mkdirSync(tlsFolder, { recursive: true });
  if (!existsSync(join(tlsFolder, 'broker.keystore.pem'))) makeCertificates(tlsFolder);
  const props = join(folder, 'kafka.properties');
  writeFileSync(props, properties(port, tlsFolder));
  const env = { ...environment(folder, port, props), CARBON_KAFKA_FRESH: '1' };
  const reason = startEngine({ name: 'kafka', env, shared: true });
  if (reason !== null) return reason;
  const text = (file: string): string => readFileSync(join(tlsFolder, file), 'utf8');
  return {
    plain: `127.0.0.1:${port}`,
    saslPlaintext: `localhost:${port + 2}`,
    saslTls: `localhost:${port + 3}`,
    mutualTls: `localhost:${port + 4}`,
    tls: { ca: text('ca.pem'), cert: text('client.pem'), key: text('client.key') },
  };
}

function environment(folder: string, port: number, props: string): Record<string, string> {
  return {
    CARBON_INFRA_DIR: folder,
    CARBON_KAFKA_PORT: String(port),
    CARBON_KAFKA_PROPS: props,
  };
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
