/**
 * NYISO flows over its interfaces (P-32, `ExternalLimitsFlows/YYYYMMDDExternalLimitsFlows.csv`): readings every five
 * minutes, `Timestamp` in one word and without zone, so that the repeated hour is told by order. Beside the
 * flow stand the limits of either direction; ±9999 is none.
 */

import { MINUTE } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf } from '../kit/payload.ts';
import { headerLines } from '../kit/pieces.ts';
import { normaliseHeader, readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { recordsOf } from './layouts.ts';
import { dailyRequests, NYISO_ZONE } from './routes.ts';

const UNIT = 'MW';
const COLUMNS = { time: 'timestamp', location: 'interface name', flow: 'flow' } as const;
const IGNORED = ['point id', 'positive limit', 'negative limit'];
const LIMITS = [
  ['positive limit', 'limit_positive'],
  ['negative limit', 'limit_negative'],
] as const;
const NO_LIMIT = /^-?9999(?:\.0*)?$/;

function recognise(head: PayloadHead): Recognition {
  const names = (recordsOf(head)[0] ?? []).map(normaliseHeader);
  if (!Object.values(COLUMNS).every((column) => names.includes(column))) return 0;
  return /ExternalLimitsFlows/i.test(head.name) ? 3 : 2;
}

function decode(payload: Payload): Decoded {
  const names = (recordsOf(headOf(payload))[0] ?? []).map(normaliseHeader);
  const limits = LIMITS.map(([name, field]) => ({ at: names.indexOf(name), field }));
  return readTable(payload, { columns: COLUMNS, ignored: IGNORED }, (fields, at, line) => {
    const values = [{ field: 'interchange', value: fields[at.flow] ?? '', unit: UNIT }];
    for (const limit of limits) {
      const value = (fields[limit.at] ?? '').trim();
      if (value !== '' && !NO_LIMIT.test(value)) values.push({ field: limit.field, value, unit: UNIT });
    }
    return sourceRow(line, (fields[at.location] ?? '').trim(), fields[at.time] ?? '', values);
  });
}

/** The dataset `interchange` of NYISO. */
export const interchange: Dataset = {
  name: 'interchange',
  title: 'Flows over interfaces, readings every five minutes',
  time: {
    name: 'eastern-instant',
    zone: NYISO_ZONE,
    pattern: 'MM/DD/YYYY hh:mm[:ss]',
    stamp: 'instant',
    length: 0,
    onGrid: false,
    repeated: { by: 'order' },
    cadence: 15 * MINUTE,
  },
  nullWords: NULL_WORDS,
  coverage: { contiguous: false, sameSpan: false, forward: true },
  fields: [
    { field: 'interchange', unit: UNIT, what: 'flow over the interface, sign as published' },
    { field: 'limit_positive', unit: UNIT, what: 'limit of the flow, absent for none' },
    { field: 'limit_negative', unit: UNIT, what: 'limit of the flow the other way, below zero' },
  ],
  recognise,
  plan: (window, settings) => {
    const family = { set: 'ExternalLimitsFlows', file: 'ExternalLimitsFlows', publishedAfter: 1 };
    return dailyRequests(family, window, settings.now);
  },
  pieces: headerLines,
  decode,
};
