/** The listing of ERCOT's report archive: which documents it names, and which of them bring a window. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listedDocuments } from '../../../connectors/ercot/document-list.ts';
import { ercot } from '../../../connectors/ercot/index.ts';
import { parseInstant } from '../../../core/time/instant.ts';

const at = (text: string): number => parseInstant(text) ?? Number.NaN;
const bytes = (body: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(body));

const document = (id: string, published: string, kind = 'csv'): object => ({
  Document: {
    ExpiredDate: '2025-03-20T23:59:59-05:00',
    FriendlyName: `DAMCPCNP4188_${kind}`,
    ConstructedName: `cdr.00012329.0000000000000000.${id}.DAMCPCNP4188_${kind}.zip`,
    DocID: id,
    PublishDate: published,
  },
});

const listing = (...documents: unknown[]) => ({
  name: 'IceDocListJsonWS_12329.json',
  bytes: bytes({ ListDocsByRptTypeRes: { DocumentList: documents } }),
});

test('documents have a number, a name and a time with its offset; what lacks one is left out', () => {
  const found = listedDocuments(
    listing(
      document('7', '2025-03-08T12:31:00-06:00'),
      document('8', '2025-03-08T12:31:00-06:00', 'xml'),
      { Document: { DocID: '9' } },
      null,
    ),
  );
  assert.deepEqual(
    found.map(({ id, isCsv, publishedAt }) => [id, isCsv, publishedAt]),
    [
      ['7', true, at('2025-03-08T18:31:00Z')],
      ['8', false, at('2025-03-08T18:31:00Z')],
    ],
  );
});

test('a listing may be empty or hold one document alone; anything else is no listing', () => {
  assert.deepEqual(listedDocuments({ name: 'x', bytes: bytes({ ListDocsByRptTypeRes: {} }) }), []);
  const alone = { ListDocsByRptTypeRes: { DocumentList: document('7', '2025-03-08T12:31:00-06:00') } };
  assert.equal(listedDocuments({ name: 'x', bytes: bytes(alone) }).length, 1);
  for (const body of [{ data: [] }, [], 'page'])
    assert.throws(() => listedDocuments({ name: 'x', bytes: bytes(body) }), { code: 'SOURCE_UNRECOGNISED' });
});

test('every report of the archive is asked by its number, whether the API has it or not', () => {
  const window = { start: at('2025-03-09T06:00:00Z'), end: at('2025-03-10T05:00:00Z') };
  const numberOf = (name: string): string | null | undefined => {
    const [asked] =
      ercot.datasets.find((each) => each.name === name)?.plan(window, { now: window.end }) ?? [];
    return asked?.lists === true ? new URL(asked.url).searchParams.get('reportTypeId') : undefined;
  };
  const numbers: Readonly<Record<string, string>> = {
    da_lmp_bus: '12328',
    rt_lmp_bus: '11485',
    rt_lmp_sced: '12300',
    rt_as_prices: '24898',
    rt_as_prices_sced: '24891',
    da_system_lambda: '13113',
    rt_system_lambda: '13114',
    da_shadow_prices: '12332',
    rt_shadow_prices: '12302',
    load_forecast: '14837',
    wind_forecast: '13028',
    solar_forecast: '13483',
  };
  for (const [name, number] of Object.entries(numbers)) assert.equal(numberOf(name), number, name);
});

test('without a key a report that has no page is asked by its listing: the documents of the window, oldest first', () => {
  const dataset = ercot.datasets.find(({ name }) => name === 'da_as_prices');
  // Two days, the second of which has 23 hours.
  const window = { start: at('2025-03-08T06:00:00Z'), end: at('2025-03-10T05:00:00Z') };
  const now = at('2025-03-10T12:00:00Z');
  const [asked, ...more] = dataset?.plan(window, { now }) ?? [];
  assert.ok(asked !== undefined && more.length === 0 && asked.lists === true);
  assert.equal(asked.url, 'https://www.ercot.com/misapp/servlets/IceDocListJsonWS?reportTypeId=12329');
  const published = ['2025-03-09T12:31:00-05:00', '2025-03-08T12:33:00-06:00', '2025-03-07T12:32:00-06:00'];
  const documents = published.flatMap((time, k) => [
    document(`${30 - k}`, time),
    document(`${60 - k}`, time, 'xml'),
  ]);
  assert.deepEqual(
    dataset?.documents?.(asked, listing(...documents)).map(({ url }) => url),
    [28, 29].map((id) => `https://www.ercot.com/misdownload/servlets/mirDownload?doclookupId=${id}`),
  );
  const signedIn = dataset?.plan(window, { now, signedIn: ['api.ercot.com'] }) ?? [];
  assert.ok(signedIn.every(({ url, lists }) => lists === undefined && url.includes('/np4-188-cd/')));
});
