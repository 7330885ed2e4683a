/** `carbon schemas register` into a real registry, and into the file registry over the same paths. */

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openConfluentRegistry } from '../../../drivers/schema-confluent/registry.ts';
import { serveSchemaFiles } from '../../../drivers/schema-files/http-front.ts';
import { openSchemaFiles } from '../../../drivers/schema-files/registry.ts';
import { sharedRegistry } from '../../support/registry-server.ts';
import { carbon, linesOf, newFolder, ROOT, type Row } from '../cli/carbon.ts';

const server = await sharedRegistry();
const TICKS = 'events/avro/normalized.market.ticks.v1.avsc';

/** A copy of the contracts, in a name space of its own topics, with the ticks changed. */
function copyOf(topicPrefix: string, edit: (schema: { fields: Row[] }) => void): string {
  const root = newFolder();
  for (const part of ['events', 'connectors'])
    cpSync(join(ROOT, part), join(root, part), { recursive: true });
  const schema = JSON.parse(readFileSync(join(root, TICKS), 'utf8'));
  edit(schema);
  rmSync(join(root, TICKS));
  writeFileSync(join(root, `events/avro/${topicPrefix}.ticks.v1.avsc`), JSON.stringify(schema));
  return root;
}

function suite(
  name: string,
  skip: string | false,
  open: () => Promise<{ url: string; close(): Promise<void> }>,
): void {
  describe(`carbon schemas register: ${name}`, { skip }, () => {
    let url = '';
    let close = async (): Promise<void> => {};
    const mine = `register${process.pid}`;
    before(async () => {
      const opened = await open();
      url = opened.url;
      close = opened.close;
    });
    after(() => close());

    const register = async (root: string, ...args: string[]) =>
      carbon(['--json', 'schemas', 'register', '--registry', url, '--root', root, ...args]);

    test('first it says what it would do, then does it, then has nothing to do', async () => {
      const root = copyOf(mine, () => {});
      const subject = `${mine}.ticks.v1-value`;
      const rowsOf = async (...args: string[]): Promise<Row[]> => {
        const { exit, stdout, stderr } = await register(root, ...args);
        assert.equal(exit, 0, stderr);
        return linesOf(stdout);
      };
      const of = (rows: Row[]): unknown => rows.find((row) => row['subject'] === subject)?.['outcome'];
      assert.equal(of(await rowsOf('--dry-run')), 'would register');
      const registry = openConfluentRegistry({ url });
      assert.ok(!(await registry.subjects()).includes(subject));
      const made = await rowsOf('--compatibility', 'BACKWARD_TRANSITIVE');
      assert.equal(of(made), 'registered');
      assert.equal((await registry.latest(subject)).version, 1);
      assert.equal(await registry.compatibility(subject), 'BACKWARD_TRANSITIVE');
      // Every contract is there, by the subject of its topic or record.
      const subjects = await registry.subjects();
      for (const row of made) assert.ok(subjects.includes(String(row['subject'])));
      assert.ok(subjects.includes('ingestion.nyiso.raw.v1-com.carbon254.ingestion.RawNyisoLmp'));
      assert.deepEqual(new Set((await rowsOf()).map((row) => row['outcome'])), new Set(['unchanged']));
    });

    test('a change that breaks readers is refused with exit 8, dry or not, and leaves nothing', async () => {
      const root = copyOf(mine, ({ fields }) => fields.push({ name: 'must', type: 'string' }));
      for (const args of [['--dry-run'], []]) {
        const { exit, stderr } = await register(root, ...args);
        assert.equal(exit, 8, stderr);
        assert.match(stderr, /SCHEMA_INCOMPATIBLE/);
      }
      assert.equal((await openConfluentRegistry({ url }).latest(`${mine}.ticks.v1-value`)).version, 1);
    });

    test('a field with a default is the next version', async () => {
      const root = copyOf(mine, ({ fields }) =>
        fields.push({ name: 'desk', type: ['null', 'string'], default: null }),
      );
      const { exit, stderr } = await register(root);
      assert.equal(exit, 0, stderr);
      assert.equal((await openConfluentRegistry({ url }).latest(`${mine}.ticks.v1-value`)).version, 2);
    });
  });
}

suite('schema files over REST', false, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'carbon-register-'));
  const front = await serveSchemaFiles(await openSchemaFiles(ROOT, dataDir), { host: '127.0.0.1', port: 0 });
  return {
    url: front.url,
    close: async () => {
      await front.close();
      rmSync(dataDir, { recursive: true });
    },
  };
});
suite('Apicurio', 'reason' in server ? `no registry: ${server.reason}` : false, async () => ({
  url: 'url' in server ? server.url : '',
  close: async () => {},
}));

test('a level that is none is refused, and so is a registry that does not answer', async () => {
  const bad = await carbon(['schemas', 'register', '--compatibility', 'SOME']);
  assert.equal(bad.exit, 2);
  const gone = await carbon(['schemas', 'register', '--registry', 'not a url']);
  assert.equal(gone.exit, 78);
});
