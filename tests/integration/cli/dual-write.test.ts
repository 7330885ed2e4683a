/**
 * A breaking change end to end: `served.market.latest_prices.v1` gives way to `.v2` while `up` runs. Both are written, then
 * the second alone; notices say so, once each; the served values are those of before.
 */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { asFirstVersion } from '../../unit/codec/events.ts';
import { AUTUMN, edited, linesOf, newFolder, type Row, replay, rowsOf, SPRING, start } from './carbon.ts';

const V1 = 'served.market.latest_prices.v1';
const V2 = 'served.market.latest_prices.v2';
const NOTICES = 'processing.deprecate.notice.v1';

function policy(path: string, write: string, removal = '2027-03-01'): void {
  const lines = [
    'version: 1',
    'topics:',
    `  ${V1}:`,
    `    successor: ${V2}`,
    `    write: ${write}`,
    '    deprecated_since: 2026-12-01',
    `    removal_after: ${removal}`,
    '    reason: "Fields are in groups: read quote.price in place of price."',
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
}

const tapped = (data: string, topic: string): Promise<Row[]> =>
  rowsOf(data, 'tap', topic, '--limit', '100000');
const eventOf = (record: Row): Row => record['value'] as Row;
const payloadOf = (record: Row): Row => eventOf(record)['payload'] as Row;

/** Records by partition and event id; a batch that was written twice is one. */
function byId(records: readonly Row[]): Map<string, Row> {
  return new Map(records.map((record) => [`${record['partition']} ${eventOf(record)['event_id']}`, record]));
}

/** Every record of the first version has its twin: same place, key, time and headers, and a payload of equal meaning. */
function assertTwins(first: readonly Row[], second: readonly Row[]): void {
  const twins = byId(second);
  for (const [id, record] of byId(first)) {
    const twin = twins.get(id);
    assert.ok(twin !== undefined, `no twin of ${id}`);
    for (const part of ['key', 'timestamp', 'headers', 'partition'])
      assert.deepEqual(twin[part], record[part], part);
    const { payload: said, schema_version: before, ...envelope } = eventOf(record);
    const { payload, schema_version: version, ...same } = eventOf(twin);
    assert.deepEqual([before, version], ['1.0.0', '2.0.0']);
    assert.deepEqual(same, envelope);
    assert.deepEqual(asFirstVersion(payload as Row), said);
  }
}

test('both, then the second alone, while up runs', async () => {
  const path = join(newFolder(), 'topic_versions.yaml');
  const data = newFolder();
  const variables = { TOPIC_VERSIONS_PATH: path, DATA_PROC_HTTP: 'off' };
  policy(path, 'both');
  const up = start(['--data', data, 'up'], variables);
  await up.shown('service.started');
  assert.equal((await tapped(data, NOTICES)).length, 1);

  await replay(data, SPRING);
  const both = await tapped(data, V1);
  assert.ok(both.length >= 45, String(both.length));
  const second = await tapped(data, V2);
  assert.equal(byId(second).size, byId(both).size);
  assertTwins(both, second);

  // An edit that would silence the topic for good is refused as a whole.
  policy(path, 'v3');
  await up.shown('policies.refused');

  policy(path, 'v2');
  await up.shown('policies.reloaded');
  await replay(data, AUTUMN);
  assert.deepEqual(await tapped(data, V1), both);
  const alone = await tapped(data, V2);
  assert.ok(byId(alone).size > byId(second).size);

  // What is served is what the new topic says, and nothing of it is missing there.
  const newest = new Map(
    alone.map((record) => [(payloadOf(record)['instrument'] as Row)['id'], payloadOf(record)]),
  );
  const latest = await rowsOf(data, 'latest');
  assert.equal(latest.length, newest.size);
  for (const row of latest) {
    const quote = newest.get(row['instrument_id'])?.['quote'] as Row;
    assert.equal(Number(row['price']), Number(quote['price']), String(row['instrument_id']));
  }

  up.child.kill('SIGTERM');
  const { exit, stderr } = await up.ended;
  assert.equal(exit, 0, stderr);
  const [refused] = linesOf(stderr.replaceAll(/^[^{].*$/gm, '')).filter(
    (line) => line['event'] === 'policies.refused',
  );
  assert.deepEqual([refused['file'], refused['line'], refused['expected']], [path, 5, 'one of v1, both, v2']);

  // Other processes with the same policy have nothing to add; one with another says what changed.
  for (let again = 0; again < 2; again++) {
    const ended = await start(
      ['--data', data, 'replay', edited(SPRING, '"CAPITL",61757,-3.31,', `"CAPITL",61757,${again}.25,`)],
      variables,
    ).ended;
    assert.equal(ended.exit, 0, ended.stderr);
  }
  assert.deepEqual((await tapped(data, V1)).length, both.length);
  policy(path, 'v2', '2027-06-01');
  assert.equal((await start(['--data', data, 'replay', SPRING], variables).ended).exit, 0);
  const notices = (await tapped(data, NOTICES)).map(payloadOf);
  assert.deepEqual(
    notices.map((n) => [
      n['revision'],
      n['topic'],
      n['successor'],
      n['state'],
      n['write'],
      n['removal_after'],
    ]),
    [
      [1, V1, V2, 'announced', 'both', '2027-03-01'],
      [2, V1, V2, 'announced', 'v2', '2027-03-01'],
      [3, V1, V2, 'announced', 'v2', '2027-06-01'],
    ],
  );
  assert.match(String(notices[0]['reason']), /quote\.price/);
});
