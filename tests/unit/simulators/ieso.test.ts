/** The simulated IESO against what is known of the real one: written by hand from its description. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR } from '../../../core/time/instant.ts';
import { ask, cellsOf, small, utc } from './ask.ts';

const market = small('ieso');
const file = (report: string, name: string, at: string) =>
  ask(market, `/public/${report}/PUB_${report}${name}`, at);

test('day-ahead prices at nodes: a line of creation, the header, 24 hours on every day of the year', () => {
  for (const [day, at] of [
    ['20250708', '2025-07-08T12:00:00Z'],
    ['20260308', '2026-03-08T12:00:00Z'],
    ['20251102', '2025-11-02T12:00:00Z'],
  ]) {
    const { status, text } = file('DAHourlyEnergyLMP', `_${day}.csv`, at);
    assert.equal(status, 200);
    const [created, ...lines] = text.trimEnd().split('\n');
    const date = `${day.slice(0, 4)}/${day.slice(4, 6)}/${day.slice(6)}`;
    assert.match(created, new RegExp(`^CREATED AT \\d{4}/\\d{2}/\\d{2} 12:3[0-5]:\\d{2} FOR ${date}$`));
    assert.equal(lines[0], 'Delivery Hour,Pricing Location,LMP,Energy Loss Price,Energy Congestion Price');
    const hours = new Set(lines.slice(1).map((line) => line.split(',')[0]));
    assert.deepEqual(
      [...hours],
      Array.from({ length: 24 }, (_, k) => String(k + 1)),
    );
    assert.equal(lines.length, 1 + 24 * 14);
  }
});

test('LMP less loss and congestion is the same at all locations of an hour', () => {
  const rows = cellsOf(file('DAHourlyEnergyLMP', '_20250708.csv', '2025-07-08T12:00:00Z').text).slice(2);
  for (const ofHour of Map.groupBy(rows, ([hour]) => hour).values()) {
    const energies = ofHour.map((row) => {
      const [lmp, loss, congestion] = row.slice(2).map((cell) => Math.round(Number(cell) * 100));
      return lmp - loss - congestion;
    });
    assert.equal(new Set(energies).size, 1);
  }
  assert.ok(rows.some((row) => row[1].endsWith(':LMP')) && rows.some((row) => row[1] === 'TORONTO:HUB'));
});

test('real-time files hold an hour: twelve intervals, some prices blank', () => {
  const { text } = file('RealtimeEnergyLMP', '_2025070810.csv', '2025-07-08T16:02:00Z');
  const [, head, ...rows] = cellsOf(text);
  assert.equal(
    head.join(),
    'Delivery Hour,Interval,Pricing Location,LMP,Energy Loss Price,Energy Congestion Price',
  );
  assert.equal(rows.length, 12 * 14);
  assert.deepEqual(new Set(rows.map((row) => row[0])), new Set(['10']));
  assert.deepEqual(
    [...new Set(rows.map((row) => row[1]))].map(Number),
    Array.from({ length: 12 }, (_, k) => k + 1),
  );
  let blanks = 0;
  for (let hour = 1; hour <= 24; hour++) {
    const name = `_20250707${String(hour).padStart(2, '0')}.csv`;
    for (const row of cellsOf(file('RealtimeEnergyLMP', name, '2025-07-08T16:02:00Z').text).slice(2))
      if (row[3] === '') {
        blanks++;
        assert.deepEqual(row.slice(3), ['', '', '']);
      }
  }
  assert.ok(blanks > 0 && blanks < 30, String(blanks));
  // Hour 11 is over at 16:00Z and comes a few minutes later.
  assert.equal(file('RealtimeEnergyLMP', '_2025070811.csv', '2025-07-08T16:02:00Z').status, 404);
  assert.equal(file('RealtimeEnergyLMP', '_2025070811.csv', '2025-07-08T16:08:00Z').status, 200);
});

test('the zonal price as a document; the real-time one is flat since March 2026', () => {
  const { text } = file('DAHourlyOntarioZonalPrice', '_20250708.xml', '2025-07-08T12:00:00Z');
  assert.match(
    text.replaceAll('\n', ''),
    /<Document docID="DAHourlyOntarioZonalPrice" xmlns="http:\/\/www\.ieso\.ca\/schema" [^>]+><DocHeader><DocTitle>Day Ahead Hourly Ontario Zonal Energy Price Report<\/DocTitle><DocRevision>1<\/DocRevision><DocConfidentiality><DocConfClass>PUB<\/DocConfClass><\/DocConfidentiality><CreatedAt>2025-07-07T12:3\d:\d\d<\/CreatedAt><\/DocHeader><DocBody><DeliveryDate>2025-07-08<\/DeliveryDate><HourlyPriceComponents><PricingHour>1<\/PricingHour><ZonalPrice>-?[\d.]+<\/ZonalPrice><LossPriceCapped>-?[\d.]+<\/LossPriceCapped><CongestionPriceCapped>-?[\d.]+<\/CongestionPriceCapped><Flag>DSO-RD<\/Flag><\/HourlyPriceComponents>/,
  );
  assert.equal(text.match(/<PricingHour>/g)?.length, 24);
  const nested = file('RealtimeOntarioZonalPrice', '_2026030412.xml', '2026-03-06T12:00:00Z').text;
  assert.ok(nested.includes('<DeliveryDate>For 2026-03-04 - Hour 12</DeliveryDate>'));
  assert.ok(nested.includes('<OntarioZonalPrice>Energy Loss Price</OntarioZonalPrice>'));
  assert.match(nested, /<OntarioZonalPriceInterval12>\n<Interval12>-?[\d.]+<\/Interval12>/);
  const flat = file('RealtimeOntarioZonalPrice', '_2026030512.xml', '2026-03-06T12:00:00Z').text;
  assert.ok(flat.includes('<DeliveryDate>2026-03-05</DeliveryDate>\n<DeliveryHour>12</DeliveryHour>'));
  assert.match(flat, /<ZonalPrice>\n<Interval>12<\/Interval>\n<LmpCap>-?[\d.]+<\/LmpCap>/);
  assert.ok(flat.includes('RealtimeOntarioZonalPrice_r2.xsd'));
});

test('the renewal of 1 May 2025: nodal files begin, the single price and the old totals end', () => {
  const at = '2025-05-03T12:00:00Z';
  const statuses = (report: string, names: string[]): number[] =>
    names.map((name) => file(report, name, at).status);
  assert.deepEqual(statuses('DAHourlyEnergyLMP', ['_20250430.csv', '_20250501.csv']), [404, 200]);
  assert.deepEqual(statuses('RealtimeConstTotals', ['_2025043024.xml', '_2025050101.xml']), [200, 404]);
  assert.deepEqual(statuses('RealtimeTotals', ['_2025043024.xml', '_2025050101.xml']), [404, 200]);
  const { text } = file('PriceHOEPPredispOR', '_2025.csv', at);
  assert.deepEqual(text.split('\n').slice(0, 4), [
    '\\\\Hourly Ontario Energy Price (HOEP) Predispatch and Operating Reserve Report',
    '\\\\Created at 2025-05-01 00:30:00',
    '\\\\For 2025',
    'Date,Hour,HOEP',
  ]);
  assert.match(text.trimEnd().split('\n').at(-1) ?? '', /^2025-04-30,24,/);
});

test('versions: the first stays, the file without one is the newest, the index lists all', () => {
  const at = '2025-07-20T12:00:00Z';
  const index = ask(market, '/public/DAHourlyOntarioZonalPrice/', at).text;
  const second = /href="PUB_DAHourlyOntarioZonalPrice_(\d{8})_v2\.xml"/.exec(index)?.[1];
  assert.ok(second !== undefined);
  const [first, again, plain] = ['_v1', '_v2', ''].map(
    (version) => file('DAHourlyOntarioZonalPrice', `_${second}${version}.xml`, at).text,
  );
  assert.equal(plain, again);
  assert.match(first, /<DocRevision>1<\/DocRevision>/);
  assert.match(again, /<DocRevision>2<\/DocRevision>/);
  assert.equal(file('DAHourlyOntarioZonalPrice', `_${second}_v3.xml`, at).status, 404);
  assert.match(
    index,
    /<a href="PUB_DAHourlyOntarioZonalPrice_20250708_v1\.xml">PUB_DAHourlyOntarioZonalPrice_20250708_v1\.xml<\/a> {3}07-Jul-2025 12:3\d/,
  );
  let changed = 0;
  for (let day = 1; day <= 19; day++) {
    const date = `202507${String(day).padStart(2, '0')}`;
    const versions = ['_v1', '_v2'].map((version) => file('DAHourlyEnergyLMP', `_${date}${version}.csv`, at));
    if (versions[1].status === 404) continue;
    const [one, two] = versions.map(({ text }) => text.split('\n').slice(1));
    changed += one.filter((line, k) => line !== two[k]).length;
  }
  assert.ok(changed > 0);
});

test('the file without a date is the newest one', () => {
  const at = '2025-07-08T16:02:00Z';
  assert.equal(file('RealtimeTotals', '.xml', at).text, file('RealtimeTotals', '_2025070810.xml', at).text);
  // The results of tomorrow come at half past twelve.
  assert.match(file('DAHourlyEnergyLMP', '.csv', at).text, / FOR 2025\/07\/08\n/);
  assert.match(file('DAHourlyEnergyLMP', '.csv', '2025-07-08T18:00:00Z').text, / FOR 2025\/07\/09\n/);
});

test('totals, demand, units and fuels', () => {
  const at = '2025-07-08T16:02:00Z';
  const totals = file('RealtimeTotals', '_2025070810.xml', at).text;
  assert.equal(totals.match(/<IntervalEnergy>/g)?.length, 12);
  assert.match(
    totals,
    /<MQ>\n<MarketQuantity>ONTARIO DEMAND<\/MarketQuantity>\n<EnergyMW>\d+(\.\d)?<\/EnergyMW>\n<\/MQ>/,
  );
  const demand = file('Demand', '_2025.csv', at).text.trimEnd().split('\n');
  assert.equal(demand[3], 'Date,Hour,Market Demand,Ontario Demand');
  assert.match(demand[4], /^2025-01-01,1,\d+,\d+$/);
  const units = file('GenOutputCapability', '_20250707.xml', at).text;
  assert.match(units, /<IMODocument docID="GenOutputCapability" xmlns="http:\/\/www\.theIMO\.com\/schema"/);
  assert.match(
    units.replaceAll('\n', ''),
    /<Generator><GeneratorName>SIMPOINT A-G1<\/GeneratorName><FuelType>NUCLEAR<\/FuelType><Outputs><Output><Hour>1<\/Hour><EnergyMW>\d+<\/EnergyMW><\/Output>/,
  );
  const fuels = file('GenOutputbyFuelHourly', '_2025.xml', at).text;
  assert.equal(fuels.match(/<Day>/g)?.length, 31 + 28 + 31 + 30 + 31 + 30 + 7);
});

test('what is told as true is what the files print; the same question gives the same bytes', () => {
  const at = '2025-11-03T12:00:00Z';
  const start = utc('2025-11-02T05:00:00Z');
  const told = [...market.published('da_lmp', { start, end: start + DAY }, utc(at))]
    .filter(({ field, location }) => field === 'lmp' && location !== 'ONTARIO')
    .map(({ location, value, start: from }) => `${(from - start) / HOUR + 1} ${location} ${Number(value)}`);
  const printed = cellsOf(file('DAHourlyEnergyLMP', '_20251102.csv', at).text)
    .slice(2)
    .map((row) => `${row[0]} ${row[1]} ${Number(row[2])}`);
  assert.deepEqual(told.sort(), printed.sort());
  const path = '/public/RealtimeEnergyLMP/PUB_RealtimeEnergyLMP_2025110210.csv';
  assert.deepEqual(ask(small('ieso'), path, at).bytes, ask(market, path, at).bytes);
  assert.notDeepEqual(ask(small('ieso', 8), path, at).bytes, ask(market, path, at).bytes);
  assert.equal(ask(market, '/public/Nothing/', at).status, 404);
});
