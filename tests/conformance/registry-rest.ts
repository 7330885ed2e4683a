/**
 * What a schema registry answers to a client of Confluent's: the paths, bodies and error codes that are documented at
 * https://docs.confluent.io/platform/current/schema-registry/develop/api.html.
 */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever it is
  readonly body: any;
}

/** A registry under test. */
export interface RestUnderTest {
  readonly url: string;
  close(): Promise<void>;
}

const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';
const tick = (...more: unknown[]) => ({
  type: 'record',
  name: 'Tick',
  namespace: 'md',
  fields: [
    { name: 'id', type: 'int' },
    { name: 'ts', type: { type: 'long', logicalType: 'timestamp-micros' } },
    { name: 'px', type: 'double' },
    ...more,
  ],
});
const FIRST = tick();
const SECOND = tick({ name: 'seq', type: 'long', default: 0 });
const BREAKING = tick({ name: 'must', type: 'string' });

/** Runs the probes. `differs` names those that a product answers otherwise, with how. */
export function registryRestSuite(
  product: string,
  open: () => Promise<RestUnderTest>,
  differs: Readonly<Record<string, string>> = {},
): void {
  describe(`registry over REST: ${product}`, () => {
    let n = 0;
    const probe = (
      name: string,
      body: (
        ask: (method: string, path: string, body?: unknown) => Promise<Answer>,
        subject: string,
      ) => Promise<void>,
    ): void => {
      const why = differs[name];
      if (why !== undefined) {
        test.skip(`${name} (left out: ${why})`);
        return;
      }
      test(name, async () => {
        const under = await open();
        const ask = async (method: string, path: string, json?: unknown): Promise<Answer> => {
          const response = await fetch(under.url + path, {
            method,
            headers: { accept: MEDIA_TYPE, ...(json === undefined ? {} : { 'content-type': MEDIA_TYPE }) },
            ...(json === undefined ? {} : { body: JSON.stringify(json) }),
          });
          const text = await response.text();
          return { status: response.status, body: text === '' ? null : JSON.parse(text) };
        };
        try {
          await body(ask, `rest-${process.pid}-${Date.now().toString(36)}-${n++}-value`);
        } finally {
          await under.close();
        }
      });
    };
    const text = (schema: unknown) => ({
      schema: typeof schema === 'string' ? schema : JSON.stringify(schema),
    });
    const isError = (answer: Answer, status: number, code: number): void =>
      assert.deepEqual([answer.status, answer.body.error_code], [status, code]);

    probe('the types of schemas are listed, AVRO among them', async (ask) => {
      const { status, body } = await ask('GET', '/schemas/types');
      assert.deepEqual([status, body.includes('AVRO')], [200, true]);
    });

    probe('the level of the registry is BACKWARD', async (ask) => {
      assert.equal((await ask('GET', '/config')).body.compatibilityLevel, 'BACKWARD');
      assert.equal(
        (await ask('PUT', '/config', { compatibility: 'BACKWARD' })).body.compatibility,
        'BACKWARD',
      );
    });

    probe(
      'an unknown subject is 40401, an unknown version 40402, an unknown id 40403',
      async (ask, subject) => {
        isError(await ask('GET', `/subjects/${subject}/versions`), 404, 40401);
        isError(await ask('GET', `/subjects/${subject}/versions/latest`), 404, 40401);
        await ask('POST', `/subjects/${subject}/versions`, text(FIRST));
        isError(await ask('GET', `/subjects/${subject}/versions/9`), 404, 40402);
        isError(await ask('GET', '/schemas/ids/999999'), 404, 40403);
      },
    );

    probe('the same schema has one id, whatever its white space and its subject', async (ask, subject) => {
      const made = await ask('POST', `/subjects/${subject}/versions`, text(FIRST));
      assert.equal(made.status, 200);
      assert.ok(Number.isInteger(made.body.id));
      for (const [name, schema] of [
        [subject, FIRST],
        [subject, JSON.stringify(FIRST, null, 2)],
        [`other-${subject}`, FIRST],
      ] as const)
        assert.equal((await ask('POST', `/subjects/${name}/versions`, text(schema))).body.id, made.body.id);
      assert.deepEqual((await ask('GET', `/subjects/${subject}/versions`)).body, [1]);
    });

    probe('a schema is looked up; one that is not registered is 40403', async (ask, subject) => {
      const { id } = (await ask('POST', `/subjects/${subject}/versions`, text(FIRST))).body;
      const found = (await ask('POST', `/subjects/${subject}`, text(FIRST))).body;
      assert.deepEqual([found.subject, found.id, found.version], [subject, id, 1]);
      assert.deepEqual(JSON.parse(found.schema), FIRST);
      isError(await ask('POST', `/subjects/${subject}`, text(SECOND)), 404, 40403);
      isError(await ask('POST', `/subjects/absent-${subject}`, text(FIRST)), 404, 40401);
    });

    probe(
      'a compatible schema is the next version; latest, number and raw schema tell it',
      async (ask, subject) => {
        const first = (await ask('POST', `/subjects/${subject}/versions`, text(FIRST))).body;
        const second = (await ask('POST', `/subjects/${subject}/versions`, text(SECOND))).body;
        assert.notEqual(second.id, first.id);
        assert.deepEqual((await ask('GET', `/subjects/${subject}/versions`)).body, [1, 2]);
        const latest = (await ask('GET', `/subjects/${subject}/versions/latest`)).body;
        assert.deepEqual([latest.version, latest.id, latest.subject], [2, second.id, subject]);
        assert.deepEqual(JSON.parse(latest.schema), SECOND);
        assert.deepEqual((await ask('GET', `/subjects/${subject}/versions/1/schema`)).body, FIRST);
      },
    );

    probe('an id tells its schema, its versions and its subjects', async (ask, subject) => {
      const { id } = (
        await ask(
          'POST',
          `/subjects/${subject}/versions`,
          text(tick({ name: subject.replaceAll('-', '_'), type: 'int' })),
        )
      ).body;
      await ask(
        'POST',
        `/subjects/other-${subject}/versions`,
        text(tick({ name: subject.replaceAll('-', '_'), type: 'int' })),
      );
      assert.equal(JSON.parse((await ask('GET', `/schemas/ids/${id}`)).body.schema).name, 'Tick');
      const byName = (a: { subject: string }, b: { subject: string }): number =>
        a.subject < b.subject ? -1 : 1;
      assert.deepEqual((await ask('GET', `/schemas/ids/${id}/versions`)).body.sort(byName), [
        { subject: `other-${subject}`, version: 1 },
        { subject, version: 1 },
      ]);
      assert.deepEqual((await ask('GET', `/schemas/ids/${id}/subjects`)).body.sort(), [
        `other-${subject}`,
        subject,
      ]);
    });

    probe('compatibility is told without registering', async (ask, subject) => {
      await ask('POST', `/subjects/${subject}/versions`, text(FIRST));
      const check = `/compatibility/subjects/${subject}/versions/latest`;
      assert.equal((await ask('POST', check, text(SECOND))).body.is_compatible, true);
      assert.equal((await ask('POST', check, text(BREAKING))).body.is_compatible, false);
      assert.deepEqual((await ask('GET', `/subjects/${subject}/versions`)).body, [1]);
    });

    probe('a check that is asked for reasons gives them', async (ask, subject) => {
      await ask('POST', `/subjects/${subject}/versions`, text(FIRST));
      const check = `/compatibility/subjects/${subject}/versions/latest?verbose=true`;
      const { messages } = (await ask('POST', check, text(BREAKING))).body;
      assert.match(messages.join(), /must/);
    });

    probe('a breaking schema is 409, an invalid one 42201', async (ask, subject) => {
      await ask('POST', `/subjects/${subject}/versions`, text(FIRST));
      isError(await ask('POST', `/subjects/${subject}/versions`, text(BREAKING)), 409, 409);
      isError(await ask('POST', `/subjects/${subject}/versions`, text('{"type":"nope"}')), 422, 42201);
    });

    probe('a subject has a level of its own, which is taken back', async (ask, subject) => {
      await ask('POST', `/subjects/${subject}/versions`, text(FIRST));
      const path = `/config/${subject}`;
      const set = await ask('PUT', path, { compatibility: 'FULL_TRANSITIVE' });
      assert.equal(set.body.compatibility, 'FULL_TRANSITIVE');
      assert.equal((await ask('GET', path)).body.compatibilityLevel, 'FULL_TRANSITIVE');
      isError(await ask('PUT', path, { compatibility: 'NONSENSE' }), 422, 42203);
      assert.equal((await ask('DELETE', path)).status, 200);
      assert.equal((await ask('GET', `${path}?defaultToGlobal=true`)).body.compatibilityLevel, 'BACKWARD');
      assert.equal((await ask('PUT', path, { compatibility: 'NONE' })).status, 200);
      assert.equal((await ask('POST', `/subjects/${subject}/versions`, text(BREAKING))).status, 200);
    });

    probe('a subject without a level of its own is 40408', async (ask, subject) => {
      isError(await ask('GET', `/config/${subject}`), 404, 40408);
    });

    probe('the mode is READWRITE', async (ask) => {
      assert.equal((await ask('GET', '/mode')).body.mode, 'READWRITE');
    });

    probe('a version that is deleted is out of sight, and its id still readable', async (ask, subject) => {
      await ask('POST', `/subjects/${subject}/versions`, text(FIRST));
      const { id } = (await ask('POST', `/subjects/${subject}/versions`, text(SECOND))).body;
      const gone = await ask('DELETE', `/subjects/${subject}/versions/2`);
      assert.deepEqual([gone.status, gone.body], [200, 2]);
      assert.deepEqual((await ask('GET', `/subjects/${subject}/versions`)).body, [1]);
      assert.deepEqual((await ask('GET', `/subjects/${subject}/versions?deleted=true`)).body, [1, 2]);
      assert.equal((await ask('GET', `/schemas/ids/${id}`)).status, 200);
    });

    probe('a subject is deleted softly, then for good, and begins again', async (ask, subject) => {
      const { id } = (await ask('POST', `/subjects/${subject}/versions`, text(FIRST))).body;
      assert.deepEqual((await ask('DELETE', `/subjects/${subject}`)).body, [1]);
      isError(await ask('DELETE', `/subjects/${subject}`), 404, 40404);
      isError(await ask('GET', `/subjects/${subject}/versions`), 404, 40401);
      assert.deepEqual((await ask('DELETE', `/subjects/${subject}?permanent=true`)).body, [1]);
      assert.equal((await ask('POST', `/subjects/${subject}/versions`, text(FIRST))).body.id, id);
      assert.equal((await ask('GET', `/subjects/${subject}/versions/latest`)).body.version, 1);
    });

    probe('what is in sight is not deleted for good', async (ask, subject) => {
      await ask('POST', `/subjects/${subject}/versions`, text(FIRST));
      isError(await ask('DELETE', `/subjects/${subject}?permanent=true`), 404, 40405);
    });

    probe('an id that no subject uses any more is 40403', async (ask, subject) => {
      const own = tick({ name: subject.replaceAll('-', '_'), type: 'int' });
      const { id } = (await ask('POST', `/subjects/${subject}/versions`, text(own))).body;
      await ask('DELETE', `/subjects/${subject}`);
      await ask('DELETE', `/subjects/${subject}?permanent=true`);
      isError(await ask('GET', `/schemas/ids/${id}`), 404, 40403);
    });
  });
}
