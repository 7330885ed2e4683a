/** The operations of the read API, `/v1`. */

import { z } from 'zod';
import type { AggregationSettings } from '../../../services/aggregation/config.ts';
import { readBars, readBarsAsOf } from '../../read/bars.ts';
import { readInstruments } from '../../read/instruments.ts';
import { readLatest } from '../../read/latest.ts';
import { placeOfTick, readTicks } from '../../read/ticks.ts';
import { whyBar, whyLatest } from '../../read/why.ts';
import { refused } from '../problem.ts';
import { CURVE_OPERATIONS } from './curve-operations.ts';
import { EXAMPLE, knownOr404, nothingFound } from './known-instrument.ts';
import {
  type ListOperation,
  type Operation,
  type Question,
  type SingleOperation,
  textOf,
} from './operation.ts';
import {
  asOf,
  at,
  byLength,
  flag,
  interval,
  microsOrNull,
  name,
  names,
  paging,
  window,
  windowOf,
} from './parameters.ts';
import { rollingOperation } from './rolling-operation.ts';
import { barRow, explanation, instrumentRow, latestRow, tickRow } from './rows.ts';

const latest: ListOperation = {
  kind: 'list',
  path: '/v1/latest',
  id: 'latest',
  summary: 'The latest value of each instrument.',
  description:
    'The value with the greatest event start, or with in_delivery the one whose interval holds now (or `at`). As a topic: served.market.latest_prices.v1 and its successor .v2; processing.deprecate.notice.v1 says which goes when.',
  query: z.strictObject({
    market: name('Only instruments of this market, such as NYISO.'),
    field: name('Only this field: lmp, congestion, loss …'),
    instrument: names('Instrument id; a * stands for any text. May be given several times.'),
    in_delivery: flag('The value whose delivery interval holds now, in place of the newest one.'),
    ...at('What “now” means for in_delivery.'),
    ...asOf,
    ...paging,
  }),
  row: latestRow,
  example: '/v1/latest?market=NYISO&field=lmp&limit=5',
  read: (scope, asked, page) => {
    const isInDelivery = asked.query['in_delivery'] === 'true';
    const moment = microsOrNull(textOf(asked, 'at'));
    if (moment !== null && !isInDelivery)
      throw refused(
        'at goes with in_delivery',
        'at',
        'in_delivery=true beside it',
        textOf(asked, 'at') ?? '',
      );
    const known = microsOrNull(textOf(asked, 'as_of'));
    return readLatest(scope.stores.warehouse, {
      tenant: scope.tenant,
      instruments: (asked.query['instrument'] as readonly string[] | undefined) ?? [],
      market: textOf(asked, 'market')?.toUpperCase() ?? null,
      field: textOf(asked, 'field') ?? null,
      inDeliveryAt: isInDelivery ? (moment ?? scope.now) : null,
      asOf: isInDelivery ? (known ?? scope.now) : known,
      page,
    });
  },
  placeOf: (row) => [String(row['instrument_id'])],
};

const bars = (intervals: readonly string[]): ListOperation => ({
  kind: 'list',
  path: '/v1/bars/{instrument}',
  id: 'bars',
  summary: 'Bars of an instrument.',
  description:
    'The current revision of each window, with history every revision, or with as_of what was known at a time.',
  query: z.strictObject({
    interval: interval(intervals),
    ...window,
    ...asOf,
    history: flag('Every revision of every bar.'),
    ...paging,
  }),
  row: barRow,
  example: `/v1/bars/${EXAMPLE}?interval=1h&limit=5`,
  read: async (scope, asked, page) => {
    const known = microsOrNull(textOf(asked, 'as_of'));
    const isHistory = asked.query['history'] === 'true';
    if (known !== null && isHistory)
      throw refused('history and as_of do not go together', 'history', 'one of the two', 'true');
    const filter = {
      tenant: scope.tenant,
      instrument: asked.instrument,
      interval: textOf(asked, 'interval') ?? '',
      ...windowOf(asked.query),
      page,
    };
    const rows =
      known === null
        ? await readBars(scope.stores.warehouse, filter, isHistory)
        : await readBarsAsOf(scope.stores, filter, known);
    return knownOr404(scope, asked.instrument, rows);
  },
  placeOf: (row, { query }) =>
    (query['history'] === 'true' ? [row['interval_start'], row['known_at']] : [row['interval_start']]).map(
      String,
    ),
});

