/** `carbon connector simulate`: a market on a port, and trades on standard output or on the raw topic. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carbon, linesOf, newFolder, start } from './carbon.ts';

test('a simulator prints where it is, serves, tells of each request, and stops at a signal', async () => {
  const running = start([
    '--json',
    ...['connector', 'simulate', 'miso', '--at', '2025-03-09T12:00:00Z', '--speed', '0', '--nodes', '12'],
    ...['--faults', 'unavailable'],
  ]);
  let printed = '';
  running.child.stdout?.on('data', (text: string) => {
    printed += text;
  });
  await running.shown('Ctrl-C stops it');
  const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0] ?? '';
  const url = `${origin}/marketreports/20250309_da_expost_lmp.csv`;
  assert.equal((await fetch(url)).status, 503);
  const good = await fetch(url);
  assert.equal(good.status, 200);
  assert.equal((await good.text()).split('\n').length, 5 + 3 * 12 + 1);
  running.child.kill('SIGINT');
  const { exit, stdout, stderr } = await running.ended;
  assert.equal(exit, 0);
  assert.deepEqual(linesOf(stdout)[0], { dataset: '', url: origin });
  assert.equal(linesOf(stdout).length, 1 + 15);
  const told = linesOf(
    stderr
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .join('\n'),
  );
  assert.deepEqual(
    told.map(({ at, status, fault }) => ({ at, status, fault })),
    [
      { at: '2025-03-09T12:00:00Z', status: 503, fault: 'unavailable' },
      { at: '2025-03-09T12:00:00Z', status: 200, fault: null },
    ],
  );
  assert.match(stderr, /SIGINT: 2 requests answered/);
});

test('trades are printed alike each time, and published to the topic of their market', async () => {
  const asked = ['connector', 'simulate', 'miso', '--trades', '--at', '2025-07-08T12:00:00Z', '--seed', '4'];
  const printed = await carbon([...asked, '--count', '20']);
  assert.equal(printed.exit, 0);
  assert.equal((await carbon([...asked, '--count', '20'])).stdout, printed.stdout);
  assert.equal(linesOf(printed.stdout).length, 20);
  const data = ['--json', '--data', newFolder()];
  const published = await carbon([...data, ...asked, '--count', '300', '--invalid', '0.1', '--publish']);
  assert.equal(published.exit, 0, published.stderr);
  const [row] = linesOf(published.stdout);
  assert.equal(row['topic'], 'ingestion.miso.raw.v1');
  assert.equal(row['published'], 300);
  assert.equal(Number(row['good']) + Number(row['invalid']), 300);
  const [listed] = linesOf((await carbon([...data, 'tap', '--list', 'ingestion.miso.raw.v1'])).stdout);
  assert.equal(listed['records'], 300);
});

test('what is wrong on the command line is named', async () => {
  const wrong: readonly (readonly [args: string[], exit: number, text: RegExp])[] = [
    [['nowhere'], 5, /no simulator nowhere.*\n.*caiso, eia, ercot/],
    [['generic'], 2, /--trades/],
    [['miso', '--faults', 'nonsense'], 2, /no fault nonsense/],
    [['miso', '--at', 'soon'], 2, /--at is not a time: soon/],
    [['miso', '--speed', '-1'], 2, /--speed is -1/],
    [['miso', '--trades', '--count', '0'], 2, /--count is 0, but must be a whole number/],
    [['miso', '--trades', '--late', '2'], 2, /--late is 2, but must be a number from 0 to 1/],
  ];
  for (const [args, exit, text] of wrong) {
    const ended = await carbon(['connector', 'simulate', ...args]);
    assert.equal(ended.exit, exit, args.join(' '));
    assert.match(ended.stderr, text);
    assert.equal(ended.stdout, '');
  }
  const listed = await carbon(['--json', 'connector', 'simulate', 'miso', '--faults', 'list']);
  assert.ok(linesOf(listed.stdout).some(({ fault }) => fault === 'cut-body'));
});
