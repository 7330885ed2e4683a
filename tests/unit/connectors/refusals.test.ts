/** Refusals that look alike at every market, in the words that the body has. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusalOf } from '../../support/read-body.ts';

const XML = '<?xml version="1.0" encoding="utf-8"?>';

type Case = readonly [what: string, body: string, code: string, words: RegExp];

const STORE: readonly Case[] = [
  [
    'a file that the store has not',
    `${XML}<Error><Code>BlobNotFound</Code><Message>The specified blob does not exist.\nTime:2026</Message></Error>`,
    'SOURCE_NO_DATA',
    /answers BlobNotFound: The specified blob does not exist\.$/,
  ],
  [
    'a file that may not be read',
    '<Error xmlns="urn:x"><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
    'SOURCE_REFUSED',
    /answers AccessDenied: Access Denied$/,
  ],
  [
    'words without a code',
    '<Error><Message>An error has occurred.</Message></Error>',
    'SOURCE_BUSY',
    /answers An error has occurred\.$/,
  ],
];

const GATEWAY: readonly Case[] = [
  [
    'a token that is not given',
    '{"error":"access_denied","error_description":"The username or password provided in the request are invalid."}',
    'SOURCE_REFUSED',
    /answers access_denied: The username or password provided in the request are invalid\.$/,
  ],
  [
    'a fault of a gateway',
    '{"fault":{"faultstring":"The Service is temporarily unavailable","detail":{"errorcode":"x"}}}',
    'SOURCE_BUSY',
    /answers The Service is temporarily unavailable$/,
  ],
];

/** Where there is an interface or a gateway; the others have files alone, or an interface with words of its own. */
const WITH_GATEWAY = [
  ['miso', 'MISO'],
  ['caiso', 'CAISO'],
  ['isone', 'ISO New England'],
  ['ercot', 'ERCOT'],
  ['pjm', 'PJM'],
  ['spp', 'SPP'],
] as const;
const ALL = [...WITH_GATEWAY, ['nyiso', 'NYISO'], ['ieso', 'IESO'], ['eia', 'EIA']] as const;

for (const [[what, body, code, words], markets] of [
  ...STORE.map((each) => [each, ALL] as const),
  ...GATEWAY.map((each) => [each, WITH_GATEWAY] as const),
])
  test(`refused: ${what}`, () => {
    for (const [market, name] of markets) {
      const refusal = refusalOf(market, body);
      assert.equal(refusal.code, code, market);
      assert.match(refusal.message, words);
      assert.ok(refusal.message.startsWith(`${name} answers`));
    }
  });

test('an XML document of another root, or an error without a word, is no refusal', () => {
  for (const market of ['spp', 'nyiso', 'ieso'])
    for (const body of [`${XML}<Errors><Code>X</Code></Errors>`, '<Error></Error>'])
      assert.equal(refusalOf(market, body).code, 'SOURCE_UNRECOGNISED');
});

test('an answer of the Data Exchange without a record is no data', () => {
  const body = '{"data":[],"page":{"pageNumber":1,"pageSize":0,"totalElements":0,"lastPage":true}}';
  const refusal = refusalOf('miso', body);
  assert.equal(refusal.code, 'SOURCE_NO_DATA');
  assert.match(refusal.message, /MISO answers totalElements 0: no record for the selection$/);
});

const PAGES: readonly (readonly [body: string, code: string, words: RegExp])[] = [
  [
    '<html><head><title>OASIS - System Maintenance</title></head><body><h2>Unreachable due to scheduled maintenance.</h2></body></html>',
    'SOURCE_NOT_DATA',
    /OASIS - System Maintenance: Unreachable due to scheduled maintenance\.$/,
  ],
  [
    '<html><head><title>Request Rejected</title></head><body>The requested URL was rejected.<br>Your support ID is: 12</body></html>',
    'SOURCE_NOT_DATA',
    /Request Rejected: The requested URL was rejected\. Your support ID is: 12$/,
  ],
  [
    '<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1><p>The requested URL /a.csv was not found on this server.</p></body></html>',
    'SOURCE_NO_DATA',
    /404 Not Found: Not Found The requested URL \/a\.csv was not found on this server\.$/,
  ],
  ['<html><body><h1>Bad Gateway</h1></body></html>', 'SOURCE_BUSY', /in place of a file: Bad Gateway$/],
];

test('a page in place of data is told by its title and the words below it', () => {
  for (const market of ['caiso', 'miso', 'nyiso'])
    for (const [body, code, words] of PAGES) {
      const refusal = refusalOf(market, body);
      assert.equal(refusal.code, code, market);
      assert.match(refusal.message, words);
    }
});