const ticks: ListOperation = {
  kind: 'list',
  path: '/v1/ticks/{instrument}',
  id: 'ticks',
  summary: 'Ticks of an instrument.',
  description:
    'The version of each value that counts, or that counted at a time. Withdrawn values are absent.',
  query: z.strictObject({ ...window, ...asOf, ...paging }),
  row: tickRow,
  example: `/v1/ticks/${EXAMPLE}?limit=5`,
  read: async (scope, asked, page) => {
    const rows = await readTicks(scope.stores.warehouse, {
      tenant: scope.tenant,
      instrument: asked.instrument,
      ...windowOf(asked.query),
      asOf: microsOrNull(textOf(asked, 'as_of')),
      page,
    });
    return knownOr404(scope, asked.instrument, rows);
  },
  placeOf: placeOfTick,
};

const instruments: ListOperation = {
  kind: 'list',
  path: '/v1/instruments',
  id: 'instruments',
  summary: 'Instruments and what is known about them.',
  description: 'All instruments that ever had a value, by their parts or a part of their name.',
  query: z.strictObject({
    search: name('A part of the id, in any case.'),
    market: name('Market, such as NYISO.'),
    product: name('Run or contract family: DA, RT, TRADE …'),
    location: name('Node, hub, zone or area as published.'),
    field: name('What the number is: lmp, congestion …'),
    ...paging,
  }),
  row: instrumentRow,
  example: '/v1/instruments?search=n.y.c',
  read: (scope, asked, page) =>
    readInstruments(scope.stores.warehouse, {
      tenant: scope.tenant,
      market: textOf(asked, 'market')?.toUpperCase() ?? null,
      product: textOf(asked, 'product') ?? null,
      location: textOf(asked, 'location') ?? null,
      field: textOf(asked, 'field') ?? null,
      search: textOf(asked, 'search') ?? null,
      page,
    }),
  placeOf: (row) => [String(row['instrument_id'])],
};

const why = (intervals: readonly string[]): SingleOperation => ({
  kind: 'single',
  path: '/v1/why/{instrument}',
  id: 'why',
  summary: 'Where a number comes from.',
  description:
    'From a bar, or without interval, at and as_of from the latest value, back to its inputs, their raw events, the payloads, lines and time rules.',
  query: z.strictObject({
    interval: interval(intervals).optional(),
    ...at('Start of the window, or any time in it; the newest bar when left out.'),
    ...asOf,
  }),
  answer: explanation,
  example: `/v1/why/${EXAMPLE}?interval=1h`,
  read: async (scope, asked) => {
    const moment = microsOrNull(textOf(asked, 'at'));
    const known = microsOrNull(textOf(asked, 'as_of'));
    const kind = textOf(asked, 'interval');
    const isBar = kind !== undefined || moment !== null || known !== null;
    const found = isBar
      ? await whyBar(scope.stores, asked.instrument, kind ?? '1h', moment, known)
      : await whyLatest(scope.stores, asked.instrument);
    if (found === null) throw await nothingFound(scope, asked.instrument);
    return found;
  },
});

/** All operations, for the bar intervals and the rolling windows of the policy in force. */
export function operationsOf({
  intervals,
  rolling,
}: Pick<AggregationSettings, 'intervals' | 'rolling'>): readonly Operation[] {
  const sorted = intervals.toSorted(byLength);
  return [
    latest,
    bars(sorted),
    rollingOperation(rolling, sorted),
    ticks,
    instruments,
    why(sorted),
    ...CURVE_OPERATIONS,
  ];
}

/** The question of a path and its checked parameters. */
export function questionOf(
  params: Readonly<Record<string, string | undefined>>,
  query: Readonly<Record<string, unknown>>,
): Question {
  return { instrument: params['instrument'] ?? '', curve: params['curve'] ?? '', query };
}
