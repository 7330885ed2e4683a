/**
 * The keys of raw ticks as JSON that the scanner reads (`raw-json-scan.ts`): what each means, by the object in which it
 * stands. Keys that change the meaning of a record are left to the other reader.
 */

/** Keys that are read, by the objects in which they stand; the place in the list is their slot. */
export const KEYS = [
  'tenant_id',
  'trace_id',
  'source',
  'market',
  'instrument_id',
  'location',
  'ts',
  'price',
  'volume',
  'bid',
  'ask',
  'unit',
  'sequence',
  'trade_id',
  'cancels',
  'occurred_at',
  'archive_sha256',
  'archive_row',
] as const;
const slot = (key: (typeof KEYS)[number]): number => KEYS.indexOf(key);
export const TENANT = slot('tenant_id');
export const TRACE = slot('trace_id');
export const SOURCE = slot('source');
export const MARKET = slot('market');
export const INSTRUMENT = slot('instrument_id');
export const LOCATION = slot('location');
export const TS = slot('ts');
export const PRICE = slot('price');
export const UNIT = slot('unit');
export const SEQUENCE = slot('sequence');
export const TRADE_ID = slot('trade_id');
export const CANCELS = slot('cancels');
export const OCCURRED = slot('occurred_at');
export const ARCHIVE = slot('archive_sha256');
export const ARCHIVE_ROW = slot('archive_row');

/** What became of a key: ignored, or an object that is entered, or one that only the other reader understands. */
export const IGNORED = -1;
export const ENTERED = -2;
export const LEFT = -3;

/** Where an object stands: which keys it may hold differs. */
export const ROOT = 0;
export const ENVELOPE = 1;
export const PAYLOAD = 2;
export const RAW_DATA = 3;

export const IN_PAYLOAD = (1 << PAYLOAD) | (1 << RAW_DATA);
/** What may stand at the root beside a payload. */
export const ENVELOPE_KEYS = (1 << TENANT) | (1 << TRACE) | (1 << SOURCE) | (1 << OCCURRED);

/** Slots by key, for each place. Keys that change the meaning elsewhere are left to the other reader. */
export const MEANINGS: readonly ReadonlyMap<string, number>[] = [
  new Map<string, number>([
    ...KEYS.map((key, k): [string, number] => [key, k]),
    ['envelope', ENTERED],
    ['payload', ENTERED],
    ['raw_data', LEFT],
    ['timestamp', LEFT],
    ['archive_member', LEFT],
  ]),
  new Map<string, number>([
    ['tenant_id', TENANT],
    ['trace_id', TRACE],
    ['source', SOURCE],
    ['occurred_at', OCCURRED],
    ['timestamp', OCCURRED],
  ]),
  new Map<string, number>([
    ['source', SOURCE],
    ['market', MARKET],
    ['instrument_id', INSTRUMENT],
    ['location', LOCATION],
    ['sequence', SEQUENCE],
    ['trade_id', TRADE_ID],
    ['cancels', CANCELS],
    ['archive_sha256', ARCHIVE],
    ['archive_row', ARCHIVE_ROW],
    ['archive_member', LEFT],
    ['raw_data', ENTERED],
  ]),
  new Map<string, number>([
    ['timestamp', TS],
    ['price', PRICE],
    ['volume', PRICE + 1],
    ['bid', PRICE + 2],
    ['ask', PRICE + 3],
    ['sequence', SEQUENCE],
    ['trade_id', TRADE_ID],
    ['cancels', CANCELS],
    ['archive_row', ARCHIVE_ROW],
  ]),
];
