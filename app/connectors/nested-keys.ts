/** What the docs and the messages say about keys below the first level of `connector.yaml`: `auth`, `request`, `read`. */

import type { KeyDoc } from './manifest-schema.ts';

const doc = (what: string, expected: string, fallback: string | null = 'none'): KeyDoc => ({
  what,
  expected,
  fallback,
});

const DURATION = 'a number with s, m, h or d, as 5d';
const COLUMN = 'a column, or in JSON and XML a path such as Location.@LocId';
const PATH = 'a path, as response.data or links[rel=next].href';
const TEMPLATE = 'a text; {start:YYYY-MM-DD}, {end-1h:YYYY-MM-DDThh} and words of each are filled in';
const VARIABLE = 'the name of a variable in capitals, never the secret itself';

/** By the names of the keys that lead there, without the numbers of lists. */
export const NESTED_KEYS: Readonly<Record<string, KeyDoc>> = {
  'auth.kind': doc(
    'How the source is told who asks; several entries are applied together',
    'basic, bearer, header, query, token, cookie',
    null,
  ),
  'auth.user': doc('Variable of the user, for `basic`', VARIABLE, null),
  'auth.password': doc('Variable of the password, for `basic`', VARIABLE, null),
  'auth.secret': doc('Variable of the key or token, for `bearer`, `header`, `query`', VARIABLE, null),
  'auth.name': doc('Name of the header or of the query parameter', 'letters, digits, hyphens', null),
  'auth.url': doc(
    'Where a token is asked for, for `token`, or the page that sets cookies, for `cookie`; its host needs no entry in hosts',
    'an http or https address',
    null,
  ),
  'auth.form': doc('Plain fields of the form that asks for a token', 'a map of texts', '{}'),
  'auth.secrets': doc('Fields of that form that are secret', 'a map from field to variable', null),
  'auth.field': doc('Field of the answer that is the token', 'a name, as id_token', 'access_token'),
  'auth.lifetime_seconds': doc(
    'How long a token holds where the answer does not say it, and a cookie in any case',
    'a whole number from 60 to 86400',
    '3600',
  ),
  'auth.hosts': doc(
    'Hosts that it is for: others are asked without it, and a plan may prefer these where its secrets are set',
    'a list of host names',
    'all',
  ),
  'auth.optional': doc('The source also answers without it', 'true, false', 'false'),
  'contract.appears': doc(
    'A column that no body of the dataset had',
    'evolve, freeze, discard_value, discard_row',
    'evolve',
  ),
  'contract.vanishes': doc(
    'A column that is gone, and that is not read',
    'evolve, freeze, discard_value, discard_row',
    'evolve',
  ),
  'contract.type': doc(
    'Words where numbers stood, or numbers where words stood',
    'evolve, freeze, discard_value, discard_row',
    'discard_row',
  ),
  'contract.meaning': doc(
    'Another unit behind the name of a column',
    'evolve, freeze, discard_value, discard_row',
    'freeze',
  ),
  title: doc('What the dataset is, in a few words', 'a text', 'its name'),
  order: doc(
    'What the intervals of a location within one body do; what breaks it is damage',
    'contiguous, forward, free',
    'free',
  ),
  'request.url': doc('Address without query', 'http or https, host, path; templates as in query', null),
  'request.query': doc('Parameters of the query, in their order', `a map; values are ${TEMPLATE}`, '{}'),
  'request.name': doc(
    'Name of the payload, the same for every run that asks for it',
    TEMPLATE,
    'dataset, span, words',
  ),
  'request.span': doc('What one request covers', `day, month, year, window, or ${DURATION}`, 'day'),
  'request.zone': doc(
    'Zone of the spans, and of the times in templates',
    'an IANA zone, or an offset as -05:00',
    'UTC',
  ),
  'request.each': doc(
    'One request for each of these words; an option of the same name chooses among them',
    'a map from a word to a list of texts',
    '{}',
  ),
  'request.published': doc(
    'When a span is expected to be there',
    'start or end, with + or - and a duration, as end+15m',
    'end',
  ),
  'request.max_bytes': doc('Largest body that is taken', 'a whole number from 1 to 1000000000', '50000000'),
  'request.page.by': doc('How pages follow each other', 'offset, page, cursor, link', null),
  'request.page.parameter': doc('Query parameter that says which page; not for link', 'a name', null),
  'request.page.size': doc(
    'Rows of a full page; for offset and page',
    'a whole number from 1 to 1000000',
    null,
  ),
  'request.page.size_parameter': doc('Query parameter that asks for so many', 'a name'),
  'request.page.first': doc('Value for the first page', '0 or 1', '0 for offset, 1 for page'),
  'request.page.from': doc('Where the cursor or the link of the next page stands', PATH, null),
  'request.page.total': doc('Where the count of all rows (offset) or pages (page) stands', PATH),
  'read.format': doc('Form of the body', 'csv, json, xml', null),
  'read.rows': doc(
    'Where the rows stand in JSON, or the elements in XML from the root on',
    PATH,
    'the whole body',
  ),
  'read.columns': doc('Where the names of columns stand, for JSON rows that are arrays', PATH),
  'read.delimiter': doc('Between the fields of a CSV', 'one character', ','),
  'read.row_marker': doc('First field of the lines of a CSV that are rows, as D', 'a text'),
  'read.marks': doc(
    'Texts that the start of every body of this dataset holds, and no other',
    'a list of texts',
    '[]',
  ),
  'read.lacks': doc(
    "Texts that the start of no body of this dataset holds, where another one's bodies have all of its columns",
    'a list of texts',
    '[]',
  ),
  'read.refusal': doc('Where the words stand with which the source refuses', PATH),
  'read.time.from': doc(
    'Where the stamp stands; several columns are joined by a blank',
    `${COLUMN}, or a list of them`,
    null,
  ),
  'read.time.until': doc('Where the end of the interval stands, for stamp bounds', COLUMN, null),
  'read.time.zone': doc('Clock of the stamps', 'an IANA zone, or an offset as -05:00', null),
  'read.time.pattern': doc(
    'Form of a stamp',
    'YYYY MM DD hh mm ss, M D h for one digit or two, Mon, [...] for what may be absent',
    null,
  ),
  'read.time.stamp': doc(
    'What a stamp stands for',
    'beginning, ending-label, ending-clock, instant, bounds',
    null,
  ),
  'read.time.length': doc('Length of an interval; not needed for an instant', DURATION),
  'read.time.offset': doc(
    'Stamps end in an offset, which must be that of the zone then',
    'true, false',
    'false',
  ),
  'read.time.on_grid': doc('Stamps lie on multiples of the length', 'true, false', 'true'),
  'read.time.hint': doc('Where the flag of the repeated hour stands, or the name of the zone', COLUMN, null),
  'read.time.repeated': doc(
    'What tells the repeated hour of autumn',
    'none, order, words of a flag as {first: [N], second: [Y]}, or of a zone as {words: {EST: "-05:00"}}',
    'none',
  ),
  'read.time.cadence': doc('How often readings without a grid come at least', DURATION),
  'read.time.publishes': doc('Days on which something is published', 'weekdays', 'every day'),
  'read.location': doc(
    'Where the place stands',
    `${COLUMN}, or {is: NAME} for one that is always the same`,
    null,
  ),
  'read.series': doc('Where the second label stands: fuel, counterparty', `${COLUMN}, or {is: NAME}`),
  'read.sequence': doc('Where a whole number stands that parts rows of one place and time', COLUMN),
  'read.published_at': doc('Where the publication time of a row stands, in ISO 8601', COLUMN),
  'read.values': doc(
    'The numbers of a row, at least one',
    'a list of field, from, unit, what, and when',
    null,
  ),
  'read.values.field': doc(
    'Name of the field in raw events',
    'lower-case letters, digits, underscores',
    null,
  ),
  'read.values.from': doc('Where the number stands', COLUMN, null),
  'read.values.unit': doc('Unit of the number', 'a text, as USD/MWh', null),
  'read.values.what': doc('What the number is, in a few words', 'a text', null),
  'read.values.when': doc(
    'Only in rows where these columns hold these words',
    'a map from column to word',
    '{}',
  ),
  'read.skip': doc(
    'Rows that are left out on purpose, by the words of a column',
    'a map from column to words',
    '{}',
  ),
  'read.null_words': doc(
    'Words that mean no value, besides the blank; usual: those of the markets with code (NA, null, - …)',
    'a list of texts, or usual',
    '[]',
  ),
  'stream.url': doc(
    'Address of a stream of JSON messages; `request` is then the route that fills gaps',
    'ws or wss, host, path',
    null,
  ),
  'stream.subscribe': doc('What is said after each opening, in order', 'a list of texts', '[]'),
  'stream.ping': doc('What is said when nothing came for `every`', 'a text'),
  'stream.every': doc('Silence after which `ping` is said', DURATION, '15s'),
  'stream.silent': doc('Silence after which the connection is dead, and opened anew', DURATION, '45s'),
  'stream.max_length': doc('Longest message, in characters', 'a whole number from 1 to 50000000', '1000000'),
  'stream.sequence': doc('Where the number of a message stands; it counts up by one', PATH, null),
  'stream.channel': doc('Where the channel stands whose messages are counted', PATH),
  'stream.when': doc(
    'Words by which a message is data; others say that the source is alive',
    'a map from path to word',
    '{}',
  ),
  'stream.refusal': doc('Where the words stand with which the source refuses', PATH),
  'read.known': doc(
    'Columns that are not read; any other new one is reported as drift',
    'a list of columns',
    '[]',
  ),
};

