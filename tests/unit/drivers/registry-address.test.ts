/** An address at which something answers, but not with the paths of a registry. */

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { openConfluentRegistry } from '../../../drivers/schema-confluent/registry.ts';

/** Asks for the subjects of a server that answers every request with 404 and a body. */
async function refusalOf(body: string): Promise<unknown> {
  const server = createServer((_request, response) => {
    response.writeHead(404, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    const { port } = server.address() as AddressInfo;
    return await openConfluentRegistry({ url: `http://127.0.0.1:${port}` })
      .subjects()
      .catch((error: unknown) => error);
  } finally {
    server.close();
  }
}

test('a 404 that is not of a registry says that the address may lack a path', async () => {
  for (const body of ['', 'not found', '{"status":404,"title":"No such resource"}']) {
    const error = (await refusalOf(body)) as { code: string; message: string };
    assert.equal(error.code, 'CONFIG_INVALID', body);
    assert.match(error.message, /\/apis\/ccompat\/v7/);
  }
});

test('a 404 in the words of a registry stays what it is', async () => {
  const error = (await refusalOf('{"error_code":40401,"message":"Subject not found"}')) as { code: string };
  assert.equal(error.code, 'STORE_REFUSED');
});
