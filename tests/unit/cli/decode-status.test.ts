/** `carbon decode`: the exit status of a body that is no data. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { decode } from '../../../app/cli/commands/decode.ts';

const folder = mkdtempSync(join(tmpdir(), 'decode-status-'));
after(() => rmSync(folder, { recursive: true }));

for (const [what, body, code] of [
  ['a rate limit', '{"statusCode":429,"message":"Rate limit is exceeded. Try again in 37 seconds."}', 'BUSY'],
  [
    'a refused key',
    '{"statusCode":401,"message":"Access denied due to missing subscription key."}',
    'REFUSED',
  ],
] as const)
  test(`${what} that was recorded ends with 3 and the words of the market`, async () => {
    const file = join(folder, 'a.json');
    writeFileSync(file, body);
    const said: string[] = [];
    const status = await decode(
      file,
      { market: 'pjm', json: true, largeBytes: 1_000_000 },
      { stdout: () => assert.fail('a row'), stderr: (text) => void said.push(text), isTerminal: false },
    );
    assert.equal(status, 3);
    assert.match(said.join(''), new RegExp(`"SOURCE_${code}".*${body.slice(30, 44)}`));
  });
