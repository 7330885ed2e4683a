/** The operation of the read API that answers with rolling metrics. */

import { z } from 'zod';
import type { AggregationSettings } from '../../../services/aggregation/config.ts';
import { readRolling } from '../../read/rolling.ts';
import { refused } from '../problem.ts';
import { EXAMPLE, knownOr404 } from './known-instrument.ts';
import { type ListOperation, textOf } from './operation.ts';
import {
  asOf,
  byLength,
  flag,
  interval,
  microsOrNull,
  name,
  paging,
  window,
  windowOf,
} from './parameters.ts';
import { rollingRow } from './rows.ts';

/**
 * The question, for the lines of the policy in force. Without a line any of `intervals` may be asked for: there may be rows
 * of a policy before it.
 */
export const rollingOperation = (
  lines: AggregationSettings['rolling'],
  intervals: readonly string[],
): ListOperation => ({
  kind: 'list',
  path: '/v1/rolling/{instrument}',
  id: 'rolling',
  summary: 'Rolling metrics of an instrument.',
  description:
    'Mean, VWAP, high, low, deviation, score and changes of the closed bars of each window: its current revision, with history every revision, or with as_of what was known at a time. A window belongs to the time of its last bar. As a topic: aggregation.rolling.metrics.v1.',
  query: z.strictObject({
    interval: interval(
      lines.length === 0 ? intervals : lines.map((line) => line.interval).toSorted(byLength),
    ),
    window: name('Length of the windows, such as 24h; all of them when left out.'),
    ...window,
    ...asOf,
    history: flag('Every revision of every window.'),
    ...paging,
  }),
  row: rollingRow,
  example: `/v1/rolling/${EXAMPLE}?interval=${lines[0]?.interval ?? intervals[0]}&limit=5`,
  read: async (scope, asked, page) => {
    const known = microsOrNull(textOf(asked, 'as_of'));
    const isHistory = asked.query['history'] === 'true';
    if (known !== null && isHistory)
      throw refused('history and as_of do not go together', 'history', 'one of the two', 'true');
    const kind = textOf(asked, 'interval') ?? '';
    const length = textOf(asked, 'window') ?? null;
    const lengths = lines.find((line) => line.interval === kind)?.windows;
    if (length !== null && lengths?.includes(length) === false)
      throw refused(`no window of ${length} over bars of ${kind}`, 'window', lengths.join(', '), length);
    const filter = {
      tenant: scope.tenant,
      instrument: asked.instrument,
      interval: kind,
      window: length,
      ...windowOf(asked.query),
      page,
    };
    const revisions = known !== null ? { asOf: known } : isHistory ? 'history' : 'current';
    return knownOr404(scope, asked.instrument, await readRolling(scope.stores.warehouse, filter, revisions));
  },
  placeOf: (row, { query }) =>
    (query['history'] === 'true'
      ? [row['window_end'], row['window'], row['known_at']]
      : [row['window_end'], row['window']]
    ).map(String),
});
