/** Cells against a map of texts: what was set is found, nothing else is, however large it grows. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { InstrumentCells } from '../../../services/normalization/instrument-cells.ts';

const id = fc.oneof(fc.nat(3), fc.constantFrom(255, 1024, 2 ** 20, 2 ** 31 - 1));
const cell = fc.tuple(id, id, id, id, id);

test('a cell has the instrument that it was given, and no other cell has it', () => {
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 400 }), (cells) => {
      const table = new InstrumentCells();
      const model = new Map<string, number>();
      cells.forEach((key, n) => {
        assert.equal(table.get(...key), model.get(key.join()) ?? -1);
        if (model.has(key.join())) return;
        model.set(key.join(), n);
        table.set(...key, n);
      });
      for (const key of cells) assert.equal(table.get(...key), model.get(key.join()));
    }),
  );
});
