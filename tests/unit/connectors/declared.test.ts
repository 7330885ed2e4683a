import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { allConnectors, connectorNamed } from '../../../app/connectors/catalogue.ts';
import type { Connector, Dataset, Payload, SourceRequest } from '../../../connectors/kit/contract.ts';
import { refine } from '../../../connectors/kit/refine.ts';
import { CarbonError } from '../../../core/errors.ts';
import { formatInstant, instantFromCivil } from '../../../core/time/instant.ts';
import { systemPrice } from '../../../scripts/samples/make-declared-samples.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const GOLDEN = join(ROOT, 'tests/data/golden/decode');
const NAMES = ['aemo', 'eia-spot', 'eia-nuclear', 'elexon'];
const TRANSFORMS = ['sanitize_numeric', 'standardize_timezone'];

const payloadOf = (body: string, name = ''): Payload => ({ name, bytes: new TextEncoder().encode(body) });
const datasetOf = (connector: Connector, name: string): Dataset =>
  connector.datasets.find((each) => each.name === name) as Dataset;

test('each of them is a connector.yaml of at most sixty lines, and nothing else but its schema', () => {
  for (const name of NAMES) {
    const folder = join(ROOT, 'connectors', name);
    assert.deepEqual(readdirSync(folder).sort(), ['connector.yaml', 'schemas']);
    const lines = readFileSync(join(folder, 'connector.yaml'), 'utf8').split('\n').length - 1;
    assert.ok(lines <= 60, `${name}: ${lines}`);
  }
});

describe('plans', () => {
  const now = instantFromCivil(2025, 11, 20);
  const day = { start: instantFromCivil(2025, 11, 2), end: instantFromCivil(2025, 11, 3) };
  const plan = (name: string, window = day, options = {}): SourceRequest[] => {
    const [dataset] = connectorNamed(name).datasets as [Dataset];
    return dataset.plan(window, { now, options });
  };

  test('a month of days is one query, both ends of which count', () => {
    const [request, ...more] = plan('eia-nuclear');
    assert.equal(more.length, 0);
    const url = new URL(request?.url ?? '');
    assert.equal(url.pathname, '/v2/nuclear-outages/facility-nuclear-outages/data/');
    assert.deepEqual(
      [...url.searchParams],
      [
        ['frequency', 'daily'],
        ['data[0]', 'capacity'],
        ['data[1]', 'outage'],
        ['start', '2025-11-01'],
        ['end', '2025-11-30'],
        ['sort[0][column]', 'period'],
        ['sort[0][direction]', 'asc'],
        ['length', '5000'],
        ['offset', '0'],
      ],
    );
    assert.equal(formatInstant(request?.expectedAt ?? 0), '2025-11-02T10:00:00Z', '34 hours after its begin');
    assert.doesNotMatch(request?.url ?? '', /api_key/, 'no address holds a key');
  });

  test('a day of London has 25 hours, a month of Brisbane begins at 14:00 of the day before', () => {
    const autumn = { start: instantFromCivil(2025, 10, 26), end: instantFromCivil(2025, 10, 26, 12) };
    const [london] = plan('elexon', autumn);
    assert.deepEqual(
      [london?.name, formatInstant(london?.window.start ?? 0), formatInstant(london?.window.end ?? 0)],
      ['system-prices-2025-10-26.json', '2025-10-25T23:00:00Z', '2025-10-27T00:00:00Z'],
    );
    assert.match(london?.url ?? '', /\/system-prices\/2025-10-26\?format=json$/);
    const regions = plan('aemo');
    assert.deepEqual(
      regions.map(({ name }) => name),
      ['NSW1', 'QLD1', 'SA1', 'TAS1', 'VIC1'].map((region) => `PRICE_AND_DEMAND_202511_${region}.csv`),
    );
    assert.equal(formatInstant(regions[0]?.window.start ?? 0), '2025-10-31T14:00:00Z');
    assert.equal(plan('aemo', day, { region: 'SA1,TAS1' }).length, 2, 'an option chooses among the words');
  });

  test('windows over months ask for each of them, series by series', () => {
    const window = { start: instantFromCivil(2025, 1, 31), end: instantFromCivil(2025, 3, 1) };
    const asked = plan('eia-spot', window).map(({ url }) => {
      const { searchParams } = new URL(url);
      return [searchParams.get('facets[series][]'), searchParams.get('start'), searchParams.get('end')];
    });
    assert.deepEqual(asked, [
      ['RWTC', '2025-01-01', '2025-01-31'],
      ['RBRTE', '2025-01-01', '2025-01-31'],
      ['RWTC', '2025-02-01', '2025-02-28'],
      ['RBRTE', '2025-02-01', '2025-02-28'],
    ]);
  });

  test('pages go on until the total is reached; the name says which', () => {
    const connector = connectorNamed('eia-nuclear');
    const dataset = datasetOf(connector, 'nuclear_outage');
    const [first] = plan('eia-nuclear') as [SourceRequest];
    const body = (rows: number, total: unknown): Payload =>
      payloadOf(JSON.stringify({ response: { total, data: Array.from({ length: rows }, () => ({})) } }));
    const second = dataset.next?.(first, body(5000, '12000')) as SourceRequest;
    assert.deepEqual(
      [new URL(second.url).searchParams.get('offset'), second.name],
      ['5000', `${first.name}-p2`],
    );
    const third = dataset.next?.(second, body(5000, 12_000)) as SourceRequest;
    assert.deepEqual(
      [new URL(third.url).searchParams.get('offset'), third.name],
      ['10000', `${first.name}-p3`],
    );
    assert.equal(dataset.next?.(third, body(2000, '12000')), null);
    assert.equal(dataset.next?.(first, body(0, '12000')), null, 'no rows lead nowhere');
  });
});

