/** The version table against a naive model: every verdict, loading, repeats, reinstatement and growth. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Verdict, type VersionColumns, VersionTable } from '../../../services/normalization/version-table.ts';

interface Version {
  readonly key: number;
  readonly knownAt: number;
  readonly value: number;
  /** Two versions of a key and a known time with equal values are one. */
  readonly id: number;
}

/** The same in plain lists. */
class Naive {
  readonly lists = new Map<number, { version: Version; repeat: boolean }[]>();

  private insert(version: Version): { list: { version: Version; repeat: boolean }[]; at: number } | null {
    const list = this.lists.get(version.key) ?? [];
    this.lists.set(version.key, list);
    if (list.some((e) => e.version.knownAt === version.knownAt && e.version.id === version.id)) return null;
    const order = (e: Version): number => e.knownAt - version.knownAt || e.id - version.id;
    const at = list.filter((e) => order(e.version) < 0).length;
    list.splice(at, 0, { version, repeat: false });
    return { list, at };
  }

  add(version: Version): { verdict: Verdict; reinstated: number | null } {
    const place = this.insert(version);
    if (place === null) return { verdict: Verdict.duplicate, reinstated: null };
    const { list, at } = place;
    const before = list[at - 1];
    const after = list[at + 1];
    if (before?.version.value === version.value) {
      list[at].repeat = true;
      return { verdict: Verdict.unchanged, reinstated: null };
    }
    let reinstated: number | null = null;
    if (after?.repeat && after.version.value !== version.value) {
      after.repeat = false;
      reinstated = after.version.id;
    }
    const same = before?.version.knownAt === version.knownAt || after?.version.knownAt === version.knownAt;
    const verdict = same ? Verdict.conflict : before || after ? Verdict.revision : Verdict.first;
    return { verdict, reinstated };
  }

  load(version: Version, repeat: boolean): void {
    const place = this.insert(version);
    if (place !== null) place.list[place.at].repeat = repeat;
    else if (!repeat)
      for (const each of this.lists.get(version.key) ?? [])
        if (each.version.knownAt === version.knownAt && each.version.id === version.id) each.repeat = false;
  }
}

// Few low bits, so that keys meet in the table.
const words = (n: number): Uint32Array => Uint32Array.from([n & 7, n >> 3, 0, 7]);
const idOf = (id: number): Uint32Array => Uint32Array.from([id >> 2, 0, 0, id & 3]);

const columnsOf = (v: Version): VersionColumns => ({
  keys: words(v.key),
  starts: Float64Array.of(v.key),
  knownAt: Float64Array.of(v.knownAt),
  values: words(v.value),
  ids: idOf(v.id),
});

const version = fc
  .record({ key: fc.nat(6), knownAt: fc.nat(5), value: fc.nat(2) })
  .map((v) => ({ ...v, id: (v.value * 7 + v.key + v.knownAt) % 11 }));

test('any order of adding and loading gives the verdicts of the model', () => {
  const step = fc.record({ version, load: fc.boolean(), repeat: fc.boolean() });
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.array(step, { maxLength: 60 }), (steps, later) => {
      const table = new VersionTable();
      const naive = new Naive();
      const check = (list: typeof steps): void => {
        let size = 0;
        for (const { version: v, load, repeat } of list) {
          if (load) {
            table.load(columnsOf(v), 0, repeat);
            naive.load(v, repeat);
          } else {
            const expected = naive.add(v);
            const verdict = table.add(columnsOf(v), 0);
            assert.equal(verdict, expected.verdict);
            seen.add(`verdict ${verdict}`);
            if (verdict !== Verdict.duplicate && verdict !== Verdict.unchanged) {
              const out = new Uint32Array(4);
              const found = table.successorToReinstate(out);
              assert.equal(found, expected.reinstated !== null);
              if (expected.reinstated !== null) assert.deepEqual(out, idOf(expected.reinstated));
              seen.add(`reinstated ${found}`);
            }
          }
          size = [...naive.lists.values()].reduce((sum, l) => sum + l.length, 0);
          assert.equal(table.size, size);
        }
      };
      check(steps);
      // Emptied, it has forgotten everything.
      table.clear();
      naive.lists.clear();
      assert.equal(table.size, 0);
      assert.equal(table.successorToReinstate(new Uint32Array(4)), false);
      check(later);
    }),
    { numRuns: 400 },
  );
  assert.equal(seen.size, 7);
});

test('it grows past every one of its columns and still finds all', () => {
  const table = new VersionTable();
  const count = 3000;
  const add = (k: number, knownAt: number): Verdict =>
    table.add(
      {
        keys: Uint32Array.from([k % 64, k, 1, 1]),
        starts: Float64Array.of(k),
        knownAt: Float64Array.of(knownAt),
        values: words(knownAt),
        ids: idOf(knownAt),
      },
      0,
    );
  for (let k = 0; k < count; k++) assert.equal(add(k, 1), Verdict.first);
  for (let k = 0; k < count; k++) assert.equal(add(k, 2), Verdict.revision);
  for (let k = 0; k < count; k++) assert.equal(add(k, 1), Verdict.duplicate);
  assert.equal(table.size, 2 * count);
  table.clear();
  for (let k = 0; k < count; k++) assert.equal(add(k, 2), Verdict.first);
});
