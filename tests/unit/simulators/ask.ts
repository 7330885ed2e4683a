/** Asks a simulated market without a socket, and reads its archives with a reader that is not ours. */

import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { fromBuffer } from 'yauzl';
import { parseInstant } from '../../../core/time/instant.ts';
import { simulateMarket } from '../../../simulators/catalog.ts';
import { deliver } from '../../../simulators/delivery.ts';
import type { FaultName } from '../../../simulators/fault-menu.ts';
import type { ClientRequest, MarketSimulation } from '../../../simulators/market.ts';

/** UTC micros of a text. */
export function utc(text: string): number {
  const at = parseInstant(text);
  assert.ok(at !== null, text);
  return at;
}

/** What came back. */
export interface Asked {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** Asks for a path, with its query, at a time. */
export function ask(
  market: MarketSimulation,
  path: string,
  at: string,
  fault: FaultName | null = null,
  request: Partial<ClientRequest> = {},
): Asked {
  const mark = path.indexOf('?');
  const base = mark < 0 ? path : path.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : path.slice(mark + 1));
  const time = utc(at);
  const answer = market.respond(base, query, time, { method: 'GET', headers: {}, body: '', ...request });
  const { status, headers, body } = deliver(answer, fault, 7, path, time);
  return { status, headers, bytes: body, text: new TextDecoder().decode(body) };
}

/** A market with few nodes. */
export function small(name: string, seed = 7): MarketSimulation {
  return simulateMarket(name, seed, 14);
}

/** Names and texts of the members of an archive. */
export async function membersOf(bytes: Uint8Array): Promise<Map<string, string>> {
  const members = new Map<string, string>();
  await new Promise<void>((resolve, reject) => {
    fromBuffer(Buffer.from(bytes), { lazyEntries: true, validateEntrySizes: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on('error', reject);
      zip.on('end', () => resolve());
      zip.on('entry', (entry) => {
        zip.openReadStream(entry, (failed, stream) => {
          if (failed) return reject(failed);
          buffer(stream).then((content) => {
            if (crc32(content) !== entry.crc32) reject(new Error(`wrong checksum: ${entry.fileName}`));
            members.set(entry.fileName, content.toString('utf8'));
            zip.readEntry();
          }, reject);
        });
      });
      zip.readEntry();
    });
  });
  return members;
}

/** Cells of comma-separated lines without quoted commas. */
export function cellsOf(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(','));
}

/** A printed price as an integer at so many decimals; fails when it is printed otherwise. */
export function mantissa(text: string, decimals: number): number {
  const m = /^(-?)(\d*)(?:\.(\d+))?$/.exec(text);
  assert.ok(m !== null && text !== '' && text !== '-', `no price: ${text}`);
  const fraction = (m[3] ?? '').padEnd(decimals, '0');
  assert.equal(fraction.length, decimals, `too many decimals: ${text}`);
  const size = Number(`${m[2]}${fraction}`);
  return m[1] === '-' ? -size : size;
}
