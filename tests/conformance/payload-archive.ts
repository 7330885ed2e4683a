/** What every PayloadArchive driver does. Run from `payload-archive.test.ts` on each of them. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { ErrorCode } from '../../core/errors.ts';
import type { Exchange, PayloadArchive } from '../../core/ports/payload-archive.ts';

/** An archive, which may hold payloads of other tests. */
export interface OpenedArchive {
  readonly archive: PayloadArchive;
  close(): Promise<void>;
  /** Opens the same store again, beside the first. */
  reopen?(): Promise<PayloadArchive>;
}

const fails = (code: ErrorCode) => ({ name: 'CarbonError', code });
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const FIRST: Exchange = {
  url: 'https://docs.misoenergy.org/marketreports/20260308_da_expost_lmp.csv?a="b"&c=☃',
  market: 'MISO',
  dataset: 'da_lmp',
  archivedAt: 1_772_946_000_000_001,
  status: 200,
  etag: '"0x8DE"',
};
const LATER: Exchange = {
  url: 'file:x.csv',
  market: 'PJM',
  dataset: 'rt',
  archivedAt: 1_772_999_000_000_000,
};
let payloads = 0;

export function payloadArchiveConformance(name: string, open: () => Promise<OpenedArchive>): void {
  describe(`payload archive: ${name}`, () => {
    let opened: OpenedArchive;
    let archive: PayloadArchive;
    /** Bytes that no other test has. */
    let payload: Uint8Array;

    beforeEach(async () => {
      opened = await open();
      archive = opened.archive;
      payload = new TextEncoder().encode(`payload ${process.pid} ${Date.now()} ${payloads++}`);
    });
    afterEach(() => opened.close());

    test('bytes come back by their hash, with the exchange that brought them', async () => {
      const archived = await archive.put(payload, FIRST);
      assert.deepEqual(archived, {
        sha256: sha256(payload),
        bytes: payload.length,
        exchange: FIRST,
        isNew: true,
      });
      assert.deepEqual(new Uint8Array(await archive.get(archived.sha256)), payload);
      assert.deepEqual(await archive.exchangeOf(archived.sha256), FIRST);
    });

    test('the hash is SHA-256 in lower-case hex', async () => {
      const { sha256: hash } = await archive.put(new TextEncoder().encode('abc'), FIRST);
      assert.equal(hash, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    });

    test('the same bytes again are no second copy: the first exchange stands', async () => {
      await archive.put(payload, LATER);
      const again = await archive.put(payload.slice(), { ...FIRST, archivedAt: 1 });
      assert.equal(again.isNew, false);
      assert.deepEqual(again.exchange, LATER, 'even when the second says it was earlier');
      assert.deepEqual(await archive.exchangeOf(again.sha256), LATER);
    });

    test('other bytes of the same exchange are another payload', async () => {
      const one = await archive.put(payload, FIRST);
      const two = await archive.put(Uint8Array.of(...payload, 0), FIRST);
      assert.equal(two.isNew, true);
      assert.notEqual(one.sha256, two.sha256);
    });

    test('of several puts of the same bytes at once one is new, and all name its exchange', async () => {
      const results = await Promise.all(
        Array.from({ length: 12 }, (_, i) => archive.put(payload, { ...FIRST, archivedAt: 1000 + i })),
      );
      assert.equal(results.filter((r) => r.isNew).length, 1);
      const stands = await archive.exchangeOf(results[0].sha256);
      for (const result of results) assert.deepEqual(result.exchange, stands);
    });

    test('payloads of any kind: empty, binary, large', async () => {
      const binary = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 7919 + (i >> 8)) & 255);
      for (const bytes of [new Uint8Array(0), Uint8Array.from({ length: 256 }, (_, i) => i), binary]) {
        const { sha256: hash, bytes: size } = await archive.put(bytes, FIRST);
        assert.equal(size, bytes.length);
        assert.equal(Buffer.compare(await archive.get(hash), bytes), 0);
      }
    });

    test('the bytes of the caller may change after the put', async () => {
      const mine = payload.slice();
      const { sha256: hash } = await archive.put(mine, FIRST);
      mine.fill(0);
      assert.deepEqual(new Uint8Array(await archive.get(hash)), payload);
    });

    test('what is not there is told as such, whatever the name', async () => {
      const absent = sha256(Uint8Array.of(...payload, 1, 2, 3));
      for (const hash of [
        absent,
        '',
        'abc',
        '../../../../etc/passwd',
        absent.toUpperCase(),
        `${absent}.json`,
      ]) {
        await assert.rejects(archive.get(hash), fails('ARCHIVE_MISSING'));
        await assert.rejects(archive.exchangeOf(hash), fails('ARCHIVE_MISSING'));
      }
    });

    test('payloads are there for another opening of the store', async (t) => {
      if (opened.reopen === undefined) return t.skip('this driver has no store of its own to reopen');
      const { sha256: hash } = await archive.put(payload, FIRST);
      const again = await opened.reopen();
      assert.deepEqual(new Uint8Array(await again.get(hash)), payload);
      assert.deepEqual(await again.exchangeOf(hash), FIRST);
      assert.equal((await again.put(payload, LATER)).isNew, false);
    });
  });
}
