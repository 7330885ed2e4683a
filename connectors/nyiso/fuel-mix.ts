/**
 * NYISO generation by fuel in real time (P-63, `rtfuelmix/YYYYMMDDrtfuelmix.csv`): readings about every five minutes,
 * with a `Time Zone` column. Before 2017 the column was called `Gen MWh` and the stamps had no seconds; the numbers were
 * the same readings in megawatts.
 */

import type { Dataset, PayloadHead, Recognition } from '../kit/contract.ts';
import { headerLines } from '../kit/pieces.ts';
import { normaliseHeader, readTable } from '../kit/readers/table.ts';
import { sourceRow } from '../kit/source-row.ts';
import { recordsOf } from './layouts.ts';
import { NYISO_NULL_WORDS } from './lbmp-table.ts';
import { dailyRequests } from './routes.ts';
import { ZONED_INSTANT } from './zoned-time.ts';

const UNIT = 'MW';
const COLUMNS = { time: 'time stamp', zone: 'time zone', fuel: 'fuel category' } as const;

/** Name of the column of numbers in a header; null when it is no fuel mix. */
function generationColumn(header: readonly string[]): 'gen mw' | 'gen mwh' | null {
  const names = header.map(normaliseHeader);
  if (!names.includes(COLUMNS.fuel)) return null;
  return names.includes('gen mwh') ? 'gen mwh' : 'gen mw';
}

function recognise(head: PayloadHead): Recognition {
  if (generationColumn(recordsOf(head)[0] ?? []) === null) return 0;
  return /rtfuelmix/i.test(head.name) ? 3 : 2;
}

/** The dataset `fuel_mix` of NYISO. */
export const fuelMix: Dataset = {
  name: 'fuel_mix',
  title: 'Generation by fuel, readings about every five minutes',
  time: ZONED_INSTANT,
  nullWords: NYISO_NULL_WORDS,
  coverage: { contiguous: false, sameSpan: false, forward: true },
  fields: [{ field: 'generation', unit: UNIT, what: 'output of a fuel, its name as series' }],
  recognise,
  plan: (window, settings) =>
    dailyRequests({ set: 'rtfuelmix', file: 'rtfuelmix', publishedAfter: 1 }, window, settings.now),
  pieces: headerLines,
  decode(payload) {
    const start = new TextDecoder().decode(payload.bytes.subarray(0, 400)).split(/\r?\n/, 1)[0] ?? '';
    const generation = generationColumn(start.replaceAll('"', '').split(',')) ?? 'gen mw';
    return readTable(payload, { columns: { ...COLUMNS, generation }, ignored: [] }, (fields, at, line) =>
      sourceRow(
        line,
        'NYISO',
        fields[at.time] ?? '',
        [{ field: 'generation', value: fields[at.generation] ?? '', unit: UNIT }],
        { series: (fields[at.fuel] ?? '').trim(), timeHint: (fields[at.zone] ?? '').trim() },
      ),
    );
  },
};
