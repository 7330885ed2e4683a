import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOfAnswer, retryAfterSeconds } from '../../../app/ingest/answer.ts';
import type { Connector, SourceRequest } from '../../../connectors/kit/contract.ts';
import { CarbonError } from '../../../core/errors.ts';
import { HOUR, instantFromCivil, SECOND } from '../../../core/time/instant.ts';

const NOW = instantFromCivil(2026, 3, 8, 12);

const connector: Connector = {
  name: 'test',
  market: 'TEST',
  datasets: [],
  pushed: [],
  describe: () => null,
  refusal: ({ bytes }) => {
    const text = Buffer.from(bytes).toString();
    if (text.startsWith('BUSY')) return new CarbonError('SOURCE_BUSY', 'still making it');
    if (text.startsWith('NONE')) return new CarbonError('SOURCE_NO_DATA', 'nothing for 1000');
    if (text.startsWith('WRONG'))
      return new CarbonError('SOURCE_REFUSED', 'bad window', { context: { market_code: '1001' } });
    return null;
  },
};
const request: SourceRequest = {
  url: 'http://x/f',
  name: 'f.csv',
  window: { start: NOW, end: NOW + HOUR },
  expectedAt: NOW,
  maxBytes: 1000,
};

async function judged(
  status: number,
  body = 'x',
  headers: Record<string, string> = {},
  now = NOW,
): Promise<CarbonError | null> {
  return failureOfAnswer(
    connector,
    request,
    { url: request.url, status, headers, body: Buffer.from(body) },
    now,
  );
}

test('the status decides where the body says nothing', async () => {
  const cases: [number, string | undefined][] = [
    [200, undefined],
    [206, undefined],
    [304, undefined],
    [302, 'SOURCE_REFUSED'],
    [400, 'SOURCE_REFUSED'],
    [401, 'SOURCE_REFUSED'],
    [403, 'SOURCE_REFUSED'],
    [404, 'SOURCE_MISSING'],
    [408, 'SOURCE_UNREACHABLE'],
    [410, 'SOURCE_MISSING'],
    [429, 'SOURCE_BUSY'],
    [500, 'SOURCE_UNREACHABLE'],
    [503, 'SOURCE_UNREACHABLE'],
  ];
  for (const [status, code] of cases) assert.equal((await judged(status))?.code, code, String(status));
  assert.equal((await judged(404, 'x', {}, NOW - 1))?.code, 'SOURCE_NO_DATA');
  assert.equal((await judged(503, 'x', { 'retry-after': '9' }))?.context['retry_after_seconds'], 9);
  assert.equal((await judged(503, 'x', { 'retry-after': '9' }))?.code, 'SOURCE_BUSY');
  assert.equal((await judged(500))?.context['status'], 500);
});

test('the words of the market go before the status, and are told with it', async () => {
  assert.equal((await judged(200, 'BUSY'))?.code, 'SOURCE_BUSY');
  assert.equal((await judged(200, 'NONE'))?.code, 'SOURCE_NO_DATA');
  assert.equal((await judged(200, 'WRONG'))?.code, 'SOURCE_REFUSED');
  assert.equal((await judged(503, 'BUSY'))?.code, 'SOURCE_BUSY');
  assert.equal((await judged(400, 'NONE'))?.code, 'SOURCE_NO_DATA');
  assert.equal((await judged(404, 'NONE'))?.code, 'SOURCE_MISSING', 'what should be there is missing');
  assert.equal(
    (await judged(500, 'WRONG'))?.code,
    'SOURCE_UNREACHABLE',
    'a server that fails may say anything',
  );
  const refused = await judged(400, 'WRONG');
  assert.match(refused?.message ?? '', /bad window/);
  assert.equal(refused?.context['market_code'], '1001');
  const page = await judged(500, '<html><title>Down for maintenance</title></html>');
  assert.match(page?.message ?? '', /Down for maintenance/);
});

test('Retry-After is seconds, a date, or nothing that can be read', () => {
  assert.equal(retryAfterSeconds(undefined, NOW), null);
  assert.equal(retryAfterSeconds(' 120 ', NOW), 120);
  assert.equal(retryAfterSeconds('Sun, 08 Mar 2026 12:00:30 GMT', NOW), 30);
  assert.equal(retryAfterSeconds('Sun, 08 Mar 2026 12:00:30 GMT', NOW + 60 * SECOND), 0, 'past');
  assert.equal(retryAfterSeconds('soon', NOW), null);
});