describe('bodies', () => {
  const elexon = connectorNamed('elexon');
  const dataset = datasetOf(elexon, 'system_price');
  const clean = systemPrice('2025-07-16', Date.parse('2025-07-15T23:00Z'), 6).payload;
  const read = (body: string) => refine('ELEXON', dataset, payloadOf(body), TRANSFORMS);
  const fails = (code: string, field?: string) => (error: unknown) => {
    assert.ok(error instanceof CarbonError, String(error));
    assert.equal(error.code, code);
    if (field !== undefined) assert.equal(error.position.field, field);
    return true;
  };

  test('rows know when they were published', () => {
    assert.equal(formatInstant(read(clean).rows[0]?.publishedAt ?? 0), '2025-07-15T23:50:00Z');
  });

  test('a new column is drift, a column that is gone is an error, one that is absent in a row is no value', () => {
    const more = read(clean.replaceAll('"bsadDefaulted"', '"carbonPrice":1,"bsadDefaulted"'));
    assert.deepEqual(
      more.drift.map(({ column }) => column),
      ['carbonPrice'],
    );
    assert.equal(more.rows.length, 6);
    const renamed = clean.replaceAll('systemBuyPrice', 'buyPrice');
    assert.throws(() => read(renamed), fails('SOURCE_COLUMN_MISSING', 'systemBuyPrice'));
    const once = read(clean.replace('"systemBuyPrice"', '"buyPrice"'));
    assert.equal(once.rows[0]?.values.find(({ field }) => field === 'system_buy_price')?.value, null);
  });

  test('a lost row is a hole, a word is no number, an offset that is not that of the zone is refused', () => {
    const records = clean.split('},{');
    const holed = records.toSpliced(2, 1).join('},{');
    assert.equal(read(holed).damage?.code, 'SOURCE_MALFORMED');
    const word = read(clean.replace(/"systemSellPrice":[-\d.]+/, '"systemSellPrice":"n/a"'));
    assert.deepEqual(
      word.rejected.map(({ code, row, field }) => [code, row, field]),
      [['VALUE_NOT_NUMERIC', 1, 'system_sell_price']],
    );
    const shifted = read(clean.replace('T23:00:00Z"', 'T23:00:00+01:00"'));
    assert.deepEqual(
      shifted.rejected.map(({ code }) => code),
      ['TIME_NONEXISTENT'],
    );
  });

  test('no row is no data, words of refusal are those of the source', () => {
    const none = elexon.refusal?.(payloadOf('{"metadata":{"datasets":["DISEBSP"]},"data":[]}'));
    assert.equal(none?.code, 'SOURCE_NO_DATA');
    const refused = elexon.refusal?.(payloadOf('{"errors":{"settlementDate":["The value is not valid."]}}'));
    assert.equal(refused?.code, 'SOURCE_REFUSED');
    assert.match(refused?.message ?? '', /The value is not valid/);
    assert.equal(elexon.refusal?.(payloadOf(clean)), null);
    assert.equal(elexon.refusal?.(payloadOf('{"cut": ')), null);
  });

  test('what is not JSON, is cut, or is a page is refused with its kind', () => {
    assert.throws(() => read(clean.slice(0, 300)), fails('SOURCE_MALFORMED'));
    assert.throws(() => read('<html><title>Down</title></html>'), fails('SOURCE_NOT_DATA'));
    assert.throws(() => read('{"data":{"a":1}}'), fails('SOURCE_COLUMN_MISSING'));
    assert.throws(() => read('{"rows":[]}'), fails('SOURCE_MALFORMED'));
    assert.throws(() => read(''), fails('SOURCE_EMPTY'));
  });
});

test('a dataset without code never takes a body from one with code', () => {
  for (const connector of allConnectors())
    for (const dataset of connector.datasets) {
      const folder = join(GOLDEN, connector.name, dataset.name);
      for (const each of NAMES.includes(connector.name) ? [] : safeNames(folder)) {
        const file = readdirSync(join(folder, each)).find((entry) => entry.startsWith('payload')) as string;
        const bytes = readFileSync(join(folder, each, file));
        if (bytes[0] === 0x50) continue;
        const head = {
          name: '',
          text: bytes.toString('utf8').slice(0, 65_536),
          whole: bytes.length < 65_536,
        };
        for (const name of NAMES)
          for (const declared of connectorNamed(name).datasets)
            assert.equal(declared.recognise(head), 0, `${name} takes ${connector.name} ${dataset.name}`);
      }
    }
});

function safeNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
