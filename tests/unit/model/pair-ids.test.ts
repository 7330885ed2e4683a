import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PairIds } from '../../../core/model/pair-ids.ts';

test('property: pairs have ids of their own, in order of first sight, and keep them', () => {
  const part = fc.oneof(fc.nat(5), fc.nat(2_147_483_646));
  fc.assert(
    fc.property(fc.array(fc.tuple(part, part), { maxLength: 300, size: 'max' }), (pairs) => {
      const ids = new PairIds();
      const known = new Map<string, number>();
      for (const [first, second] of [...pairs, ...pairs]) {
        const id = ids.idOf(first, second);
        const name = `${first},${second}`;
        if (!known.has(name)) known.set(name, known.size);
        assert.equal(id, known.get(name));
      }
      assert.equal(ids.size, known.size);
    }),
  );
});
