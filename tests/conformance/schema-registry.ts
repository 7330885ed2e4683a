/** What every SchemaRegistry does, whatever stands behind it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SchemaRegistry } from '../../core/ports/schema-registry.ts';

/** A registry under test; `reopen` gives another view of the same store, as a second process would have. */
export interface RegistryUnderTest {
  readonly registry: SchemaRegistry;
  reopen(): Promise<SchemaRegistry>;
  close(): Promise<void>;
}

const schema = (fields: unknown[], name = 'Conformance'): string =>
  JSON.stringify({ type: 'record', name, namespace: 'test', fields });
const FIRST = schema([{ name: 'a', type: 'long' }]);
const SECOND = schema([
  { name: 'a', type: 'long' },
  { name: 'b', type: ['null', 'string'], default: null },
]);
const BREAKING = schema([
  { name: 'a', type: 'long' },
  { name: 'c', type: 'string' },
]);
const SUBJECT = 'conformance.v1-value';

/** Runs the suite on registries that `make` opens, each on a store of its own. */
export function schemaRegistrySuite(driver: string, make: () => Promise<RegistryUnderTest>): void {
  const conforms = (what: string, body: (under: RegistryUnderTest) => Promise<void>): void => {
    test(`${driver}: ${what}`, async () => {
      const under = await make();
      try {
        await body(under);
      } finally {
        await under.close();
      }
    });
  };

  conforms('a registered schema is found by id and as the newest of its subject', async ({ registry }) => {
    const made = await registry.register(SUBJECT, FIRST);
    assert.deepEqual([made.subject, made.version], [SUBJECT, 1]);
    assert.ok(Number.isInteger(made.id) && made.id > 0);
    assert.deepEqual(await registry.byId(made.id), made);
    assert.deepEqual(await registry.latest(SUBJECT), made);
    assert.deepEqual(JSON.parse(made.schema), JSON.parse(FIRST));
    assert.ok((await registry.subjects()).includes(SUBJECT));
    assert.deepEqual(await registry.subjects(), (await registry.subjects()).toSorted());
  });

  conforms('the same schema again is the same registration', async ({ registry }) => {
    const made = await registry.register(SUBJECT, FIRST);
    assert.deepEqual(await registry.register(SUBJECT, FIRST), made);
    assert.deepEqual(await registry.latest(SUBJECT), made);
  });

  conforms('the same schema under another subject has the same id', async ({ registry }) => {
    const made = await registry.register(SUBJECT, FIRST);
    const other = await registry.register('conformance.other.v1-value', FIRST);
    assert.deepEqual([other.id, other.version, other.subject], [made.id, 1, 'conformance.other.v1-value']);
  });

  conforms('a compatible schema is the next version with another id', async ({ registry }) => {
    const first = await registry.register(SUBJECT, FIRST);
    const second = await registry.register(SUBJECT, SECOND);
    assert.equal(second.version, 2);
    assert.notEqual(second.id, first.id);
    assert.deepEqual(await registry.latest(SUBJECT), second);
    assert.deepEqual(await registry.byId(first.id), first);
    assert.deepEqual(await registry.register(SUBJECT, FIRST), first);
  });

  conforms('a breaking schema and an invalid one are refused and leave nothing', async ({ registry }) => {
    const made = await registry.register(SUBJECT, FIRST);
    await assert.rejects(registry.register(SUBJECT, BREAKING), { code: 'SCHEMA_INCOMPATIBLE' });
    await assert.rejects(registry.register(SUBJECT, '{"type":"nothing"}'), { code: 'SCHEMA_INVALID' });
    await assert.rejects(registry.register(SUBJECT, 'no json'), { code: 'SCHEMA_INVALID' });
    assert.deepEqual(await registry.latest(SUBJECT), made);
  });

  conforms('a subject keeps to its own level, else to that of the registry', async ({ registry }) => {
    await registry.register(SUBJECT, FIRST);
    assert.equal(await registry.compatibility(SUBJECT), 'BACKWARD');
    await registry.setCompatibility(SUBJECT, 'NONE');
    assert.equal(await registry.compatibility(SUBJECT), 'NONE');
    const broken = await registry.register(SUBJECT, BREAKING);
    assert.equal(broken.version, 2);
    await registry.setCompatibility(SUBJECT, 'FORWARD');
    // Who reads with BREAKING finds no c in what is written with FIRST.
    await assert.rejects(registry.register(SUBJECT, SECOND), { code: 'SCHEMA_INCOMPATIBLE' });
    await registry.setCompatibility(SUBJECT, 'BACKWARD');
  });

  conforms('an unknown id or subject is SCHEMA_UNKNOWN', async ({ registry }) => {
    await assert.rejects(registry.byId(999_999_999), { code: 'SCHEMA_UNKNOWN' });
    await assert.rejects(registry.latest('nobody-value'), { code: 'SCHEMA_UNKNOWN' });
  });

  conforms(
    'registrations are there after a restart, and seen by others without one',
    async ({ registry, reopen }) => {
      const before = await reopen();
      const made = await registry.register(SUBJECT, FIRST);
      assert.deepEqual(await before.byId(made.id), made);
      assert.deepEqual(await (await reopen()).latest(SUBJECT), made);
    },
  );

  conforms('registrations at the same time never share an id', async ({ registry, reopen }) => {
    const views = [registry, await reopen(), await reopen()];
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, k) =>
        views[k % views.length].register(`conformance.${k}-value`, schema([], `Conformance${k}`)),
      ),
    );
    assert.equal(new Set(made.map((m) => m.id)).size, made.length);
    const fresh = await reopen();
    for (const m of made) assert.deepEqual(await fresh.byId(m.id), m);
  });
}
