/** `carbon schemas serve`: what a client of Confluent's registry asks and gets, and that a data directory remembers it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openConfluentRegistry } from '../../../drivers/schema-confluent/registry.ts';
import { registryRestSuite } from '../../conformance/registry-rest.ts';
import { carbon, errorOf, newFolder, type Running, start } from './carbon.ts';

/** Exit code. */
const PORT_TAKEN = 6;

const data = newFolder();

async function serve(port: string): Promise<{ url: string; command: Running }> {
  const command = start(['--data', data, 'schemas', 'serve', '--port', port]);
  await command.shown('Ctrl-C');
  return { url: /http:\/\/\S+(?=;)/.exec(command.stderr())?.[0] ?? '', command };
}

const served = await serve('0');
registryRestSuite('carbon schemas serve', async () => ({ url: served.url, close: async () => {} }));

test('the contracts are there, also under the path of the default address; what is registered outlives the command', async () => {
  const { url, command } = served;
  const subject = 'normalized.market.ticks.v1-value';
  const { id } = await openConfluentRegistry({ url }).latest(subject);
  assert.equal((await openConfluentRegistry({ url: `${url}/apis/ccompat/v7` }).latest(subject)).id, id);
  const registered = await openConfluentRegistry({ url }).register('mine-value', '"int"');
  const port = new URL(url).port;
  const taken = await errorOf(PORT_TAKEN, ['--data', data, 'schemas', 'serve', '--port', port]);
  assert.equal(taken['code'], 'PORT_TAKEN');
  command.child.kill('SIGTERM');
  assert.equal((await command.ended).exit, 0);
  const again = await serve(port);
  assert.equal((await openConfluentRegistry({ url }).latest('mine-value')).id, registered.id);
  const register = ['schemas', 'register', '--registry', url, '--dry-run', '--json'];
  const { exit, stdout } = await carbon(register);
  assert.equal(exit, 0);
  assert.ok(!stdout.includes('"outcome":"registered"'), 'all of ours are there');
  again.command.child.kill('SIGTERM');
  assert.equal((await again.command.ended).exit, 0);
});