/** The doc of the longest part of a path that has one; null when none has. Numbers of lists do not count. */
export function nestedDoc(path: readonly (string | number)[]): KeyDoc | null {
  const names = path.filter((step) => typeof step === 'string');
  if (names[0] === 'datasets') names.shift();
  for (let length = names.length; length > 0; length--) {
    const found = NESTED_KEYS[names.slice(0, length).join('.')];
    if (found !== undefined) return found;
  }
  return null;
}

/** Names of the keys that may stand below a path. */
export function nestedNames(path: readonly (string | number)[]): string[] {
  const names = path.filter((step) => typeof step === 'string');
  if (names[0] === 'datasets') names.shift();
  const prefix = names.length === 0 ? '' : `${names.join('.')}.`;
  const found = Object.keys(NESTED_KEYS).flatMap((key) =>
    key.startsWith(prefix) ? (key.slice(prefix.length).split('.')[0] ?? []) : [],
  );
  return [...new Set(found)];
}

/** The nested keys as a Markdown table, for `docs/add-a-connector.md`. */
export function nestedReference(): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const rows = Object.entries(NESTED_KEYS).map(
    ([key, { what, expected, fallback }]) =>
      `| \`${key}\` | ${cell(what)} | ${cell(expected)} | ${fallback === null ? 'required' : `\`${fallback}\``} |`,
  );
  return ['| key | what | allowed | when absent |', '|---|---|---|---|', ...rows].join('\n');
}
