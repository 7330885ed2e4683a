/** Readiness: what fails, what takes too long, and what is looked at how often. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { checked, paging, windowOf } from '../../../app/http/api/parameters.ts';
import { typeOf } from '../../../app/http/api/representation.ts';
import { Readiness } from '../../../app/http/health.ts';

const fine = { ok: true, detail: 'answers' };

test('a check that throws has failed; the others say what they found', async () => {
  const readiness = new Readiness([
    { name: 'a', run: async () => fine },
    { name: 'b', run: () => Promise.reject(new Error('gone')) },
  ]);
  const found = await readiness.look();
  assert.deepEqual(
    found.map(({ name, ok, detail }) => [name, ok, detail]),
    [
      ['shutdown', true, 'not asked for'],
      ['a', true, 'answers'],
      ['b', false, 'gone'],
    ],
  );
  readiness.drain();
  assert.equal((await readiness.look())[0].ok, false);
});

test('a check without an end fails after a while', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const readiness = new Readiness([{ name: 'a', run: () => new Promise(() => {}) }]);
  const look = readiness.look();
  t.mock.timers.tick(3000);
  const [, found] = await look;
  assert.deepEqual([found.ok, found.detail], [false, 'no answer in 3000 ms']);
});

test('a look holds for a second, whoever asks', async () => {
  let now = 0;
  let looks = 0;
  const count = async (): Promise<typeof fine> => {
    looks++;
    return fine;
  };
  const readiness = new Readiness([{ name: 'a', run: count }], () => now);
  await Promise.all([readiness.look(), readiness.look()]);
  now = 1000;
  await readiness.look();
  assert.equal(looks, 1);
  now = 1001;
  await readiness.look();
  assert.equal(looks, 2);
});

test('Accept: weights, wildcards, and what is not there', () => {
  const offered = ['application/json', 'text/csv'] as const;
  const of = (accept?: string): string =>
    typeOf({ method: 'GET', url: '/', params: {}, query: {}, headers: { accept } }, offered);
  assert.equal(of(), 'application/json');
  assert.equal(of('*/*'), 'application/json');
  assert.equal(of('text/*'), 'text/csv');
  assert.equal(of('application/json;q=0.5, text/csv'), 'text/csv');
  assert.equal(of('image/png, */*;q=0.1'), 'application/json');
  assert.throws(() => of('image/png'), { code: 'REQUEST_INVALID' });
  assert.throws(() => of('text/csv;q=0'), { code: 'REQUEST_INVALID' });
});

test('windows: a date at the end is inclusive, a time is not, nothing means all time', () => {
  assert.deepEqual(windowOf({ from: '1970-01-02', to: '1970-01-02' }), { from: 86_400e6, to: 2 * 86_400e6 });
  assert.deepEqual(windowOf({ to: '1970-01-02T00:00:00Z' }), { from: 0, to: 86_400e6 });
  assert.deepEqual(windowOf({ from: '1900-01-01', to: '2500-01-01' }), {
    from: 0,
    to: 4_102_444_800_000_000,
  });
  assert.throws(() => windowOf({ from: '1970-01-02', to: '1970-01-01' }), { code: 'REQUEST_INVALID' });
});

test('an unknown parameter is told with the one that was meant', () => {
  const schema = z.strictObject({ ...paging });
  assert.deepEqual(checked(schema, { limit: '5' }), { limit: 5 });
  assert.throws(() => checked(schema, { curser: 'x' }), { message: /did you mean cursor/ });
});
