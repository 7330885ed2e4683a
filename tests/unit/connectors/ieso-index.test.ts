/** The index of a folder of IESO's reports: which versions it names, in which order, and what is no index. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ieso } from '../../../connectors/ieso/index.ts';
import type { Dataset, SourceRequest } from '../../../connectors/kit/contract.ts';
import { formatInstant, parseInstant } from '../../../core/time/instant.ts';

const utc = (text: string): number => parseInstant(text) as number;
const datasetOf = (name: string): Dataset => {
  const found = ieso.datasets.find((each) => each.name === name);
  assert.ok(found !== undefined, name);
  return found;
};
const plan = (
  name: string,
  from: string,
  to: string,
  options: Record<string, string> = {},
): SourceRequest[] => datasetOf(name).plan({ start: utc(from), end: utc(to) }, { now: utc(to), options });

const FOLDER = 'https://reports-public.ieso.ca/public/VGForecastSummary/';
const row = (file: string, written: string): string =>
  `<img src="/icons/unknown.gif" alt="[   ]"> <a href="${file}">${file}</a>   ${written}  52K`;

/** An index as the server writes it: sorted by name, so that the tenth version is before the second. */
const INDEX = `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">
<html>
 <head>
  <title>Index of /public/VGForecastSummary</title>
 </head>
 <body><h1>Index of /public/VGForecastSummary</h1><pre>
<img src="/icons/back.gif" alt="[PARENTDIR]"> <a href="/public/">Parent Directory</a>                             -
${row('PUB_VGForecastSummary.xml', '02-Nov-2025 09:05')}
${row('PUB_VGForecastSummary_20251101.xml', '01-Nov-2025 23:05')}
${row('PUB_VGForecastSummary_20251101_v24.xml', '01-Nov-2025 23:05')}
${row('PUB_VGForecastSummary_20251102.xml', '02-Nov-2025 09:05')}
${row('PUB_VGForecastSummary_20251102_v1.xml', '02-Nov-2025 00:05')}
${row('PUB_VGForecastSummary_20251102_v10.xml', '02-Nov-2025 09:05')}
${row('PUB_VGForecastSummary_20251102_v2.xml', '02-Nov-2025 01:05')}
${row('PUB_VGForecastSummary_20251102_v2.xml', '02-Nov-2025 01:05')}
</pre></body></html>
`;

const documents = (listing: SourceRequest, page: string): SourceRequest[] =>
  datasetOf('renewable_forecast').documents?.(listing, {
    name: listing.name,
    bytes: new TextEncoder().encode(page),
  }) ?? [];

test('a forecast is planned by the index of its folder, or by the last version of each day', () => {
  const [listing, ...more] = plan('renewable_forecast', '2025-11-01T12:00:00Z', '2025-11-02T12:00:00Z');
  assert.deepEqual(more, []);
  assert.equal(listing?.url, FOLDER);
  assert.equal(listing?.lists, true);
  assert.deepEqual(
    [listing?.window.start, listing?.window.end].map((each) => formatInstant(each as number)),
    ['2025-11-01T05:00:00Z', '2025-11-03T05:00:00Z'],
  );
  const last = plan('load_forecast', '2025-11-02T05:00:00Z', '2025-11-03T05:00:00Z', { versions: 'last' });
  assert.deepEqual(
    last.map(({ url, lists }) => [url, lists]),
    [['https://reports-public.ieso.ca/public/Adequacy3/PUB_Adequacy3_20251102.xml', undefined]],
  );
  const both = plan('load_forecast', '2025-11-02T05:00:00Z', '2025-11-03T05:00:00Z', {
    reports: 'Adequacy3,Adequacy2',
  });
  assert.deepEqual(
    both.map(({ url }) => url.slice(url.indexOf('/public/'))),
    ['/public/Adequacy3/', '/public/Adequacy2/'],
  );
});

test('what is written many times for one day is found in an index, everything else by its address', () => {
  const listed = ieso.datasets.filter(({ name }) =>
    plan(name, '2025-11-02T05:00:00Z', '2025-11-03T05:00:00Z').some(({ lists }) => lists === true),
  );
  assert.deepEqual(listed.map(({ name }) => name).sort(), [
    'load_forecast',
    'predispatch_as_prices',
    'predispatch_lmp',
    'renewable_forecast',
    'totals_predispatch',
  ]);
  for (const { name, documents } of listed) assert.notEqual(documents, undefined, name);
});

test('the versions of the days that were asked for, as they were written; each once', () => {
  const [listing] = plan('renewable_forecast', '2025-11-02T05:00:00Z', '2025-11-03T05:00:00Z');
  const found = documents(listing as SourceRequest, INDEX);
  assert.deepEqual(
    found.map(({ url }) => url),
    [1, 2, 10].map((version) => `${FOLDER}PUB_VGForecastSummary_20251102_v${version}.xml`),
  );
  // The server's clock is that of the market.
  assert.equal(formatInstant(found[2]?.expectedAt as number), '2025-11-02T14:05:00Z');
  assert.equal(formatInstant(found[2]?.window.start as number), '2025-11-02T05:00:00Z');
  assert.equal(
    found.some(({ lists }) => lists === true),
    false,
  );
});

test('a folder without versions names nothing, and a page that is no index is refused', () => {
  const [listing] = plan('renewable_forecast', '2025-11-02T05:00:00Z', '2025-11-03T05:00:00Z');
  const bare = '<html><head><title>Index of /public/VGForecastSummary</title></head><body></body></html>';
  assert.deepEqual(documents(listing as SourceRequest, bare), []);
  assert.throws(
    () => documents(listing as SourceRequest, '<html><title>Maintenance</title></html>'),
    (error: { code?: string }) => error.code === 'SOURCE_UNRECOGNISED',
  );
});
