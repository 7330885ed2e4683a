/** A hint names a family of datasets; a market's own refusal comes before everything else. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Connector, Dataset, Recognition } from '../../../connectors/kit/contract.ts';
import { type Asked, recognise } from '../../../connectors/kit/recognise.ts';
import { CarbonError } from '../../../core/errors.ts';

const dataset = (name: string, sure: Readonly<Record<string, Recognition>>): Dataset =>
  ({ name, recognise: ({ text }: { text: string }) => sure[text] ?? 0 }) as unknown as Dataset;

const MARKET: Connector = {
  name: 'one',
  market: 'ONE',
  datasets: [
    dataset('rt_lmp', { five: 2, either: 1 }),
    dataset('rt_lmp_15min', { fifteen: 2, either: 1 }),
    dataset('rt_lmpx', { other: 3 }),
  ],
  pushed: [],
  describe: () => null,
  refusal: ({ bytes }) =>
    new TextDecoder().decode(bytes) === 'come back later' ? new CarbonError('SOURCE_BUSY', 'later') : null,
};

const found = (text: string, asked: Asked = {}): string => {
  try {
    return recognise([MARKET], { name: '', bytes: new TextEncoder().encode(text) }, asked).dataset.name;
  } catch (error) {
    assert.ok(error instanceof CarbonError, String(error));
    return error.code;
  }
};

test('the family of a hint is decided by content', () => {
  assert.equal(found('five', { dataset: 'rt_lmp' }), 'rt_lmp');
  assert.equal(found('fifteen', { dataset: 'RT_LMP' }), 'rt_lmp_15min');
  assert.equal(found('fifteen', { dataset: 'rt_lmp_15min' }), 'rt_lmp_15min');
});

test('where the content does not decide, the dataset of that very name is meant', () => {
  assert.equal(found('unknown', { dataset: 'rt_lmp' }), 'rt_lmp');
  assert.equal(found('either', { dataset: 'rt_lmp' }), 'rt_lmp');
  assert.equal(found('either'), 'SOURCE_UNRECOGNISED');
  assert.equal(found('unknown'), 'SOURCE_UNRECOGNISED');
});

test('a name that only begins alike is no variant', () => {
  assert.equal(found('other', { dataset: 'rt_lmp' }), 'rt_lmp');
  assert.equal(found('other', { dataset: 'rt' }), 'rt_lmpx');
  assert.equal(found('other', { dataset: 'da' }), 'CONNECTOR_UNKNOWN');
});

test('the refusal of the market is thrown, also under a hint', () => {
  assert.equal(found('come back later'), 'SOURCE_BUSY');
  assert.equal(found('come back later', { dataset: 'rt_lmp' }), 'SOURCE_BUSY');
});

test('names of columns alone are an empty report, words of a market are not', () => {
  assert.equal(found('Time,Node,"LBMP ($/MWHr)"\n'), 'SOURCE_EMPTY');
  assert.equal(found('Time,Node,Price\n01:00,A,3\n'), 'SOURCE_UNRECOGNISED');
  assert.equal(found('Time,Node,3'), 'SOURCE_UNRECOGNISED');
  assert.equal(found('Sorry, the service is away, try again later.'), 'SOURCE_UNRECOGNISED');
  assert.equal(found('Access denied'), 'SOURCE_UNRECOGNISED');
});
