import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { adoptChecksum, byTables, crc32c } from '../../../core/codec/kafka/crc32c.ts';
import { adoptNativeChecksum } from '../../../drivers/native-crc32c/adopt.ts';

test('a function that is no CRC-32C is not adopted', () => {
  assert.throws(() => adoptChecksum((bytes) => bytes.length));
});

test('the native checksum says what the tables say, of any part of any array', () => {
  assert.equal(adoptNativeChecksum(), true, 'this machine has a build of the package');
  assert.equal(crc32c(new TextEncoder().encode('123456789')), 0xe3069283);
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 300, maxLength: 3000 }),
      fc.nat(40),
      fc.nat(40),
      (bytes, head, tail) => {
        const to = bytes.length - tail;
        assert.equal(crc32c(bytes, head, to), byTables(bytes, head, to));
      },
    ),
  );
});
