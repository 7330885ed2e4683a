/** SASL and TLS against a real broker: who is let in, and what those are told who are not. */

import assert from 'node:assert/strict';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Admin, alterUserScramCredentialsV0 } from '@platformatic/kafka';
import { openKafkaLog } from '../../../drivers/kafka/event-log.ts';
import type { KafkaOptions } from '../../../drivers/kafka/options.ts';
import { batchOf } from '../../conformance/event-log-records.ts';
import { PLAIN_USER, sharedBroker, type TestBroker } from '../../support/kafka-broker.ts';

const started = await sharedBroker();
const skip = typeof started === 'string' ? `no broker: ${started}` : false;
const SCRAM_USER = { username: 'scram', password: 'scram-secret' } as const;

describe('security of Kafka', { skip }, () => {
  const broker = started as TestBroker;
  const topic = `security.${process.pid}.${Date.now()}`;

  before(async () => {
    const admin = new Admin({ clientId: 'admin', bootstrapBrokers: [broker.plain] });
    const [connection] = (await admin.connectToBrokers()).values();
    for (const [mechanism, digest, length] of [
      [1, 'sha256', 32],
      [2, 'sha512', 64],
    ] as const) {
      const salt = randomBytes(16);
      const saltedPassword = pbkdf2Sync(SCRAM_USER.password, salt, 4096, length, digest);
      await alterUserScramCredentialsV0.api.async(
        connection,
        [],
        [{ name: SCRAM_USER.username, mechanism, iterations: 4096, salt, saltedPassword }],
      );
    }
    await admin.close();
    const log = openKafkaLog({ bootstrap: [broker.plain] });
    await log.createTopic({ name: topic, partitions: 1, retention: null });
    await log.close();
  });

  /** Appends and reads one record. */
  const use = async (options: KafkaOptions): Promise<void> => {
    const log = openKafkaLog({ patienceMs: 3000, ...options });
    try {
      const offset = await log.append(topic, 0, [batchOf(['x', 0])]);
      assert.equal((await log.read(topic, 0, offset, 1000))[0].from, offset);
    } finally {
      await log.close();
    }
  };
  const { ca, cert, key } = typeof started === 'string' ? { ca: '', cert: '', key: '' } : started.tls;
  const plain = { mechanism: 'PLAIN', ...PLAIN_USER } as const;

  test('SASL PLAIN', () => use({ bootstrap: [broker.saslPlaintext], sasl: plain }));
  for (const mechanism of ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const) {
    test(`SASL ${mechanism}, with a secret that is asked for`, () =>
      use({
        bootstrap: [broker.saslPlaintext],
        sasl: { mechanism, username: SCRAM_USER.username, password: async () => SCRAM_USER.password },
      }));
    test(`SASL ${mechanism} over TLS`, () =>
      use({
        bootstrap: [broker.saslTls],
        sasl: { mechanism, ...SCRAM_USER },
        tls: { ca, serverName: 'localhost' },
      }));
  }
  test('SASL PLAIN over TLS, the broker known by its address', () =>
    use({ bootstrap: [broker.saslTls.replace('localhost', '127.0.0.1')], sasl: plain, tls: { ca } }));
  test('TLS with a certificate of the client', () =>
    use({ bootstrap: [broker.mutualTls], tls: { ca, cert, key } }));

  const refused: readonly (readonly [name: string, code: string, options: KafkaOptions])[] = [
    [
      'a wrong password for PLAIN',
      'CONFIG_INVALID',
      { bootstrap: [broker.saslPlaintext], sasl: { ...plain, password: 'wrong' } },
    ],
    [
      'a wrong password for SCRAM',
      'CONFIG_INVALID',
      {
        bootstrap: [broker.saslPlaintext],
        sasl: { mechanism: 'SCRAM-SHA-512', username: 'scram', password: 'no' },
      },
    ],
    [
      'a broker whose authority is not ours',
      'CONFIG_INVALID',
      { bootstrap: [broker.saslTls], sasl: plain, tls: {} },
    ],
    ['a plain client at a TLS port', 'CONFIG_INVALID', { bootstrap: [broker.mutualTls] }],
    // The broker ends the connection without a word.
    [
      'no certificate where one is wanted',
      'STORE_UNREACHABLE',
      { bootstrap: [broker.mutualTls], tls: { ca } },
    ],
  ];
  for (const [name, code, options] of refused)
    test(`${name} is refused as ${code}`, async () => {
      await assert.rejects(
        use({ patienceMs: 1500, requestTimeoutMs: 1500, ...options }),
        (error: Error & { code: string }) => {
          assert.equal(error.code, code, error.message);
          assert.doesNotMatch(`${error.message}${JSON.stringify(error)}`, /wrong|secret/);
          return true;
        },
      );
    });

  test('a connection proves itself again and again, and work goes on meanwhile', async (t) => {
    const log = openKafkaLog({
      bootstrap: [broker.saslPlaintext],
      sasl: { mechanism: 'SCRAM-SHA-256', ...SCRAM_USER },
    });
    t.after(() => log.close());
    const { end } = await log.bounds(topic, 0);
    const until = Date.now() + 5000;
    let sent = 0;
    for (; Date.now() < until; sent++) {
      await log.append(topic, 0, [batchOf([`reauth ${sent}`, 0])]);
      await delay(20);
    }
    assert.equal((await log.bounds(topic, 0)).end, end + sent);
  });
});
