/**
 * CAISO's figures of now, `outlook/current/stats.txt`: one JSON object with the moment it shows, `slotDate`, in Pacific time,
 * the words of the state of the grid, which are no figure, and its reserve and demand.
 */

import type { Dataset, Decoded, Payload, PayloadHead, Recognition } from '../kit/contract.ts';
import { NULL_WORDS } from '../kit/null-words.ts';
import { isJsonObject, malformedRecord, readJson } from '../kit/readers/json.ts';
import { sourceRow } from '../kit/source-row.ts';
import { CAISO_ZONE } from './routes.ts';

const UNIT = 'MW';
/** Keys in lower case without underscores. */
const FIELDS: Readonly<Record<string, string>> = {
  currentreserve: 'reserve',
  currentsystemdemand: 'load',
  currentdemand: 'load',
};

function recognise(head: PayloadHead): Recognition {
  if (!/^\s*\{/.test(head.text) || !/"slotDate"\s*:/i.test(head.text)) return 0;
  if (!/"(?:Current_?Reserve|CurrentSystemDemand|CurrentDemand)"\s*:/i.test(head.text)) return 0;
  return /stats/i.test(head.name) ? 3 : 2;
}

function decode(payload: Payload): Decoded {
  const body = readJson(payload);
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
  return { rows: [sourceRow(1, 'CAISO', time.trim(), values)], rejected: [], drift: [], damage: null };
}

/** The dataset `system_conditions` of CAISO. */
export const systemConditions: Dataset = {
  name: 'system_conditions',
  title: 'Reserve and demand of the moment',
  time: {
    name: 'pacific-instant',
    zone: CAISO_ZONE,
    pattern: 'YYYY-MM-DDThh:mm[:ss]',
    stamp: 'instant',
    length: 0,
    onGrid: false,
    // One stamp alone cannot tell the repeated hour.
    repeated: { by: 'none' },
  },
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
