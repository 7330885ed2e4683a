/** A member of a group in a process of its own: `reader-child.ts <bootstrap> <topic> <group> <protocol> <name or empty>`. */

import { SESSION_MS } from '../../support/kafka-broker.ts';
import { KafkaReader } from '../../support/kafka-reader.ts';

const [bootstrap, topic, group, protocol, instanceId] = process.argv.slice(2);
await new KafkaReader(
  { bootstrap: [bootstrap] },
  {
    group,
    topics: [topic],
    protocol: protocol === 'classic' ? 'classic' : 'consumer',
    sessionTimeoutMs: SESSION_MS,
    ...(instanceId === '' ? {} : { instanceId }),
  },
  {
    seen: (value) => process.stdout.write(`seen ${value}\n`),
    taken: ({ partition }) => process.stdout.write(`taken ${partition}\n`),
    refused: ({ message }) => process.stdout.write(`refused ${message}\n`),
  },
).start();
