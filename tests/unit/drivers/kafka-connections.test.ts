/** Connections of the Kafka driver end together, those too that the client's pool does not know of any more. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { metadataV12 } from '@platformatic/kafka';
import { Connections } from '../../../drivers/kafka/connections.ts';

/** A broker that takes connections, and says nothing. */
let server: Server;
let address: { readonly host: string; readonly port: number };
const taken: Socket[] = [];

before(async () => {
  server = createServer((socket) => {
    taken.push(socket);
    socket.on('error', () => {});
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
});
after(() => {
  for (const socket of taken) socket.destroy();
  server.close();
});

const open = (): Connections => new Connections('test', { connectTimeout: 2000, requestTimeout: 60_000 });

/** The next socket that the broker takes. */
async function nextTaken(work: () => Promise<unknown>): Promise<Socket> {
  const count = taken.length;
  await work();
  while (taken.length === count) await once(server, 'connection');
  return taken[count];
}

const ended = (socket: Socket): Promise<unknown> =>
  socket.closed ? Promise.resolve() : once(socket, 'close');

test('a connection that the pool has struck from its list is ended with the others', {
  timeout: 10_000,
}, async () => {
  const connections = open();
  const lost = await nextTaken(async () => {
    const connection = await connections.to(address);
    // What the pool hears when another attempt at the same address has failed.
    connection.emit('error', new Error('of somebody else'));
  });
  const known = await nextTaken(() => connections.to(address));
  assert.notEqual(lost, known, 'the pool does not know the first one any more');
  await connections.close();
  await Promise.all([ended(lost), ended(known)]);
});

test('a request under way is rejected, and nothing is opened afterwards', { timeout: 10_000 }, async () => {
  const connections = open();
  const asked = metadataV12.api.async(await connections.to(address), null, false);
  const rejected = assert.rejects(asked, /closed/);
  await connections.close();
  await rejected;
  await assert.rejects(connections.to(address));
  await assert.rejects(connections.toFirst([address]));
  await connections.close();
});

test('one that is being made is not waited for', { timeout: 10_000 }, async () => {
  const connections = open();
  const making = connections.to(address);
  const outcome = making.then(
    () => 'made',
    () => 'given up',
  );
  await connections.close();
  assert.equal(await outcome, 'given up');
});

test('an address that is given twice is tried once', async () => {
  const connections = open();
  const nobody = { host: '127.0.0.1', port: 1 };
  const error = await connections.toFirst([nobody, { ...nobody }]).catch((e: unknown) => e);
  assert.equal((error as AggregateError).errors.length, 1);
  const other = await connections.toFirst([nobody, address]);
  assert.ok(other.isConnected());
  await connections.close();
});
