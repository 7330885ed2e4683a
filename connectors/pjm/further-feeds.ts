/**
 * Further feeds of PJM: what one more megawatt-hour at a node would emit (`fivemin_marginal_emissions`,
 * `hourly_marginal_emissions`), the hours that day-ahead constraints bind (`da_transconstraints`), and of the day-ahead
 * market the capacity that was offered (`day_gen_capacity`) and the virtual bids by price (`hrl_da_incs_decs`).
 */

import { HOUR, type Micros } from '../../core/time/instant.ts';
import { type Dataset, type PublishedField, sparse } from '../kit/contract.ts';
import { type Cells, labelOf, shapeOf } from '../kit/tables/layout.ts';
import type { TableView } from '../kit/tables/table-dataset.ts';
import { publication } from './body.ts';
import { clockOf, FIVE_MINUTES, HOURS, hasMinutes } from './clock.ts';
import { by, feed, megawatts } from './feed-dataset.ts';
import { type Column, figures } from './figures.ts';
import { nodePlace } from './prices.ts';

const RATE = 'lb/MWh';
const DAY_AHEAD_HOURS = -10;

const EMISSION_FIELDS: readonly PublishedField[] = [
  { field: 'marginal_co2', unit: RATE, what: 'carbon dioxide of one more megawatt-hour' },
  { field: 'marginal_so2', unit: RATE, what: 'sulphur dioxide' },
  { field: 'marginal_nox', unit: RATE, what: 'oxides of nitrogen' },
];
const RATES: readonly Column[] = [
  ['marginalco2rate', 'marginal_co2', RATE],
  ['marginalso2rate', 'marginal_so2', RATE],
  ['marginalnoxrate', 'marginal_nox', RATE],
];

/** By the hour where the feed is named so, or where several stamps lie on full hours alone. */
const byHour = (view: TableView): boolean =>
  /hourly|hrl/i.test(view.source ?? view.name) ||
  (!/fivemin/i.test(view.source ?? view.name) && hasMinutes(view) === false);

const EMISSIONS = shapeOf(
  {
    title: 'datetime_beginning_utc, pnode_id, pnode_name, marginal_co2_rate, …',
    needs: [RATES.map(([column]) => column), ['pnodename', 'pnodeid']],
    clock: (view) => clockOf(byHour(view) ? HOURS : FIVE_MINUTES)(view),
    cells: (view) => {
      const place = nodePlace(view);
      view.columns.ignore('zone', 'voltage', 'equipment', 'rowiscurrent');
      return { ...figures(view, RATES, []), place };
    },
  },
  publication,
);

/** A constraint may bind for several hours of a day, which may have 25. */
const EVENT_LENGTHS: readonly Micros[] = Array.from({ length: 24 }, (_, more) => (more + 2) * HOUR);

const CONSTRAINTS = shapeOf(
  {
    title: 'datetime_beginning_utc, day_ahead_congestion_event, duration, contingency_facility',
    needs: [['dayaheadcongestionevent', 'monitoredfacility'], ['duration'], ['contingencyfacility']],
    lacks: ['shadowprice'],
    clock: clockOf(HOURS, EVENT_LENGTHS),
    cells: (view): Cells => {
      const placeAt = view.columns.find('monitoredfacility', 'dayaheadcongestionevent');
      const contingencyAt = view.columns.find('contingencyfacility');
      view.columns.ignore('dayaheadcongestionevent');
      return {
        measures: [{ at: view.columns.find('duration'), field: 'duration', unit: 'h' }],
        place: (record) => ({ location: labelOf(record, placeAt), series: labelOf(record, contingencyAt) }),
      };
    },
  },
  publication,
);

const OFFERED: readonly Column[] = [
  ['ecomax', 'capacity_economic'],
  ['emergmax', 'capacity_emergency'],
  ['totalcommitted', 'capacity_committed'],
];
const CAPACITY = shapeOf(
  {
    title: 'bid_datetime_beginning_utc, eco_max, emerg_max, total_committed',
    needs: [['ecomax'], ['emergmax', 'totalcommitted']],
    clock: clockOf(HOURS),
    cells: (view) => figures(view, OFFERED, []),
  },
  publication,
);

const VIRTUAL: readonly Column[] = [
  ['incmw', 'increment_bid'],
  ['decmw', 'decrement_bid'],
];
const VIRTUAL_BIDS = shapeOf(
  {
    title: 'bid_datetime_beginning_utc, price_point, inc_mw, dec_mw',
    needs: [['pricepoint'], ['incmw', 'decmw']],
    ignored: ['modifieddatetimeutc', 'modifieddatetimeept'],
    clock: clockOf(HOURS),
    cells: (view) => figures(view, VIRTUAL, [], ['pricepoint']),
  },
  publication,
);

const ofBids = (name: string) => ({
  feed: name,
  filter: 'bid_datetime_beginning_ept',
  publishedAfter: DAY_AHEAD_HOURS,
});

/** The datasets. */
export const furtherFeeds: readonly Dataset[] = [
  feed(
    {
      name: 'marginal_emissions',
      title: 'What one more megawatt-hour at a node would emit, by five minutes or the hour',
      time: FIVE_MINUTES,
      fields: EMISSION_FIELDS,
      shapes: [EMISSIONS],
      named: /marginal_emissions/i,
    },
    by('fivemin_marginal_emissions', 24),
  ),
  sparse(
    feed(
      {
        name: 'da_constraints',
        title: 'How long day-ahead constraints bind, by facility and contingency',
        time: HOURS,
        fields: [{ field: 'duration', unit: 'h', what: 'how long the constraint binds' }],
        shapes: [CONSTRAINTS],
        named: /da_transconstraints/i,
      },
      by('da_transconstraints', DAY_AHEAD_HOURS),
    ),
  ),
  feed(
    {
      name: 'capacity_offered',
      title: 'Capacity that was offered and committed day-ahead, by the hour',
      time: HOURS,
      fields: [
        megawatts('capacity_economic', 'most that is offered for price'),
        megawatts('capacity_emergency', 'most that there is in an emergency'),
        megawatts('capacity_committed', 'capacity that was committed'),
      ],
      shapes: [CAPACITY],
      named: /day_gen_capacity/i,
    },
    ofBids('day_gen_capacity'),
  ),
  feed(
    {
      name: 'virtual_bids',
      title: 'Increments and decrements of the day-ahead market by the hour, the price point as series',
      time: HOURS,
      fields: [
        megawatts('increment_bid', 'increments offered at the price or below'),
        megawatts('decrement_bid', 'decrements bid at the price or above'),
      ],
      shapes: [VIRTUAL_BIDS],
      named: /incs_decs/i,
    },
    ofBids('hrl_da_incs_decs'),
  ),
];
