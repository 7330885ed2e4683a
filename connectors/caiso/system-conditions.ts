/**
 * CAISO's figures of now, `outlook/current/stats.txt`: one JSON object with the moment it shows, `slotDate`, in Pacific time or
 * with its offset,
 * the words of the state of the grid, which are no figure, and its reserve and demand.
 */

import { formatInstant, parseInstant } from '../../core/time/instant.ts';
import type { Dataset, Decoded, Payload, PayloadHead, Recognition } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { isJsonArray, isJsonObject, malformedRecord, readJson } from '../kit/readers/json.ts';
import { sourceRow } from '../kit/source-row.ts';
import type { TimeConvention } from '../kit/time/convention.ts';
import { CAISO_ZONE } from './routes.ts';

const UNIT = 'MW';
/** Keys in lower case without underscores. */
const FIELDS: Readonly<Record<string, string>> = {
  currentreserve: 'reserve',
  currentsystemdemand: 'load',
  currentdemand: 'load',
};

const PACIFIC_INSTANT: TimeConvention = {
  name: 'pacific-instant',
  zone: CAISO_ZONE,
  pattern: 'YYYY-MM-DD[T][ ]hh:mm[:ss]',
  stamp: 'instant',
  length: 0,
  onGrid: false,
  // One stamp alone cannot tell the repeated hour.
  repeated: { by: 'none' },
};
/** Stamps that end in their offset. */
const UTC_INSTANT: TimeConvention = {
  ...PACIFIC_INSTANT,
  name: 'utc-instant',
  zone: 'UTC',
  pattern: 'YYYY-MM-DDThh:mm:ss[.f]Z',
};
const WITH_OFFSET = /[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})\s*$/;

function recognise(head: PayloadHead): Recognition {
  if (!/^\s*(?:\[\s*)?\{/.test(head.text) || !/"slotDate"\s*:/i.test(head.text)) return 0;
  if (!/"(?:Current_?Reserve|CurrentSystemDemand|CurrentDemand)"\s*:/i.test(head.text)) return 0;
  return /stats/i.test(head.name) ? 3 : 2;
}

function decode(payload: Payload): Decoded {
  const whole = readJson(payload);
  const body = isJsonArray(whole) && whole.length === 1 ? whole[0] : whole;
  const entries = isJsonObject(body) ? Object.entries(body) : [];
  const time = entries.find(([key]) => /^slotdate$/i.test(key))?.[1];
  const values = entries.flatMap(([key, value]) => {
    const field = FIELDS[key.toLowerCase().replaceAll('_', '')];
    return field === undefined || !(value === null || typeof value === 'string')
      ? []
      : [{ field, value, unit: UNIT }];
  });
  if (typeof time !== 'string' || values.length === 0)
    throw malformedRecord(
      payload,
      1,
      'an object with slotDate, Current_reserve or CurrentSystemDemand',
      body,
    );
  const at = WITH_OFFSET.test(time) ? parseInstant(time) : null;
  const row = sourceRow(1, 'CAISO', at === null ? time.trim() : formatInstant(at), values);
  const layout = at === null ? {} : { layout: { time: UTC_INSTANT } };
  return { rows: [row], rejected: [], drift: [], damage: null, ...layout };
}

/** The dataset `system_conditions` of CAISO. */
export const systemConditions: Dataset = {
  name: 'system_conditions',
  title: 'Reserve and demand of the moment',
  time: PACIFIC_INSTANT,
  nullWords: NULL_WORDS,
  coverage: null,
  fields: [
    { field: 'load', unit: UNIT, what: 'demand' },
    { field: 'reserve', unit: UNIT, what: 'operating reserve' },
  ],
  recognise,
  // The object shows now only; files that were kept are read, nothing is fetched.
  plan: () => [],
  decode,
};
