/** From ticks to inputs of curves: what the templates of a policy take, and what they leave. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDecimal, setMantissa } from '../../../core/model/decimal.ts';
import { Names } from '../../../core/model/names.ts';
import { Flag } from '../../../core/model/quality-flags.ts';
import { Present, TickBatch } from '../../../core/model/tick-batch.ts';
import { formatDay } from '../../../core/time/calendar-day.ts';
import { parseInstant } from '../../../core/time/instant.ts';
import { curvesSchema } from '../../../services/aggregation/curves/config.ts';
import { ContractTemplates } from '../../../services/aggregation/curves/contract-template.ts';
import { CurvePrestage } from '../../../services/aggregation/curves/prestage.ts';
import { gasCurve } from '../../support/curve-inputs.ts';

const PARTS = { market: 'MISO', product: 'TRADE', location: '', field: 'price', unit: 'USD' };

function ticksOf(
  names: Names,
  rows: readonly (readonly [instrument: string, at: string, flags?: number])[],
): TickBatch {
  const ticks = new TickBatch(names);
  rows.forEach(([instrument, at, flags = 0], n) => {
    const i = ticks.reserve();
    ticks.tenant[i] = names.tenants.idOf('default');
    ticks.instrument[i] = names.instruments.idOf(instrument, PARTS);
    ticks.source[i] = names.sources.idOf('generic');
    ticks.dataset[i] = names.datasets.idOf('trade');
    ticks.eventStart[i] = ticks.eventEnd[i] = parseInstant(at) as number;
    ticks.knownAt[i] = ticks.eventStart[i] + 250_000;
    setMantissa(ticks.price, i, 300_000_000 + n);
    ticks.present[i] = flags === Flag.CANCELLED ? 0 : Present.PRICE;
    ticks.flags[i] = flags;
    ticks.id.set([n, 1, 2, 3], 4 * i);
  });
  return ticks;
}

function inputsOf(
  curves: Parameters<typeof CurvePrestage.prototype.inputsOf>[0]['ticks'],
  policy: CurvePrestage,
) {
  return policy.inputsOf({ ticks: curves, taxonomyOf: new Uint32Array(curves.length), taxa: [] });
}

test('each contract is an input of the day that its price was said on, in the zone of the curve', () => {
  const names = new Names();
  const prestage = new CurvePrestage({ version: 1, curves: [gasCurve()] }, names);
  const ticks = ticksOf(names, [
    ['NG_F27', '2026-11-10T17:00:00Z'],
    ['NG_BALMO', '2026-11-10T17:00:00Z'],
    // Evening in New York, the next day in London.
    ['NG_BALMO', '2026-11-11T04:59:59Z'],
    ['NG_BALMO', '2026-11-11T05:00:00Z'],
    ['NG_Q1-2027', '2026-11-10T17:00:00Z'],
  ]);
  assert.deepEqual(
    inputsOf(ticks, prestage).map(({ contract, asOf, start, end, price, eventTime, knownAt }) => [
      contract,
      formatDay(asOf),
      `${formatDay(start)}/${formatDay(end)}`,
      formatDecimal(price, 0),
      knownAt - eventTime,
    ]),
    [
      ['NG_F27', '2026-11-10', '2027-01-01/2027-02-01', '3', 250_000],
      ['NG_BALMO', '2026-11-10', '2026-11-11/2026-12-01', '3.00000001', 250_000],
      ['NG_BALMO', '2026-11-10', '2026-11-11/2026-12-01', '3.00000002', 250_000],
      ['NG_BALMO', '2026-11-11', '2026-11-12/2026-12-01', '3.00000003', 250_000],
      ['NG_Q1-2027', '2026-11-10', '2027-01-01/2027-04-01', '3.00000004', 250_000],
    ],
  );
});

test('what is no contract, has begun to be delivered, has nothing left or no price is no input', () => {
  const names = new Names();
  const prestage = new CurvePrestage({ version: 1, curves: [gasCurve()] }, names);
  const ticks = ticksOf(names, [
    ['NYISO.DA.LMP.N.Y.C.', '2026-11-10T17:00:00Z'],
    ['NG_Z217', '2026-11-10T17:00:00Z'],
    ['xNG_F27', '2026-11-10T17:00:00Z'],
    ['NG_2026-11', '2026-11-10T17:00:00Z'],
    ['NG_CAL-2026', '2026-11-10T17:00:00Z'],
    ['NG_BALMO', '2026-11-30T17:00:00Z'],
    ['NG_CAL-2200', '2026-11-10T17:00:00Z'],
  ]);
  assert.deepEqual(inputsOf(ticks, prestage), []);
  const noPrice = ticksOf(names, [['NG_F27', '2026-11-10T17:00:00Z']]);
  noPrice.present[0] = Present.SIZE;
  assert.deepEqual(inputsOf(noPrice, prestage), []);
});

test('a withdrawn value is an input that says so, with the key of the value it takes back', () => {
  const names = new Names();
  const prestage = new CurvePrestage({ version: 1, curves: [gasCurve()] }, names);
  const at = '2026-11-10T17:00:00Z';
  const [first, second, other] = inputsOf(
    ticksOf(names, [
      ['NG_F27', at],
      ['NG_F27', at, Flag.CANCELLED],
      ['NG_G27', at],
    ]),
    prestage,
  );
  assert.deepEqual([first.withdrawn, second.withdrawn, formatDecimal(second.price, 0)], [false, true, '0']);
  assert.deepEqual(first.valueKey, second.valueKey);
  assert.notDeepEqual(first.valueKey, other.valueKey);
});

test('an instrument may be a contract of several curves, by blocks under names of their own', () => {
  const names = new Names();
  const power = {
    ...{ curve_id: 'PWR', zone: 'America/New_York', unit: 'USD/MWh', tick: 0.01, quantity: 'hours' },
    on_peak: 'MISO_EXCHANGE',
    blocks: { PEAK: '5x16', OFFPEAK: 'offpeak' },
    contracts: [
      { instrument: 'PWR_{block}_{tenor}' },
      { instrument: 'PWR_{tenor}_{block}', kind: 'settlement' },
    ],
  };
  const flat = {
    ...power,
    curve_id: 'PWR_ALL',
    contracts: [{ instrument: 'PWR_PEAK_{tenor}', block: '5x16' }],
  };
  const prestage = new CurvePrestage(curvesSchema.parse({ version: 1, curves: [power, flat] }), names);
  const at = '2026-11-10T17:00:00Z';
  const inputs = inputsOf(
    ticksOf(names, [
      ['PWR_PEAK_BALMO', at],
      ['PWR_OFFPEAK_2026-12', at],
      ['PWR_Q1-2027_7x8', at],
      ['PWR_NIGHT_2026-12', at],
    ]),
    prestage,
  );
  assert.deepEqual(
    inputs.map(({ curve, contract, block, kind }) => [curve, contract, block, kind]),
    [
      ['PWR', 'PWR_PEAK_BALMO', '5x16', 'trade'],
      ['PWR_ALL', 'PWR_PEAK_BALMO', '5x16', 'trade'],
      ['PWR', 'PWR_OFFPEAK_2026-12', 'offpeak', 'trade'],
      ['PWR', 'PWR_Q1-2027_7x8', '7x8', 'settlement'],
    ],
  );
});

test('signs that mean something in patterns mean themselves in a template', () => {
  const templates = new ContractTemplates(gasCurve({ contracts: [{ instrument: 'N.G+({tenor})' }] }));
  assert.equal(templates.contractOf('N.G+(2027-01)')?.tenor, '2027-01');
  assert.equal(templates.contractOf('NxGG(2027-01)'), null);
});

test('policies that cannot be meant are refused with the place', () => {
  const refused = (changes: Record<string, unknown>): string => {
    const curve = {
      ...{ curve_id: 'NG', zone: 'America/New_York', unit: 'USD', tick: 0.001 },
      contracts: [{ instrument: 'NG_{tenor}' }],
      ...changes,
    };
    const checked = curvesSchema.safeParse({ version: 1, curves: [curve] });
    return checked.success
      ? 'taken'
      : checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  };
  assert.equal(refused({}), 'taken');
  assert.match(
    refused({ contracts: [{ instrument: 'NG_F27' }] }),
    /^curves\.0\.contracts\.0\.instrument: must hold \{tenor\} once/,
  );
  assert.match(refused({ contracts: [{ instrument: 'NG_{tenor}{block}' }] }), /something between/);
  assert.match(refused({ contracts: [{ instrument: 'NG_{tenor}_{month}' }] }), /no other brace/);
  assert.match(refused({ contracts: [] }), /^curves\.0\.contracts/);
  assert.match(
    refused({ contracts: [{ instrument: 'NG_{tenor}', block: '5x16' }] }),
    /contracts\.0\.block: must be 7x24/,
  );
  assert.match(
    refused({ quantity: 'hours', blocks: { WEST: '6x16' } }),
    /blocks\.WEST: must be a block of PJM/,
  );
  assert.match(refused({ zone: 'Mars' }), /zone: must be a zone/);
  assert.match(refused({ on_peak: 'NOBODY' }), /on_peak: must be one of PJM/);
  assert.match(refused({ every: '0s' }), /every: must be a duration/);
  assert.match(refused({ tick: 0 }), /tick/);
  const twice = { ...gasCurve(), curve_id: 'NG' };
  const checked = curvesSchema.safeParse({ version: 1, curves: [twice, twice] });
  assert.match(String(checked.error?.issues[0]?.message), /NG stands here twice/);
});
