/**
 * What ERCOT's clearings say of the system and its lines: the system lambda, which is the energy part of a price (NP4-523,
 * NP6-322), shadow prices of binding constraints (NP4-191, NP6-86, corrections), and the adders of the real-time price before
 * reserves were cleared with energy (NP6-323, NP6-324).
 */

import type { PublishedField } from '../kit/contract.ts';
import { type Cells, type Clock, cellText, FORWARD, type Layout, ofFiles } from '../kit/tables/layout.ts';
import type { TableView } from '../kit/tables/table-dataset.ts';
import { dispatchClock, hourlyClock, quarterClock } from './clock.ts';
import { PRICE_UNIT } from './prices.ts';
import { ercotShape, SYSTEM } from './shapes.ts';

const HOURLY = [['deliverydate'], ['hourending']] as const;
const SCED = [['scedtimestamp']] as const;

/** Fields of `da_system_lambda` and `rt_system_lambda`. */
export const LAMBDA_FIELDS: readonly PublishedField[] = [
  { field: 'energy', unit: PRICE_UNIT, what: 'system lambda' },
];
/** Fields of `da_shadow_prices` and `rt_shadow_prices`. */
export const SHADOW_FIELDS: readonly PublishedField[] = [
  { field: 'shadow_price', unit: 'USD/MW', what: 'shadow price of a constraint, its contingency as series' },
  {
    field: 'shadow_price_original',
    unit: 'USD/MW',
    what: 'in corrections: the price as it was published before',
  },
];
/** Fields of the adders. */
export const ADDER_FIELDS: readonly PublishedField[] = [
  { field: 'adder_online', unit: PRICE_UNIT, what: 'adder of online reserves (RTRSVPOR, RTORPA)' },
  { field: 'adder_offline', unit: PRICE_UNIT, what: 'adder of offline reserves (RTRSVPOFF, RTOFFPA)' },
  {
    field: 'adder_reliability',
    unit: PRICE_UNIT,
    what: 'adder of reliability deployments (RTRDP, RTORDPA, RTRDPA)',
  },
];

function lambda(clock: (view: TableView) => Clock | null, needs: Layout['needs']) {
  return ercotShape({
    title: `${needs.map(([name]) => name).join(', ')}, SystemLambda`,
    needs: [...needs, ['systemlambda']],
    lacks: ['rtorpa', 'rtordpa', 'rtrdpa', 'rtdtimestamp'],
    clock,
    cells: (view): Cells => ({
      measures: [{ at: view.columns.find('systemlambda'), field: 'energy', unit: PRICE_UNIT }],
      place: () => SYSTEM,
    }),
    coverage: ofFiles(FORWARD),
  });
}

const SHADOW_IGNORED = [
  'constraintid',
  'constrid',
  'limitorig',
  'limitoriginal',
  'limitcorrected',
  'valueorig',
  'valueoriginal',
  'valuecorrected',
  'constraintlimit',
  'constraintvalue',
  'violationamount',
  'maxshadowprice',
  'limit',
  'value',
  'violatedmw',
  'fromstation',
  'tostation',
  'fromstationkv',
  'tostationkv',
  'deliverytime',
  'cctstatus',
];

const CONSTRAINTS = ['constraintname', 'constrname'];
const SHADOW_PRICES = ['shadowprice', 'shadowpricecorrected'];

function shadow(clock: (view: TableView) => Clock | null, needs: Layout['needs']) {
  return ercotShape({
    title: `${needs.map(([name]) => name).join(', ')}, ConstraintName, ContingencyName, ShadowPrice`,
    needs: [...needs, CONSTRAINTS, SHADOW_PRICES],
    lacks: ['shiftfactor'],
    ignored: SHADOW_IGNORED,
    clock,
    cells: (view): Cells => {
      const nameAt = view.columns.find(...CONSTRAINTS);
      const originalAt = view.columns.find('shadowpriceorig', 'shadowpriceoriginal');
      const price = { at: view.columns.find(...SHADOW_PRICES), field: 'shadow_price', unit: 'USD/MW' };
      const contingencyAt = view.columns.find('contingencyname');
      return {
        measures:
          originalAt < 0 ? [price] : [price, { ...price, at: originalAt, field: 'shadow_price_original' }],
        place: (record) => ({
          location: (cellText(record, nameAt) ?? '').trim(),
          series: (cellText(record, contingencyAt) ?? '').trim() || null,
        }),
      };
    },
    // A constraint binds in some hours, and may bind twice for one contingency, from either end.
    coverage: () => null,
  });
}

const ADDERS: ReadonlyMap<string, string> = new Map([
  ['rtrsvpor', 'adder_online'],
  ['rtrsvpoff', 'adder_offline'],
  ['rtrdp', 'adder_reliability'],
  ['rtorpa', 'adder_online'],
  ['rtoffpa', 'adder_offline'],
  ['rtordpa', 'adder_reliability'],
  // Its name since reserves are cleared with energy, when the other two ended.
  ['rtrdpa', 'adder_reliability'],
]);

/** Reserves and quantities that stand beside the adders of a dispatch; its lambda is a report of its own (NP6-322). */
const BESIDE_ADDERS =
  'batchid systemlambda prc rtolcap rtoffcap rtolhsl rtbp rtclrcap rtclrreg rtclrbp rtclrlsl rtclrns rtnclrrrs rtolnsrs ' +
  'rtcst30hsl rtoffnshsl rtruccst30hsl rtrruc rtrrmr rtdnclr rtders rtdctieimport rtdctieexport rtbltimport rtbltexport ' +
  'rtollasl rtolhasl';

function adders(clock: (view: TableView) => Clock | null, needs: Layout['needs'], one: readonly string[]) {
  return ercotShape({
    title: `${needs.map(([name]) => name).join(', ')}, ${one[0]?.toUpperCase()}, …`,
    needs: [...needs, one],
    lacks: ['rtdtimestamp'],
    ignored: BESIDE_ADDERS.split(' '),
    clock,
    cells: (view): Cells => ({
      measures: view.columns
        .take((name) => ADDERS.get(name) ?? null)
        .map(({ at, of }) => ({ at, field: of, unit: PRICE_UNIT })),
      place: () => SYSTEM,
    }),
    coverage: ofFiles(FORWARD),
  });
}

/** Shapes of `da_system_lambda`. */
export const DAY_AHEAD_LAMBDA = [lambda(hourlyClock, HOURLY)];
/** Shapes of `rt_system_lambda`. */
export const DISPATCH_LAMBDA = [lambda(dispatchClock, SCED)];
/** Shapes of `da_shadow_prices`. */
export const DAY_AHEAD_SHADOWS = [shadow(hourlyClock, HOURLY)];
/** Shapes of `rt_shadow_prices`. */
export const DISPATCH_SHADOWS = [shadow(dispatchClock, SCED)];
/** Shapes of `rt_price_adders`. */
export const QUARTER_ADDERS = [
  adders(quarterClock, [['deliverydate'], ['deliveryhour'], ['deliveryinterval']], ['rtrsvpor', 'rtrdp']),
];
/** Shapes of `rt_price_adders_sced`. */
export const DISPATCH_ADDERS = [adders(dispatchClock, SCED, ['rtordpa', 'rtrdpa'])];
