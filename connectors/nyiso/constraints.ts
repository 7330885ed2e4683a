/**
 * NYISO's limiting constraints: day-ahead by the hour (P-511A, `DAMLimitingConstraints`) and real time by five minutes
 * (P-33, `LimitingConstraints`). What a constraint costs, by facility and contingency; both reports have one header.
 *
 * Stamps begin their interval; a `Time Zone` column tells the repeated hour where there is one, else the order of a
 * facility and contingency does.
 */

import { MINUTE } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { headOf } from '../kit/payload.ts';
import { headerLines } from '../kit/pieces.ts';
import { normaliseHeader, readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { recordsOf } from './layouts.ts';
import { dailyRequests } from './routes.ts';
import { unzoned, ZONED_HOURS, ZONED_TIME } from './zoned-time.ts';

const UNIT = 'USD';
const COLUMNS = { place: 'limiting facility', contingency: 'contingency', cost: 'constraint cost' } as const;
const STAMPS: readonly string[] = ['time stamp', 'timestamp'];
const ZONE = 'time zone';

const FIVE_MINUTES: TimeConvention = {
  ...ZONED_TIME,
  name: 'eastern-five-minutes-beginning',
  stamp: 'beginning',
  length: 5 * MINUTE,
  onGrid: false,
};

const headerOf = (head: PayloadHead): string[] => (recordsOf(head)[0] ?? []).map(normaliseHeader);

function recognise(head: PayloadHead, realTime: boolean): Recognition {
  const [header = [], ...records] = recordsOf(head);
  const names = header.map(normaliseHeader);
  const at = names.findIndex((name) => STAMPS.includes(name));
  if (at < 0 || !names.includes(COLUMNS.place) || !names.includes(COLUMNS.cost)) return 0;
  if (/DAMLimiting/i.test(head.name)) return realTime ? 0 : 3;
  const between = records.some((fields) => !/ \d\d:00(?::00)?$/.test((fields[at] ?? '').trim()));
  if (between !== realTime) return 0;
  return /LimitingConstraints/i.test(head.name) ? 3 : 2;
}

function decode(payload: Payload, time: TimeConvention): Decoded {
  const names = headerOf(headOf(payload));
  const zoned = names.includes(ZONE);
  const columns: Record<string, string> = {
    ...COLUMNS,
    time: STAMPS.find((name) => names.includes(name)) ?? 'time stamp',
    ...(zoned ? { zone: ZONE } : {}),
  };
  const decoded = readTable(payload, { columns, ignored: ['facility ptid'] }, (fields, at, line) => {
    const cell = (column: string): string => (fields[at[column] ?? -1] ?? '').trim();
    const values = [{ field: 'constraint_cost', value: cell('cost'), unit: UNIT }];
    return sourceRow(line, cell('place'), cell('time'), values, {
      series: cell('contingency'),
      timeHint: zoned ? cell('zone') : null,
    });
  });
  return zoned ? decoded : { ...decoded, layout: { time: unzoned(time) } };
}

function constraints(
  name: string,
  title: string,
  time: TimeConvention,
  set: string,
  publishedAfter: number,
): Dataset {
  return {
    name,
    title,
    time,
    nullWords: NULL_WORDS,
    coverage: null,
    fields: [
      { field: 'constraint_cost', unit: UNIT, what: 'cost of the constraint, the contingency as series' },
    ],
    recognise: (head) => recognise(head, time === FIVE_MINUTES),
    plan: (window, settings) => dailyRequests({ set, file: set, publishedAfter }, window, settings.now),
    pieces: headerLines,
    decode: (payload) => decode(payload, time),
  };
}

/** The dataset `da_constraints` of NYISO. */
export const dayAheadConstraints = constraints(
  'da_constraints',
  'Day-ahead limiting constraints by the hour',
  ZONED_HOURS,
  'DAMLimitingConstraints',
  -13,
);

/** The dataset `rt_constraints` of NYISO. */
export const realTimeConstraints = constraints(
  'rt_constraints',
  'Real-time limiting constraints by five minutes',
  FIVE_MINUTES,
  'LimitingConstraints',
  1,
);
